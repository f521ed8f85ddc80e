/* SPDX-License-Identifier: MIT */
/* The assembler: labels, jumps that are too far, and errors that stick. */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include <l2sock/asm.h>

#include "case.h"
#include "random.h"

#define ITEMS 6000

static struct l2asm_item items[ITEMS];
static struct l2insn insns[L2_FILTER_MAX + 1];
static struct l2asm a;

static const uint32_t ret = BPF_RET | BPF_K;
static const uint32_t jeq = BPF_JMP | BPF_JEQ | BPF_K;

CASE(asm, arp)
{
	static const struct l2insn expected[] = {
		{ 0x28, 0, 0, 12 },
		{ 0x15, 0, 1, 0x806 },
		{ 0x06, 0, 0, 1 },
		{ 0x06, 0, 0, 0 },
	};
	uint32_t drop;

	l2asm_init(&a, items, 5);
	drop = l2asm_label(&a);
	l2asm_add(&a, BPF_LD | BPF_H | BPF_ABS, 12);
	l2asm_branch(&a, jeq, L2_ETHERTYPE_ARP, L2ASM_NEXT, drop);
	l2asm_add(&a, ret, 1);
	l2asm_place(&a, drop);
	l2asm_add(&a, ret, 0);
	REQUIRE_EQ(l2asm_finish(&a, insns, 4, NULL), 4);
	REQUIRE(!memcmp(insns, expected, sizeof(expected)));
	/* Room that is not needed changes nothing, and neither does asking twice. */
	REQUIRE_EQ(l2asm_finish(&a, insns, L2_FILTER_MAX + 1, NULL), 4);
	REQUIRE(!memcmp(insns, expected, sizeof(expected)));
}

/* The value of "jeq #7, yes, no" with so many instructions up to yes and from there to no. */
static int64_t choose(uint32_t first, uint32_t second, uint32_t value, int64_t *n)
{
	struct l2insn *program = insns;
	uint32_t yes;
	uint32_t no;
	uint32_t i;

	l2asm_init(&a, items, ITEMS);
	yes = l2asm_label(&a);
	no = l2asm_label(&a);
	l2asm_add(&a, BPF_LD | BPF_IMM, value);
	l2asm_branch(&a, jeq, 7, yes, no);
	for (i = 0; i < first; i++)
		l2asm_add(&a, ret, 99);
	l2asm_place(&a, yes);
	l2asm_add(&a, ret, 1);
	for (i = 0; i < second; i++)
		l2asm_add(&a, ret, 99);
	l2asm_place(&a, no);
	l2asm_add(&a, ret, 2);
	*n = l2asm_finish(&a, program, L2_FILTER_MAX, NULL);
	REQUIRE(*n > 0);
	REQUIRE_EQ(l2filter_check(program, (size_t)*n, NULL), 0);
	return l2filter_run(program, (size_t)*n, NULL, 0, NULL);
}

CASE(asm, far_branches)
{
	static const uint32_t lengths[] = { 0, 1, 252, 253, 254, 255, 256, 257, 300, 1500 };
	const size_t count = sizeof(lengths) / sizeof(lengths[0]);
	size_t i;
	size_t k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < count; k++) {
			uint32_t first = lengths[i];
			uint32_t second = lengths[k];
			uint32_t far_no = first + 1 + second > 255;
			uint32_t far_yes = first + far_no > 255;
			int64_t n;

			REQUIRE_EQ(choose(first, second, 7, &n), 1);
			REQUIRE_EQ(n, 4 + first + second + far_no + far_yes);
			REQUIRE_EQ(choose(first, second, 8, &n), 2);
		}
	}
}

/* A branch whose targets are as written in 16 random bits, by following the labels. */
CASE(asm, random_programs)
{
	const uint32_t rounds = (uint32_t)random_rounds(300);
	const uint32_t n = 600;
	uint32_t labels[600];
	uint32_t round;
	uint32_t i;

	for (round = 0; round < rounds; round++) {
		uint64_t state = (random_seed() << 32) + round;
		uint32_t at = 0;
		int64_t len;

		l2asm_init(&a, items, ITEMS);
		for (i = 0; i < n; i++)
			labels[i] = l2asm_label(&a);
		for (i = 0; i < n; i++) {
			uint64_t r = random_next(&state);
			uint32_t yes = i + 1 + (uint32_t)(r % (n - i));
			uint32_t no = i + 1 + (uint32_t)((r >> 32) % (n - i));

			l2asm_place(&a, labels[i]);
			if (yes >= n || no >= n || r >> 60 == 0) {
				l2asm_add(&a, ret, i);
				at = at == i ? n + i : at;
			} else if (r >> 60 == 1) {
				l2asm_jump(&a, labels[no]);
				at = at == i ? no : at;
			} else {
				l2asm_branch(&a, jeq, (r >> 59) & 1, labels[yes], labels[no]);
				at = at == i ? ((r >> 59) & 1 ? no : yes) : at;
			}
		}
		len = l2asm_finish(&a, insns, L2_FILTER_MAX, NULL);
		REQUIRE(len > 0);
		REQUIRE_EQ(l2filter_check(insns, (size_t)len, NULL), 0);
		REQUIRE_EQ(l2filter_run(insns, (size_t)len, NULL, 0, NULL), at - n);
	}
}

