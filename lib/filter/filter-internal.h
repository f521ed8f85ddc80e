/* SPDX-License-Identifier: MIT */
/* What the files about programs share. */
#ifndef L2SOCK_FILTER_INTERNAL_H
#define L2SOCK_FILTER_INTERNAL_H

#include <linux/filter.h>

#include <l2sock/filter.h>

/* Where an instruction finds its operand. */
enum {
	L2OPERAND_NONE = 1, /* has none */
	L2OPERAND_K,        /* the constant */
	L2OPERAND_X,        /* the other register */
	L2OPERAND_A,        /* the accumulator */
	L2OPERAND_ABS,      /* the frame at k */
	L2OPERAND_IND,      /* the frame at X + k */
	L2OPERAND_MSH,      /* the header length in the frame at k */
	L2OPERAND_MEM,      /* the scratch memory at k */
	L2OPERAND_LEN,      /* the frame's length */
	L2OPERAND_TARGET,   /* the instruction to jump to */
};

struct l2opcode {
	char name[6]; /* as in bpf_asm */
	uint8_t operand;
};

/* The opcode of an instruction, NULL when the kernel has none of that code. */
const struct l2opcode *l2opcode_of(uint32_t code);

/* The code of the instruction with a name and form of operand; any form: 0. -1 without one. */
int l2opcode_find(const char *name, int operand);

/* Another name of an instruction. */
struct l2alias {
	char name[6];
	char means[6];
	uint8_t inverted; /* its label is where the condition is false */
	uint8_t bare;     /* its constant may stand there without '#' */
};

const struct l2alias *l2alias_of(const char *name);

/* The name of the opposite condition, NULL when there is none. */
const char *l2opposite_of(uint32_t code);

/* The names of the ancillary fields in bpf_asm; XOR has none. */
#define L2ANCILLARY_COUNT 16
extern const char l2ancillary_names[L2ANCILLARY_COUNT][11];

/* A jump on a condition: it has two targets. */
int l2insn_is_branch(const struct l2insn *insn);

/* The number of an ancillary load, L2FILTER_*; -1 when the instruction is none. */
int l2insn_ancillary(const struct l2insn *insn);

/*
 * The kernel translates a program into its own instructions. How many it makes of one; how many it
 * puts in front of them all, which depends on whether any of them loads from the frame.
 */
uint32_t l2insn_translated(const struct l2insn *insn);
int l2insn_reads_frame(const struct l2insn *insn);
uint32_t l2filter_prologue(const struct l2insn *insns, size_t n);

/* Fill the report, if there is one, and return the code. */
int l2report_insn(struct l2filter_report *report, int code, size_t index, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int l2report_text(struct l2filter_report *report, int code, size_t line, size_t column,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif /* L2SOCK_FILTER_INTERNAL_H */
