/* SPDX-License-Identifier: MIT */
/* The instructions that the kernel knows. */
#include <string.h>

#include "filter-internal.h"

static const struct l2opcode opcodes[] = {
	[BPF_LD | BPF_IMM] = { "ld", L2OPERAND_K },
	[BPF_LD | BPF_W | BPF_ABS] = { "ld", L2OPERAND_ABS },
	[BPF_LD | BPF_H | BPF_ABS] = { "ldh", L2OPERAND_ABS },
	[BPF_LD | BPF_B | BPF_ABS] = { "ldb", L2OPERAND_ABS },
	[BPF_LD | BPF_W | BPF_IND] = { "ld", L2OPERAND_IND },
	[BPF_LD | BPF_H | BPF_IND] = { "ldh", L2OPERAND_IND },
	[BPF_LD | BPF_B | BPF_IND] = { "ldb", L2OPERAND_IND },
	[BPF_LD | BPF_MEM] = { "ld", L2OPERAND_MEM },
	[BPF_LD | BPF_W | BPF_LEN] = { "ld", L2OPERAND_LEN },
	[BPF_LDX | BPF_IMM] = { "ldx", L2OPERAND_K },
	[BPF_LDX | BPF_MEM] = { "ldx", L2OPERAND_MEM },
	[BPF_LDX | BPF_W | BPF_LEN] = { "ldx", L2OPERAND_LEN },
	[BPF_LDX | BPF_B | BPF_MSH] = { "ldxb", L2OPERAND_MSH },
	[BPF_ST] = { "st", L2OPERAND_MEM },
	[BPF_STX] = { "stx", L2OPERAND_MEM },
	[BPF_ALU | BPF_ADD | BPF_K] = { "add", L2OPERAND_K },
	[BPF_ALU | BPF_ADD | BPF_X] = { "add", L2OPERAND_X },
	[BPF_ALU | BPF_SUB | BPF_K] = { "sub", L2OPERAND_K },
	[BPF_ALU | BPF_SUB | BPF_X] = { "sub", L2OPERAND_X },
	[BPF_ALU | BPF_MUL | BPF_K] = { "mul", L2OPERAND_K },
	[BPF_ALU | BPF_MUL | BPF_X] = { "mul", L2OPERAND_X },
	[BPF_ALU | BPF_DIV | BPF_K] = { "div", L2OPERAND_K },
	[BPF_ALU | BPF_DIV | BPF_X] = { "div", L2OPERAND_X },
	[BPF_ALU | BPF_MOD | BPF_K] = { "mod", L2OPERAND_K },
	[BPF_ALU | BPF_MOD | BPF_X] = { "mod", L2OPERAND_X },
	[BPF_ALU | BPF_AND | BPF_K] = { "and", L2OPERAND_K },
	[BPF_ALU | BPF_AND | BPF_X] = { "and", L2OPERAND_X },
	[BPF_ALU | BPF_OR | BPF_K] = { "or", L2OPERAND_K },
	[BPF_ALU | BPF_OR | BPF_X] = { "or", L2OPERAND_X },
	[BPF_ALU | BPF_XOR | BPF_K] = { "xor", L2OPERAND_K },
	[BPF_ALU | BPF_XOR | BPF_X] = { "xor", L2OPERAND_X },
	[BPF_ALU | BPF_LSH | BPF_K] = { "lsh", L2OPERAND_K },
	[BPF_ALU | BPF_LSH | BPF_X] = { "lsh", L2OPERAND_X },
	[BPF_ALU | BPF_RSH | BPF_K] = { "rsh", L2OPERAND_K },
	[BPF_ALU | BPF_RSH | BPF_X] = { "rsh", L2OPERAND_X },
	[BPF_ALU | BPF_NEG] = { "neg", L2OPERAND_NONE },
	[BPF_JMP | BPF_JA] = { "jmp", L2OPERAND_TARGET },
	[BPF_JMP | BPF_JEQ | BPF_K] = { "jeq", L2OPERAND_K },
	[BPF_JMP | BPF_JEQ | BPF_X] = { "jeq", L2OPERAND_X },
	[BPF_JMP | BPF_JGT | BPF_K] = { "jgt", L2OPERAND_K },
	[BPF_JMP | BPF_JGT | BPF_X] = { "jgt", L2OPERAND_X },
	[BPF_JMP | BPF_JGE | BPF_K] = { "jge", L2OPERAND_K },
	[BPF_JMP | BPF_JGE | BPF_X] = { "jge", L2OPERAND_X },
	[BPF_JMP | BPF_JSET | BPF_K] = { "jset", L2OPERAND_K },
	[BPF_JMP | BPF_JSET | BPF_X] = { "jset", L2OPERAND_X },
	[BPF_RET | BPF_K] = { "ret", L2OPERAND_K },
	[BPF_RET | BPF_A] = { "ret", L2OPERAND_A },
	[BPF_MISC | BPF_TAX] = { "tax", L2OPERAND_NONE },
	[BPF_MISC | BPF_TXA] = { "txa", L2OPERAND_NONE },
};

