/* SPDX-License-Identifier: MIT */
/* Stopping, swapping filters, closing, children: nothing is lost or left or comes late. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "ring.h"

static struct frame f;
static int sender;

/* Accepts frames of 64, or of 70 bytes. */
static const struct l2insn of_64_bytes[] = {
	{ 0x80, 0, 0, 0 }, { 0x15, 0, 1, 64 }, { 0x06, 0, 0, 0xffffffff }, { 0x06, 0, 0, 0 }
};
static const struct l2insn of_70_bytes[] = {
	{ 0x80, 0, 0, 0 }, { 0x15, 0, 1, 70 }, { 0x06, 0, 0, 0xffffffff }, { 0x06, 0, 0, 0 }
};

static struct l2sock *start(void)
{
	netns_veth("va", "vb");
	netns_await("va");
	netns_await("vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	sender = flood_socket("va");
	return handle_open("vb");
}

static void end(struct l2sock *s, struct l2ring_rx *rx)
{
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
	close(sender);
	netns_run("ip link del dev va");
}

/* The kernel's count is the truth: in the middle of a flood. */
CASE(ring_end, stop_loses_nothing)
{
	uint32_t profile;
	int i;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++)
		for (i = 0; i < 2; i++) {
			struct l2sock *s = start();
			struct l2ring_rx_opts opts = { .size = sizeof(opts),
						       .profile = profile,
						       .bytes = 16 << 20 };
			struct l2ring_rx *rx = ring_open(s, &opts);
			struct l2block b;
			uint64_t n = 0;
			pid_t flood;
			int r;

			REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
			if (i)
				REQUIRE_EQ(l2sock_lock_filter(s), 0);
			flood = flood_start("va", f.bytes, f.len, 20);
			REQUIRE_EQ(l2ring_rx_stop(rx), 0);
			REQUIRE_EQ(l2ring_rx_stop(rx), 0);
			while ((r = l2ring_rx_next(rx, &b, 10 * L2_SEC)) > 0) {
				n += (uint32_t)r;
				REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
			}
			REQUIRE_EQ(r, -ESHUTDOWN);
			REQUIRE(n >= 1);
			REQUIRE_EQ(handle_stats(s).accepted, n);
			flood_stop(flood);
			end(s, rx);
		}
}

/* When the ring is closed the handle receives by itself, by the filter it had. */
CASE(ring_end, handle_goes_on)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start();
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2ring_rx *rx;
		uint8_t buf[64];

		REQUIRE_EQ(l2sock_set_filter(s, of_64_bytes, 4), 0);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		ring_send(sender, &f, 0, 3);
		REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
		rx = ring_open(s, &opts);
		REQUIRE_EQ(handle_stats(s).flushed, 3);
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 0), -EBUSY);
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
		REQUIRE_EQ(l2sock_release(s), -EBUSY);
		ring_send(sender, &f, 0, 1);
		REQUIRE_EQ(ring_drain(rx), 1);
		REQUIRE_EQ(l2ring_rx_stop(rx), 0);
		ring_send(sender, &f, 0, 1);
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 0), -EAGAIN);
		ring_send(sender, &f, 9, 1);
		handle_expect(s, &f);
		rx = ring_open(s, &opts); /* and once more */
		ring_send(sender, &f, 0, 2);
		REQUIRE_EQ(ring_drain(rx), 2);
		end(s, rx);
	}
}

/* Frames of the old filter, in blocks that are ready and in the one that is being filled. */
CASE(ring_end, filter_swap_is_exact)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start();
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2ring_rx *rx;
		struct l2block b;
		uint32_t old = profile == L2RING_LATENCY ? 50 : 700; /* one and a half blocks */
		const void *h;

		if (profile == L2RING_THROUGHPUT)
			opts.retire_ns = 300 * L2_MSEC;
		rx = ring_open(s, &opts);
		REQUIRE_EQ(l2sock_set_filter(s, of_64_bytes, 4), 0);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		ring_send(sender, &f, 0, old);
		REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
		REQUIRE_EQ(handle_stats(s).flushed, old);
		ring_send(sender, &f, 0, 5);
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 70, 0);
		ring_send(sender, &f, 40, 5);
		b = ring_next(rx);
		REQUIRE_EQ(b.frames, 5);
		h = l2block_first(&b);
		REQUIRE_EQ(l2block_len(&b, h), 70);
		REQUIRE_EQ(ring_number(l2block_data(&b, h), 70), 40);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(ring_drain(rx), 0);
		end(s, rx);
	}
}

