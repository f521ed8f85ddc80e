/* SPDX-License-Identifier: MIT */
/* The interface goes down, comes up, is renamed, deleted: what a receiving handle makes of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct frame f;

static struct l2sock *start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	return handle_listen("vb", L2_ETHERTYPE_ALL);
}

static int64_t wait_for(struct l2sock *s, int64_t timeout_ns)
{
	uint8_t buf[64];

	return l2sock_recv(s, buf, sizeof(buf), NULL, timeout_ns);
}

/* Processor time used by this process, in microseconds. */
static long cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000L + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

CASE(link, down_is_no_error_and_costs_nothing)
{
	struct l2sock *s = start();
	long before;

	netns_run("ip link set dev vb down");
	before = cpu_us();
	REQUIRE_EQ(wait_for(s, 500 * L2_MSEC), -ETIMEDOUT);
	REQUIRE(cpu_us() - before < 50000); /* of the 500 ms that it waited */
	l2sock_close(s);
}

CASE(link, up_again_delivers)
{
	struct l2sock *s = start();
	int i;

	for (i = 0; i < 3; i++) {
		netns_run("ip link set dev vb down && ip link set dev vb up");
		netns_await("va");
		flood_send(flood_socket("va"), f.bytes, f.len);
		REQUIRE_EQ(wait_for(s, L2_SEC), 60);
	}
	l2sock_close(s);
}

CASE(link, bound_while_down)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb down");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	REQUIRE_EQ(wait_for(s, 0), -EAGAIN);
	netns_run("ip link set dev vb up");
	netns_await("va");
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(wait_for(s, L2_SEC), 60);
	l2sock_close(s);
}

/* What came before the end is delivered before it is reported. */
CASE(link, deleted)
{
	struct l2sock *s = start();

	flood_send(flood_socket("va"), f.bytes, f.len);
	netns_run("ip link del dev vb");
	REQUIRE_EQ(wait_for(s, L2_FOREVER), 60);
	REQUIRE_EQ(wait_for(s, L2_FOREVER), -ENODEV);
	REQUIRE_EQ(wait_for(s, 0), -ENODEV);
	REQUIRE(strstr(l2sock_errmsg(s), "vb"));
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), -ENODEV);
	l2sock_close(s);
}

/* The kernel reports the end of an interface that is down to nobody. */
CASE(link, deleted_after_down)
{
	struct l2sock *s = start();

	netns_run("ip link set dev vb down");
	REQUIRE_EQ(wait_for(s, 10 * L2_MSEC), -ETIMEDOUT);
	netns_run("ip link del dev vb");
	REQUIRE_EQ(wait_for(s, 10 * L2_SEC), -ENODEV);
	l2sock_close(s);
}

/* A call that waits is told. */
static void deleted_while_waiting(const char *first, const char *then)
{
	struct l2sock *s = start();
	struct timespec began;
	struct timespec ended;
	char command[128];

	strcpy(command, first);
	strcat(command, then);
	strcat(command, " &");
	netns_run("%s", command);
	clock_gettime(CLOCK_MONOTONIC, &began);
	REQUIRE_EQ(wait_for(s, 20 * L2_SEC), -ENODEV);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	REQUIRE(ended.tv_sec - began.tv_sec < 10); /* by the report, not by the deadline */
	l2sock_close(s);
}

CASE(link, deleted_while_waiting)
{
	deleted_while_waiting("(sleep 0.2; ", "ip link del dev vb)");
}

CASE(link, deleted_while_waiting_after_down)
{
	deleted_while_waiting("ip link set dev vb down; (sleep 0.2; ", "ip link del dev vb)");
}

/* Who only asks, and never waits, is told too. */
CASE(link, deleted_seen_by_polling)
{
	struct l2sock *s = start();
	int64_t r = -EAGAIN;
	int i;

	netns_run("ip link set dev vb down");
	REQUIRE_EQ(wait_for(s, 0), -EAGAIN);
	netns_run("ip link del dev vb");
	for (i = 0; i < 100 && r == -EAGAIN; i++) {
		r = wait_for(s, 0);
		usleep(1000);
	}
	REQUIRE_EQ(r, -ENODEV);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), -ENODEV);
	l2sock_close(s);
}

CASE(link, moved_to_another_namespace)
{
	struct l2sock *s = start();
	pid_t peer = netns_peer();

	netns_run("ip link set dev vb netns %d", (int)peer);
	REQUIRE_EQ(wait_for(s, L2_FOREVER), -ENODEV);
	l2sock_close(s);
}

CASE(link, renamed_keeps_working)
{
	struct l2sock *s = start();

	netns_run("ip link set dev vb down && ip link set dev vb name vz && "
		  "ip link set dev vz up");
	netns_await("va");
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(wait_for(s, L2_SEC), 60);
	l2sock_close(s);
}
