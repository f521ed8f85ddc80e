/* SPDX-License-Identifier: MIT */
/*
 * asm.h - write filter programs in C, with labels
 *
 *	struct l2asm_item items[16];
 *	struct l2asm a;
 *	uint32_t drop;
 *
 *	l2asm_init(&a, items, 16);
 *	drop = l2asm_label(&a);
 *	l2asm_add(&a, BPF_LD | BPF_H | BPF_ABS, 12);
 *	l2asm_branch(&a, BPF_JMP | BPF_JEQ | BPF_K, L2_ETHERTYPE_ARP, L2ASM_NEXT, drop);
 *	l2asm_add(&a, BPF_RET | BPF_K, L2_FRAME_MAX);
 *	l2asm_place(&a, drop);
 *	l2asm_add(&a, BPF_RET | BPF_K, 0);
 *	n = l2asm_finish(&a, insns, max, &report);
 *
 * The codes are those of <linux/filter.h>. The first error sticks, later calls do nothing, and
 * l2asm_finish() reports it. Jumps on a condition reach 256 instructions in the kernel; here they
 * reach any label ahead.
 */
#ifndef L2SOCK_ASM_H
#define L2SOCK_ASM_H

#include <l2sock/filter.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2ASM_NEXT 0 /* in place of a label: the next instruction */

/* Room for one instruction or one label. */
struct l2asm_item {
	uint64_t opaque[2];
};

/* The assembler. Needs no clean-up. */
struct l2asm {
	uint64_t opaque[8];
};

/*
 * l2asm_init - start a program
 *
 * @items: room for instructions and labels, @n together; has to stay until l2asm_finish()
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2asm_init(struct l2asm *a, struct l2asm_item *items, size_t n);

/*
 * l2asm_label - make a label, to be placed later
 *
 * Returns it, L2ASM_NEXT after an error. Safe from any thread. Since 0.1.
 */
L2_API uint32_t l2asm_label(struct l2asm *a);

/*
 * l2asm_place - the label stands for the instruction that is added next
 *
 * Each label is placed once, any number of them at one instruction. Safe from any thread.
 * Since 0.1.
 */
L2_API void l2asm_place(struct l2asm *a, uint32_t label);

/*
 * l2asm_add - add an instruction that is no jump
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2asm_add(struct l2asm *a, uint32_t code, uint32_t k);

/*
 * l2asm_branch - add a jump on a condition
 *
 * @yes: where to go when the condition is true: a label or L2ASM_NEXT
 * @no:	 where to go when it is false
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2asm_branch(struct l2asm *a, uint32_t code, uint32_t k, uint32_t yes, uint32_t no);

/*
 * l2asm_jump - add a jump
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2asm_jump(struct l2asm *a, uint32_t label);

/*
 * l2asm_finish - the program
 *
 * @insns:  where the instructions go, @max of them; undefined on failure
 * @report: on failure, how many instructions were added before the wrong one, and what is wrong;
 *	    may be NULL
 *
 * A jump on a condition whose label is too far is followed by a plain one, and a plain one to the
 * next instruction is left out. The program is not checked: l2filter_check() tells whether the
 * kernel would take it.
 *
 * Returns the number of instructions, or
 *   -EINVAL  an unknown code, or one that does not belong into the function that got it; a label
 *	      that was not made, is not placed, is placed twice, or is not ahead of the jump; there
 *	      is no instruction; or @insns is NULL
 *   -ENOSPC  the items are used up, or the program has more than @max instructions
 *   -E2BIG   the program has more than L2_FILTER_MAX instructions
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2asm_finish(struct l2asm *a, struct l2insn *insns, size_t max,
			    struct l2filter_report *report);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_ASM_H */
