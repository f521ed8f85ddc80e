/* SPDX-License-Identifier: MIT */
/* The filter: before bind, on a live handle under flood, and everything the kernel refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "random.h"

#define SWAPS 50

static const struct l2insn only_exp1[] = {
	{ 0x28, 0, 0, 12 },
	{ 0x15, 0, 1, L2_ETHERTYPE_EXP1 },
	{ 0x06, 0, 0, 0xffffffff },
	{ 0x06, 0, 0, 0 },
};

static const struct l2insn only_exp2[] = {
	{ 0x28, 0, 0, 12 },
	{ 0x15, 0, 1, L2_ETHERTYPE_EXP2 },
	{ 0x06, 0, 0, 0xffffffff },
	{ 0x06, 0, 0, 0 },
};

/* A program that relies on A and X being 0 at its start, as every program may. */
static const struct l2insn needs_zeros[] = {
	{ 0x15, 0, 3, 0 }, /* A == 0? */
	{ 0x87, 0, 0, 0 }, /* A = X */
	{ 0x15, 0, 1, 0 }, /* A == 0? */
	{ 0x06, 0, 0, 0xffffffff }, { 0x06, 0, 0, 0 },
};

static const struct l2insn reject[] = { { 0x06, 0, 0, 0 } };
static const struct l2insn first_40[] = { { 0x06, 0, 0, 40 } };
static const struct l2insn no_return[] = { { 0x28, 0, 0, 12 } };

#define LEN(program) (sizeof(program) / sizeof((program)[0]))

static uint16_t type_of(const uint8_t *frame)
{
	return (uint16_t)(frame[12] << 8 | frame[13]);
}

CASE(filter, before_bind)
{
	static struct frame f[2];
	struct l2sock *s;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, only_exp1, LEN(only_exp1)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	fd = flood_socket("va");
	frame_make(&f[0], NULL, 0, L2_ETHERTYPE_EXP2, 60, 1);
	frame_make(&f[1], NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
	flood_send(fd, f[0].bytes, f[0].len);
	flood_send(fd, f[1].bytes, f[1].len);
	handle_expect(s, &f[1]);
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}

/* With one ethertype, the program runs behind the test for it. */
CASE(filter, behind_the_ethertype)
{
	static const struct {
		uint32_t ethertype;
		const struct l2insn *insns;
		size_t n;
		int64_t expected;
	} rows[] = {
		{ L2_ETHERTYPE_EXP1, only_exp1, LEN(only_exp1), 60 },
		{ L2_ETHERTYPE_EXP1, only_exp2, LEN(only_exp2), -ETIMEDOUT },
		{ L2_ETHERTYPE_EXP2, only_exp1, LEN(only_exp1), -ETIMEDOUT },
		{ L2_ETHERTYPE_EXP1, needs_zeros, LEN(needs_zeros), 60 },
		{ L2_ETHERTYPE_EXP1, first_40, LEN(first_40), 40 },
		{ L2_ETHERTYPE_ALL, first_40, LEN(first_40), 40 },
		{ L2_ETHERTYPE_EXP1, NULL, 0, 60 },
	};
	static struct frame f;
	struct l2pkt pkt;
	uint8_t buf[100];
	size_t i;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	for (i = 0; i < LEN(rows); i++) {
		struct l2sock *s = handle_open("vb");

		REQUIRE_EQ(l2sock_set_filter(s, rows[i].insns, rows[i].n), 0);
		REQUIRE_EQ(l2sock_bind(s, rows[i].ethertype), 0);
		flood_send(fd, f.bytes, f.len);
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, 50 * L2_MSEC), rows[i].expected);
		if (rows[i].expected > 0) {
			REQUIRE_EQ(pkt.wire_len, 60);
			REQUIRE_EQ(!!(pkt.flags & L2_FLAG_TRUNCATED), rows[i].expected < 60);
		}
		l2sock_close(s);
	}
}

