/* SPDX-License-Identifier: MIT */
/* What the kernel makes of a program: it translates each instruction into some of its own. */
#include <errno.h>

#include "filter-internal.h"

#define KERNEL_HEADER_LEN 96 /* struct bpf_prog in front of its instructions, 64 bits, 6.18 */
#define KERNEL_INSN_LEN   8

/* A load through a function: four arguments, the call, a test of its result and the way out. */
static uint32_t translated_call(const struct l2insn *insn, int indirect)
{
	return indirect && insn->k ? 9 : 8;
}

/*
 * Offsets that are not negative get a short way in front of the call: the bytes left from there on
 * are compared with the size, the value is loaded and brought into host order, the call skipped.
 */
static uint32_t translated_absolute(const struct l2insn *insn, int size)
{
	uint32_t n = translated_call(insn, 0);

	if ((int32_t)insn->k < 0)
		return n;
	n += 4;
	n += insn->k > 0 ? 1 : 0;
	n += size != BPF_B ? 1 : 0;
	n += insn->k > INT16_MAX ? 2 : 0; /* beyond what a load's own offset reaches */
	return n;
}

static uint32_t translated_ancillary(int number)
{
	switch (number) {
	case L2FILTER_PROTOCOL:
	case L2FILTER_PKTTYPE:
	case L2FILTER_VLAN_TPID:
		return 2;
	case L2FILTER_VLAN_PRESENT:
		return 3;
	case L2FILTER_IFINDEX:
	case L2FILTER_HATYPE:
	case L2FILTER_NLATTR:
	case L2FILTER_NLATTR_NEST:
	case L2FILTER_CPU:
	case L2FILTER_PAY_OFFSET:
	case L2FILTER_RANDOM:
		return 4;
	default:
		return 1;
	}
}

/* A large constant is loaded first; the kernel's jumps have one target, but more conditions. */
static uint32_t translated_branch(const struct l2insn *insn)
{
	uint32_t n = BPF_SRC(insn->code) == BPF_K && (int32_t)insn->k < 0 ? 2 : 1;

	if (insn->jf == 0 || (insn->jt == 0 && BPF_OP(insn->code) != BPF_JSET))
		return n;
	return n + 1;
}

uint32_t l2insn_translated(const struct l2insn *insn)
{
	const struct l2opcode *opcode = l2opcode_of(insn->code);
	int ancillary = l2insn_ancillary(insn);

	if (ancillary >= 0)
		return translated_ancillary(ancillary);
	if (l2insn_is_branch(insn))
		return translated_branch(insn);
	switch (opcode ? opcode->operand : 0) {
	case L2OPERAND_ABS:
		return translated_absolute(insn, BPF_SIZE(insn->code));
	case L2OPERAND_IND:
		return translated_call(insn, 1);
	case L2OPERAND_MSH: /* a load of a byte; A is kept meanwhile */
		return translated_absolute(insn, BPF_B) + 6;
	default:
		break;
	}
	switch (insn->code) {
	case BPF_ALU | BPF_DIV | BPF_X:
	case BPF_ALU | BPF_MOD | BPF_X:
		return 5; /* with a test for zero and the way out */
	case BPF_RET | BPF_K:
		return 2;
	default:
		return 1;
	}
}

int l2insn_reads_frame(const struct l2insn *insn)
{
	const struct l2opcode *opcode = l2opcode_of(insn->code);

	if (!opcode || l2insn_ancillary(insn) >= 0)
		return 0;
	return opcode->operand == L2OPERAND_ABS || opcode->operand == L2OPERAND_IND ||
	       opcode->operand == L2OPERAND_MSH;
}

/* A and X are cleared, the context is kept, and so are the data's place and length if needed. */
uint32_t l2filter_prologue(const struct l2insn *insns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (l2insn_reads_frame(&insns[i]))
			return 7;
	return 3;
}

int64_t l2filter_memory(const struct l2insn *insns, size_t n)
{
	int64_t translated;
	size_t i;

	if (!insns || n < 1 || n > L2_FILTER_MAX)
		return -EINVAL;
	translated = l2filter_prologue(insns, n);
	for (i = 0; i < n; i++)
		translated += l2insn_translated(&insns[i]);
	return KERNEL_HEADER_LEN + translated * KERNEL_INSN_LEN;
}