static const struct l2alias aliases[] = {
	{ "ja", "jmp", 0, 0 },   { "ldi", "ld", 0, 1 },  { "ldxi", "ldx", 0, 1 },
	{ "jneq", "jeq", 1, 0 }, { "jne", "jeq", 1, 0 }, { "jlt", "jge", 1, 0 },
	{ "jle", "jgt", 1, 0 },
};

const char l2ancillary_names[L2ANCILLARY_COUNT][11] = {
	[L2FILTER_PROTOCOL] = "proto",      [L2FILTER_PKTTYPE] = "type",
	[L2FILTER_IFINDEX] = "ifidx",       [L2FILTER_NLATTR] = "nla",
	[L2FILTER_NLATTR_NEST] = "nlan",    [L2FILTER_MARK] = "mark",
	[L2FILTER_QUEUE] = "queue",         [L2FILTER_HATYPE] = "hatype",
	[L2FILTER_HASH] = "rxhash",         [L2FILTER_CPU] = "cpu",
	[L2FILTER_VLAN_TCI] = "vlan_tci",   [L2FILTER_VLAN_PRESENT] = "vlan_avail",
	[L2FILTER_PAY_OFFSET] = "poff",     [L2FILTER_RANDOM] = "rand",
	[L2FILTER_VLAN_TPID] = "vlan_tpid",
};

const struct l2opcode *l2opcode_of(uint32_t code)
{
	if (code >= sizeof(opcodes) / sizeof(opcodes[0]) || !opcodes[code].operand)
		return NULL;
	return &opcodes[code];
}

int l2insn_is_branch(const struct l2insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) != BPF_JA;
}

int l2insn_ancillary(const struct l2insn *insn)
{
	const struct l2opcode *opcode = l2opcode_of(insn->code);
	uint32_t number = insn->k - (uint32_t)SKF_AD_OFF;

	if (!opcode || opcode->operand != L2OPERAND_ABS || number >= SKF_AD_MAX || number % 4)
		return -1;
	return (int)(number / 4);
}

int l2opcode_find(const char *name, int operand)
{
	size_t i;

	for (i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if (opcodes[i].operand && (!operand || opcodes[i].operand == operand) &&
		    !strcmp(opcodes[i].name, name))
			return (int)i;
	return -1;
}

const struct l2alias *l2alias_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (!strcmp(aliases[i].name, name))
			return &aliases[i];
	return NULL;
}

const char *l2opposite_of(uint32_t code)
{
	const struct l2opcode *opcode = l2opcode_of(code);
	size_t i;

	for (i = 0; opcode && i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (aliases[i].inverted && !strcmp(aliases[i].means, opcode->name))
			return aliases[i].name;
	return NULL;
}
