/* SPDX-License-Identifier: MIT */
/*
 * The copy of a program, written backward, without what no frame of the layout reaches and without
 * what computes values that nobody reads: on tagged frames most programs end at the first test.
 */
#include <errno.h>

#include "copy-internal.h"

#define PAY_OFFSET (L2FILTER_ANCILLARY + 4 * L2FILTER_PAY_OFFSET)

/* From here on the program itself serves as its copy. */
#define SAME 0x4000u

static bool is_same_load(const struct l2copy *c, const struct l2insn *insn)
{
	struct l2place place;
	uint32_t shift = 0;

	switch (l2insn_ancillary(insn)) {
	case L2FILTER_PAY_OFFSET:
	case L2FILTER_NLATTR:
	case L2FILTER_NLATTR_NEST:
		return false;
	}
	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_ABS:
	case L2OPERAND_MSH:
		return !l2layout_place(c->layout, insn->k, &place) ||
		       (l2layout_is_whole(&place, l2insn_size(insn), &shift) && !shift);
	case L2OPERAND_IND:
	case L2OPERAND_LEN:
		return false;
	default:
		return true;
	}
}

/* A branch that no frame, or every frame, of the layout takes. */
static bool is_decided(const struct l2copy *c, uint32_t pc)
{
	uint16_t ways = c->facts[pc] & (L2FLOW_HOLDS | L2FLOW_FAILS);

	return ways == L2FLOW_HOLDS || ways == L2FLOW_FAILS;
}

static bool is_same(const struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];
	const uint16_t *next = &c->facts[pc + 1];

	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_K && !c->memory_behind &&
		       l2layout_return(c->layout, insn->k) == insn->k;
	case BPF_JMP:
		if (l2insn_is_branch(insn))
			return next[insn->jt] & next[insn->jf] & SAME && !is_decided(c, pc);
		return next[insn->k] & SAME;
	default:
		return is_same_load(c, insn) && next[0] & SAME;
	}
}

/* What is read behind an instruction. The program itself, unlike its copy, goes all ways. */
static uint32_t live_behind(const struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];
	const uint32_t *next = &c->live[pc + 1];
	uint16_t facts = c->facts[pc];
	uint32_t live = 0;

	if (BPF_CLASS(insn->code) == BPF_RET)
		return 0;
	if (BPF_CLASS(insn->code) != BPF_JMP)
		return next[0];
	if (!l2insn_is_branch(insn))
		return next[insn->k];
	if (facts & (L2FLOW_HOLDS | SAME))
		live |= next[insn->jt];
	if (facts & (L2FLOW_FAILS | SAME))
		live |= next[insn->jf];
	return live;
}

static void settle(struct l2copy *c, uint32_t pc, uint32_t live)
{
	const struct l2insn *insn = &c->insns[pc];

	c->live[pc] = (live & ~l2use_writes(insn)) | l2use_reads(insn);
	c->at[pc] = (uint16_t)c->writer.count;
	c->live_next = c->live[pc];
}

/* Nothing is to be done here: the copy goes on with that of a later instruction. */
static void pass(struct l2copy *c, uint32_t pc, uint32_t to)
{
	c->live[pc] = c->live[to];
	c->at[pc] = c->at[to];
}

static void write_jump(struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];
	uint32_t holds = pc + 1 + insn->jt;
	uint32_t fails = pc + 1 + insn->jf;
	uint32_t live;

	if (!l2insn_is_branch(insn)) {
		pass(c, pc, pc + 1 + insn->k);
	} else if (!(c->facts[pc] & L2FLOW_HOLDS)) {
		pass(c, pc, fails);
	} else if (!(c->facts[pc] & L2FLOW_FAILS) || c->at[holds] == c->at[fails]) {
		pass(c, pc, holds);
	} else {
		live = live_behind(c, pc);
		l2writer_branch(&c->writer, insn->code, insn->k, c->at[holds], c->at[fails]);
		settle(c, pc, live);
	}
}

/*
 * The kernel's check of scratch memory takes what stands behind a return for reachable from it. A
 * jump in between ends that. For the same reason, no return of the program itself is used that has
 * readers of memory behind it.
 */
static void shield(struct l2copy *c)
{
	if (c->live_next & L2USE_MEMORY)
		l2writer_put(&c->writer, BPF_JMP | BPF_JA, 0);
}

/* The value of A, as l2layout_return() maps constants. */
static void return_a(struct l2copy *c)
{
	const uint32_t least = c->layout->least;
	const uint32_t missing = c->layout->missing;
	struct l2writer *w = &c->writer;
	uint32_t as_it_is;
	uint32_t at_least;
	uint32_t without;

	l2writer_put(w, BPF_RET | BPF_A, 0);
	as_it_is = w->count;
	l2writer_put(w, BPF_RET | BPF_K, least);
	at_least = w->count;
	l2writer_put(w, BPF_RET | BPF_A, 0);
	l2writer_put(w, BPF_ALU | BPF_SUB | BPF_K, missing);
	without = w->count;
	l2writer_branch(w, BPF_JMP | BPF_JGT | BPF_K, least, at_least, as_it_is);
	l2writer_branch(w, BPF_JMP | BPF_JGT | BPF_K, missing + least, without, w->count);
}

