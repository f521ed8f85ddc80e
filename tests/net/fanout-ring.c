/* SPDX-License-Identifier: MIT */
/* Groups whose members have rings. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <l2sock/ring.h>

#include "case.h"
#include "flood.h"
#include "netns.h"
#include "numbers.h"

#define MEMBERS_MAX 4

static struct l2group *g;
static struct l2ring_rx *rings[MEMBERS_MAX];
static uint32_t members;
static int sender;
static uint64_t sent; /* since the group was opened */

/* All on one processor. */
static void start(void)
{
	cpu_set_t set;

	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		SKIP("processor 0 is not ours");
}

static void open_group(uint32_t n, uint32_t mode, uint32_t flags, struct l2ring_rx_opts opts)
{
	const struct l2group_opts how = { .size = sizeof(how), .mode = mode, .flags = flags };
	uint32_t i;

	opts.size = sizeof(opts);
	members = n;
	sent = 0;
	REQUIRE_EQ(l2group_open(&g, "vb", n, &how), 0);
	for (i = 0; i < n; i++)
		REQUIRE_EQ(l2ring_rx_open(&rings[i], l2group_member(g, i), &opts), 0);
}

static void close_group(void)
{
	uint32_t i;

	l2group_close(g);
	for (i = 0; i < members; i++)
		REQUIRE_EQ(l2ring_rx_close(rings[i]), 0);
}

static void send_flow(uint16_t port, int n)
{
	uint8_t frame[60] = { 2,  0, 0, 0, 0, 2, 2,  0, 0, 0,  0, 1, 8, 0,  0x45, 0, 0,
			      46, 0, 0, 0, 0, 9, 17, 0, 0, 10, 0, 0, 1, 10, 0,    0, 2 };

	frame[34] = (uint8_t)(port >> 8);
	frame[35] = (uint8_t)port;
	frame[39] = 26;
	sent += (uint64_t)n;
	while (n--)
		flood_send(sender, frame, sizeof(frame));
}

/* Waits until the kernel has put all frames into rings, or dropped them. */
static struct l2group_stats settle(void)
{
	struct l2group_stats stats = { .size = sizeof(stats) };
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		REQUIRE_EQ(l2group_get_stats(g, &stats), 0);
		if (stats.accepted + stats.dropped == sent)
			return stats;
		usleep(1000);
	}
	REQUIRE_EQ(stats.accepted + stats.dropped, sent);
	return stats;
}

static int take(uint32_t member)
{
	struct l2block b;
	int n = 0;
	int r;

	while ((r = l2ring_rx_next(rings[member], &b, 0)) > 0) {
		n += r;
		REQUIRE_EQ(l2ring_rx_release(rings[member], &b), 0);
	}
	REQUIRE_EQ(r, -EAGAIN);
	return n;
}

static uint16_t find_flow(uint32_t member)
{
	uint16_t port;

	for (port = 1000;; port++) {
		REQUIRE(port < 2000);
		send_flow(port, 1);
		settle();
		if (take(member))
			return port;
		take(!member);
	}
}

/*
 * What the kernel's own test of fanout does with rings of 20 frames: 15 frames of one flow and 5 of
 * another, and another 15 of the first. What is lost has met a full ring.
 */
static void share_out(uint32_t mode, uint32_t flags, int first, int second)
{
	const struct l2ring_rx_opts opts = { .profile = L2RING_LATENCY,
					     .frame_max = 880,
					     .bytes = 20480 };
	struct l2ring_rx_info info = { .size = sizeof(info) };
	uint16_t ports[2] = { 1, 2 };

	open_group(2, mode, flags, opts);
	if (mode == L2GROUP_MODE_STEER) {
		static struct l2insn insns[L2_FILTER_MAX];
		int64_t n = l2group_steering(L2GROUP_BY_FLOW, insns, L2_FILTER_MAX);

		REQUIRE_EQ(l2group_set_steering(g, insns, (size_t)n), 0);
	}
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2ring_rx_get_info(rings[0], &info), 0);
	REQUIRE_EQ(info.cells, 20);
	if (second == 5) {
		ports[0] = find_flow(0);
		ports[1] = find_flow(1);
	}
	send_flow(ports[0], 15);
	send_flow(ports[1], 5);
	send_flow(ports[0], 15);
	settle();
	REQUIRE_EQ(take(0), first);
	REQUIRE_EQ(take(1), second);
	close_group();
}

