/* SPDX-License-Identifier: MIT */
/* The kernel's verdict on a program, rule by rule and in the kernel's order. */
#include <errno.h>

#include "filter-internal.h"

struct program {
	const struct l2insn *insns;
	size_t n;
	struct l2filter_report *report;
};

static int check_operation(const struct program *p, size_t pc)
{
	const struct l2insn *insn = &p->insns[pc];

	switch (insn->code) {
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_K:
		if (insn->k == 0)
			return l2report_insn(p->report, -EINVAL, pc, "division by the constant 0");
		return 0;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		if (insn->k >= 32)
			return l2report_insn(p->report, -EINVAL, pc,
					     "shift by the constant %u: at most 31", insn->k);
		return 0;
	default:
		return 0;
	}
}

static int check_landing(const struct program *p, size_t pc, uint32_t over)
{
	size_t rest = p->n - pc - 1;

	if (over < rest)
		return 0;
	return l2report_insn(p->report, -EINVAL, pc,
			     "jumps over %u instructions of %zu that follow: none is left to land "
			     "on",
			     over, rest);
}

static int check_jump(const struct program *p, size_t pc)
{
	const struct l2insn *insn = &p->insns[pc];
	int r;

	if (!l2insn_is_branch(insn))
		return check_landing(p, pc, insn->k);
	r = check_landing(p, pc, insn->jt);
	return r < 0 ? r : check_landing(p, pc, insn->jf);
}

static int check_operand(const struct program *p, size_t pc, int operand)
{
	const struct l2insn *insn = &p->insns[pc];

	if (operand == L2OPERAND_MEM && insn->k >= BPF_MEMWORDS)
		return l2report_insn(p->report, -EINVAL, pc,
				     "scratch memory M[%u]: the last is M[%d]", insn->k,
				     BPF_MEMWORDS - 1);
	if (operand == L2OPERAND_ABS && insn->k >= (uint32_t)SKF_AD_OFF &&
	    l2insn_ancillary(insn) < 0)
		return l2report_insn(p->report, -EINVAL, pc, "no ancillary load at SKF_AD_OFF + %u",
				     insn->k - (uint32_t)SKF_AD_OFF);
	return 0;
}

static int check_insn(const struct program *p, size_t pc)
{
	uint16_t code = p->insns[pc].code;
	const struct l2opcode *opcode = l2opcode_of(code);
	int r;

	if (!opcode)
		return l2report_insn(p->report, -EINVAL, pc, "unknown code 0x%04x", code);
	if (BPF_CLASS(code) == BPF_JMP)
		return check_jump(p, pc);
	r = check_operation(p, pc);
	return r < 0 ? r : check_operand(p, pc, opcode->operand);
}

/*
 * Scratch memory is read only where it has been written on every way that leads there. As the
 * kernel sees it: code that no jump leads to, behind one that always does, may read everything,
 * and what stands behind a return goes on with what was written before it.
 */
static int check_memory(const struct program *p)
{
	uint16_t written_at[L2_FILTER_MAX];
	uint16_t written = 0;
	size_t pc;

	for (pc = 0; pc < p->n; pc++)
		written_at[pc] = UINT16_MAX;
	for (pc = 0; pc < p->n; pc++) {
		const struct l2insn *insn = &p->insns[pc];

		written &= written_at[pc];
		if (insn->code == BPF_ST || insn->code == BPF_STX) {
			written = (uint16_t)(written | 1u << insn->k);
		} else if (l2opcode_of(insn->code)->operand == L2OPERAND_MEM) {
			if (!(written & 1u << insn->k))
				return l2report_insn(p->report, -EINVAL, pc,
						     "M[%u] is read where it may not have been "
						     "written",
						     insn->k);
		} else if (l2insn_is_branch(insn)) {
			written_at[pc + 1 + insn->jt] &= written;
			written_at[pc + 1 + insn->jf] &= written;
			written = UINT16_MAX;
		} else if (insn->code == (BPF_JMP | BPF_JA)) {
			written_at[pc + 1 + insn->k] &= written;
			written = UINT16_MAX;
		}
	}
	return 0;
}

/* The kernel's own jumps are 16 bits wide, also while it does not know yet where they lead. */
static int check_translated_jump(const struct program *p, const uint32_t *at, size_t pc,
				 size_t over, uint32_t before)
{
	const uint32_t most = INT16_MAX;
	uint32_t from = at[pc] + before + 1;

	if (from > most + 1)
		return l2report_insn(p->report, -EINVAL, pc,
				     "a jump behind %u instructions of the kernel's translation: "
				     "at most %u",
				     from - 1, most);
	if (at[pc + 1 + over] - from > most)
		return l2report_insn(p->report, -EINVAL, pc,
				     "jumps over %u instructions of the kernel's translation: at "
				     "most %u",
				     at[pc + 1 + over] - from, most);
	return 0;
}

static int check_translated_branch(const struct program *p, const uint32_t *at, size_t pc)
{
	const struct l2insn *insn = &p->insns[pc];
	uint32_t n = l2insn_translated(insn);
	uint32_t large = BPF_SRC(insn->code) == BPF_K && (int32_t)insn->k < 0;
	int r;

	if (n == large + 1)
		return check_translated_jump(p, at, pc, insn->jf ? insn->jf : insn->jt, large);
	r = check_translated_jump(p, at, pc, insn->jt, large);
	return r < 0 ? r : check_translated_jump(p, at, pc, insn->jf, large + 1);
}

static int check_translation(const struct program *p)
{
	uint32_t at[L2_FILTER_MAX];
	uint32_t next = l2filter_prologue(p->insns, p->n);
	size_t pc;
	int r = 0;

	for (pc = 0; pc < p->n; pc++) {
		at[pc] = next;
		next += l2insn_translated(&p->insns[pc]);
	}
	for (pc = 0; pc < p->n && next > INT16_MAX && r == 0; pc++) {
		if (l2insn_is_branch(&p->insns[pc]))
			r = check_translated_branch(p, at, pc);
		else if (p->insns[pc].code == (BPF_JMP | BPF_JA))
			r = check_translated_jump(p, at, pc, p->insns[pc].k, 0);
	}
	return r;
}

int l2filter_check(const struct l2insn *insns, size_t n, struct l2filter_report *report)
{
	const struct program p = { insns, n, report };
	size_t pc;
	int r;

	if (!insns || n < 1 || n > L2_FILTER_MAX)
		return l2report_insn(report, -EINVAL, 0, "%zu instructions: a program has 1 to %d",
				     n, L2_FILTER_MAX);
	for (pc = 0; pc < n; pc++) {
		r = check_insn(&p, pc);
		if (r < 0)
			return r;
	}
	if (BPF_CLASS(insns[n - 1].code) != BPF_RET)
		return l2report_insn(report, -EINVAL, n - 1, "the last instruction is no return");
	r = check_memory(&p);
	return r < 0 ? r : check_translation(&p);
}
