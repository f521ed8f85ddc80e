/* SPDX-License-Identifier: MIT */
/* The transmit ring: what is written arrives, and what others do wrong with such rings. */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "handle.h"
#include "netns.h"
#include "program.h"
#include "txring.h"

#define SLOW "tc qdisc replace dev va root tbf rate 8kbit burst 2000 limit 1000000"

static struct frame f;

static void make(size_t len, uint8_t seed)
{
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, len, seed);
}

static void commit(struct l2ring_tx *tx, size_t len, uint8_t seed)
{
	make(len, seed);
	txring_commit(tx, f.bytes, f.len);
}

static void expect(struct l2sock *far, size_t len, uint8_t seed)
{
	make(len, seed);
	handle_expect(far, &f);
}

static struct l2ring_tx_info info_of(const struct l2ring_tx *tx)
{
	struct l2ring_tx_info info = { .size = sizeof(info) };

	REQUIRE_EQ(l2ring_tx_get_info(tx, &info), 0);
	return info;
}

/* Whichever way they are handed over, of every length, several times round the ring. */
static void all_lengths(const char *near, const char *far_name, uint32_t hand_over)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .hand_over = hand_over };
	struct l2sock *far = handle_listen(far_name, L2_ETHERTYPE_EXP1);
	struct l2sock *s;
	struct l2ring_tx *tx = txring_open(&s, near, &opts);
	size_t len;
	size_t i;

	for (len = 14; len < 1515; len += 50) {
		for (i = 0; i < 50 && len + i < 1515; i++)
			commit(tx, len + i, (uint8_t)len);
		REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
		for (i = 0; i < 50 && len + i < 1515; i++)
			expect(far, len + i, (uint8_t)len);
	}
	REQUIRE_EQ(txring_stats(tx).completed, 1501);
	REQUIRE_EQ(txring_stats(tx).bytes, (14 + 1514) * 1501 / 2);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

CASE(ring_tx, every_length_arrives)
{
	netns_enter();
	netns_veth("va", "vb");
	all_lengths("va", "vb", L2RING_TX_AUTO);
	all_lengths("va", "vb", L2RING_TX_LINEAR);
	all_lengths("va", "vb", L2RING_TX_PAGES);
}

/* A tag costs four bytes more than the MTU allows, as everywhere; jumbo frames need nothing. */
CASE(ring_tx, tagged_and_jumbo)
{
	static const struct tag tag = { L2_TPID_8021Q, 5 };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	void *slot;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_ALL);
	tx = txring_open(&s, "va", NULL);
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 1518, 3);
	txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	handle_expect(far, &f);
	REQUIRE_EQ(l2ring_tx_reserve(tx, 1518, &slot), 0);
	make(1518, 3);
	memcpy(slot, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_commit(tx, 1518), -EMSGSIZE);
	txring_close(tx, s, 0);
	netns_run("ip link set va mtu 9000 && ip link set vb mtu 9000");
	tx = txring_open(&s, "va", NULL);
	commit(tx, 9014, 7);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	expect(far, 9014, 7);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* The longest frames of all: too long to be copied, but not to be sent. */
CASE(ring_tx, loopback)
{
	struct l2sock *s;
	struct l2ring_tx *tx;

	netns_enter();
	tx = txring_open(&s, "lo", NULL);
	REQUIRE(info_of(tx).frame_max >= 65536 + 14);
	commit(tx, sizeof(f.bytes), 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE_EQ(txring_close(tx, s, 0).completed, 1);
}

CASE(ring_tx, hand_over_is_told)
{
	const struct l2ring_tx_opts pages = { .size = sizeof(pages), .hand_over = L2RING_TX_PAGES };
	const struct l2ring_tx_opts linear = { .size = sizeof(linear),
					       .hand_over = L2RING_TX_LINEAR };
	struct l2sock *s;
	struct l2ring_tx *tx;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	REQUIRE_EQ(info_of(tx).linear_max, info_of(tx).frame_max);
	txring_close(tx, s, 0);
	tx = txring_open(&s, "va", &pages);
	REQUIRE_EQ(info_of(tx).linear_max, 0);
	txring_close(tx, s, 0);
	netns_run("ip link add ifb0 type ifb && ip link set ifb0 up");
	tx = txring_open(&s, "ifb0", NULL);
	REQUIRE(info_of(tx).linear_max < 1000);
	txring_close(tx, s, 0);
	tx = txring_open(&s, "ifb0", &linear);
	REQUIRE_EQ(info_of(tx).linear_max, info_of(tx).frame_max);
	txring_close(tx, s, 0);
}

/* Mistake: frame i at base + i * size. Here slots do not fill their blocks. */
CASE(ring_tx, blocks_with_a_rest)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .slots = 40, .frame_max = 5000 };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	struct l2ring_tx_info info;
	uint32_t i;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", &opts);
	info = info_of(tx);
	REQUIRE(info.block_size % info.slot_size != 0);
	REQUIRE(info.slots >= 40);
	for (i = 0; i < info.slots; i++)
		commit(tx, 1514, (uint8_t)i);
	REQUIRE_EQ(l2ring_tx_flush(tx), info.slots);
	for (i = 0; i < info.slots; i++)
		expect(far, 1514, (uint8_t)i);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* Mistake: a slot left out strands the frames behind it. */