CASE(fanout_ring, modes_share_out_as_the_kernels_test_says)
{
	start();
	share_out(L2GROUP_MODE_HASH, 0, 20, 5);
	share_out(L2GROUP_MODE_LB, 0, 17, 18);
	share_out(L2GROUP_MODE_CPU, 0, 20, 0);
	share_out(L2GROUP_MODE_QUEUE, 0, 20, 0);
	share_out(L2GROUP_MODE_ROLLOVER, 0, 20, 15);
	share_out(L2GROUP_MODE_STEER, 0, 20, 5);
}

/* The kernel would change the members' numbers. */
CASE(fanout_ring, rings_stay_while_the_group_is_bound)
{
	struct l2ring_rx *rx;

	start();
	open_group(2, L2GROUP_MODE_LB, 0, (struct l2ring_rx_opts) { .bytes = 1 << 20 });
	REQUIRE_EQ(l2ring_rx_close(rings[1]), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2ring_rx_open(&rx, l2group_member(g, 1), NULL), -EBUSY);
	REQUIRE_EQ(l2ring_rx_close(rings[0]), -EBUSY);
	REQUIRE_EQ(l2sock_lock_filter(l2group_member(g, 0)), 0);
	REQUIRE_EQ(l2ring_rx_stop(rings[0]), -EPERM);
	members = 1;
	close_group();
}

CASE(fanout_ring, a_full_ring_rolls_over)
{
	const struct l2ring_rx_opts opts = { .profile = L2RING_LATENCY,
					     .frame_max = 880,
					     .bytes = 20480 };
	struct l2group_stats stats;
	int counts[3];
	int most;
	uint32_t i;

	start();
	open_group(3, L2GROUP_MODE_HASH, L2GROUP_ROLLOVER, opts);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	send_flow(1, 100);
	stats = settle();
	for (i = 0; i < 3; i++)
		counts[i] = take(i);
	REQUIRE_EQ(counts[0] + counts[1] + counts[2], stats.accepted);
	most = counts[0] > counts[1] ? counts[0] : counts[1];
	most = most > counts[2] ? most : counts[2];
	REQUIRE_EQ(most, 20); /* its own member's ring is full in the end, the others' not quite */
	REQUIRE_EQ(stats.rolled, stats.accepted - 20);
	REQUIRE(stats.stuck >= stats.dropped);
	close_group();
}

static int take_block(uint32_t member, const struct l2block *b)
{
	const void *h;

	for (h = l2block_first(b); h; h = l2block_next(b, h))
		numbers_take(l2block_data(b, h), l2block_timestamp(b, h));
	REQUIRE_EQ(l2ring_rx_release(rings[member], b), 0);
	return (int)b->frames;
}

/* Each number comes once at most. At most so many blocks of each; returns how many frames. */
static int take_numbers(int64_t timeout_ns, int most)
{
	struct l2block b;
	int taken = 0;
	uint32_t i;
	int n;

	for (i = 0; i < members; i++)
		for (n = 0; n < most && l2ring_rx_next(rings[i], &b, timeout_ns) > 0; n++)
			taken += take_block(i, &b);
	return taken;
}

