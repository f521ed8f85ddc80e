/* SPDX-License-Identifier: MIT */
/* Composing the program for the kernel; what the result accepts is tested against the kernel. */
#include <errno.h>
#include <string.h>

#include "../../lib/sock/sock-internal.h"
#include "case.h"

static const struct l2sock ethernet = { .hatype = 1 };
static struct l2insn many[L2_FILTER_MAX];

CASE(filter, all_ethertypes_leave_a_program_as_it_is)
{
	struct l2insn insns[2] = { { 0x28, 0, 0, 12 }, { 0x06, 0, 0, 96 } };
	struct l2program program = { .insns = insns, .n = 2, .as_is = true };
	struct l2program composed = { 0 };

	REQUIRE_EQ(l2filter_compose(&ethernet, L2_ETHERTYPE_ALL, &program, &composed, NULL), 0);
	REQUIRE_EQ(composed.n, 2);
	REQUIRE(composed.insns != insns);
	REQUIRE(!memcmp(composed.insns, insns, sizeof(insns)));
	l2program_clear(&composed);
	REQUIRE_EQ(composed.n, 0);
	REQUIRE(!composed.insns);
}

/* Which programs are made into others, and which are given to the kernel as they are. */
static size_t composed_length(const struct l2sock *s, uint32_t ethertype, bool as_is)
{
	struct l2insn insns[2] = { { 0x28, 0, 0, 20 }, { 0x06, 0, 0, 96 } };
	struct l2program program = { .insns = insns, .n = 2, .as_is = as_is };
	struct l2program composed = { 0 };
	size_t n;

	REQUIRE_EQ(l2filter_compose(s, ethertype, &program, &composed, NULL), 0);
	n = composed.n;
	l2program_clear(&composed);
	return n;
}

CASE(filter, rewriting)
{
	const struct l2sock loopback = { .hatype = 772, .ifindex = 1 };
	const struct l2sock tunnel = { .hatype = 65534, .ifindex = 1 };
	const struct l2sock everywhere = { .hatype = 0, .ifindex = 0 };
	const struct l2sock cooked = { .hatype = 1, .ifindex = 1, .type = L2SOCK_TYPE_COOKED };
	const struct l2sock hooked = {
		.hatype = 1, .ifindex = 1, .flags = L2SOCK_KERNEL_HOOK, .promiscuous = true
	};

	REQUIRE(composed_length(&ethernet, L2_ETHERTYPE_ALL, false) > 2);
	REQUIRE(composed_length(&loopback, L2_ETHERTYPE_ALL, false) > 2);
	REQUIRE(composed_length(&everywhere, L2_ETHERTYPE_ALL, false) > 2);
	REQUIRE(composed_length(&cooked, L2_ETHERTYPE_ALL, false) > 2);
	REQUIRE(composed_length(&hooked, L2_ETHERTYPE_ALL, false) > 2);
	REQUIRE_EQ(composed_length(&ethernet, L2_ETHERTYPE_ALL, true), 2);
	REQUIRE_EQ(composed_length(&tunnel, L2_ETHERTYPE_ALL, false), 2);
	REQUIRE_EQ(composed_length(&hooked, L2_ETHERTYPE_ARP, false), 2);
}

CASE(filter, no_program)
{
	struct l2program none = { 0 };
	struct l2program composed = { 0 };

	REQUIRE_EQ(l2filter_compose(&ethernet, 0, &none, &composed, NULL), 0);
	REQUIRE_EQ(composed.n, 0);
	REQUIRE_EQ(l2filter_compose(&ethernet, L2_ETHERTYPE_ARP, &none, &composed, NULL), 0);
	REQUIRE(composed.n > 1);
	REQUIRE_EQ(composed.insns[composed.n - 1].code, 0x06);
	REQUIRE_EQ(composed.insns[composed.n - 1].k, UINT32_MAX);
	l2program_clear(&composed);
}

/* The program stands behind the test unchanged: its jumps are relative. */
CASE(filter, ethertype_goes_in_front)
{
	struct l2insn insns[2] = { { 0x30, 0, 0, 23 }, { 0x06, 0, 0, 1 } };
	struct l2program program = { .insns = insns, .n = 2 };
	struct l2program composed = { 0 };

	REQUIRE_EQ(l2filter_compose(&ethernet, L2_ETHERTYPE_ARP, &program, &composed, NULL), 0);
	REQUIRE(composed.n > 2);
	REQUIRE(!memcmp(composed.insns + composed.n - 2, insns, sizeof(insns)));
	l2program_clear(&composed);
}

CASE(filter, limits)
{
	struct l2program program = { .insns = many, .n = L2_FILTER_MAX, .as_is = true };
	struct l2program composed = { 0 };
	size_t room;

	REQUIRE_EQ(l2filter_compose(&ethernet, L2_ETHERTYPE_ALL, &program, &composed, NULL), 0);
	l2program_clear(&composed);
	REQUIRE_EQ(l2filter_compose(&ethernet, L2_ETHERTYPE_ARP, &program, &composed, NULL),
		   -E2BIG);
	REQUIRE(!composed.insns);
	for (room = L2_FILTER_MAX; room; room--) {
		program.n = room;
		if (l2filter_compose(&ethernet, L2_ETHERTYPE_ARP, &program, &composed, NULL) == 0)
			break;
	}
	REQUIRE_EQ(composed.n, L2_FILTER_MAX);
	l2program_clear(&composed);
}
