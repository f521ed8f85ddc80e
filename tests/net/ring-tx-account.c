/* SPDX-License-Identifier: MIT */
/*
 * The accounts of a transmit ring against what tcpdump sees in another namespace: whatever happens
 * to the link, what arrives is at least what was completed for sure, and at most that and what is
 * uncertain.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "handle.h"
#include "netns.h"
#include "txring.h"
#include "tcpdump.h"

#define FAST "tc qdisc replace dev va root tbf rate 1gbit burst 100000 limit 10000000"

struct scene {
	int home;  /* network namespaces */
	int there; /* of vb and of tcpdump */
	struct tcpdump dump;
	struct l2sock *s;
	struct l2ring_tx *tx;
};

static struct frame f;

static void go(int netns)
{
	REQUIRE(setns(netns, CLONE_NEWNET) == 0);
}

static void run_there(const struct scene *x, const char *command)
{
	go(x->there);
	netns_run("%s", command);
	go(x->home);
}

static void begin(struct scene *x, const struct l2ring_tx_opts *opts)
{
	char path[64];
	pid_t peer;

	netns_enter();
	x->home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	peer = netns_peer();
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)peer);
	x->there = open(path, O_RDONLY | O_CLOEXEC);
	REQUIRE(x->home >= 0 && x->there >= 0);
	netns_run("ip link add dev va type veth peer name vb && ip link set vb netns %d", peer);
	netns_run("ip link set va up");
	go(x->there);
	netns_run("ip link set vb up");
	netns_await("vb");
	tcpdump_start(&x->dump, "vb", "ether proto 0x88b5");
	go(x->home);
	netns_await("va");
	x->tx = txring_open(&x->s, "va", opts);
}

static void commit(struct scene *x, size_t len, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, len, (uint8_t)i);
		txring_commit(x->tx, f.bytes, f.len);
	}
}

/* Ends the scene; what arrived must lie between the two counts, but for @lost frames. */
static void judge(struct scene *x, uint64_t lost)
{
	struct l2ring_tx_stats stats = txring_close(x->tx, x->s, 0);

	tcpdump_stop(&x->dump, (size_t)(stats.completed - lost));
	REQUIRE(x->dump.count >= stats.completed - lost);
	REQUIRE(x->dump.count <= stats.completed + stats.uncertain);
	tcpdump_free(&x->dump);
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	REQUIRE(clock_gettime(id, &ts) == 0);
	return (uint64_t)ts.tv_sec * L2_SEC + (uint64_t)ts.tv_nsec;
}

/* A wait that cannot succeed costs less than a twentieth of its time. */
static void wait_idly(struct scene *x, int64_t timeout_ns)
{
	uint64_t wall = clock_ns(CLOCK_MONOTONIC);
	uint64_t busy = clock_ns(CLOCK_PROCESS_CPUTIME_ID);

	REQUIRE_EQ(l2ring_tx_drain(x->tx, timeout_ns), -ETIMEDOUT);
	wall = clock_ns(CLOCK_MONOTONIC) - wall;
	busy = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - busy;
	REQUIRE(busy < wall / 20);
}

CASE(ring_tx_account, slow_queue)
{
	struct scene x;
	struct l2ring_tx_stats stats;

	begin(&x, NULL);
	netns_run("tc qdisc add dev va root tbf rate 8mbit burst 2000 limit 8000");
	commit(&x, 300, 700);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	stats = txring_stats(x.tx);
	REQUIRE_EQ(stats.completed, 700);
	REQUIRE(stats.no_room > 0);
	judge(&x, 0);
}

/* Refused at once, or later: the others arrive. */
CASE(ring_tx_account, bad_frames_mixed_in)
{
	struct scene x;
	void *slot;
	int i;

	begin(&x, NULL);
	for (i = 0; i < 150; i++) {
		commit(&x, 100, 1);
		while (l2ring_tx_reserve(x.tx, 1558, &slot) == -EAGAIN)
			REQUIRE(l2ring_tx_wait(x.tx, L2_SEC) > 0);
		memset(slot, 0, 1515);
		REQUIRE_EQ(l2ring_tx_commit(x.tx, i % 2 ? 1515 : 13), i % 2 ? -EMSGSIZE : -EINVAL);
		REQUIRE_EQ(l2ring_tx_cancel(x.tx), 0);
	}
	REQUIRE_EQ(l2ring_tx_drain(x.tx, L2_SEC), 0);
	REQUIRE_EQ(txring_stats(x.tx).completed, 150);
	judge(&x, 0);
}

