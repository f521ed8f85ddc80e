/* SPDX-License-Identifier: MIT */
/*
 * Each call to the system fails in turn: the code comes back with a sentence, nothing leaks, the
 * handle stays usable.
 */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "fault.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define MOST_CALLS 100

static const struct l2insn accept_all[] = { { 0x06, 0, 0, 0xffffffff } };
static const struct l2insn reject_all[] = { { 0x06, 0, 0, 0 } };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 1, 2, 3 };

CASE(fault, open)
{
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err, .rcvbuf = 65536 };
	struct l2sock *s = NULL;
	int failures = 0;
	int calls = 1;
	int fds;
	int n;
	int r;

	netns_enter();
	fds = handle_count_fds();
	for (n = 1; n <= calls && n < MOST_CALLS; n++) {
		memset(&err, 0, sizeof(err));
		fault_arm(n, -EIO);
		r = l2sock_open(&s, "lo", &opts);
		calls = fault_disarm() + 1;
		if (r < 0) {
			failures++;
			REQUIRE(r == -EIO || r == -ENOMEM);
			REQUIRE_EQ(err.code, r);
			REQUIRE(strlen(err.text) > 5);
			REQUIRE(!s);
			REQUIRE_EQ(handle_count_fds(), fds);
			calls = MOST_CALLS; /* there are more behind the one that failed */
		} else {
			l2sock_close(s);
			s = NULL;
		}
	}
	REQUIRE(failures >= 5); /* memory, socket, index, bind, eventfd */
	REQUIRE_EQ(handle_count_fds(), fds);
}

/* What is tried on a handle while a call fails. */
typedef int (*action_fn)(struct l2sock *s);

static int do_bind(struct l2sock *s)
{
	return l2sock_bind(s, L2_ETHERTYPE_EXP1);
}

static int do_filter(struct l2sock *s)
{
	return l2sock_set_filter(s, accept_all, 1);
}

static int do_join(struct l2sock *s)
{
	return l2sock_join(s, L2SOCK_MULTICAST, group, 6);
}

static int do_leave(struct l2sock *s)
{
	int r = l2sock_join(s, L2SOCK_ALLMULTI, NULL, 0);

	return r < 0 ? r : l2sock_leave(s, L2SOCK_ALLMULTI, NULL, 0);
}

static int do_send(struct l2sock *s)
{
	static struct frame f;

	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	return l2sock_send(s, f.bytes, f.len, 0);
}

static int do_send_batch(struct l2sock *s)
{
	static struct frame f;
	struct l2tx tx[3] = { 0 };
	int i;

	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	for (i = 0; i < 3; i++)
		tx[i] = (struct l2tx) { .data = f.bytes, .len = 60 };
	REQUIRE_EQ(l2sock_send_batch(s, tx, 3, 0), 3);
	REQUIRE_EQ(tx[1].result, 0);
	REQUIRE_EQ(tx[2].result, 0);
	return tx[0].result;
}

static int do_recv(struct l2sock *s)
{
	struct l2pkt pkt;
	uint8_t buf[64];
	int64_t r = l2sock_recv(s, buf, sizeof(buf), &pkt, 1000);

	return r == -ETIMEDOUT ? 0 : (int)r;
}

static int do_recv_bytes(struct l2sock *s)
{
	uint8_t buf[64];
	int64_t r = l2sock_recv(s, buf, sizeof(buf), NULL, 1000);

	return r == -ETIMEDOUT ? 0 : (int)r;
}

static int do_recv_batch(struct l2sock *s)
{
	struct l2pkt pkts[4];
	uint8_t slab[4 * 64];
	int64_t r = l2sock_recv_batch(s, slab, 64, pkts, 4, 1000);

	return r == -ETIMEDOUT ? 0 : (int)r;
}

static int do_next_size(struct l2sock *s)
{
	int64_t r = l2sock_next_size(s, 1000);

	return r == -ETIMEDOUT ? 0 : (int)r;
}

static int do_stats(struct l2sock *s)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };

	return l2sock_get_stats(s, &stats);
}

/* A handle that a fault passed over receives what its filter accepts. */
static void still_works(struct l2sock *s)
{
	static struct frame f;
	int fd = flood_socket("va");

	if (l2sock_recv(s, NULL, 0, NULL, 0) == -ENOTCONN)
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	handle_drain(s);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 70, 9);
	flood_send(fd, f.bytes, f.len);
	handle_expect(s, &f);
}

