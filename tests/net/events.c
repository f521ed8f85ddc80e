/* SPDX-License-Identifier: MIT */
/* Handles that asked for link events: each change is reported once, behind the frames. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct frame f;
static uint8_t buf[128];

static struct l2sock *listen_on(const char *ifname, uint32_t flags, int netns)
{
	struct l2sock_opts opts = {
		.size = sizeof(opts),
		.flags = L2SOCK_LINK_EVENTS | flags,
		.netns = netns,
	};
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	return s;
}

static struct l2sock *start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	return listen_on("vb", 0, 0);
}

static int64_t next(struct l2sock *s, int64_t timeout_ns)
{
	return l2sock_recv(s, buf, sizeof(buf), NULL, timeout_ns);
}

/* Fetches reports until there are none; returns how many there were. */
static int reports(struct l2sock *s)
{
	int64_t r;
	int n = 0;

	while ((r = next(s, 200 * L2_MSEC)) == -ENETDOWN)
		n++;
	REQUIRE_EQ(r, -ETIMEDOUT);
	return n;
}

CASE(events, once_per_change)
{
	struct l2sock *s = start();
	uint32_t changes;

	REQUIRE_EQ(l2sock_link(s, &changes), L2SOCK_LINK_UP);
	REQUIRE_EQ(changes, 0);
	netns_run("ip link set dev vb down");
	REQUIRE_EQ(next(s, L2_SEC), -ENETDOWN);
	REQUIRE(strstr(l2sock_errmsg(s), "vb"));
	REQUIRE_EQ(l2sock_link(s, &changes), L2SOCK_LINK_DOWN);
	REQUIRE_EQ(changes, 1);
	REQUIRE_EQ(next(s, 50 * L2_MSEC), -ETIMEDOUT);
	netns_run("ip link set dev vb up");
	REQUIRE(reports(s) >= 1);
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_UP);
	l2sock_close(s);
}

/* Changes that nobody waited for are all reported, and l2sock_link() takes no report away. */
CASE(events, none_is_lost)
{
	struct l2sock *s = start();
	uint32_t changes;
	int i;

	for (i = 0; i < 3; i++)
		netns_run("ip link set dev vb down && ip link set dev vb up");
	netns_await("vb");
	REQUIRE_EQ(l2sock_link(s, &changes), L2SOCK_LINK_UP);
	REQUIRE(changes >= 6);
	REQUIRE_EQ(reports(s), changes);
	l2sock_close(s);
}

CASE(events, frames_come_first)
{
	struct l2sock *s = start();

	flood_send(flood_socket("va"), f.bytes, f.len);
	netns_run("ip link set dev vb down");
	REQUIRE_EQ(next(s, L2_FOREVER), 60);
	REQUIRE_EQ(next(s, L2_FOREVER), -ENETDOWN);
	l2sock_close(s);
}

CASE(events, peer_down_is_no_carrier)
{
	struct l2sock *s = start();

	netns_run("ip link set dev va down");
	REQUIRE_EQ(next(s, 5 * L2_SEC), -ENETDOWN);
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_NO_CARRIER);
	l2sock_close(s);
}

CASE(events, the_end_is_no_event)
{
	struct l2sock *s = start();
	int64_t r;

	netns_run("ip link del dev vb");
	while ((r = next(s, 5 * L2_SEC)) == -ENETDOWN)
		; /* it goes down first */
	REQUIRE_EQ(r, -ENODEV);
	REQUIRE_EQ(next(s, 0), -ENODEV);
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_GONE);
	l2sock_close(s);
}

/* The descriptor stays readable for as many reports as there are. */
CASE(events, pollfd)
{
	struct l2sock *s = start();
	struct pollfd p = { .fd = l2sock_pollfd(s), .events = POLLIN };
	uint32_t changes;

	netns_run("ip link set dev vb down && ip link set dev vb up");
	netns_await("vb");
	l2sock_link(s, &changes);
	REQUIRE(changes >= 2);
	while (changes--) {
		REQUIRE_EQ(poll(&p, 1, 0), 1);
		REQUIRE_EQ(next(s, 0), -ENETDOWN);
	}
	REQUIRE_EQ(next(s, 0), -EAGAIN);
	REQUIRE_EQ(poll(&p, 1, 20), 0);
	l2sock_close(s);
}

/* News of the handle's namespace, not of the caller's. */
CASE(events, in_another_namespace)
{
	struct l2sock *s;
	char path[64];
	pid_t peer;
	int netns;

	netns_enter();
	netns_veth("va", "vb");
	peer = netns_peer();
	netns_run("ip link set dev vb netns %d && nsenter -t %d -n ip link set dev vb up",
		  (int)peer, (int)peer);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)peer);
	netns = open(path, O_RDONLY | O_CLOEXEC);
	REQUIRE(netns >= 0);
	s = listen_on("vb", L2SOCK_IN_NETNS, netns);
	reports(s);
	netns_run("nsenter -t %d -n ip link set dev vb down", (int)peer);
	REQUIRE_EQ(next(s, 5 * L2_SEC), -ENETDOWN);
	REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_DOWN);
	l2sock_close(s);
	close(netns);
}

CASE(events, all_interfaces_have_none)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_LINK_EVENTS };
	struct l2sock *s = NULL;

	netns_enter();
	REQUIRE_EQ(l2sock_open(&s, NULL, &opts), -EINVAL);
}