/* Frames in a queue that is emptied when the link goes down come back as if they were sent. */
CASE(ring_tx_account, link_down_with_frames_queued)
{
	struct scene x;
	struct l2ring_tx_stats stats;

	begin(&x, NULL);
	netns_run("tc qdisc add dev va root tbf rate 800kbit burst 2000 limit 20000");
	commit(&x, 500, 100);
	REQUIRE(l2ring_tx_flush(x.tx) > 10);
	netns_run("ip link set va down");
	REQUIRE_EQ(l2ring_tx_flush(x.tx), 0);
	stats = txring_stats(x.tx);
	REQUIRE(stats.uncertain > 5);
	REQUIRE(stats.pending > 5);
	REQUIRE_EQ(stats.failed, 0);
	wait_idly(&x, 500 * L2_MSEC);
	netns_run("ip link set va up && " FAST);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	REQUIRE_EQ(txring_stats(x.tx).uncertain, stats.uncertain);
	judge(&x, 0);
}

/* Down and up again between two looks. */
CASE(ring_tx_account, short_interruption)
{
	struct scene x;

	begin(&x, NULL);
	netns_run("tc qdisc add dev va root tbf rate 800kbit burst 2000 limit 20000");
	commit(&x, 500, 30);
	REQUIRE(l2ring_tx_flush(x.tx) > 10);
	netns_run("ip link set va down && ip link set va up && " FAST);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	REQUIRE(txring_stats(x.tx).uncertain > 5);
	judge(&x, 0);
}

CASE(ring_tx_account, deletion)
{
	struct scene x;
	struct l2ring_tx_stats stats;
	struct l2ring_tx_failure failure;
	uint64_t failures = 0;

	begin(&x, NULL);
	netns_run("tc qdisc add dev va root tbf rate 800kbit burst 2000 limit 20000");
	commit(&x, 500, 100);
	REQUIRE(l2ring_tx_flush(x.tx) > 10);
	netns_run("ip link del va");
	REQUIRE_EQ(l2ring_tx_flush(x.tx), -ENODEV);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, L2_SEC), -ENODEV);
	REQUIRE_EQ(txring_stats(x.tx).pending, 0);
	stats = txring_stats(x.tx);
	REQUIRE(stats.failed_gone > 5);
	REQUIRE(stats.uncertain > 5);
	for (; l2ring_tx_next_failure(x.tx, &failure) == 1; failures++) {
		REQUIRE_EQ(failure.code, -ENODEV);
		REQUIRE_EQ(failure.number, 100 - stats.failed_gone + failures);
	}
	REQUIRE_EQ(failures, stats.failed_gone);
	judge(&x, 0);
}

/*
 * The carrier goes: once the kernel has noticed, frames wait, at no cost, and go when it is back.
 * Until then the device drops what it is given.
 */
CASE(ring_tx_account, peer_down)
{
	struct scene x;
	struct l2ring_tx_stats stats;

	begin(&x, NULL);
	/* Slow enough not to be through before the kernel tells of the carrier: up to a second. */
	netns_run("tc qdisc add dev va root tbf rate 80kbit burst 2000 limit 20000");
	commit(&x, 500, 100);
	REQUIRE(l2ring_tx_flush(x.tx) > 10);
	run_there(&x, "ip link set vb down");
	wait_idly(&x, 500 * L2_MSEC);
	stats = txring_stats(x.tx);
	REQUIRE(stats.pending > 5);
	run_there(&x, "ip link set vb up");
	netns_run(FAST);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	judge(&x, stats.completed);
}

/* What the peer does not take is refused as if there were no room: for a while it is believed. */
CASE(ring_tx_account, peer_mtu_lower)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .patience_ns = 3 * L2_MSEC };
	struct scene x;
	struct l2ring_tx_failure failure;
	int i;

	begin(&x, &opts);
	run_there(&x, "ip link set vb mtu 1000");
	for (i = 0; i < 20; i++) {
		commit(&x, 100, 3);
		commit(&x, 1514, 1);
	}
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	REQUIRE_EQ(txring_stats(x.tx).failed_no_room, 20);
	REQUIRE_EQ(txring_stats(x.tx).completed, 60);
	for (i = 0; i < 20; i++) {
		REQUIRE_EQ(l2ring_tx_next_failure(x.tx, &failure), 1);
		REQUIRE_EQ(failure.number, 4 * i + 3);
		REQUIRE_EQ(failure.code, -ENOBUFS);
		REQUIRE_EQ(failure.len, 1514);
	}
	REQUIRE_EQ(l2ring_tx_next_failure(x.tx, &failure), 0);
	judge(&x, 0);
}