static void write_return(struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];

	shield(c);
	if (BPF_RVAL(insn->code) == BPF_A)
		return_a(c);
	else
		l2writer_put(&c->writer, insn->code, l2layout_return(c->layout, insn->k));
	settle(c, pc, 0);
}

/* The kernel counts from its frame's first byte; 0 is no offset but means that there is none. */
static void load_payload_offset(struct l2copy *c)
{
	uint32_t behind = c->writer.count;

	l2writer_put(&c->writer, BPF_ALU | BPF_ADD | BPF_K, c->layout->missing);
	l2writer_branch(&c->writer, BPF_JMP | BPF_JEQ | BPF_K, 0, behind, c->writer.count);
	l2writer_put(&c->writer, BPF_LD | BPF_W | BPF_ABS, PAY_OFFSET);
}

static int write_ancillary(struct l2copy *c, uint32_t pc, int number)
{
	switch (number) {
	case L2FILTER_PAY_OFFSET:
		load_payload_offset(c);
		return 0;
	case L2FILTER_NLATTR:
	case L2FILTER_NLATTR_NEST:
		return l2report_insn(c->report, -EOPNOTSUPP, pc,
				     "looks for netlink attributes in the frame, which the kernel "
				     "has without its tag or header");
	default:
		l2writer_put_insn(&c->writer, c->insns[pc]);
		return 0;
	}
}

static int write_step(struct l2copy *c, uint32_t pc, uint32_t live)
{
	const struct l2insn *insn = &c->insns[pc];
	int number = l2insn_ancillary(insn);

	if (number >= 0)
		return write_ancillary(c, pc, number);
	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_ABS:
		return l2load_absolute(c, pc, live);
	case L2OPERAND_MSH:
		return l2load_header_length(c, pc, live);
	case L2OPERAND_LEN:
		return l2load_length(c, pc, live);
	case L2OPERAND_IND:
		l2load_indirect(c, pc, live);
		return 0;
	default:
		l2writer_put_insn(&c->writer, *insn);
		return 0;
	}
}

/* Can the frame be rejected here? Not by loads from addresses and tag: those are there. */
static bool may_reject(const struct l2copy *c, const struct l2insn *insn)
{
	const uint32_t there = 2 * L2_MAC_LEN + L2_VLAN_TAG_LEN;
	struct l2place place;

	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_ABS:
		if (l2insn_ancillary(insn) >= 0)
			return false;
		/* fallthrough */
	case L2OPERAND_MSH:
		return !c->layout->tagged || !l2layout_place(c->layout, insn->k, &place) ||
		       place.offset > there - l2insn_size(insn);
	case L2OPERAND_IND:
		return true;
	default:
		return BPF_CLASS(insn->code) == BPF_ALU && BPF_SRC(insn->code) == BPF_X &&
		       (BPF_OP(insn->code) == BPF_DIV || BPF_OP(insn->code) == BPF_MOD);
	}
}

/* Does the result depend on where the kernel's frame begins, not only on the header's bytes? */
static bool needs_start(const struct l2insn *insn)
{
	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_ABS:
		if (l2insn_ancillary(insn) >= 0)
			return l2insn_ancillary(insn) == L2FILTER_PAY_OFFSET;
		/* fallthrough */
	case L2OPERAND_MSH:
		return insn->k <= INT32_MAX && insn->k > L2_ETH_HEADER_LEN - l2insn_size(insn);
	case L2OPERAND_IND:
	case L2OPERAND_LEN:
		return true;
	default:
		return false;
	}
}

static int write_insn(struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];
	uint32_t live;
	int r;

	if (BPF_CLASS(insn->code) == BPF_JMP) {
		write_jump(c, pc);
		return 0;
	}
	if (BPF_CLASS(insn->code) == BPF_RET) {
		write_return(c, pc);
		return 0;
	}
	live = live_behind(c, pc);
	if (!(l2use_writes(insn) & live) && !may_reject(c, insn)) {
		pass(c, pc, pc + 1);
		return 0;
	}
	c->needs_start |= needs_start(insn);
	l2writer_go(&c->writer, c->at[pc + 1]);
	r = write_step(c, pc, live);
	settle(c, pc, live);
	return r;
}

static void use_original(struct l2copy *c, uint32_t pc)
{
	const struct l2insn *insn = &c->insns[pc];

	c->facts[pc] |= SAME;
	c->at[pc] = (uint16_t)(c->n - pc);
	c->live[pc] = (live_behind(c, pc) & ~l2use_writes(insn)) | l2use_reads(insn);
}

int l2copy_too_long(const struct l2copy *c)
{
	return l2report_insn(c->report, -E2BIG, 0,
			     "for frames with and without a tag it takes more than %d instructions",
			     L2_FILTER_MAX);
}

int l2copy_write(struct l2copy *c)
{
	uint32_t pc = c->n;
	int r = 0;

	l2flow_trace(c->insns, c->n, c->layout, c->facts);
	c->memory_behind = false;
	while (pc-- && r == 0 && c->writer.count <= L2_FILTER_MAX) {
		if (c->original && is_same(c, pc)) {
			use_original(c, pc);
		} else if (c->facts[pc] & L2FLOW_REACHED) {
			r = write_insn(c, pc);
		}
		c->memory_behind |= l2opcode_of(c->insns[pc].code)->operand == L2OPERAND_MEM;
	}
	if (r == 0 && c->writer.count > L2_FILTER_MAX)
		return l2copy_too_long(c);
	return r;
}
