/* SPDX-License-Identifier: MIT */
/* Writing a program backward. */
#include <linux/filter.h>

#include "writer-internal.h"

void l2steps_add(struct l2steps *steps, unsigned int code, uint32_t k)
{
	steps->insns[steps->n++] = (struct l2insn) { (uint16_t)code, 0, 0, k };
}

void l2writer_put_insn(struct l2writer *w, struct l2insn insn)
{
	w->count++;
	if (w->ret && w->count <= w->total)
		w->ret[w->total - w->count] = insn;
}

void l2writer_put(struct l2writer *w, unsigned int code, uint32_t k)
{
	l2writer_put_insn(w, (struct l2insn) { (uint16_t)code, 0, 0, k });
}

void l2writer_put_steps(struct l2writer *w, const struct l2steps *steps)
{
	uint32_t i = steps->n;

	while (i--)
		l2writer_put_insn(w, steps->insns[i]);
}

static void jump(struct l2writer *w, uint32_t label)
{
	l2writer_put(w, BPF_JMP | BPF_JA, w->count - label);
}

void l2writer_go(struct l2writer *w, uint32_t label)
{
	if (label != w->count)
		jump(w, label);
}

/*
 * Conditional jumps are 8 bits wide: a far target gets a jump that is near. One instruction is left
 * over for the other target's.
 */
static uint32_t near(struct l2writer *w, uint32_t label)
{
	if (w->count - label < UINT8_MAX)
		return label;
	jump(w, label);
	return w->count;
}

void l2writer_branch(struct l2writer *w, unsigned int code, uint32_t k, uint32_t holds,
		     uint32_t fails)
{
	if (holds == fails) {
		l2writer_go(w, holds);
		return;
	}
	fails = near(w, fails);
	holds = near(w, holds);
	l2writer_put_insn(w, (struct l2insn) { (uint16_t)code, (uint8_t)(w->count - holds),
					       (uint8_t)(w->count - fails), k });
}
