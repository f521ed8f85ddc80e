/* SPDX-License-Identifier: MIT */
/*
 * One walk over a program with all frames of a layout at once. Programs only jump forward, so by
 * the time an instruction's turn has come, all ways that lead there are known.
 */
#include <errno.h>

#include "flow-internal.h"

#define ROOMS 32 /* more states than that wait for their turn in no program of this world */

struct state {
	struct l2range a;
	struct l2range x;
	struct l2range memory[BPF_MEMWORDS];
};

/* What waits at an instruction. */
enum {
	NOBODY,
	SOMEBODY,              /* from here on: 1 + a room */
	EVERYBODY = UINT8_MAX, /* no room was left: any state */
};

struct walk {
	const struct l2insn *insns;
	size_t n;
	const struct l2layout *layout;
	uint16_t *facts;
	struct state rooms[ROOMS];
	uint32_t taken; /* a bit for each room */
	uint8_t waiting[L2_FILTER_MAX];
};

static int find_room(struct walk *w)
{
	int room;

	for (room = 0; room < ROOMS; room++)
		if (!(w->taken & 1u << room))
			return room;
	return -ENOSPC;
}

static void join(struct state *s, const struct state *other)
{
	int i;

	s->a = l2range_join(s->a, other->a);
	s->x = l2range_join(s->x, other->x);
	for (i = 0; i < BPF_MEMWORDS; i++)
		s->memory[i] = l2range_join(s->memory[i], other->memory[i]);
}

/* The program may go on at an instruction in this state. */
static void arrive(struct walk *w, size_t at, const struct state *s)
{
	int room;

	w->facts[at] = L2FLOW_REACHED;
	switch (w->waiting[at]) {
	case EVERYBODY:
		return;
	case NOBODY:
		room = find_room(w);
		if (room < 0) {
			w->waiting[at] = EVERYBODY;
			return;
		}
		w->taken |= 1u << room;
		w->waiting[at] = (uint8_t)(SOMEBODY + room);
		w->rooms[room] = *s;
		return;
	default:
		join(&w->rooms[w->waiting[at] - SOMEBODY], s);
	}
}

static void set_all(struct state *s, struct l2range range)
{
	int i;

	s->a = range;
	s->x = range;
	for (i = 0; i < BPF_MEMWORDS; i++)
		s->memory[i] = range;
}

/* The state in which an instruction begins. */
static void leave_room(struct walk *w, size_t at, struct state *ret)
{
	int room = w->waiting[at] - SOMEBODY;

	if (w->waiting[at] == EVERYBODY) {
		set_all(ret, l2range_any());
		return;
	}
	*ret = w->rooms[room];
	w->taken &= ~(1u << room);
}

static struct l2range size_range(const struct l2insn *insn)
{
	return l2range_up_to(UINT32_MAX >> (32 - 8 * l2insn_size(insn)));
}

static struct l2range load_absolute(const struct walk *w, const struct l2insn *insn,
				    const struct state *s)
{
	struct l2place place;

	if (l2insn_ancillary(insn) == L2FILTER_XOR)
		return l2range_compute(BPF_XOR, s->a, s->x);
	if (l2insn_ancillary(insn) >= 0)
		return l2range_any();
	if (l2layout_place(w->layout, insn->k, &place))
		return l2layout_range(&place, l2insn_size(insn));
	return size_range(insn);
}

static void load(const struct walk *w, const struct l2insn *insn, struct state *s)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		s->a = load_absolute(w, insn, s);
		break;
	case BPF_IND:
		s->a = size_range(insn);
		break;
	case BPF_IMM:
		s->a = l2range_of(insn->k);
		break;
	case BPF_MEM:
		s->a = s->memory[insn->k];
		break;
	default: /* BPF_LEN */
		s->a = l2range_any();
	}
}

static void load_x(const struct l2insn *insn, struct state *s)
{
	const uint32_t nibble = 0xf;

	switch (BPF_MODE(insn->code)) {
	case BPF_MSH:
		s->x = l2range_compute(BPF_LSH, l2range_up_to(nibble), l2range_of(2));
		break;
	case BPF_IMM:
		s->x = l2range_of(insn->k);
		break;
	case BPF_MEM:
		s->x = s->memory[insn->k];
		break;
	default: /* BPF_LEN */
		s->x = l2range_any();
	}
}

