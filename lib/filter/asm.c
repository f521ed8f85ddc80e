/* SPDX-License-Identifier: MIT */
/*
 * Programs from C. Instructions fill the items from the front, labels from the back. Because jumps
 * only lead forward, the program is made from its end, where all targets are known.
 */
#include <errno.h>
#include <string.h>

#include <l2sock/asm.h>

#include "filter-internal.h"

#define NOWHERE UINT32_MAX

struct item {
	uint32_t k; /* of a label: the item it stands for */
	uint16_t yes;
	uint16_t no;
	uint16_t code;
	uint16_t at; /* instructions from here to the end, known while finishing */
	uint32_t unused;
};

struct assembler {
	struct item *items;
	const char *why; /* what is wrong, and behind how many instructions */
	uint32_t where;
	int32_t code;
	uint32_t max;
	uint32_t used;
	uint32_t labels;
};

_Static_assert(sizeof(struct item) == sizeof(struct l2asm_item), "an item fits");
_Static_assert(sizeof(struct assembler) <= sizeof(struct l2asm), "the assembler fits");

static struct assembler *of(struct l2asm *a)
{
	return (struct assembler *)(void *)a;
}

static struct item *label_item(struct assembler *a, uint32_t label)
{
	return &a->items[a->max - label];
}

static void fail(struct assembler *a, int code, uint32_t where, const char *why)
{
	if (a->code)
		return;
	a->code = code;
	a->where = where;
	a->why = why;
}

void l2asm_init(struct l2asm *a, struct l2asm_item *items, size_t n)
{
	const size_t most = UINT16_MAX; /* labels are kept in 16 bits */

	memset(a, 0, sizeof(*a));
	of(a)->items = (struct item *)(void *)items;
	of(a)->max = items ? (uint32_t)(n < most ? n : most) : 0;
}

static struct item *take_item(struct assembler *a)
{
	if (!a->code && a->used + a->labels == a->max)
		fail(a, -ENOSPC, a->used, "the items are used up");
	return a->code ? NULL : &a->items[a->used];
}

uint32_t l2asm_label(struct l2asm *opaque)
{
	struct assembler *a = of(opaque);

	if (!take_item(a))
		return L2ASM_NEXT;
	a->labels++;
	label_item(a, a->labels)->k = NOWHERE;
	return a->labels;
}

static int is_label(struct assembler *a, uint32_t label)
{
	if (label != L2ASM_NEXT && label <= a->labels)
		return 1;
	fail(a, -EINVAL, a->used, "a label that was not made");
	return 0;
}

void l2asm_place(struct l2asm *opaque, uint32_t label)
{
	struct assembler *a = of(opaque);

	if (a->code || !is_label(a, label))
		return;
	if (label_item(a, label)->k != NOWHERE)
		fail(a, -EINVAL, a->used, "a label that is placed already");
	else
		label_item(a, label)->k = a->used;
}

static void add(struct assembler *a, uint32_t code, uint32_t k, uint32_t yes, uint32_t no)
{
	struct item *item = take_item(a);

	if (!item)
		return;
	*item = (struct item) {
		.code = (uint16_t)code, .k = k, .yes = (uint16_t)yes, .no = (uint16_t)no
	};
	a->used++;
}

void l2asm_add(struct l2asm *opaque, uint32_t code, uint32_t k)
{
	struct assembler *a = of(opaque);

	if (!l2opcode_of(code) || BPF_CLASS(code) == BPF_JMP)
		fail(a, -EINVAL, a->used, "an unknown code, or that of a jump");
	add(a, code, k, 0, 0);
}

void l2asm_branch(struct l2asm *opaque, uint32_t code, uint32_t k, uint32_t yes, uint32_t no)
{
	struct assembler *a = of(opaque);

	if (!l2opcode_of(code) || BPF_CLASS(code) != BPF_JMP || BPF_OP(code) == BPF_JA)
		fail(a, -EINVAL, a->used, "a code that is no jump on a condition");
	if ((yes == L2ASM_NEXT || is_label(a, yes)) && (no == L2ASM_NEXT || is_label(a, no)))
		add(a, code, k, yes, no);
}

