/* SPDX-License-Identifier: MIT */
/* Groups: every frame to one member, by each of the kernel's modes. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/fanout.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "numbers.h"

static int sender;

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
}

static struct l2group *open_group(uint32_t n, uint32_t mode, uint32_t flags)
{
	const struct l2sock_opts sock = { .size = sizeof(sock), .rcvbuf = HANDLE_RCVBUF };
	const struct l2group_opts opts = {
		.size = sizeof(opts), .mode = mode, .flags = flags, .sock = &sock
	};
	struct l2group *g = NULL;

	REQUIRE_EQ(l2group_open(&g, "vb", n, &opts), 0);
	REQUIRE(g);
	return g;
}

static struct l2group *bind_group(uint32_t n, uint32_t mode, uint32_t flags)
{
	struct l2group *g = open_group(n, mode, flags);

	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	return g;
}

static struct l2group_info info_of(struct l2group *g)
{
	struct l2group_info info = { .size = sizeof(info) };

	REQUIRE_EQ(l2group_get_info(g, &info), 0);
	return info;
}

static struct l2group_stats stats_of(struct l2group *g)
{
	struct l2group_stats stats = { .size = sizeof(stats) };

	REQUIRE_EQ(l2group_get_stats(g, &stats), 0);
	return stats;
}

static int take(struct l2group *g, uint32_t member)
{
	struct l2sock *s = l2group_member(g, member);
	uint8_t buf[64];
	int n = 0;

	while (l2sock_recv(s, buf, sizeof(buf), NULL, 0) >= 0)
		n++;
	return n;
}

/* Waits until so many frames are queued. */
static void await_frames(struct l2group *g, uint64_t n)
{
	struct l2group_stats stats;
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		stats = stats_of(g);
		if (stats.accepted - stats.received - stats.flushed >= n)
			break;
		usleep(1000);
	}
	REQUIRE_EQ(stats.accepted - stats.received - stats.flushed, n);
}

/* Waits for that many frames, and takes them: how many has each member? */
static void collect(struct l2group *g, uint64_t n, int *counts)
{
	uint32_t members = info_of(g).members;
	uint32_t i;

	await_frames(g, n);
	for (i = 0; i < members; i++)
		counts[i] = take(g, i);
}

/* Always the same member. */
static void steer_to(struct l2group *g, uint32_t member)
{
	const struct l2insn ret[] = { { BPF_RET | BPF_K, 0, 0, member } };

	REQUIRE_EQ(l2group_set_steering(g, ret, 1), 0);
}

static void steer_by(struct l2group *g, uint32_t kind)
{
	static struct l2insn insns[L2_FILTER_MAX];
	int64_t n = l2group_steering(kind, insns, L2_FILTER_MAX);

	REQUIRE_EQ(l2group_set_steering(g, insns, (size_t)n), 0);
}

/* UDP over IPv4; the source port tells flows apart. */
static void send_flow(uint16_t port, int n)
{
	uint8_t frame[60] = { 2,  0, 0, 0, 0, 2, 2,  0, 0, 0,  0, 1, 8, 0,  0x45, 0, 0,
			      46, 0, 0, 0, 0, 9, 17, 0, 0, 10, 0, 0, 1, 10, 0,    0, 2 };

	frame[34] = (uint8_t)(port >> 8);
	frame[35] = (uint8_t)port;
	frame[37] = 9;
	frame[39] = 26;
	while (n--)
		flood_send(sender, frame, sizeof(frame));
}

CASE(fanout, numbers_are_the_kernels_and_differ)
{
	struct l2group *a;
	struct l2group *b;
	uint32_t i;

	start();
	a = bind_group(3, L2GROUP_MODE_LB, L2GROUP_DEFRAG);
	b = bind_group(2, L2GROUP_MODE_HASH, 0);
	REQUIRE(info_of(a).id != info_of(b).id);
	REQUIRE_EQ(info_of(a).members, 3);
	REQUIRE_EQ(info_of(a).mode, L2GROUP_MODE_LB);
	REQUIRE_EQ(info_of(a).ethertype, L2_ETHERTYPE_ALL);
	for (i = 0; i < 3; i++) {
		uint32_t value = 0;
		socklen_t len = sizeof(value);
		int fd = l2sock_fd(l2group_member(a, i));

		REQUIRE_EQ(getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, &len), 0);
		REQUIRE_EQ(value & 0xffff, info_of(a).id);
		REQUIRE_EQ(value >> 16 & 0xff, PACKET_FANOUT_LB);
		REQUIRE_EQ(value >> 24, PACKET_FANOUT_FLAG_DEFRAG >> 8);
	}
	l2group_close(a);
	l2group_close(b);
}

