/* SPDX-License-Identifier: MIT */
/* A group's member leaves out what arrived before all were open, however much it is. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/sock/sock-internal.h"
#include "case.h"
#include "handle.h"
#include "ring.h"

static struct frame f;
static int sender;

/* As when the group is opened now. */
static void open_now(struct l2sock *s)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	s->since = (uint64_t)(ts.tv_sec * L2_SEC + ts.tv_nsec);
}

static bool readable(struct l2sock *s)
{
	struct pollfd p = { .fd = l2sock_pollfd(s), .events = POLLIN };
	int r = poll(&p, 1, 0);

	REQUIRE(r >= 0);
	return r > 0;
}

/* Those that the kernel has not looked at yet might get a later time. */
static void await_frames(struct l2sock *s, uint64_t n)
{
	int tries;

	for (tries = 0; tries < 5000 && handle_stats(s).accepted < n; tries++)
		usleep(1000);
	REQUIRE_EQ(handle_stats(s).accepted, n);
}

/* More of them than there may be held at once; behind them one that counts. */
CASE(early, fills_a_ring)
{
	uint32_t profile;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2sock *s = handle_open("vb");
		struct l2ring_rx *rx;
		struct l2block b;
		uint32_t early = 20;

		opts.bytes = profile == L2RING_LATENCY ? 20480 : opts.bytes;
		opts.frame_max = profile == L2RING_LATENCY ? 880 : 0;
		opts.retire_ns = profile == L2RING_LATENCY ? 0 : 50 * L2_MSEC;
		rx = ring_open(s, &opts);
		if (profile == L2RING_LATENCY)
			early = ring_info(rx).cells - 1;
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		REQUIRE(!readable(s));
		ring_send(sender, &f, 0, early);
		await_frames(s, early);
		open_now(s);
		ring_send(sender, &f, early, 1);
		b = ring_next(rx);
		REQUIRE_EQ(b.frames, 1);
		REQUIRE_EQ(ring_number(l2block_data(&b, l2block_first(&b)), 64), early);
		REQUIRE(!l2block_next(&b, l2block_first(&b)));
		REQUIRE_EQ(handle_stats(s).flushed, early);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -EAGAIN);
		REQUIRE(!readable(s));
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(ring_info(rx).held, 0);
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		l2sock_close(s);
	}
}

/* A clock that is put back by hours leaves nobody deaf. */
CASE(early, clock_is_set)
{
	struct l2sock *s;

	sender = ring_network(&f);
	s = handle_listen("vb", L2_ETHERTYPE_EXP1);
	open_now(s);
	s->since += 3600 * (uint64_t)L2_SEC;
	ring_send(sender, &f, 0, 1);
	handle_expect(s, &f);
	REQUIRE_EQ(s->since, 0);
	l2sock_close(s);
}
