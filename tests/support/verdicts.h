/* SPDX-License-Identifier: MIT */
/*
 * What the kernel delivers of frames on a veth pair, by bare system calls: at the receiving side,
 * where tags are taken out, and at the sending side's tap, where they are in the data; each on a
 * socket with link-layer headers and on a cooked one.
 */
#ifndef TEST_VERDICTS_H
#define TEST_VERDICTS_H

#include <stdbool.h>

#include "wire.h"

#define VERDICTS_BATCH 64 /* frames that every queue holds */

enum {
	VERDICTS_RECEIVING,
	VERDICTS_SENDING,
	VERDICTS_RECEIVING_COOKED,
	VERDICTS_SENDING_COOKED,
	VERDICTS_SIDES,
};

struct verdicts {
	int sender;
	int sides[VERDICTS_SIDES];
	int heralds[2]; /* see every batch pass, at the receiving and at the sending side */
};

/* In a network namespace of the caller's own. */
void verdicts_open(struct verdicts *v);

/* Puts a program in force at one side; returns 0 or the kernel's error. */
int verdicts_attach(const struct verdicts *v, int side, const struct l2insn *insns, size_t n);

/*
 * Sends frames; when it returns, all queues have got what the filters let pass. No frame may begin
 * with the byte 0xee or its payload with 0xed.
 */
void verdicts_send(const struct verdicts *v, const struct wire *frames, size_t n);

/* Discards what is queued at a side; returns how many frames that were. */
int verdicts_discard(const struct verdicts *v, int side);

/*
 * What a program that is meant for the wire says of a frame there, with the facts of a side;
 * -ENODATA when it asks for others.
 */
int64_t verdicts_wanted(const struct wire *w, int side, const struct l2insn *insns, size_t n);

/* Does a side get to see a frame at all, so that there is a verdict to compare? */
bool verdicts_sees(const struct wire *w, int side);

/*
 * Compares what is queued at a side with what must be: those frames that the program chooses on the
 * wire, each with the bytes it asks for. Fails the case when they differ; returns how many frames
 * were judged.
 */
uint32_t verdicts_compare(const struct verdicts *v, int side, const struct l2insn *insns, size_t n,
			  const struct wire *frames, size_t count);

#endif /* TEST_VERDICTS_H */
