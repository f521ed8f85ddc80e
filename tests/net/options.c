/* SPDX-License-Identifier: MIT */
/* The options of opening: each is seen to work, by the kernel's own word or by frames. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct l2sock_opts opts;

static struct l2sock *open_with(const char *ifname)
{
	struct l2sock *s = NULL;

	opts.size = sizeof(opts);
	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	return s;
}

static int option(const struct l2sock *s, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	REQUIRE_EQ(getsockopt(l2sock_fd(s), level, name, &value, &len), 0);
	return value;
}

CASE(options, reach_the_socket)
{
	struct l2sock *s;

	netns_enter();
	opts.flags = L2SOCK_ORIGDEV | L2SOCK_QDISC_BYPASS | L2SOCK_IGNORE_OUTGOING;
	opts.sndbuf = 65536;
	opts.priority = 5;
	opts.mark = 7;
	s = open_with("lo");
	REQUIRE_EQ(option(s, SOL_PACKET, PACKET_ORIGDEV), 1);
	REQUIRE_EQ(option(s, SOL_PACKET, PACKET_QDISC_BYPASS), 1);
	REQUIRE_EQ(option(s, SOL_PACKET, PACKET_IGNORE_OUTGOING), 1);
	REQUIRE_EQ(option(s, SOL_SOCKET, SO_SNDBUF), 2 * 65536);
	REQUIRE_EQ(option(s, SOL_SOCKET, SO_PRIORITY), 5);
	REQUIRE_EQ(option(s, SOL_SOCKET, SO_MARK), 7);
	l2sock_close(s);
}

/* Another handle sends on the same interface: its frame is outgoing for this one. */
static int outgoing_seen(uint32_t flags)
{
	struct frame f;
	struct l2sock *s;
	int n;

	opts.flags = flags;
	s = open_with("va");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	flood_send(flood_socket("va"), f.bytes, f.len);
	n = handle_drain(s);
	l2sock_close(s);
	return n;
}

CASE(options, ignore_outgoing)
{
	netns_enter();
	netns_veth("va", "vb");
	REQUIRE_EQ(outgoing_seen(0), 1);
	REQUIRE_EQ(outgoing_seen(L2SOCK_IGNORE_OUTGOING), 0);
}

/* A shaper that lets nothing through stops the frames of one handle, not those of the other. */
CASE(options, qdisc_bypass)
{
	struct l2sock *listener;
	struct l2sock *s;
	struct frame f;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	listener = handle_listen("vb", L2_ETHERTYPE_EXP1);
	netns_run("tc qdisc add dev va root pfifo limit 1 && "
		  "tc qdisc replace dev va root tbf rate 8bit burst 1600 limit 3000");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 1500, 0);
	s = open_with("va");
	for (i = 0; i < 20; i++)
		l2sock_send(s, f.bytes, f.len, 0);
	l2sock_close(s);
	REQUIRE(handle_drain(listener) <= 1);
	opts.flags = L2SOCK_QDISC_BYPASS;
	s = open_with("va");
	for (i = 0; i < 20; i++)
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(handle_drain(listener), 20);
	l2sock_close(s);
	l2sock_close(listener);
}

CASE(options, another_namespace)
{
	struct l2sock *s;
	char path[64];
	pid_t peer;
	int home;
	int netns;

	netns_enter();
	netns_veth("va", "vb");
	peer = netns_peer();
	netns_run("ip link set dev vb netns %d", (int)peer);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)peer);
	netns = open(path, O_RDONLY | O_CLOEXEC);
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	REQUIRE(netns >= 0 && home >= 0);
	opts.flags = L2SOCK_IN_NETNS;
	opts.netns = netns;
	s = open_with("vb");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	l2sock_close(s);
	opts.flags = 0;
	opts.netns = 0;
	REQUIRE_EQ(l2sock_open(&s, "vb", NULL), -ENODEV); /* the thread came back */
	s = open_with("va");
	l2sock_close(s);
	close(netns);
	close(home);
}

static void refused(int code, const char *words)
{
	struct l2err err = { 0 };
	struct l2sock *s = NULL;
	int fds = handle_count_fds();

	opts.size = sizeof(opts);
	opts.err = &err;
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), code);
	REQUIRE(!s);
	REQUIRE(strstr(err.text, words));
	REQUIRE_EQ(handle_count_fds(), fds);
}

CASE(options, refusals)
{
	netns_enter();
	opts.type = 3;
	refused(-EINVAL, "type 3");
	opts.type = 0;
	opts.reserved = 1;
	refused(-EINVAL, "reserved");
	opts.reserved = 0;
	opts.netns = 5;
	refused(-EINVAL, "L2SOCK_IN_NETNS");
	opts.flags = L2SOCK_IN_NETNS;
	opts.netns = -1;
	refused(-EBADF, "not a network namespace");
	opts.netns = open("/dev/null", O_RDONLY);
	refused(-EINVAL, "not a network namespace");
	close(opts.netns);
}