/* Frames of before the change that are too long after it, among others. */
CASE(ring_tx_account, mtu_lowered_and_raised)
{
	struct scene x;
	struct l2ring_tx_failure failure;
	int i;

	begin(&x, NULL);
	for (i = 0; i < 20; i++) {
		commit(&x, 100, 3);
		commit(&x, 1514, 1);
	}
	netns_run("ip link set va mtu 1000");
	REQUIRE_EQ(l2ring_tx_flush(x.tx), 60);
	REQUIRE_EQ(txring_stats(x.tx).failed_length, 20);
	for (i = 0; i < 20; i++) {
		REQUIRE_EQ(l2ring_tx_next_failure(x.tx, &failure), 1);
		REQUIRE_EQ(failure.number, 4 * i + 3);
		REQUIRE_EQ(failure.code, -EMSGSIZE);
	}
	netns_run("ip link set va mtu 1500");
	commit(&x, 1514, 10);
	REQUIRE_EQ(l2ring_tx_flush(x.tx), 10);
	REQUIRE_EQ(txring_stats(x.tx).completed, 70);
	judge(&x, 0);
}

/* In a namespace where the thread is not, nobody tells of changes: each flush asks. */
CASE(ring_tx_account, without_messages)
{
	struct scene x;

	begin(&x, NULL);
	l2ring_tx_close(x.tx, NULL);
	go(x.there);
	REQUIRE_EQ(l2ring_tx_open(&x.tx, x.s, NULL), 0);
	go(x.home);
	commit(&x, 1514, 10);
	commit(&x, 200, 10);
	netns_run("ip link set va mtu 500");
	REQUIRE_EQ(l2ring_tx_flush(x.tx), 10);
	REQUIRE_EQ(txring_stats(x.tx).failed_length, 10);
	netns_run("tc qdisc add dev va root tbf rate 800kbit burst 2000 limit 20000");
	commit(&x, 200, 50);
	REQUIRE(l2ring_tx_flush(x.tx) > 10);
	netns_run("ip link set va down");
	REQUIRE_EQ(l2ring_tx_flush(x.tx), 0);
	REQUIRE(txring_stats(x.tx).uncertain > 5);
	netns_run("ip link set va up && " FAST);
	REQUIRE_EQ(l2ring_tx_drain(x.tx, 10 * L2_SEC), 0);
	judge(&x, 0);
}

/* The ring goes on with the interface that was made anew. */
CASE(ring_tx_account, rebind)
{
	struct l2ring_tx *tx;
	struct l2sock *far;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 800, 1);
	txring_commit(tx, f.bytes, f.len);
	netns_run("ip link del va");
	REQUIRE_EQ(l2ring_tx_flush(tx), -ENODEV);
	REQUIRE_EQ(l2ring_tx_wait(tx, 0), -ENODEV);
	netns_veth("va", "vb");
	netns_run("ip link set va mtu 600");
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 500, 2);
	txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	handle_expect(far, &f);
	REQUIRE_EQ(txring_close(tx, s, 0).completed, 1);
	l2sock_close(far);
}

/* A refused commit has looked at the MTU; those before it are held against it all the same. */
CASE(ring_tx_account, mtu_known_by_a_refusal)
{
	struct l2ring_tx *tx;
	struct l2sock *far;
	struct l2sock *s;
	void *slot;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", NULL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 1514, 1);
	txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_flush(tx), 1);
	for (i = 0; i < 3; i++)
		txring_commit(tx, f.bytes, f.len);
	netns_run("ip link set va mtu 1000");
	REQUIRE_EQ(l2ring_tx_reserve(tx, 1515, &slot), 0);
	memcpy(slot, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_commit(tx, 1515), -EMSGSIZE);
	REQUIRE_EQ(l2ring_tx_cancel(tx), 0);
	REQUIRE_EQ(l2ring_tx_flush(tx), 0);
	REQUIRE_EQ(txring_stats(tx).failed_length, 3);
	REQUIRE_EQ(handle_drain(far), 1);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* Deleted, made anew and rebound between two looks: what was on its way is not called sent. */
CASE(ring_tx_account, rebind_hides_no_loss)
{
	struct l2ring_tx *tx;
	struct l2sock *s;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	netns_run("tc qdisc add dev va root tbf rate 800kbit burst 2000 limit 100000");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 500, 1);
	for (i = 0; i < 50; i++)
		txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_flush(tx), 50);
	netns_run("ip link del va");
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE(txring_stats(tx).uncertain > 20);
	txring_close(tx, s, 0);
}

/* To an interface whose lengths nobody would check. */
CASE(ring_tx_account, rebind_to_another_kind)
{
	struct l2ring_tx *tx;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip tuntap add tun9 mode tun && ip link set tun9 up");
	tx = txring_open(&s, "va", NULL);
	REQUIRE_EQ(l2sock_rebind(s, "tun9"), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 500, 1);
	txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_flush(tx), -EOPNOTSUPP);
	REQUIRE_EQ(txring_stats(tx).failed_refused, 1);
	REQUIRE_EQ(l2sock_rebind(s, "va"), 0);
	txring_commit(tx, f.bytes, f.len);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	REQUIRE_EQ(txring_close(tx, s, 0).completed, 1);
}
