/* SPDX-License-Identifier: MIT */
/*
 * Each call to the system fails in turn while a handle gets, uses and gives up a ring: the code
 * comes back with a sentence, nothing leaks, nothing is half-made.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "ring.h"

#define MOST_CALLS 60

static struct frame f;
static int sender;

/* Mappings of packet sockets in this process. */
static int count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	int n = 0;

	REQUIRE(maps);
	while (fgets(line, sizeof(line), maps))
		n += strstr(line, "socket:") != NULL;
	fclose(maps);
	return n;
}

static void receives_by_itself(struct l2sock *s)
{
	if (l2sock_recv(s, NULL, 0, NULL, 0) == -ENOTCONN)
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	handle_drain(s);
	ring_send(sender, &f, 5, 1);
	handle_expect(s, &f);
}

static void receives_by_ring(struct l2sock *s, struct l2ring_rx *rx)
{
	l2sock_bind(s, L2_ETHERTYPE_EXP1);
	ring_send(sender, &f, 5, 1);
	REQUIRE_EQ(ring_drain(rx), 1);
}

/* Returns how many of the calls that opening makes make it fail. */
static int fail_each_call(uint32_t profile, uint32_t flags, bool bound)
{
	struct l2ring_rx_opts opts = ring_small_opts(profile);
	int failures = 0;
	int n;

	opts.flags = flags;
	for (n = 1; n < MOST_CALLS; n++) {
		struct l2sock *s = bound ? handle_listen("vb", L2_ETHERTYPE_EXP1)
					 : handle_open("vb");
		struct l2ring_rx *rx = NULL;
		int fds = handle_count_fds();
		int calls;
		int r;

		fault_arm(n, -EIO);
		r = l2ring_rx_open(&rx, s, &opts);
		calls = fault_disarm();
		if (r < 0) {
			REQUIRE(r == -EIO || r == -ENOMEM);
			REQUIRE(strlen(l2sock_errmsg(s)) > 5);
			REQUIRE(!rx);
			REQUIRE_EQ(handle_count_fds(), fds);
			REQUIRE_EQ(count_mappings(), 0);
			receives_by_itself(s);
			failures++;
		} else {
			REQUIRE_EQ(count_mappings(), 1);
			receives_by_ring(s, rx);
			REQUIRE_EQ(l2ring_rx_close(rx), 0);
		}
		l2sock_close(s);
		if (calls < n)
			break;
	}
	REQUIRE(n < MOST_CALLS);
	return failures;
}

CASE(ring_fault, open)
{
	sender = ring_network(&f);
	/* memory twice, threshold, timestamps, version, reserve, ring, mmap, madvise; header */
	REQUIRE_EQ(fail_each_call(L2RING_THROUGHPUT, 0, false), 9);
	REQUIRE_EQ(fail_each_call(L2RING_THROUGHPUT, L2RING_NIC_TIME | L2RING_OFFLOAD, false), 10);
	REQUIRE_EQ(fail_each_call(L2RING_LATENCY, 0, false), 9);
}

CASE(ring_fault, open_on_a_bound_handle)
{
	sender = ring_network(&f);
	/* halting and emptying on top */
	REQUIRE(fail_each_call(L2RING_THROUGHPUT, 0, true) >= 12);
}

/* Which calls make a ring of that size half as large when they fail? */
static int count_halving_calls(uint32_t profile, uint64_t bytes, int code)
{
	struct l2ring_rx_opts opts = ring_small_opts(profile);
	int halving = 0;
	int calls;
	int n = 0;

	opts.bytes = bytes;
	do {
		struct l2sock *s = handle_open("vb");
		struct l2ring_rx *rx = NULL;

		fault_arm(++n, code);
		l2ring_rx_open(&rx, s, &opts);
		calls = fault_disarm();
		REQUIRE_EQ(count_mappings(), rx ? 1 : 0);
		if (rx && ring_info(rx).bytes == bytes / 2) {
			halving++;
			receives_by_ring(s, rx);
		}
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		l2sock_close(s);
	} while (calls >= n);
	return halving;
}