/* Returns how many of the calls that the action makes made it fail. */
static int fail_each_call(action_fn action, bool bound)
{
	int failures = 0;
	int fds = handle_count_fds();
	int n;

	for (n = 1; n < MOST_CALLS; n++) {
		struct l2sock *s = bound ? handle_listen("vb", L2_ETHERTYPE_EXP1)
					 : handle_open("vb");
		int calls;
		int r;

		fault_arm(n, -EIO);
		r = action(s);
		calls = fault_disarm();
		REQUIRE(r == 0 || r == -EIO || r == -ENOMEM);
		REQUIRE(r == 0 || strlen(l2sock_errmsg(s)) > 5 || action == do_stats);
		failures += r < 0;
		still_works(s);
		l2sock_close(s);
		if (calls < n)
			break;
	}
	REQUIRE(n < MOST_CALLS);
	(void)fds;
	return failures;
}

static void network(void)
{
	netns_enter();
	netns_veth("va", "vb");
}

CASE(fault, bind)
{
	network();
	REQUIRE_EQ(fail_each_call(do_bind, false), 5); /* two options, memory, filter, bind */
}

/* The test for an ethertype whose bind failed does not stay behind. */
CASE(fault, bind_puts_the_filter_back)
{
	static struct frame f;
	struct l2sock *s;

	network();
	s = handle_open("vb");
	fault_arm(5, -EIO); /* two options, memory, filter, bind */
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), -EIO);
	fault_disarm();
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 3);
	flood_send(flood_socket("va"), f.bytes, f.len);
	handle_expect(s, &f);
	l2sock_close(s);
}

CASE(fault, bind_again)
{
	network();
	REQUIRE(fail_each_call(do_bind, true) >= 5);
}

CASE(fault, filter)
{
	network();
	REQUIRE_EQ(fail_each_call(do_filter, false), 3); /* memory twice, filter */
}

CASE(fault, filter_live)
{
	network();
	REQUIRE(fail_each_call(do_filter, true) >= 5);
}

CASE(fault, membership)
{
	network();
	REQUIRE_EQ(fail_each_call(do_join, false), 2); /* memory, option */
	REQUIRE_EQ(fail_each_call(do_leave, false), 3);
}

/* A device that refuses: the ladder goes on to the next wider membership, to the end. */
CASE(fault, group_ladder)
{
	struct l2sock *s;

	network();
	s = handle_open("vb");
	fault_arm(2, -EOPNOTSUPP); /* memory comes first */
	REQUIRE_EQ(l2sock_join_group(s, group, 6), L2SOCK_ALLMULTI);
	fault_disarm();
	REQUIRE_EQ(netns_value("vb", "allmulti"), 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_ALLMULTI, NULL, 0), 0);
	fault_arm(1, -ENODEV);
	REQUIRE_EQ(l2sock_join_group(s, group, 6), -ENODEV);
	fault_disarm();
	l2sock_close(s);
}

static int do_rebind(struct l2sock *s)
{
	int r = l2sock_join(s, L2SOCK_ALLMULTI, NULL, 0);

	return r < 0 ? r : l2sock_rebind(s, NULL);
}

static int do_info(struct l2sock *s)
{
	struct l2sock_info info = { .size = sizeof(info) };

	return l2sock_get_info(s, &info);
}

static int do_wait(struct l2sock *s)
{
	int r = l2sock_wait(s, 1000);

	return r == -ETIMEDOUT ? 0 : r;
}

CASE(fault, rebind)
{
	network();
	REQUIRE(fail_each_call(do_rebind, true) >= 8);
}

CASE(fault, smaller_ones)
{
	network();
	REQUIRE(fail_each_call(do_info, true) >= 3); /* a feature asked for in vain is none */
	REQUIRE(fail_each_call(do_wait, true) >= 1);
}

/* The descriptor stays the caller's. */
CASE(fault, adopt)
{
	struct l2sock *s = NULL;
	int failures = 0;
	int calls = MOST_CALLS;
	int n;

	network();
	for (n = 1; n <= calls; n++) {
		struct l2sock *owner = handle_listen("vb", L2_ETHERTYPE_EXP1);
		int fd = l2sock_release(owner);
		int fds = handle_count_fds();
		int r;

		fault_arm(n, -EIO);
		r = l2sock_adopt(&s, fd, NULL);
		calls = fault_disarm() < n ? n : MOST_CALLS;
		if (r < 0) {
			REQUIRE(r == -EIO || r == -ENOMEM);
			REQUIRE_EQ(handle_count_fds(), fds);
			REQUIRE_EQ(l2sock_adopt(&s, fd, NULL), 0);
			failures++;
		}
		l2sock_close(s);
	}
	REQUIRE(failures >= 10);
}