CASE(ring_tx, cancelled_slots_leave_no_hole)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .slots = 32 };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	struct dice d;
	int round;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", &opts);
	dice_start(&d, 1);
	for (round = 0; round < 200; round++) {
		void *slots[20];
		uint8_t sent[20];
		size_t n = 1 + dice_below(&d, 20);
		int64_t got = l2ring_tx_reserve_many(tx, 1514, slots, n);
		size_t n_sent = 0;
		size_t i;

		REQUIRE_EQ(got, n);
		for (i = 0; i < n; i++) { /* all are written before the first is committed */
			make(60 + i * 50, (uint8_t)(round + 7 * (int)i));
			memcpy(slots[i], f.bytes, f.len);
		}
		for (i = 0; i < n; i++) {
			if (dice_below(&d, 3) == 0) {
				REQUIRE_EQ(l2ring_tx_cancel(tx), 0);
				continue;
			}
			REQUIRE_EQ(l2ring_tx_commit(tx, (uint32_t)(60 + i * 50)), 0);
			sent[n_sent++] = (uint8_t)i;
			if (dice_below(&d, 4) == 0)
				REQUIRE(l2ring_tx_flush(tx) >= 1);
		}
		REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
		for (i = 0; i < n_sent; i++)
			expect(far, 60u + sent[i] * 50u, (uint8_t)(round + 7 * sent[i]));
	}
	REQUIRE_EQ(l2ring_tx_cancel(tx), -EINVAL);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

CASE(ring_tx, many_at_once)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .slots = 32 };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	void *slots[100];
	uint32_t lens[100];
	uint32_t n;
	uint32_t i;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", &opts);
	n = info_of(tx).slots;
	REQUIRE_EQ(l2ring_tx_reserve_many(tx, 1000, slots, 100), n);
	REQUIRE_EQ(l2ring_tx_reserve_many(tx, 1000, slots, 1), -EAGAIN);
	REQUIRE_EQ(l2ring_tx_wait(tx, L2_FOREVER), -EDEADLK);
	for (i = 0; i < n; i++) {
		make(lens[i] = 60 + i, (uint8_t)i);
		memcpy(slots[i], f.bytes, f.len);
	}
	lens[5] = 2000;
	REQUIRE_EQ(l2ring_tx_commit_many(tx, lens, n), 5);
	REQUIRE_EQ(l2ring_tx_commit_many(tx, lens + 5, n - 5), -EMSGSIZE);
	REQUIRE_EQ(l2ring_tx_cancel(tx), 0);
	REQUIRE_EQ(l2ring_tx_commit_many(tx, lens + 6, n - 6), n - 6);
	REQUIRE_EQ(l2ring_tx_flush(tx), n - 1);
	for (i = 0; i < n; i++)
		if (i != 5)
			expect(far, 60 + i, (uint8_t)i);
	REQUIRE_EQ(l2ring_tx_wait(tx, 0), n);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* Mistake: an ordinary send on such a socket sends nothing and says it did. */