static void expect(int64_t code, uint32_t index, const char *words)
{
	struct l2filter_report report = { 0 };

	REQUIRE_EQ(l2asm_finish(&a, insns, L2_FILTER_MAX + 1, &report), code);
	REQUIRE_EQ(l2asm_finish(&a, insns, L2_FILTER_MAX + 1, NULL), code);
	REQUIRE_EQ(report.code, code);
	REQUIRE_EQ(report.index, index);
	REQUIRE(strstr(report.text, words));
}

CASE(asm, errors)
{
	uint32_t label;

	l2asm_init(&a, items, ITEMS);
	expect(-EINVAL, 0, "no instruction");
	l2asm_init(&a, items, ITEMS);
	l2asm_add(&a, ret, 0);
	l2asm_add(&a, 0x0e, 0);
	l2asm_add(&a, jeq, 0);
	expect(-EINVAL, 1, "unknown code");
	l2asm_init(&a, items, ITEMS);
	l2asm_add(&a, BPF_JMP | BPF_JA, 0);
	expect(-EINVAL, 0, "of a jump");
	l2asm_init(&a, items, ITEMS);
	l2asm_branch(&a, BPF_JMP | BPF_JA, 0, L2ASM_NEXT, L2ASM_NEXT);
	expect(-EINVAL, 0, "no jump on a condition");
	l2asm_init(&a, items, ITEMS);
	l2asm_add(&a, ret, 0);
	l2asm_jump(&a, 1);
	expect(-EINVAL, 1, "not made");
	l2asm_init(&a, items, ITEMS);
	l2asm_jump(&a, L2ASM_NEXT);
	expect(-EINVAL, 0, "not made");
	l2asm_init(&a, items, ITEMS);
	label = l2asm_label(&a);
	l2asm_branch(&a, jeq, 0, L2ASM_NEXT, label);
	l2asm_add(&a, ret, 0);
	expect(-EINVAL, 0, "not placed");
	l2asm_init(&a, items, ITEMS);
	label = l2asm_label(&a);
	l2asm_place(&a, label);
	l2asm_place(&a, label);
	expect(-EINVAL, 0, "placed already");
	l2asm_init(&a, items, ITEMS);
	label = l2asm_label(&a);
	l2asm_place(&a, label);
	l2asm_jump(&a, label);
	l2asm_add(&a, ret, 0);
	expect(-EINVAL, 0, "not ahead");
	l2asm_init(&a, items, ITEMS);
	label = l2asm_label(&a);
	l2asm_jump(&a, label);
	l2asm_place(&a, label);
	expect(-EINVAL, 0, "nothing stands behind");
	l2asm_init(&a, items, ITEMS);
	l2asm_branch(&a, jeq, 0, L2ASM_NEXT, L2ASM_NEXT);
	expect(-EINVAL, 0, "nothing stands behind");
}

CASE(asm, room)
{
	uint32_t i;

	l2asm_init(&a, NULL, 0);
	l2asm_add(&a, ret, 0);
	expect(-ENOSPC, 0, "used up");
	l2asm_init(&a, items, 2);
	REQUIRE_EQ(l2asm_label(&a), 1);
	l2asm_add(&a, ret, 0);
	REQUIRE_EQ(l2asm_label(&a), L2ASM_NEXT);
	l2asm_add(&a, ret, 0);
	expect(-ENOSPC, 1, "used up");
	l2asm_init(&a, items, ITEMS);
	for (i = 0; i < L2_FILTER_MAX; i++)
		l2asm_add(&a, ret, i);
	REQUIRE_EQ(l2asm_finish(&a, insns, L2_FILTER_MAX, NULL), L2_FILTER_MAX);
	REQUIRE_EQ(insns[L2_FILTER_MAX - 1].k, L2_FILTER_MAX - 1);
	l2asm_add(&a, ret, 0);
	expect(-E2BIG, 0, "than the kernel takes");
	l2asm_init(&a, items, ITEMS);
	l2asm_add(&a, ret, 0);
	l2asm_add(&a, ret, 0);
	REQUIRE_EQ(l2asm_finish(&a, NULL, 2, NULL), -EINVAL);
	REQUIRE_EQ(l2asm_finish(&a, insns, 1, NULL), -ENOSPC);
	REQUIRE_EQ(l2asm_finish(&a, insns, 2, NULL), 2);
}