/* A port whose flow is the member's. */
static uint16_t find_flow(struct l2group *g, uint32_t member)
{
	uint16_t port;

	for (port = 1000;; port++) {
		int counts[2];

		REQUIRE(port < 2000);
		send_flow(port, 1);
		collect(g, 1, counts);
		if (counts[member])
			return port;
	}
}

/* What the kernel's own test of fanout does: 15 frames of one flow and 5 of another. */
static void share_out(uint32_t mode, int first, int second)
{
	struct l2group *g = open_group(2, mode, 0);
	const bool by_flow = first == 15;
	uint16_t ports[2] = { 1, 2 };
	int counts[2];

	if (mode == L2GROUP_MODE_STEER)
		steer_by(g, L2GROUP_BY_FLOW);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	if (by_flow) {
		ports[0] = find_flow(g, 0);
		ports[1] = find_flow(g, 1);
	}
	send_flow(ports[0], 15);
	send_flow(ports[1], 5);
	collect(g, 20, counts);
	REQUIRE_EQ(counts[0], first);
	REQUIRE_EQ(counts[1], second);
	l2group_close(g);
}

CASE(fanout, modes_share_out_as_they_say)
{
	struct l2group *g;
	int counts[2];
	cpu_set_t set;

	start();
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		SKIP("processor 0 is not ours");
	share_out(L2GROUP_MODE_HASH, 15, 5);
	share_out(L2GROUP_MODE_LB, 10, 10);
	share_out(L2GROUP_MODE_CPU, 20, 0);
	share_out(L2GROUP_MODE_ROLLOVER, 20, 0);
	share_out(L2GROUP_MODE_QUEUE, 20, 0);
	share_out(L2GROUP_MODE_STEER, 15, 5);
	g = bind_group(2, L2GROUP_MODE_RANDOM, 0);
	send_flow(1, 200);
	collect(g, 200, counts);
	REQUIRE(counts[0] > 50 && counts[1] > 50);
	l2group_close(g);
}