/* The kernel's memory is, or the addresses are; four blocks are the least. */
CASE(ring_fault, memory_is_short)
{
	uint32_t profile;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++) {
		/* for the ring itself, its mapping, and what keeps that from children */
		REQUIRE_EQ(count_halving_calls(profile, 16 << 16, -ENOMEM), 3);
		REQUIRE_EQ(count_halving_calls(profile, 16 << 16, -EAGAIN), 1);
	}
	REQUIRE_EQ(count_halving_calls(L2RING_THROUGHPUT, 4 << 16, -ENOMEM), 0);
}

/* Bytes of this process's addresses that are taken. */
static rlim_t address_space(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	unsigned long long pages = 0;

	REQUIRE(statm && fscanf(statm, "%llu", &pages) == 1);
	fclose(statm);
	return (rlim_t)pages * (rlim_t)getpagesize();
}

/* No fault of ours: 64 MiB are wished for where there is room for a quarter of it. */
CASE(ring_fault, addresses_are_short)
{
	struct l2ring_rx_opts opts = { .size = sizeof(opts), .bytes = 64 << 20 };
	struct rlimit before;
	struct rlimit limit;
	struct l2ring_rx *rx;
	struct l2sock *s;

	sender = ring_network(&f);
	s = handle_open("vb");
	REQUIRE_EQ(getrlimit(RLIMIT_AS, &before), 0);
	limit = before;
	limit.rlim_cur = address_space() + (24 << 20);
	REQUIRE_EQ(setrlimit(RLIMIT_AS, &limit), 0);
	rx = ring_open(s, &opts);
	REQUIRE_EQ(setrlimit(RLIMIT_AS, &before), 0);
	REQUIRE_EQ(ring_info(rx).bytes, 16 << 20);
	receives_by_ring(s, rx);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
}

/* In use: an error of a wait comes back, and the next call goes on. */
CASE(ring_fault, next)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_LATENCY);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int failures = 0;
	int n;

	sender = ring_network(&f);
	s = handle_open("vb");
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	for (n = 1; n < 5; n++) {
		int r;

		fault_arm(n, -EIO);
		r = l2ring_rx_next(rx, &b, 1000);
		fault_disarm();
		REQUIRE(r == -EIO || r == -ETIMEDOUT);
		failures += r == -EIO;
		receives_by_ring(s, rx);
	}
	REQUIRE(failures >= 1);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
}

/* No memory for a frame that exceeds its slot, or an error in its way: some of it is there. */
CASE(ring_fault, giants)
{
	static struct frame giant;
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_LATENCY);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int n;

	sender = ring_network(&f);
	s = handle_open("vb");
	rx = ring_open(s, &opts);
	netns_run("ip link set dev va mtu 9000 && ip link set dev vb mtu 9000");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	frame_make(&giant, NULL, 0, L2_ETHERTYPE_EXP1, 5000, 1);
	for (n = 1; n <= 3; n++) {
		struct l2pkt pkt;
		const void *h;

		giant.bytes[30] = (uint8_t)n;
		flood_send(sender, giant.bytes, giant.len);
		REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
		fault_arm(n, n == 2 ? -EINTR : -EIO);
		b = ring_next(rx);
		fault_disarm();
		h = l2block_first(&b);
		REQUIRE_EQ(l2block_pkts(&b, &h, &pkt, 1), 1);
		REQUIRE_EQ(pkt.wire_len, 5000);
		REQUIRE_EQ(!(pkt.flags & L2_FLAG_TRUNCATED), n >= 2);
		REQUIRE_EQ(pkt.data[30], n);
		REQUIRE(!memcmp(pkt.data, giant.bytes, pkt.len));
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	}
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
}

CASE(ring_fault, stop)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;

	sender = ring_network(&f);
	s = handle_open("vb");
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	fault_arm(1, -ENOMEM);
	REQUIRE_EQ(l2ring_rx_stop(rx), -ENOMEM);
	fault_disarm();
	receives_by_ring(s, rx); /* as if nothing had been */
	fault_no_barrier(1);     /* as on some kernels */
	ring_send(sender, &f, 0, 3);
	REQUIRE_EQ(l2ring_rx_stop(rx), 0);
	ring_send(sender, &f, 0, 3);
	REQUIRE_EQ(ring_drain(rx), 3);
	REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -ESHUTDOWN);
	fault_no_barrier(0);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
}
