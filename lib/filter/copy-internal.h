/* SPDX-License-Identifier: MIT */
/*
 * A copy of a program that does to frames as the kernel has them what the program does to the same
 * frames on the wire.
 */
#ifndef L2SOCK_COPY_INTERNAL_H
#define L2SOCK_COPY_INTERNAL_H

#include "flow-internal.h"
#include "writer-internal.h"

/* Sets of what an instruction reads or writes: a bit for each word of scratch memory, and two. */
#define L2USE_MEMORY ((1u << BPF_MEMWORDS) - 1)
#define L2USE_A      (1u << BPF_MEMWORDS)
#define L2USE_X      (2u << BPF_MEMWORDS)

struct l2copy {
	const struct l2insn *insns; /* the program */
	uint32_t n;
	const struct l2layout *layout;
	struct l2writer writer;
	struct l2filter_report *report;
	bool original;      /* the program itself has been written first: its parts can be used */
	bool needs_start;   /* some result depends on where the kernel's frame begins */
	bool memory_behind; /* some instruction behind this one uses scratch memory */
	uint32_t live_next; /* what the instruction written last and those behind it read */
	/* Of each instruction: what is known, where its copy is, what is read from there on. */
	uint16_t facts[L2_FILTER_MAX];
	uint16_t at[L2_FILTER_MAX];
	uint32_t live[L2_FILTER_MAX];
};

/* use.c */
uint32_t l2use_reads(const struct l2insn *insn);
uint32_t l2use_writes(const struct l2insn *insn);

/* load.c: the copies of loads, behind which @live is read. Return 0, or -EOPNOTSUPP. */
int l2load_absolute(struct l2copy *c, uint32_t pc, uint32_t live);
void l2load_indirect(struct l2copy *c, uint32_t pc, uint32_t live);
int l2load_header_length(struct l2copy *c, uint32_t pc, uint32_t live);
int l2load_length(struct l2copy *c, uint32_t pc, uint32_t live);

/* copy.c: write the copy for c->layout; its beginning is c->at[0]. */
int l2copy_write(struct l2copy *c);
int l2copy_too_long(const struct l2copy *c);

#endif /* L2SOCK_COPY_INTERNAL_H */
