/* SPDX-License-Identifier: MIT */
/*
 * Each call to the system fails in turn while a group is opened, bound, moved: the code comes back
 * with a sentence, nothing leaks, and the group can be put together afterwards.
 */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include <l2sock/ring.h>

#include "case.h"
#include "fault.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "random.h"

#define MOST_CALLS 250

static const struct l2insn accept_all[] = { { BPF_RET | BPF_K, 0, 0, UINT32_MAX } };
static const struct l2insn to_second[] = { { BPF_RET | BPF_K, 0, 0, 1 } };

static struct l2group *g;
static struct l2ring_rx *rx; /* of the second member */
static int sender;

static void network(void)
{
	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
}

static int open_group(void)
{
	const struct l2group_opts opts = { .size = sizeof(opts), .mode = L2GROUP_MODE_STEER };

	return l2group_open(&g, "vb", 2, &opts);
}

static void prepare(void)
{
	const struct l2ring_rx_opts opts = { .size = sizeof(opts),
					     .profile = L2RING_LATENCY,
					     .bytes = 65536 };

	REQUIRE_EQ(open_group(), 0);
	REQUIRE_EQ(l2group_set_steering(g, to_second, 1), 0);
	REQUIRE_EQ(l2sock_set_filter(l2group_member(g, 0), accept_all, 1), 0);
	REQUIRE_EQ(l2sock_join(l2group_member(g, 0), L2SOCK_ALLMULTI, NULL, 0), 0);
	REQUIRE_EQ(l2ring_rx_open(&rx, l2group_member(g, 1), &opts), 0);
}

static int bind_group(void)
{
	return l2group_bind(g, L2_ETHERTYPE_ALL);
}

static int move_group(void)
{
	return l2group_rebind(g, NULL);
}

static int steer_group(void)
{
	return l2group_set_steering(g, to_second, 1);
}

static void send_one(void)
{
	static struct frame f;

	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	flood_send(sender, f.bytes, f.len);
}

static void expect_one(void)
{
	struct l2block b;
	int r;

	send_one();
	r = l2ring_rx_next(rx, &b, L2_SEC);
	REQUIRE_EQ(r, 1);
	REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	REQUIRE_EQ(l2sock_wait(l2group_member(g, 0), 0), -EAGAIN);
	REQUIRE_EQ(netns_value("vb", "allmulti"), 1);
}

/* After a failure it is as before, or not bound, or has to be moved. */
static void put_together(void)
{
	int r = bind_group();

	REQUIRE(r == 0 || r == -EBUSY);
	if (r == -EBUSY)
		REQUIRE(strstr(l2group_errmsg(g), "bound to") || move_group() == 0);
}

/* Making and unmaking groups takes the kernel its time: every fourth call, but in the long tier. */
static int stride(void)
{
	return random_rounds(1) > 1 ? 1 : 4;
}

/* Returns how many of the calls that were made to fail made the action fail. */
static int fail_calls(int (*action)(void), bool bound)
{
	const int step = stride();
	int fds = handle_count_fds();
	int failures = 0;
	int calls;
	int n = 1 - step;

	do {
		int r;

		prepare();
		if (bound)
			REQUIRE_EQ(bind_group(), 0);
		n += step;
		REQUIRE(n < MOST_CALLS);
		fault_arm(n, -EIO);
		r = action();
		calls = fault_disarm();
		REQUIRE(r == 0 || r == -EIO || r == -ENOMEM);
		if (r < 0) {
			failures++;
			REQUIRE(strlen(l2group_errmsg(g)) > 5);
			if (action != steer_group)
				put_together();
		}
		expect_one();
		l2group_close(g);
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		REQUIRE_EQ(handle_count_fds(), fds);
	} while (calls >= n);
	return failures;
}

CASE(fanout_fault, open)
{
	int fds;
	int failures = 0;
	int calls;
	int n = 0;

	network();
	fds = handle_count_fds();
	do {
		int r;

		g = NULL;
		fault_arm(++n, -EIO);
		r = open_group();
		calls = fault_disarm();
		REQUIRE(r == 0 || r == -EIO || r == -ENOMEM);
		REQUIRE((r < 0) == !g);
		failures += r < 0;
		l2group_close(g);
		REQUIRE_EQ(handle_count_fds(), fds);
	} while (calls >= n);
	REQUIRE(failures >= 11); /* of the group's memory, and five for each member */
}

CASE(fanout_fault, bind)
{
	network();
	REQUIRE(fail_calls(bind_group, false) >= 14 / stride());
}

CASE(fanout_fault, rebind)
{
	network();
	REQUIRE(fail_calls(move_group, true) >= 30 / stride());
}

/* The old program is in force. */
CASE(fanout_fault, steering)
{
	network();
	REQUIRE(fail_calls(steer_group, true) >= 1);
}

/* A group's member cannot be unhooked, which other handles are where there is no barrier. */
CASE(fanout_fault, without_a_barrier)
{
	network();
	fault_no_barrier(1);
	prepare();
	REQUIRE_EQ(bind_group(), 0);
	expect_one();
	REQUIRE_EQ(l2sock_set_filter(l2group_member(g, 1), accept_all, 1), 0);
	expect_one();
	REQUIRE_EQ(l2ring_rx_stop(rx), 0);
	l2group_close(g);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
}