/* Several swaps while one block is being filled, and one with a block held. */
CASE(ring_end, many_swaps)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2block held;
	struct l2sock *s;
	int i;

	netns_enter();
	s = start();
	opts.retire_ns = 500 * L2_MSEC;
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	ring_send(sender, &f, 0, 1);
	held = ring_next(rx);
	for (i = 0; i < 8; i++) {
		ring_send(sender, &f, 0, 7);
		REQUIRE_EQ(l2sock_set_filter(s, i % 2 ? of_64_bytes : of_70_bytes, 4), 0);
	}
	REQUIRE_EQ(handle_stats(s).flushed, 4 * 7); /* half of them met the other filter */
	REQUIRE_EQ(ring_number(l2block_data(&held, l2block_first(&held)), 64), 0);
	REQUIRE_EQ(l2ring_rx_release(rx, &held), 0);
	ring_send(sender, &f, 0, 3);
	held = ring_next(rx);
	REQUIRE_EQ(held.frames, 3);
	REQUIRE_EQ(l2ring_rx_release(rx, &held), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
	ring_send(sender, &f, 0, 3);
	held = ring_next(rx);
	REQUIRE_EQ(held.frames, 3);
	REQUIRE_EQ(l2ring_rx_release(rx, &held), 0);
	end(s, rx);
}

CASE(ring_end, closing_in_any_order)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_LATENCY);
	struct l2ring_rx *second = NULL;
	struct l2ring_rx *rx;
	struct l2sock *s;
	int fds;

	netns_enter();
	fds = handle_count_fds();
	s = start();
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2ring_rx_open(&second, s, &opts), -EBUSY);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	l2sock_close(s);
	ring_send(sender, &f, 0, 4);
	REQUIRE_EQ(ring_drain(rx), 4);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	REQUIRE_EQ(l2ring_rx_close(NULL), 0);
	close(sender);
	REQUIRE_EQ(handle_count_fds(), fds);
}

/* A child that lives on keeps nothing: the ring can be changed, the handle closed. */
CASE(ring_end, fork)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	int hold[2];
	pid_t pid;

	netns_enter();
	s = start();
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	REQUIRE(pipe(hold) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		char byte;

		close(hold[1]);
		_exit(read(hold[0], &byte, 1) == 0 ? 0 : 1);
	}
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	rx = ring_open(s, &opts);
	ring_send(sender, &f, 0, 4);
	REQUIRE_EQ(ring_drain(rx), 4);
	close(hold[1]);
	REQUIRE_EQ(waitpid(pid, NULL, 0), pid);
	end(s, rx);
}

CASE(ring_end, options)
{
	struct l2ring_rx_opts good = { .size = sizeof(good) };
	struct l2ring_rx_opts opts;
	struct l2ring_rx *rx = NULL;
	struct l2sock_opts legacy = { .size = sizeof(legacy), .type = L2SOCK_TYPE_LEGACY };
	struct l2sock *s;

	netns_enter();
	s = start();
	REQUIRE_EQ(l2ring_rx_open(&rx, NULL, NULL), -EINVAL);
	REQUIRE_EQ(l2ring_rx_open(NULL, s, NULL), -EINVAL);
	opts = (struct l2ring_rx_opts) { .size = 8 };
	REQUIRE_EQ(l2ring_rx_open(&rx, s, &opts), -EINVAL);
#define REFUSED(...)                                                          \
	opts = (struct l2ring_rx_opts) { .size = sizeof(opts), __VA_ARGS__ }; \
	REQUIRE_EQ(l2ring_rx_open(&rx, s, &opts), -EINVAL);                   \
	REQUIRE(!strncmp(l2sock_errmsg(s), "r", 1) && strlen(l2sock_errmsg(s)) > 9)
	REFUSED(.flags = 0x8);
	REFUSED(.profile = 2);
	REFUSED(.reserved = 1);
	REFUSED(.block_size = 5000);
	REFUSED(.block_size = UINT32_MAX - 4095);
	REFUSED(.block_size = 65536, .bytes = 4 * 65536 - 1);
	REQUIRE(strstr(l2sock_errmsg(s), "262143"));
	REFUSED(.headroom = 70000);
	REFUSED(.headroom = 65500);
	REFUSED(.frame_max = 100); /* of the other profile */
	REFUSED(.profile = L2RING_LATENCY, .retire_ns = 1);
	REFUSED(.profile = L2RING_LATENCY, .private_size = 1);
	REFUSED(.profile = L2RING_LATENCY, .block_size = 4096);
	REFUSED(.profile = L2RING_LATENCY, .flags = L2RING_HASH);
	REFUSED(.profile = L2RING_LATENCY, .flags = L2RING_OFFLOAD);
	REFUSED(.block_size = 4096 * 16, .private_size = 4096 * 16 - 150);
	REFUSED(.block_size = 65536, .private_size = 65536);
	REQUIRE(strstr((l2ring_rx_open(&rx, s, &opts), l2sock_errmsg(s)), "65536"));
	REQUIRE(!rx);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0); /* as if nothing had been */
	ring_send(sender, &f, 0, 1);
	handle_expect(s, &f);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&s, "vb", &legacy), 0);
	REQUIRE_EQ(l2ring_rx_open(&rx, s, NULL), -EOPNOTSUPP);
	l2sock_close(s);
}