static struct l2range operand(const struct l2insn *insn, const struct state *s)
{
	return BPF_SRC(insn->code) == BPF_X ? s->x : l2range_of(insn->k);
}

/* Everything but jumps and returns. */
static void step(const struct walk *w, const struct l2insn *insn, struct state *s)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		load(w, insn, s);
		break;
	case BPF_LDX:
		load_x(insn, s);
		break;
	case BPF_ST:
		s->memory[insn->k] = s->a;
		break;
	case BPF_STX:
		s->memory[insn->k] = s->x;
		break;
	case BPF_ALU:
		s->a = l2range_compute(BPF_OP(insn->code), s->a, operand(insn, s));
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			s->x = s->a;
		else
			s->a = s->x;
	}
}

/* Goes both ways, with A as it must be for each, or the only way possible. */
static void branch(struct walk *w, size_t pc, const struct state *s)
{
	const struct l2insn *insn = &w->insns[pc];
	struct l2range by = operand(insn, s);
	int holds;

	for (holds = 0; holds < 2; holds++) {
		struct state next = *s;

		if (l2range_is_one(by) &&
		    !l2range_compare(&next.a, BPF_OP(insn->code), by.lo, holds))
			continue;
		w->facts[pc] |= (uint16_t)(holds ? L2FLOW_HOLDS : L2FLOW_FAILS);
		arrive(w, pc + 1 + (holds ? insn->jt : insn->jf), &next);
	}
}

/* The offsets of an indirect load with X between two values, of which the sum does not wrap. */
static uint16_t offsets(struct l2range r)
{
	uint32_t facts = 0;
	uint32_t offset;

	if (l2range_meets(r, 0, L2LAYOUT_FIRST - 1))
		facts |= L2FLOW_LOW;
	for (offset = L2LAYOUT_FIRST; offset < L2LAYOUT_LAST; offset++)
		if (l2range_meets(r, offset, offset))
			facts |= L2FLOW_OFFSET(offset);
	if (l2range_meets(r, L2LAYOUT_LAST, INT32_MAX))
		facts |= L2FLOW_OFFSET(L2LAYOUT_LAST);
	if (l2range_meets(r, (uint32_t)INT32_MAX + 1, UINT32_MAX))
		facts |= L2FLOW_NEGATIVE;
	return (uint16_t)facts;
}

/* X + k is a 32-bit sum. When only some values of X make it wrap around, it may be anything. */
static struct l2range sum(struct l2range x, uint32_t k)
{
	bool first_wraps = x.lo > UINT32_MAX - k;
	bool last_wraps = x.hi > UINT32_MAX - k;

	if (first_wraps != last_wraps)
		return l2range_any();
	return (struct l2range) { x.lo + k, x.hi + k, x.step };
}

static void visit(struct walk *w, size_t pc)
{
	const struct l2insn *insn = &w->insns[pc];
	struct state s;

	leave_room(w, pc, &s);
	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		return;
	case BPF_JMP:
		if (l2insn_is_branch(insn))
			branch(w, pc, &s);
		else
			arrive(w, pc + 1 + insn->k, &s);
		return;
	default:
		if (l2opcode_of(insn->code)->operand == L2OPERAND_IND)
			w->facts[pc] |= offsets(sum(s.x, insn->k));
		step(w, insn, &s);
		arrive(w, pc + 1, &s);
	}
}

void l2flow_trace(const struct l2insn *insns, size_t n, const struct l2layout *layout,
		  uint16_t *facts)
{
	struct walk w = { .insns = insns, .n = n, .layout = layout, .facts = facts };
	struct state first;
	size_t pc;

	for (pc = 0; pc < n; pc++)
		facts[pc] = 0;
	set_all(&first,
		l2range_of(0)); /* so the kernel begins; memory is written before it is read */
	arrive(&w, 0, &first);
	for (pc = 0; pc < n; pc++)
		if (facts[pc])
			visit(&w, pc);
}