static void open_in_traffic(uint32_t mode, uint32_t profile)
{
	const struct l2insn by_number[] = { { BPF_LD | BPF_B | BPF_ABS, 0, 0, L2FILTER_LINK + 14 },
					    { BPF_RET | BPF_A, 0, 0, 0 } };
	const struct l2ring_rx_opts opts = { .profile = profile, .bytes = 4 << 20 };
	struct l2group_info info = { .size = sizeof(info) };
	struct l2group_stats stats = { .size = sizeof(stats) };
	int taken = 0;
	pid_t pid;
	uint32_t i;

	numbers_clear();
	open_group(MEMBERS_MAX, mode, 0, opts);
	if (mode == L2GROUP_MODE_STEER)
		REQUIRE_EQ(l2group_set_steering(g, by_number, 2), 0);
	pid = numbers_start(sender);
	usleep(10000);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	while (taken < 300)
		taken += take_numbers(L2_MSEC, 1);
	flood_stop(pid);
	for (i = 0; i < members; i++)
		REQUIRE_EQ(l2ring_rx_stop(rings[i]), 0);
	take_numbers(L2_SEC, INT_MAX); /* ends when all is delivered */
	REQUIRE_EQ(l2group_get_info(g, &info), 0);
	REQUIRE_EQ(l2group_get_stats(g, &stats), 0);
	numbers_require(mode == L2GROUP_MODE_STEER ? 1 : info.since, stats.dropped);
	REQUIRE_EQ(stats.received + stats.flushed, stats.accepted);
	close_group();
}

/* All are open at once: none is missing between the first and the last, and none comes twice. */
CASE(fanout_ring, opened_in_traffic)
{
	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
	open_in_traffic(L2GROUP_MODE_LB, L2RING_THROUGHPUT);
	open_in_traffic(L2GROUP_MODE_LB, L2RING_LATENCY);
	open_in_traffic(L2GROUP_MODE_RANDOM, L2RING_LATENCY);
	open_in_traffic(L2GROUP_MODE_STEER, L2RING_THROUGHPUT);
}

static void receive(uint32_t member, int n)
{
	struct l2block b;

	while (n > 0) {
		int r = l2ring_rx_next(rings[member], &b, L2_SEC);

		REQUIRE(r > 0);
		REQUIRE_EQ(l2ring_rx_release(rings[member], &b), 0);
		n -= r;
	}
	REQUIRE_EQ(n, 0);
}

static void survive(uint32_t profile)
{
	const struct l2ring_rx_opts opts = { .profile = profile, .bytes = 1 << 20 };
	struct l2ring_rx_info info = { .size = sizeof(info) };
	struct l2block b;
	int round;

	open_group(2, L2GROUP_MODE_LB, 0, opts);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	send_flow(1, 9);
	netns_run("ip link del dev vb");
	netns_veth("va", "vb");
	sender = flood_socket("va");
	REQUIRE(l2ring_rx_next(rings[0], &b, L2_SEC) > 0);
	REQUIRE_EQ(l2group_rebind(g, NULL), -EBUSY);
	REQUIRE(strstr(l2group_errmsg(g), "lease"));
	REQUIRE_EQ(l2ring_rx_release(rings[0], &b), 0);
	while (l2ring_rx_next(rings[1], &b, L2_SEC) > 0)
		REQUIRE_EQ(l2ring_rx_release(rings[1], &b), 0);
	REQUIRE_EQ(l2ring_rx_next(rings[1], &b, L2_SEC), -ENODEV);
	REQUIRE_EQ(l2group_rebind(g, NULL), 0);
	REQUIRE_EQ(l2ring_rx_get_info(rings[0], &info), 0);
	REQUIRE(info.bytes >= 1 << 19);
	for (round = 0; round < 25; round++) {
		send_flow(1, 50);
		receive(0, 25);
		receive(1, 25);
	}
	close_group();
}

/* The rings stay the program's, with new memory; no block of the old may be on lease. */
CASE(fanout_ring, survives_the_interface)
{
	start();
	survive(L2RING_THROUGHPUT);
	survive(L2RING_LATENCY);
}
