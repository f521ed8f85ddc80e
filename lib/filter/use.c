/* SPDX-License-Identifier: MIT */
/* What instructions read and write: registers and scratch memory. */
#include "copy-internal.h"

static uint32_t reads_ancillary(int number)
{
	switch (number) {
	case L2FILTER_XOR:
	case L2FILTER_NLATTR:
	case L2FILTER_NLATTR_NEST:
		return L2USE_A | L2USE_X;
	default:
		return 0;
	}
}

static uint32_t reads_operand(const struct l2insn *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? L2USE_A | L2USE_X : L2USE_A;
}

uint32_t l2use_reads(const struct l2insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		if (BPF_MODE(insn->code) == BPF_MEM)
			return 1u << insn->k;
		if (BPF_MODE(insn->code) == BPF_IND)
			return L2USE_X;
		return reads_ancillary(l2insn_ancillary(insn));
	case BPF_ST:
		return L2USE_A;
	case BPF_STX:
		return L2USE_X;
	case BPF_ALU:
		return reads_operand(insn);
	case BPF_JMP:
		return l2insn_is_branch(insn) ? reads_operand(insn) : 0;
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? L2USE_A : 0;
	default: /* BPF_MISC */
		return BPF_MISCOP(insn->code) == BPF_TAX ? L2USE_A : L2USE_X;
	}
}

uint32_t l2use_writes(const struct l2insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_ALU:
		return L2USE_A;
	case BPF_LDX:
		return L2USE_X;
	case BPF_ST:
	case BPF_STX:
		return 1u << insn->k;
	case BPF_MISC:
		return BPF_MISCOP(insn->code) == BPF_TAX ? L2USE_X : L2USE_A;
	default:
		return 0;
	}
}
