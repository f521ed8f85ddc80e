/* SPDX-License-Identifier: MIT */
/* The descriptor for other loops: readable when there is something, and only then. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct frame f;
static uint8_t buf[128];
static int sender;

static struct l2sock *start(uint32_t flags)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags };
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	sender = flood_socket("va");
	return s;
}

static bool readable(struct l2sock *s, int timeout_ms)
{
	struct pollfd p = { .fd = l2sock_pollfd(s), .events = POLLIN };
	int r = poll(&p, 1, timeout_ms);

	REQUIRE(r >= 0);
	return r > 0;
}

static int64_t take(struct l2sock *s)
{
	return l2sock_recv(s, buf, sizeof(buf), NULL, 0);
}

/* Calls that find nothing until the descriptor is quiet; more than one for one event is a spin. */
static int false_alarms(struct l2sock *s)
{
	int n = 0;

	while (n < 10 && readable(s, 20)) {
		REQUIRE_EQ(take(s), -EAGAIN);
		n++;
	}
	return n;
}

CASE(pollfd, frames)
{
	struct l2sock *s = start(0);
	int i;

	REQUIRE(!readable(s, 20));
	for (i = 0; i < 3; i++)
		flood_send(sender, f.bytes, f.len);
	for (i = 0; i < 3; i++) {
		REQUIRE(readable(s, 1000));
		REQUIRE(readable(s, 0)); /* until it is fetched */
		REQUIRE_EQ(take(s), 60);
	}
	REQUIRE(!readable(s, 20));
	REQUIRE_EQ(take(s), -EAGAIN);
	l2sock_close(s);
}

/* A wait inside the library uses up the arrival of frames that it leaves in the queue. */
CASE(pollfd, after_a_wait_in_the_library)
{
	struct l2sock *s = start(0);
	int i;

	REQUIRE(!readable(s, 0));
	for (i = 0; i < 100; i++) {
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 1000), -ETIMEDOUT);
		flood_send(sender, f.bytes, f.len);
		flood_send(sender, f.bytes, f.len);
		REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
		REQUIRE(readable(s, 0));
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 60);
		REQUIRE(readable(s, 0));
		REQUIRE_EQ(take(s), 60);
		REQUIRE(!readable(s, 0));
	}
	l2sock_close(s);
}

/* Arrivals, fetching, waits and wakes in any order: the descriptor always tells the truth. */
CASE(pollfd, any_order)
{
	struct l2sock *s = start(0);
	int queued = 0;
	bool woken = false;
	int i;

	l2sock_pollfd(s);
	srand(7);
	for (i = 0; i < 20000; i++) {
		int64_t r;

		switch (rand() % 5) {
		case 0:
			flood_send(sender, f.bytes, f.len);
			while (l2sock_wait(s, 0) == -ECANCELED)
				woken = false;
			queued++;
			break;
		case 1:
			l2sock_wake(s);
			woken = true;
			break;
		case 2:
			r = l2sock_wait(s, 0);
			REQUIRE_EQ(r, queued ? 0 : woken ? -ECANCELED : -EAGAIN);
			woken = woken && r != -ECANCELED;
			break;
		default:
			r = take(s);
			REQUIRE_EQ(r, queued ? 60 : woken ? -ECANCELED : -EAGAIN);
			if (r >= 0)
				queued--;
			else
				woken = false;
		}
		REQUIRE_EQ(readable(s, 0), queued || woken);
	}
	l2sock_close(s);
}

CASE(pollfd, wake)
{
	struct l2sock *s = start(0);

	REQUIRE(!readable(s, 0));
	l2sock_wake(s);
	l2sock_wake(s);
	REQUIRE(readable(s, 0));
	REQUIRE_EQ(take(s), -ECANCELED);
	REQUIRE(!readable(s, 20));
	l2sock_close(s);
}