CASE(ring_tx, handle_is_owned)
{
	struct l2sock *s;
	struct l2ring_tx *tx;
	struct l2ring_tx *second = NULL;
	struct l2tx one = { .data = f.bytes, .len = 60 };
	const struct l2sock_opts small = { .size = sizeof(small), .sndbuf = 100000 };
	struct l2sock_info before = { .size = sizeof(before) };
	struct l2sock_info after = { .size = sizeof(after) };
	uint8_t buf[64];

	netns_enter();
	netns_veth("va", "vb");
	make(60, 1);
	REQUIRE_EQ(l2sock_open(&s, "va", &small), 0);
	REQUIRE_EQ(l2sock_get_info(s, &before), 0);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -EBUSY);
	REQUIRE_EQ(l2sock_send_to(s, &one, 0), -EBUSY);
	REQUIRE_EQ(l2sock_send_batch(s, &one, 1, 0), -EBUSY);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 0), -EBUSY);
	REQUIRE_EQ(l2sock_wait(s, 0), -EBUSY);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), -EBUSY);
	REQUIRE_EQ(l2sock_release(s), -EBUSY);
	REQUIRE_EQ(l2ring_tx_open(&second, s, NULL), -EBUSY);
	REQUIRE(info_of(tx).sndbuf > before.sndbuf);
	REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
	REQUIRE_EQ(l2sock_get_info(s, &after), 0);
	REQUIRE_EQ(after.sndbuf, before.sndbuf);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), 0);
	l2sock_close(s); /* the ring goes on */
	commit(tx, 60, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
}

/* Mistake: slots in the kernel's hands are written again. */
CASE(ring_tx, slots_on_their_way_are_not_given_out)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts),
					     .slots = 32,
					     .hand_over = L2RING_TX_PAGES };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint32_t n;
	uint32_t i;
	void *slot;

	netns_enter();
	netns_veth("va", "vb");
	netns_run(SLOW);
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", &opts);
	n = info_of(tx).slots;
	for (i = 0; i < n; i++)
		commit(tx, 900, (uint8_t)i);
	REQUIRE_EQ(l2ring_tx_flush(tx), n);
	REQUIRE(txring_stats(tx).pending >= n - 3);
	for (i = (uint32_t)txring_stats(tx).completed; i; i--)
		REQUIRE_EQ(l2ring_tx_reserve(tx, 900, &slot), 0);
	REQUIRE_EQ(l2ring_tx_reserve(tx, 900, &slot), -EAGAIN);
	netns_run("tc qdisc replace dev va root tbf rate 100mbit burst 20000 limit 1000000");
	REQUIRE_EQ(l2ring_tx_flush(tx), 0);
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	l2sock_close(far);
}

/* Mistake: the ring is torn down under frames on their way. */
CASE(ring_tx, close_with_frames_pending)
{
	struct l2sock *s;
	struct l2ring_tx *tx;
	struct l2ring_tx_stats stats;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run(SLOW);
	tx = txring_open(&s, "va", NULL);
	for (i = 0; i < 20; i++)
		commit(tx, 900, (uint8_t)i);
	REQUIRE_EQ(l2ring_tx_flush(tx), 20);
	for (i = 0; i < 5; i++) /* never handed over */
		commit(tx, 900, (uint8_t)i);
	stats.size = sizeof(stats);
	REQUIRE(l2ring_tx_close(tx, &stats) > 20);
	REQUIRE_EQ(stats.committed, 25);
	REQUIRE_EQ(stats.completed + stats.pending, 25);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -EBUSY);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), -EBUSY);
	l2sock_close(s);
}

/* A full queue, or buffer: nothing is lost, no call loops, waits end in time and cost nothing. */
CASE(ring_tx, back_pressure)
{
	struct l2ring_tx_stats stats;
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint64_t calls;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 2mbit burst 2000 limit 4000");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", NULL);
	for (i = 0; i < 100; i++)
		commit(tx, 900, (uint8_t)i);
	REQUIRE(l2ring_tx_flush(tx) < 20);
	calls = txring_stats(tx).calls;
	REQUIRE_EQ(l2ring_tx_flush(tx), 0);
	REQUIRE(txring_stats(tx).calls <= calls + 2);
	REQUIRE_EQ(l2ring_tx_drain(tx, 5 * L2_MSEC), -ETIMEDOUT);
	REQUIRE_EQ(l2ring_tx_drain(tx, 10 * L2_SEC), 0);
	for (i = 0; i < 100; i++)
		expect(far, 900, (uint8_t)i);
	stats = txring_close(tx, s, 0);
	REQUIRE_EQ(stats.completed, 100);
	REQUIRE(stats.no_room > 0);
	l2sock_close(far);
}

CASE(ring_tx, small_send_buffer)
{
	const struct l2ring_tx_opts ring_opts = { .size = sizeof(ring_opts) };
	const int small = 8192;
	struct l2sock *s;
	struct l2ring_tx *tx;
	struct l2ring_tx_stats stats;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 4mbit burst 2000 limit 1000000");
	tx = txring_open(&s, "va", &ring_opts);
	REQUIRE(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)) == 0);
	for (i = 0; i < 100; i++)
		commit(tx, 900, (uint8_t)i);
	REQUIRE(l2ring_tx_flush(tx) < 50);
	REQUIRE_EQ(l2ring_tx_drain(tx, 10 * L2_SEC), 0);
	stats = txring_close(tx, s, 0);
	REQUIRE_EQ(stats.completed, 100);
	REQUIRE(stats.no_buffer > 0);
}