void l2asm_jump(struct l2asm *opaque, uint32_t label)
{
	struct assembler *a = of(opaque);

	if (is_label(a, label))
		add(a, BPF_JMP | BPF_JA, 0, label, 0);
}

/* What is being made, from the end of the room on. */
struct output {
	struct l2insn *end;
	uint32_t max;
	uint32_t n;
};

static void put(struct assembler *a, struct output *out, uint32_t i, struct l2insn insn)
{
	if (out->n == L2_FILTER_MAX)
		fail(a, -E2BIG, i, "more instructions than the kernel takes");
	else if (out->n == out->max)
		fail(a, -ENOSPC, i, "more instructions than fit");
	if (!a->code)
		out->end[-(ptrdiff_t)++out->n] = insn;
}

/* How many of the instructions behind item i have to be jumped over; "next" is the next item's. */
static uint32_t distance(struct assembler *a, const struct output *out, uint32_t i, uint32_t label,
			 uint32_t next)
{
	uint32_t target = label == L2ASM_NEXT ? i + 1 : label_item(a, label)->k;

	if (target == NOWHERE)
		fail(a, -EINVAL, i, "a label that is not placed");
	else if (target <= i)
		fail(a, -EINVAL, i, "a label that is not ahead");
	else if (target >= a->used)
		fail(a, -EINVAL, i, "nothing stands behind the label");
	if (a->code)
		return 0;
	return out->n - (label == L2ASM_NEXT ? next : a->items[target].at);
}

/* The targets out of reach get a jump of their own, behind the one on the condition. */
static void put_branch(struct assembler *a, struct output *out, uint32_t i)
{
	const struct item *item = &a->items[i];
	const uint32_t next = out->n;
	uint32_t yes = distance(a, out, i, item->yes, next);
	uint32_t no = distance(a, out, i, item->no, next);
	uint32_t far_yes = yes > UINT8_MAX;
	uint32_t far_no = no + far_yes > UINT8_MAX;
	struct l2insn insn = { item->code, 0, 0, item->k };

	far_yes = yes + far_no > UINT8_MAX;
	if (far_no)
		put(a, out, i, (struct l2insn) { BPF_JMP | BPF_JA, 0, 0, no });
	if (far_yes)
		put(a, out, i, (struct l2insn) { BPF_JMP | BPF_JA, 0, 0, yes + far_no });
	insn.jt = (uint8_t)(far_yes ? 0 : yes + far_no);
	insn.jf = (uint8_t)(far_no ? far_yes : no + far_yes);
	put(a, out, i, insn);
}

static void put_item(struct assembler *a, struct output *out, uint32_t i)
{
	struct item *item = &a->items[i];
	struct l2insn insn = { item->code, 0, 0, item->k };
	int jumps = insn.code == (BPF_JMP | BPF_JA);

	if (jumps)
		insn.k = distance(a, out, i, item->yes, out->n);
	if (l2insn_is_branch(&insn))
		put_branch(a, out, i);
	else if (!jumps || insn.k) /* a jump to what comes next anyway is left out */
		put(a, out, i, insn);
	item->at = (uint16_t)out->n;
}

/* Works on a copy, so that what is found here does not stick: the caller may ask again. */
int64_t l2asm_finish(struct l2asm *opaque, struct l2insn *insns, size_t max,
		     struct l2filter_report *report)
{
	struct assembler a = *of(opaque);
	const size_t most = L2_FILTER_MAX + 1;
	struct output out = { NULL, (uint32_t)(max < most ? max : most), 0 };
	uint32_t i;

	if (!a.used)
		fail(&a, -EINVAL, 0, "no instruction");
	if (!insns)
		fail(&a, -EINVAL, 0, "no room");
	if (!a.code)
		out.end = insns + out.max;
	for (i = a.used; i > 0 && !a.code; i--)
		put_item(&a, &out, i - 1);
	if (a.code)
		return l2report_insn(report, a.code, a.where, "%s", a.why);
	memmove(insns, out.end - out.n, out.n * sizeof(*insns));
	return out.n;
}
