/* SPDX-License-Identifier: MIT */
/*
 * Writing a program from its end to its beginning.
 *
 * Programs only jump forward, so this way every target is there before the jump to it, and the
 * distance is known. A label counts the instructions from the end: that of the instruction written
 * last is the count itself.
 */
#ifndef L2SOCK_WRITER_INTERNAL_H
#define L2SOCK_WRITER_INTERNAL_H

#include <l2sock/types.h>

struct l2writer {
	struct l2insn *ret; /* NULL: count only */
	uint32_t total;     /* the length, known by counting first */
	uint32_t count;     /* instructions written so far */
};

/* Some instructions in the order in which they run. */
struct l2steps {
	struct l2insn insns[16];
	uint32_t n;
};

void l2steps_add(struct l2steps *steps, unsigned int code, uint32_t k);

void l2writer_put(struct l2writer *w, unsigned int code, uint32_t k);
void l2writer_put_insn(struct l2writer *w, struct l2insn insn);
void l2writer_put_steps(struct l2writer *w, const struct l2steps *steps);

/* Goes on at a label; writes nothing if that is where the program goes on anyway. */
void l2writer_go(struct l2writer *w, uint32_t label);

/* Goes on at one of two labels, near or far; no jump if they are the same. */
void l2writer_branch(struct l2writer *w, unsigned int code, uint32_t k, uint32_t holds,
		     uint32_t fails);

#endif /* L2SOCK_WRITER_INTERNAL_H */