/* Down and up are nothing to report; the descriptor may ring for them, but not go on ringing. */
CASE(pollfd, link_without_events)
{
	struct l2sock *s = start(0);
	int i;

	REQUIRE(!readable(s, 0));
	for (i = 0; i < 3; i++) {
		netns_run("ip link set dev vb down");
		REQUIRE(false_alarms(s) <= 3); /* the socket's report, rtnetlink's */
		netns_run("ip link set dev vb up");
		REQUIRE(false_alarms(s) <= 3);
	}
	netns_await("va");
	flood_send(sender, f.bytes, f.len);
	REQUIRE(readable(s, 1000));
	REQUIRE_EQ(take(s), 60);
	l2sock_close(s);
}

static void gone(struct l2sock *s)
{
	int i;

	for (i = 0; i < 3 && readable(s, 2000); i++)
		if (take(s) == -ENODEV)
			break;
	REQUIRE(readable(s, 0));
	REQUIRE_EQ(take(s), -ENODEV);
	REQUIRE(readable(s, 0)); /* every time */
	REQUIRE_EQ(take(s), -ENODEV);
}

CASE(pollfd, deleted)
{
	struct l2sock *s = start(0);

	REQUIRE(!readable(s, 0));
	flood_send(sender, f.bytes, f.len);
	netns_run("ip link del dev vb");
	REQUIRE(readable(s, 1000));
	REQUIRE_EQ(take(s), 60);
	gone(s);
	l2sock_close(s);
}

CASE(pollfd, deleted_after_down)
{
	struct l2sock *s = start(0);

	REQUIRE(!readable(s, 0));
	netns_run("ip link set dev vb down");
	false_alarms(s);
	netns_run("ip link del dev vb");
	gone(s);
	l2sock_close(s);
}

CASE(pollfd, moved_to_another_namespace)
{
	struct l2sock *s = start(0);
	pid_t peer = netns_peer();

	REQUIRE(!readable(s, 0));
	netns_run("ip link set dev vb netns %d", (int)peer);
	gone(s);
	l2sock_close(s);
}

/* Leaving a bridge is told in the words of a deletion; the interface is still there. */
CASE(pollfd, leaving_a_bridge_is_no_end)
{
	struct l2sock *s = start(0);

	netns_run("ip link add br0 type bridge && ip link set vb master br0");
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_UP);
	REQUIRE(!readable(s, 0));
	netns_run("ip link set vb nomaster");
	false_alarms(s);
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_UP);
	l2sock_close(s);
}

static long cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000L + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

/* A message in the socket's error queue keeps poll() from ever sleeping on the socket itself. */
CASE(pollfd, error_queue_is_no_spin)
{
	const int on = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
		       SOF_TIMESTAMPING_OPT_TSONLY;
	struct l2sock *s = start(0);
	struct pollfd socket = { .fd = l2sock_fd(s) };
	long before;

	REQUIRE(!readable(s, 0));
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_TIMESTAMPING, &on, sizeof(on)), 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(poll(&socket, 1, 1000), 1); /* the premise */
	REQUIRE(false_alarms(s) <= 1);
	before = cpu_us();
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 300 * L2_MSEC), -ETIMEDOUT);
	REQUIRE(cpu_us() - before < 50000);
	flood_send(sender, f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 60);
	l2sock_close(s);
}

CASE(pollfd, no_handle)
{
	REQUIRE_EQ(l2sock_pollfd(NULL), -EINVAL);
	REQUIRE_EQ(l2sock_wait(NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_link(NULL, NULL), -EINVAL);
}

CASE(pollfd, refusals)
{
	struct l2sock *s;

	netns_enter();
	s = handle_open("lo");
	REQUIRE_EQ(l2sock_wait(s, 0), -ENOTCONN);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_wait(s, -2), -EINVAL);
	REQUIRE_EQ(l2sock_wait(s, 0), -EAGAIN);
	REQUIRE_EQ(l2sock_wait(s, L2_MSEC), -ETIMEDOUT);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&s, NULL, NULL), 0);
	REQUIRE_EQ(l2sock_link(s, NULL), -EINVAL);
	l2sock_close(s);
}
