/* SPDX-License-Identifier: MIT */
/* Random classic-BPF programs and frames; the same seed gives the same. */
#ifndef TEST_PROGRAM_H
#define TEST_PROGRAM_H

#include <stddef.h>

#include <l2sock/filter.h>

struct dice {
	uint64_t state;
};

/* Case number "nr" of a test; the seed is that of random.h. */
void dice_start(struct dice *d, uint64_t nr);
uint32_t dice_word(struct dice *d);
uint32_t dice_below(struct dice *d, uint32_t n);

/* Where programs read: the frame alone, or ancillary fields and link and network header too. */
#define PROGRAM_FRAME 0
#define PROGRAM_ALL   1

/* A program that is valid, at most @max (8 or more) instructions; returns how many. */
size_t program_valid(struct dice *d, struct l2insn *insns, size_t max, int reads);

/*
 * Has loads point to the header, where l2filter_wire() has the most to do, and none to the tag
 * beside the frame: it leaves a program with such a load as it is.
 */
void program_aim(struct dice *d, struct l2insn *insns, size_t n);

/* Breaks a program a little, which may leave it valid; returns its new length, at least 1. */
size_t program_mutate(struct dice *d, struct l2insn *insns, size_t n);

/* A program that is large in the kernel: its translation reaches the limits of jumps. */
size_t program_large(struct dice *d, struct l2insn *insns);

/* Bytes that look a little like a frame. */
void program_frame(struct dice *d, uint8_t *frame, size_t len);

#endif /* TEST_PROGRAM_H */