CASE(fault, send_and_recv)
{
	network();
	REQUIRE_EQ(fail_each_call(do_send, false), 1); /* asking for the MTU may fail */
	REQUIRE_EQ(fail_each_call(do_send_batch, false), 1);
	REQUIRE(fail_each_call(do_recv, true) >= 2); /* receive, poll */
	REQUIRE(fail_each_call(do_recv_bytes, true) >= 2);
	REQUIRE(fail_each_call(do_recv_batch, true) >= 2);
	REQUIRE(fail_each_call(do_next_size, true) >= 2);
}

/*
 * A frame within the limits costs one system call, and so does a batch. One that is not costs two
 * to ask for the MTU, and never one that sends.
 */
CASE(fault, calls_of_sending)
{
	static struct frame f;
	struct l2tx tx[L2SOCK_BATCH_MAX];
	struct l2sock *s;
	int i;

	network();
	s = handle_open("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 1600, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 1514, 0), 0);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 1514, 0), 0);
	REQUIRE_EQ(fault_disarm(), 1);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 13, 0), -EINVAL);
	REQUIRE_EQ(fault_disarm(), 0);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 1515, 0), -EMSGSIZE);
	REQUIRE_EQ(fault_disarm(), 2);
	for (i = 0; i < L2SOCK_BATCH_MAX; i++)
		tx[i] = (struct l2tx) { .data = f.bytes, .len = i % 8 ? 1514 : 13 };
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_send_batch(s, tx, L2SOCK_BATCH_MAX, 0), L2SOCK_BATCH_MAX);
	REQUIRE_EQ(fault_disarm(), 1);
	l2sock_close(s);
}

/* What is queued costs one system call. */
CASE(fault, one_call_for_what_is_there)
{
	static uint8_t slab[L2SOCK_BATCH_MAX * 64];
	static struct l2pkt pkts[L2SOCK_BATCH_MAX];
	static struct frame f;
	struct l2sock *s;
	int fd;
	int i;

	network();
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	for (i = 0; i < 2 + L2SOCK_BATCH_MAX; i++)
		flood_send(fd, f.bytes, f.len);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_recv(s, slab, 64, pkts, L2_FOREVER), 60);
	REQUIRE_EQ(fault_disarm(), 1);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_recv(s, slab, 64, NULL, L2_FOREVER), 60);
	REQUIRE_EQ(fault_disarm(), 1);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_next_size(s, L2_FOREVER), 60);
	REQUIRE_EQ(fault_disarm(), 1);
	fault_arm(0, 0);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, 64, pkts, L2SOCK_BATCH_MAX, L2_FOREVER),
		   L2SOCK_BATCH_MAX);
	REQUIRE_EQ(fault_disarm(), 1);
	l2sock_close(s);
}

CASE(fault, stats)
{
	network();
	REQUIRE_EQ(fail_each_call(do_stats, true), 1);
}

/* Where the kernel has no barrier, removing the hook is one. */
CASE(fault, no_barrier)
{
	static struct frame f[2];
	struct l2sock *s;
	int fd;

	network();
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f[0], NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	frame_make(&f[1], NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
	flood_send(fd, f[0].bytes, f[0].len);
	fault_no_barrier(1);
	REQUIRE_EQ(l2sock_set_filter(s, reject_all, 1), 0);
	flood_send(fd, f[0].bytes, f[0].len);
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(l2sock_set_filter(s, accept_all, 1), 0);
	fault_no_barrier(0);
	flood_send(fd, f[1].bytes, f[1].len);
	handle_expect(s, &f[1]);
	REQUIRE_EQ(handle_stats(s).flushed, 1);
	l2sock_close(s);
}

/* A signal that interrupts each call in turn changes nothing. */
CASE(fault, interrupted)
{
	static struct frame f;
	struct l2sock *s;
	uint8_t buf[64];
	int fd;
	int n;

	network();
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	for (n = 1; n < 10; n++) {
		fault_arm(n, -EINTR);
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 1000), -ETIMEDOUT);
		fault_disarm();
		flood_send(fd, f.bytes, f.len);
		fault_arm(1, -EINTR);
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 60);
		fault_disarm();
		fault_arm(1, -EINTR);
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, L2_SEC), 0);
		fault_disarm();
	}
	l2sock_close(s);
}
