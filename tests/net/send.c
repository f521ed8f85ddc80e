/* SPDX-License-Identifier: MIT */
/* Sending: the bytes that arrive, the lengths the kernel takes, and what it refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "tcpdump.h"

#define MTU 1500

/* tcpdump, at the far end, must have seen exactly the bytes sent. */
CASE(send, arrives_byte_by_byte)
{
	static const struct tag tags[2] = { { L2_TPID_8021AD, 5 }, { L2_TPID_8021Q, 0xe064 } };
	static const size_t lengths[] = { 14, 15, 60, 61, 128, 1513, 1514 };
	static struct frame f;
	struct tcpdump t;
	struct l2sock *s;
	const uint8_t *seen;
	size_t len;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	tcpdump_start(&t, "vb", "");
	s = handle_open("va");
	for (i = 0; i < 7; i++) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, lengths[i], (uint8_t)i);
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	}
	frame_make(&f, tags, 2, L2_ETHERTYPE_EXP1, 90, 7);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, L2_FOREVER), 0);
	tcpdump_stop(&t, 8);
	REQUIRE_EQ(t.count, 8);
	for (i = 0; i < 8; i++) {
		if (i < 7)
			frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, lengths[i], (uint8_t)i);
		else
			frame_make(&f, tags, 2, L2_ETHERTYPE_EXP1, 90, 7);
		seen = tcpdump_frame(&t, i, &len);
		REQUIRE_EQ(len, f.len);
		REQUIRE(!memcmp(seen, f.bytes, f.len));
	}
	REQUIRE_EQ(handle_stats(s).sent, 8);
	REQUIRE_EQ(handle_stats(s).failed, 0);
	tcpdump_free(&t);
	l2sock_close(s);
}

/* The kernel's limits: a link-layer header at least, four bytes more for 0x8100 but not 0x88a8. */
CASE(send, lengths)
{
	static const struct tag q = { L2_TPID_8021Q, 1 };
	static const struct tag ad = { L2_TPID_8021AD, 1 };
	static const struct {
		const struct tag *tag;
		size_t len;
		int expected;
		const char *words;
	} rows[] = {
		{ NULL, 0, -EINVAL, "link-layer header" },
		{ NULL, 13, -EINVAL, "13 bytes" },
		{ NULL, 14, 0, "" },
		{ NULL, MTU + 14, 0, "" },
		{ NULL, MTU + 15, -EMSGSIZE, "MTU of va, 1500" },
		{ &q, MTU + 18, 0, "" },
		{ &q, MTU + 19, -EMSGSIZE, "1519 bytes" },
		{ &ad, MTU + 14, 0, "" },
		{ &ad, MTU + 18, -EMSGSIZE, "MTU" },
		{ NULL, 9000, -EMSGSIZE, "9000 bytes" },
	};
	static struct frame f;
	struct l2sock_stats stats;
	struct l2sock *s;
	size_t failed = 0;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		frame_make(&f, rows[i].tag, rows[i].tag != NULL, L2_ETHERTYPE_EXP1,
			   rows[i].len < 64 ? 64 : rows[i].len, 0);
		REQUIRE_EQ(l2sock_send(s, f.bytes, rows[i].len, 0), rows[i].expected);
		REQUIRE(rows[i].expected == 0 || strstr(l2sock_errmsg(s), rows[i].words));
		failed += rows[i].expected < 0;
	}
	stats = handle_stats(s);
	REQUIRE_EQ(stats.failed, failed);
	REQUIRE_EQ(stats.sent, i - failed);
	l2sock_close(s);
}

CASE(send, arguments)
{
	static struct frame f;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	REQUIRE_EQ(l2sock_send(s, NULL, 60, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 60, -2), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 60, INT64_MIN), -EINVAL);
	REQUIRE_EQ(handle_stats(s).sent, 0);
	l2sock_close(s);
}

/* A shaper holds frames back until the send buffer is full. */
static void fill_send_buffer(struct l2sock *s, const struct frame *f)
{
	int r = 0;
	int i;

	for (i = 0; i < 10000 && r == 0; i++)
		r = l2sock_send(s, f->bytes, f->len, 0);
	REQUIRE_EQ(r, -EAGAIN);
}

CASE(send, back_pressure)
{
	const int small = 8192;
	static struct frame f;
	struct l2sock_stats before;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 32kbit burst 2000 limit 1000000");
	s = handle_open("va");
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 1500, 0);
	fill_send_buffer(s, &f);
	before = handle_stats(s);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -EAGAIN);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 100), -ETIMEDOUT);
	REQUIRE_EQ(handle_stats(s).failed, before.failed); /* not refused: not tried */
	REQUIRE_EQ(l2sock_wake(s), 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, L2_FOREVER), -ECANCELED);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, L2_FOREVER), 0);
	l2sock_close(s);
}

/* A queueing discipline that is full drops: that is reported, and no loop inside hides it. */
CASE(send, queue_full)
{
	static struct frame f;
	struct l2sock *s;
	int r = 0;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("tc qdisc add dev va root tbf rate 8kbit burst 2000 limit 3000");
	s = handle_open("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 1000, 0);
	for (i = 0; i < 10 && r == 0; i++)
		r = l2sock_send(s, f.bytes, f.len, L2_FOREVER);
	REQUIRE_EQ(r, -ENOBUFS);
	REQUIRE_EQ(handle_stats(s).failed, 1);
	l2sock_close(s);
}

CASE(send, link_down_and_up_and_gone)
{
	static struct frame f;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("va", L2_ETHERTYPE_ALL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	netns_run("ip link set dev va down");
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -ENETDOWN);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -ENETDOWN);
	netns_run("ip link set dev va up");
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	/* The report of a link that is up again is still pending: no reason to refuse. */
	netns_run("ip link set dev va down && ip link set dev va up");
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	netns_run("ip link del dev va");
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -ENODEV);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -ENODEV);
	REQUIRE(strstr(l2sock_errmsg(s), "va"));
	l2sock_close(s);
}

/* Whether some epoll set of this process has the descriptor. */
static bool is_watched(int fd)
{
	FILE *f = popen("cat /proc/$PPID/fdinfo/*", "r");
	char line[256];
	bool found = false;
	int tfd;

	REQUIRE(f);
	while (fgets(line, sizeof(line), f))
		found = found || (sscanf(line, "tfd: %d", &tfd) == 1 && tfd == fd);
	pclose(f);
	return found;
}

/* The kernel pays for a watched socket with every frame sent: who only sends is not watched. */
CASE(send, costs_no_watch)
{
	static struct frame f;
	struct l2sock *s;
	uint8_t byte;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("va", L2_ETHERTYPE_ALL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, 0), -EAGAIN);
	REQUIRE(!is_watched(l2sock_fd(s)));
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, L2_MSEC), -ETIMEDOUT);
	REQUIRE(is_watched(l2sock_fd(s)));
	l2sock_close(s);
}