/* A filter is run when the member is chosen: what it rejects is nobody's. */
CASE(fanout, filters_are_each_members_own)
{
	static const struct l2insn reject[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	struct l2group *g;
	int counts[2];

	start();
	g = open_group(2, L2GROUP_MODE_LB, 0);
	REQUIRE_EQ(l2sock_set_filter(l2group_member(g, 1), reject, 1), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	send_flow(1, 20);
	collect(g, 10, counts);
	REQUIRE_EQ(counts[0], 10);
	REQUIRE_EQ(l2sock_set_filter(l2group_member(g, 1), NULL, 0), 0);
	send_flow(1, 20);
	collect(g, 20, counts);
	REQUIRE_EQ(counts[1], 10);
	l2group_close(g);
}

enum way { BY_ONE, BY_MANY, WITHOUT_FACTS };

static int64_t take_some(struct l2sock *s, enum way way)
{
	static uint8_t slab[8][64];
	struct l2pkt pkts[8];
	int64_t n;
	int64_t i;

	if (way == BY_MANY) {
		n = l2sock_recv_batch(s, slab, sizeof(slab[0]), pkts, 8, 0);
		for (i = 0; i < n; i++)
			numbers_take(pkts[i].data, pkts[i].timestamp);
		return n;
	}
	n = l2sock_recv(s, slab, sizeof(slab[0]), way == BY_ONE ? pkts : NULL, 0);
	if (n < 0)
		return n;
	numbers_take(way == BY_ONE ? pkts[0].data : slab[0],
		     way == BY_ONE ? pkts[0].timestamp : UINT64_MAX);
	return 1;
}

/* Each number comes once at most. Returns how many came. */
static uint32_t take_numbers(struct l2group *g, enum way way)
{
	uint32_t members = info_of(g).members;
	uint32_t taken = 0;
	int64_t n;
	uint32_t i;

	for (i = 0; i < members; i++)
		while ((n = take_some(l2group_member(g, i), way)) > 0)
			taken += (uint32_t)n;
	return taken;
}

static void open_in_traffic(uint32_t mode, enum way way)
{
	struct l2group *g = open_group(8, mode, 0);
	pid_t pid = numbers_start(sender);
	struct l2group_stats stats;
	uint32_t taken = 0;

	numbers_clear();
	if (mode == L2GROUP_MODE_STEER)
		steer_by(g, L2GROUP_BY_FLOW);
	usleep(10000);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	while (taken < 500)
		taken += take_numbers(g, way);
	flood_stop(pid);
	take_numbers(g, way);
	stats = stats_of(g);
	REQUIRE_EQ(stats.received + stats.flushed, stats.accepted);
	numbers_require(mode == L2GROUP_MODE_STEER ? 1 : info_of(g).since, stats.dropped);
	l2group_close(g);
}

/* All are open at once: none is missing between the first and the last, and none comes twice. */
CASE(fanout, opened_in_traffic)
{
	start();
	open_in_traffic(L2GROUP_MODE_LB, BY_ONE);
	open_in_traffic(L2GROUP_MODE_LB, BY_MANY);
	open_in_traffic(L2GROUP_MODE_LB, WITHOUT_FACTS);
	open_in_traffic(L2GROUP_MODE_RANDOM, BY_ONE);
	open_in_traffic(L2GROUP_MODE_STEER, BY_ONE);
}

/* The new program holds for all that comes after the call. */
CASE(fanout, steering_is_replaced_at_once)
{
	const struct l2insn invalid[] = { { BPF_LD | BPF_IMM, 0, 0, 0 } };
	struct l2group *g;
	int counts[3];
	uint32_t i;

	start();
	g = open_group(3, L2GROUP_MODE_STEER, 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), -EINVAL);
	REQUIRE(strstr(l2group_errmsg(g), "program"));
	steer_to(g, 2);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	for (i = 2; i < 40; i++) {
		send_flow(1, 3);
		collect(g, 3, counts);
		REQUIRE_EQ(counts[i % 3], 3);
		steer_to(g, i + 1);
	}
	REQUIRE_EQ(l2group_set_steering(g, invalid, 1), -EINVAL);
	send_flow(1, 3);
	collect(g, 3, counts);
	REQUIRE_EQ(counts[i % 3], 3);
	l2group_close(g);
}

static int stopping;

static void *count(void *member)
{
	uint64_t frames = 0;
	uint8_t buf[64];

	while (!__atomic_load_n(&stopping, __ATOMIC_ACQUIRE))
		frames += l2sock_recv(member, buf, sizeof(buf), NULL, L2_FOREVER) >= 0;
	frames += (uint64_t)handle_drain(member);
	return (void *)(uintptr_t)frames;
}

/* The members' threads need not stop for it. */
CASE(fanout, steering_is_replaced_beside_the_members_threads)
{
	pthread_t threads[2];
	uintptr_t frames = 0;
	struct l2group *g;
	uint32_t i;

	start();
	g = open_group(2, L2GROUP_MODE_STEER, 0);
	steer_to(g, 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	for (i = 0; i < 2; i++)
		REQUIRE_EQ(pthread_create(&threads[i], NULL, count, l2group_member(g, i)), 0);
	for (i = 0; i < 200; i++) {
		steer_to(g, i);
		send_flow(1, 1);
		REQUIRE_EQ(l2group_set_steering(g, NULL, 1), -EINVAL);
		stats_of(g);
	}
	__atomic_store_n(&stopping, 1, __ATOMIC_RELEASE);
	l2group_wake(g);
	for (i = 0; i < 2; i++) {
		void *result;

		REQUIRE_EQ(pthread_join(threads[i], &result), 0);
		REQUIRE((uintptr_t)result >= 100);
		frames += (uintptr_t)result;
	}
	REQUIRE_EQ(frames, 200);
	l2group_close(g);
}

static struct l2group *small_group(uint32_t mode, uint32_t flags)
{
	const struct l2sock_opts sock = { .size = sizeof(sock), .rcvbuf = 65536 };
	const struct l2group_opts opts = {
		.size = sizeof(opts), .mode = mode, .flags = flags, .sock = &sock
	};
	struct l2group *g = NULL;

	REQUIRE_EQ(l2group_open(&g, "vb", 3, &opts), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	return g;
}

/* How many frames of a flow does a group take until one is dropped? */
static uint64_t fill(struct l2group *g)
{
	struct l2group_stats stats;
	int rounds = 0;

	do {
		send_flow(1, 10);
		usleep(1000);
		stats = stats_of(g);
	} while (!stats.dropped && ++rounds < 1000);
	REQUIRE(stats.dropped);
	return stats.accepted;
}

CASE(fanout, rolls_over_when_there_is_no_room)
{
	struct l2group_stats stats;
	struct l2group *g;
	uint64_t one;

	start();
	g = small_group(L2GROUP_MODE_HASH, 0);
	one = fill(g);
	REQUIRE_EQ(stats_of(g).rolled, 0);
	l2group_close(g);
	g = small_group(L2GROUP_MODE_HASH, L2GROUP_ROLLOVER);
	REQUIRE(fill(g) > 2 * one);
	stats = stats_of(g);
	REQUIRE(stats.rolled > one);
	REQUIRE(stats.rolled_huge <= stats.rolled);
	REQUIRE(stats.stuck > 0);
	l2group_close(g);
	g = small_group(L2GROUP_MODE_ROLLOVER, 0);
	REQUIRE(fill(g) > 2 * one);
	REQUIRE_EQ(stats_of(g).rolled, 0);
	REQUIRE_EQ(stats_of(g).stuck, 0);
	l2group_close(g);
}

/* Two fragments arrive as one packet. */
CASE(fanout, fragments_are_put_together)
{
	uint8_t frame[62] = { 2, [6] = 2, [12] = 8, 0,         0x45, 0, 0, 44, 0, 7, 0x20,
			      0, 9,       17,       [26] = 10, 0,    0, 1, 10, 0, 0, 2 };
	struct l2group *g;
	uint8_t buf[128];

	start();
	g = bind_group(1, L2GROUP_MODE_LB, L2GROUP_DEFRAG);
	flood_send(sender, frame, 58); /* 24 bytes of the packet, more follow */
	frame[20] = 0;
	frame[21] = 3; /* from byte 24 on */
	flood_send(sender, frame, 58);
	REQUIRE_EQ(l2sock_recv(l2group_member(g, 0), buf, sizeof(buf), NULL, L2_SEC), 58 + 24);
	REQUIRE_EQ(take(g, 0), 0);
	l2group_close(g);
}

CASE(fanout, ignores_outgoing_frames)
{
	const struct l2sock_opts sock = { .size = sizeof(sock), .flags = L2SOCK_IGNORE_OUTGOING };
	const struct l2group_opts opts = { .size = sizeof(opts), .sock = &sock };
	struct l2group *g = NULL;
	int counts[2];

	start();
	REQUIRE_EQ(l2group_open(&g, "va", 2, &opts), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	REQUIRE(info_of(g).flags & L2GROUP_IGNORE_OUTGOING);
	send_flow(1, 10);
	sender = flood_socket("vb");
	send_flow(1, 3);
	collect(g, 3, counts);
	l2group_close(g);
}

static void make_again(void)
{
	netns_run("ip link del dev vb");
	netns_veth("va", "vb");
	close(sender);
	sender = flood_socket("va");
}

CASE(fanout, survives_the_interface)
{
	static const struct l2insn reject[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	struct l2group *g;
	uint8_t buf[64];
	int counts[3];
	uint32_t i;

	start();
	g = open_group(3, L2GROUP_MODE_LB, 0);
	REQUIRE_EQ(l2sock_set_filter(l2group_member(g, 1), reject, 1), 0);
	REQUIRE_EQ(l2sock_join(l2group_member(g, 2), L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	make_again();
	for (i = 0; i < 3; i++)
		REQUIRE_EQ(l2sock_recv(l2group_member(g, i), buf, sizeof(buf), NULL, L2_SEC),
			   -ENODEV);
	REQUIRE_EQ(l2group_rebind(g, NULL), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	send_flow(1, 30);
	collect(g, 20, counts);
	REQUIRE_EQ(counts[0], 10);
	REQUIRE_EQ(counts[2], 10);
	REQUIRE_EQ(l2sock_send(l2group_member(g, 0), (uint8_t[60]) { 2 }, 60, 0), 0);
	l2group_close(g);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
}

/* Also to another interface, while the present one is there; who waits is not left behind. */
CASE(fanout, moves)
{
	struct l2group *g;
	struct pollfd p;
	int counts[2];

	start();
	netns_veth("vc", "vd");
	g = open_group(2, L2GROUP_MODE_STEER, 0);
	steer_by(g, L2GROUP_BY_FLOW);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	p = (struct pollfd) { .fd = l2sock_pollfd(l2group_member(g, 0)), .events = POLLIN };
	send_flow(1, 7);
	await_frames(g, 7);
	REQUIRE_EQ(l2group_rebind(g, "nowhere"), -ENODEV);
	send_flow(1, 2); /* it goes on where it is */
	await_frames(g, 9);
	REQUIRE_EQ(l2group_rebind(g, "vd"), 0);
	REQUIRE_EQ(stats_of(g).flushed, 9);
	send_flow(1, 7); /* nobody listens there */
	sender = flood_socket("vc");
	steer_to(g, 0);
	send_flow(1, 5);
	REQUIRE_EQ(poll(&p, 1, 1000), 1);
	collect(g, 5, counts);
	REQUIRE_EQ(counts[0], 5);
	l2group_close(g);
}

CASE(fanout, three_hundred_members)
{
	struct rlimit files = { 0 };
	struct l2group *g;
	int counts[300];
	uint32_t i;

	start();
	REQUIRE_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = files.rlim_max;
	REQUIRE_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
	if (files.rlim_cur < 1000)
		SKIP("too few descriptors");
	g = bind_group(300, L2GROUP_MODE_LB, 0);
	send_flow(1, 300);
	collect(g, 300, counts);
	for (i = 0; i < 300; i++)
		REQUIRE_EQ(counts[i], 1);
	l2group_close(g);
}

static int join_number(struct l2group **g, uint32_t n, uint32_t mode, uint32_t most)
{
	const struct l2group_opts opts = { .size = sizeof(opts),
					   .mode = mode,
					   .flags = L2GROUP_ID,
					   .id = 4711,
					   .members_max = most };

	REQUIRE_EQ(l2group_open(g, "vb", n, &opts), 0);
	return l2group_bind(*g, L2_ETHERTYPE_ALL);
}

/* A number is a group of everybody's in the network namespace. */
CASE(fanout, groups_with_a_number_of_their_own)
{
	struct l2group *a = NULL;
	struct l2group *b = NULL;
	struct l2group *c = NULL;
	struct l2group *d = NULL;
	int counts[2];

	start();
	REQUIRE_EQ(join_number(&a, 2, L2GROUP_MODE_LB, 4), 0);
	REQUIRE_EQ(info_of(a).id, 4711);
	REQUIRE_EQ(join_number(&b, 2, L2GROUP_MODE_LB, 4), 0);
	send_flow(1, 40);
	collect(a, 20, counts);
	REQUIRE_EQ(counts[0], 10);
	collect(b, 20, counts);
	REQUIRE_EQ(counts[1], 10);
	REQUIRE_EQ(join_number(&c, 1, L2GROUP_MODE_LB, 4), -ENOSPC);
	REQUIRE(strstr(l2group_errmsg(c), "4711"));
	REQUIRE_EQ(join_number(&d, 1, L2GROUP_MODE_HASH, 4), -EINVAL);
	REQUIRE(strstr(l2group_errmsg(d), "mode"));
	REQUIRE_EQ(l2group_bind(d, L2_ETHERTYPE_ARP), -EINVAL);
	REQUIRE(strstr(l2group_errmsg(d), "L2GROUP_ID"));
	send_flow(1, 40); /* who was refused takes nothing away */
	collect(a, 20, counts);
	REQUIRE_EQ(counts[0], 10);
	collect(b, 20, counts);
	REQUIRE_EQ(counts[1], 10);
	l2group_close(b);
	REQUIRE_EQ(l2group_bind(c, L2_ETHERTYPE_ALL), 0); /* there is room now */
	send_flow(1, 30);
	collect(c, 10, counts);
	l2group_close(a);
	l2group_close(c);
	l2group_close(d);
}

CASE(fanout, members_are_the_groups)
{
	struct l2group *g;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[20];

	start();
	g = bind_group(2, L2GROUP_MODE_LB, 0);
	s = l2group_member(g, 1);
	REQUIRE_EQ(l2sock_close(s), -EBUSY);
	REQUIRE_EQ(l2sock_release(s), -EBUSY);
	REQUIRE_EQ(l2sock_rebind(s, NULL), -EBUSY);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), -EBUSY);
	REQUIRE(!l2group_member(g, 2));
	REQUIRE_EQ(l2group_wake(g), 0);
	REQUIRE_EQ(l2sock_wait(s, L2_SEC), -ECANCELED);
	REQUIRE_EQ(l2sock_wait(l2group_member(g, 0), L2_SEC), -ECANCELED);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), -EBUSY);
	send_flow(1, 2);
	await_frames(g, 2);
	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, 0) >= 0);
	REQUIRE_EQ(stats_of(g).truncated, 1);
	REQUIRE_EQ(l2sock_lock_filter(s), 0);
	REQUIRE_EQ(l2group_rebind(g, NULL), -EPERM);
	REQUIRE(strstr(l2group_errmsg(g), "member 1"));
	l2group_close(g);
	g = open_group(2, L2GROUP_MODE_LB, 0);
	REQUIRE_EQ(l2sock_bind(l2group_member(g, 1), L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), -EBUSY);
	REQUIRE(strstr(l2group_errmsg(g), "member 1"));
	l2group_close(g);
}

static int try_open(uint32_t n, struct l2group_opts opts, const char *words)
{
	struct l2group *g = NULL;
	struct l2err err = { 0 };
	int r;

	opts.size = sizeof(opts);
	opts.err = &err;
	r = l2group_open(&g, "lo", n, &opts);
	REQUIRE(!g);
	REQUIRE_EQ(err.code, r);
	REQUIRE(strstr(err.text, words));
	return r;
}

CASE(fanout, arguments)
{
	const struct l2sock_opts legacy = { .size = sizeof(legacy), .type = L2SOCK_TYPE_LEGACY };
	struct {
		struct l2group_opts known;
		uint64_t more;
	} newer = { .known.size = sizeof(newer), .more = 1 };
	struct l2group_info info = { .size = 8 };
	struct l2group *g;
	int fds;

	start();
	fds = handle_count_fds();
	REQUIRE_EQ(try_open(0, (struct l2group_opts) { 0 }, "members"), -EINVAL);
	REQUIRE_EQ(try_open(65537, (struct l2group_opts) { 0 }, "members"), -EINVAL);
	REQUIRE_EQ(try_open(3, (struct l2group_opts) { .members_max = 2 }, "at most 2"), -EINVAL);
	REQUIRE_EQ(try_open(1, (struct l2group_opts) { .mode = 8 }, "mode 8"), -EINVAL);
	REQUIRE_EQ(try_open(1, (struct l2group_opts) { .flags = 0x80 }, "flags"), -EINVAL);
	REQUIRE_EQ(try_open(1, (struct l2group_opts) { .id = 1 }, "L2GROUP_ID"), -EINVAL);
	REQUIRE_EQ(try_open(1, (struct l2group_opts) { .reserved = 1 }, "reserved"), -EINVAL);
	REQUIRE_EQ(try_open(1, (struct l2group_opts) { .sock = &legacy }, "SOCK_PACKET"), -EINVAL);
	REQUIRE_EQ(try_open(1,
			    (struct l2group_opts) { .mode = L2GROUP_MODE_ROLLOVER,
						    .flags = L2GROUP_ROLLOVER },
			    "rolls over"),
		   -EINVAL);
	REQUIRE_EQ(l2group_open(&g, "lo", 1, &newer.known), -E2BIG);
	REQUIRE_EQ(l2group_open(&g, "nowhere", 2, NULL), -ENODEV);
	REQUIRE_EQ(l2group_open(NULL, "lo", 2, NULL), -EINVAL);
	REQUIRE_EQ(handle_count_fds(), fds);
	g = open_group(1, L2GROUP_MODE_LB, 0);
	REQUIRE_EQ(l2group_bind(g, 5), -EINVAL);
	REQUIRE_EQ(l2group_set_steering(g, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2group_set_steering_fd(g, 0), -EINVAL);
	REQUIRE_EQ(l2group_get_info(g, &info), -EINVAL);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	l2group_close(g);
	REQUIRE_EQ(l2group_close(NULL), 0);
	REQUIRE_EQ(l2group_bind(NULL, 0), -EINVAL);
	REQUIRE_EQ(l2group_wake(NULL), -EINVAL);
	REQUIRE_EQ(handle_count_fds(), fds);
}