/*
 * The default memory takes what a program misses in a tenth of a second at a million a second. The
 * kernel gives up a block each time that the time to retire is over, so that is made long: this
 * machine may be slow.
 */
CASE(ring_end, burst_into_a_stopped_reader)
{
	struct l2ring_rx_opts opts = { .size = sizeof(opts), .retire_ns = 100 * L2_MSEC };
	struct l2ring_rx *rx;
	struct l2block b;
	struct l2sock *s;
	uint32_t n = 0;

	netns_enter();
	s = start();
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	ring_send(sender, &f, 0, 100000);
	for (; n < 100000; n += b.frames) {
		b = ring_next(rx);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	}
	REQUIRE_EQ(n, 100000);
	REQUIRE_EQ(handle_stats(s).dropped, 0);
	end(s, rx);
}

/* The descriptor tells of the end, once all is fetched; before bind a stop holds as well. */
CASE(ring_end, stop_is_reported)
{
	struct pollfd p = { .events = POLLIN };
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start();
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2ring_rx *rx = ring_open(s, &opts);
		struct l2block b;

		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		p.fd = l2sock_pollfd(s);
		ring_send(sender, &f, 0, 1);
		REQUIRE_EQ(l2ring_rx_stop(rx), 0);
		REQUIRE_EQ(poll(&p, 1, 1000), 1);
		b = ring_next(rx);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(poll(&p, 1, 1000), 1);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_FOREVER), -ESHUTDOWN);
		REQUIRE_EQ(l2sock_wait(s, L2_FOREVER), -ESHUTDOWN);
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		REQUIRE_EQ(poll(&p, 1, 0), 0);
		l2sock_close(s);
		s = handle_open("vb");
		rx = ring_open(s, &opts);
		REQUIRE_EQ(l2ring_rx_stop(rx), 0);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		ring_send(sender, &f, 0, 3);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, 20 * L2_MSEC), -ESHUTDOWN);
		REQUIRE_EQ(handle_stats(s).accepted, 0);
		end(s, rx);
	}
}

/* What a locked handle's ring was stopped for does not come after a move either. */
CASE(ring_end, stop_holds_when_moved)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_LATENCY);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int locked;

	netns_enter();
	for (locked = 0; locked < 2; locked++) {
		s = start();
		rx = ring_open(s, &opts);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		if (locked)
			REQUIRE_EQ(l2sock_lock_filter(s), 0);
		REQUIRE_EQ(l2ring_rx_stop(rx), 0);
		REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
		ring_send(sender, &f, 0, 3);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, 20 * L2_MSEC), -ESHUTDOWN);
		end(s, rx);
	}
}

CASE(ring_end, interface_is_gone)
{
	struct l2ring_rx *rx = NULL;
	struct l2sock *s;

	netns_enter();
	s = start();
	netns_run("ip link del dev va");
	REQUIRE_EQ(l2ring_rx_open(&rx, s, NULL), -ENODEV);
	l2sock_close(s);
}