/* Both kinds of frame in flood: after the swap not one of the old kind is received. */
static void swap_under_flood(int swaps)
{
	const struct l2insn *programs[2] = { only_exp1, only_exp2 };
	const uint16_t types[2] = { L2_ETHERTYPE_EXP1, L2_ETHERTYPE_EXP2 };
	static struct frame f[2];
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[100];
	int i;
	int k;

	netns_veth("va", "vb");
	frame_make(&f[0], NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	frame_make(&f[1], NULL, 0, L2_ETHERTYPE_EXP2, 60, 2);
	flood_start("va", f[0].bytes, f[0].len, 20);
	flood_start("va", f[1].bytes, f[1].len, 20);
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	for (i = 0; i < swaps; i++) {
		REQUIRE_EQ(l2sock_set_filter(s, programs[i % 2], 4), 0);
		for (k = 0; k < 20; k++) {
			REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 60);
			REQUIRE_EQ(type_of(pkt.data), types[i % 2]);
		}
	}
	REQUIRE(handle_stats(s).flushed > 0);
	l2sock_close(s);
}

CASE(filter, swap_under_flood)
{
	netns_enter();
	swap_under_flood((int)random_rounds(SWAPS));
}

/* The naive swap, attaching over the old program, lets old frames through: the test can fail. */
CASE(filter, naive_swap_shows_old_frames)
{
	struct sock_fprog fprog = { LEN(only_exp2), (struct sock_filter *)(uintptr_t)only_exp2 };
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[100];

	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)),
		   0);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, 0), 60);
	REQUIRE_EQ(type_of(pkt.data), L2_ETHERTYPE_EXP1);
	l2sock_close(s);
}

CASE(filter, removal)
{
	static struct frame f;
	struct l2sock *s;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0); /* there is none yet: fine */
	REQUIRE_EQ(l2sock_set_filter(s, reject, 1), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
	REQUIRE_EQ(l2sock_set_filter(s, reject, 1), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	flood_send(fd, f.bytes, f.len);
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
	flood_send(fd, f.bytes, f.len);
	handle_expect(s, &f);
	l2sock_close(s);
}

/* On a handle with a filter in force: the refusal, its sentence, and the old filter as it was. */
static void refuse(struct l2sock *s, int fd, const struct l2insn *insns, size_t n, int code,
		   const char *words)
{
	static struct frame f[2];

	REQUIRE_EQ(l2sock_set_filter(s, insns, n), code);
	REQUIRE(strstr(l2sock_errmsg(s), words));
	frame_make(&f[0], NULL, 0, L2_ETHERTYPE_EXP2, 60, 1);
	frame_make(&f[1], NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
	flood_send(fd, f[0].bytes, f[0].len);
	flood_send(fd, f[1].bytes, f[1].len);
	handle_expect(s, &f[1]);
	REQUIRE_EQ(handle_drain(s), 0);
}

static void refuse_all(struct l2sock *s, int fd)
{
	static struct l2insn many[L2_FILTER_MAX + 1];
	size_t i;

	for (i = 0; i < LEN(many); i++)
		many[i] = (struct l2insn) { 0x30, 0, 0, 0 }; /* ldb [0]: dear in kernel memory */
	many[L2_FILTER_MAX - 1] = reject[0];
	refuse(s, fd, no_return, LEN(no_return), -EINVAL, "instruction 0: the last");
	refuse(s, fd, reject, 0, -EINVAL, "1 to 4096");
	refuse(s, fd, NULL, 1, -EINVAL, "1 to 4096");
	refuse(s, fd, many, LEN(many), -EINVAL, "1 to 4096");
	refuse(s, fd, many, L2_FILTER_MAX, -ENOMEM, "optmem_max");
}

CASE(filter, refusals_leave_the_old_one)
{
	struct l2sock *s;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	fd = flood_socket("va");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, only_exp1, LEN(only_exp1)), 0);
	REQUIRE_EQ(l2sock_set_filter(s, no_return, 1), -EINVAL); /* before bind too */
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	refuse_all(s, fd);
	l2sock_close(s);
}

CASE(filter, too_long_with_the_ethertype)
{
	static struct l2insn many[L2_FILTER_MAX];
	struct l2sock *s;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	for (i = 0; i < LEN(many); i++)
		many[i] = (struct l2insn) { 0x06, 0, 0, 0 };
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, many, LEN(many)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), -E2BIG);
	REQUIRE(strstr(l2sock_errmsg(s), "4096"));
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	l2sock_close(s);
}

CASE(filter, locked)
{
	const int on = 1;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, only_exp1, LEN(only_exp1)), 0);
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)), 0);
	REQUIRE_EQ(l2sock_set_filter(s, reject, 1), -EPERM);
	REQUIRE(strstr(l2sock_errmsg(s), "locked"));
	l2sock_close(s);
}