CASE(ring_tx, wake_and_pollfd)
{
	struct pollfd p = { .events = POLLIN };
	struct l2sock *s;
	struct l2ring_tx *tx;
	int64_t r;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 2mbit burst 2000 limit 1000000");
	tx = txring_open(&s, "va", NULL);
	commit(tx, 900, 0);
	REQUIRE(l2ring_tx_drain(tx, L2_SEC) == 0);
	for (i = 0; i < 60; i++)
		commit(tx, 900, (uint8_t)i);
	REQUIRE_EQ(l2ring_tx_wake(tx), 0);
	REQUIRE_EQ(l2ring_tx_drain(tx, 10 * L2_SEC), -ECANCELED);
	REQUIRE_EQ(l2ring_tx_drain(tx, 0), -EAGAIN);
	p.fd = l2ring_tx_pollfd(tx);
	REQUIRE(p.fd >= 0);
	for (i = 0; (r = l2ring_tx_drain(tx, 0)) == -EAGAIN; i++)
		REQUIRE_EQ(poll(&p, 1, 5000), 1);
	REQUIRE_EQ(r, 0);
	REQUIRE(i < 200);
	REQUIRE_EQ(l2ring_tx_wake(tx), 0);
	REQUIRE_EQ(poll(&p, 1, 1000), 1);
	REQUIRE_EQ(l2ring_tx_wait(tx, 0), -ECANCELED);
	REQUIRE(l2ring_tx_wait(tx, 0) > 0);
	REQUIRE_EQ(poll(&p, 1, 0), 0); /* quiet, with slots free */
	netns_run("tc qdisc del dev va root");
	commit(tx, 900, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE_EQ(poll(&p, 1, 0), 0);
	txring_close(tx, s, 0);
}

/* The descriptor serves the handle before and after the ring, and tells of frames then. */
CASE(ring_tx, pollfd_goes_with_the_handle)
{
	struct pollfd p = { .events = POLLIN };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint8_t buf[2048];
	int64_t r;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 2mbit burst 2000 limit 1000000");
	s = handle_open("va");
	p.fd = l2sock_pollfd(s);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), 0);
	for (i = 0; i < 40; i++)
		commit(tx, 900, (uint8_t)i);
	while ((r = l2ring_tx_drain(tx, 0)) == -EAGAIN)
		REQUIRE_EQ(poll(&p, 1, 5000), 1);
	REQUIRE_EQ(r, 0);
	REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	while (l2sock_recv(s, buf, sizeof(buf), NULL, 0) >= 0)
		;
	REQUIRE_EQ(poll(&p, 1, 0), 0);
	far = handle_open("vb");
	REQUIRE_EQ(l2sock_send(far, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(poll(&p, 1, 5000), 1);
	REQUIRE(l2sock_recv(s, buf, sizeof(buf), NULL, 0) > 0);
	l2sock_close(far);
	l2sock_close(s);
}

/* One slot held ahead, the others cancelled: whoever waits is told that it is for nothing. */
CASE(ring_tx, cancelled_slots_behind_a_reserved_one)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .slots = 32 };
	struct l2sock *s;
	struct l2ring_tx *tx;
	void *slot;
	int r;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", &opts);
	REQUIRE_EQ(l2ring_tx_reserve(tx, 60, &slot), 0);
	while ((r = l2ring_tx_reserve(tx, 60, &slot)) == 0)
		REQUIRE_EQ(l2ring_tx_cancel(tx), 0);
	REQUIRE_EQ(r, -EAGAIN);
	REQUIRE_EQ(l2ring_tx_wait(tx, L2_FOREVER), -EDEADLK);
	make(60, 1);
	memcpy(slot, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_cancel(tx), 0);
	REQUIRE_EQ(l2ring_tx_wait(tx, 0), info_of(tx).slots);
	txring_close(tx, s, 0);
}

/* A link that waits for permission has its carrier, and the frames that ask for permission go. */
CASE(ring_tx, dormant_link)
{
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set va mode dormant && ip link set va down && ip link set va up");
	netns_run("for i in $(seq 500); do ip link show dev va | grep -q 'state DORMANT' && exit 0;"
		  " sleep 0.01; done; exit 1");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", NULL);
	commit(tx, 100, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	expect(far, 100, 1);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* A child of fork() keeps neither ring nor socket in use. */
CASE(ring_tx, fork)
{
	struct l2sock *s;
	struct l2ring_tx *tx;
	int ends[2];
	pid_t pid;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	REQUIRE(pipe(ends) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		char byte;

		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	commit(tx, 60, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), 0);
	txring_close(tx, s, 0);
	close(ends[1]);
	REQUIRE(waitpid(pid, NULL, 0) == pid);
}

CASE(ring_tx, no_ring)
{
	struct l2ring_tx_failure failure;
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };
	struct l2ring_tx_info info = { .size = sizeof(info) };
	uint32_t len = 60;
	void *slot;

	REQUIRE_EQ(l2ring_tx_reserve(NULL, 60, &slot), -EINVAL);
	REQUIRE_EQ(l2ring_tx_reserve_many(NULL, 60, &slot, 1), -EINVAL);
	REQUIRE_EQ(l2ring_tx_commit(NULL, 60), -EINVAL);
	REQUIRE_EQ(l2ring_tx_commit_many(NULL, &len, 1), -EINVAL);
	REQUIRE_EQ(l2ring_tx_cancel(NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_flush(NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_wait(NULL, 0), -EINVAL);
	REQUIRE_EQ(l2ring_tx_drain(NULL, 0), -EINVAL);
	REQUIRE_EQ(l2ring_tx_wake(NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_pollfd(NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_next_failure(NULL, &failure), -EINVAL);
	REQUIRE_EQ(l2ring_tx_get_stats(NULL, &stats), -EINVAL);
	REQUIRE_EQ(l2ring_tx_get_info(NULL, &info), -EINVAL);
}

CASE(ring_tx, refused_arguments)
{
	struct l2ring_tx_opts opts = { .size = sizeof(opts) };
	struct l2ring_tx_stats stats = { 0 };
	struct l2ring_tx_info info = { 0 };
	struct l2ring_tx *tx = NULL;
	struct l2sock *s;
	void *slot;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	REQUIRE_EQ(l2ring_tx_open(&tx, NULL, NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_open(NULL, s, NULL), -EINVAL);
	opts.hand_over = 3;
	REQUIRE_EQ(l2ring_tx_open(&tx, s, &opts), -EINVAL);
	REQUIRE(strstr(l2sock_errmsg(s), "unknown way"));
	opts = (struct l2ring_tx_opts) { .size = sizeof(opts), .slots = 1000000 };
	REQUIRE_EQ(l2ring_tx_open(&tx, s, &opts), -EINVAL);
	opts = (struct l2ring_tx_opts) { .size = sizeof(opts), .frame_max = 13 };
	REQUIRE_EQ(l2ring_tx_open(&tx, s, &opts), -EINVAL);
	opts = (struct l2ring_tx_opts) { .size = sizeof(opts), .patience_ns = -2 };
	REQUIRE_EQ(l2ring_tx_open(&tx, s, &opts), -EINVAL);
	opts = (struct l2ring_tx_opts) { .size = sizeof(opts), .reserved = { 0, 1 } };
	REQUIRE_EQ(l2ring_tx_open(&tx, s, &opts), -EINVAL);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), -EBUSY);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&s, NULL, NULL), 0);
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), -EINVAL);
	l2sock_close(s);
	REQUIRE(!tx);
	tx = txring_open(&s, "va", NULL);
	REQUIRE_EQ(l2ring_tx_reserve(tx, info_of(tx).frame_max + 1, &slot), -EMSGSIZE);
	REQUIRE_EQ(l2ring_tx_reserve(tx, 60, NULL), -EINVAL);
	REQUIRE_EQ(l2ring_tx_commit(tx, 60), -EINVAL);
	REQUIRE_EQ(l2ring_tx_reserve(tx, 60, &slot), 0);
	REQUIRE_EQ(l2ring_tx_commit(tx, 13), -EINVAL);
	REQUIRE_EQ(l2ring_tx_wait(tx, -2), -EINVAL);
	REQUIRE_EQ(l2ring_tx_get_stats(tx, &stats), -EINVAL);
	REQUIRE_EQ(l2ring_tx_get_info(tx, &info), -EINVAL);
	REQUIRE_EQ(l2ring_tx_close(tx, &stats), -EINVAL);
	REQUIRE_EQ(l2ring_tx_close(NULL, NULL), 0);
	txring_close(tx, s, 0);
}
