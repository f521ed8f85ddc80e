/* SPDX-License-Identifier: MIT */
/* Which instructions a program reaches, and with which values, on frames of one layout. */
#ifndef L2SOCK_FLOW_INTERNAL_H
#define L2SOCK_FLOW_INTERNAL_H

#include "layout-internal.h"

/* What is known of an instruction. */
#define L2FLOW_REACHED 0x8000u
#define L2FLOW_HOLDS   0x0001u /* a branch that may be taken */
#define L2FLOW_FAILS   0x0002u /* and one that may be not */

/*
 * An indirect load: the offsets it may have. One bit stands for all below L2LAYOUT_FIRST, one for
 * each up to L2LAYOUT_LAST, which includes all above, and one for the negative ones.
 */
#define L2FLOW_LOW            0x0001u
#define L2FLOW_OFFSET(offset) (0x0002u << ((offset)-L2LAYOUT_FIRST))
#define L2FLOW_NEGATIVE       0x0800u

/* Finds the facts about each instruction. */
void l2flow_trace(const struct l2insn *insns, size_t n, const struct l2layout *layout,
		  uint16_t *facts);

/* May an indirect load have this offset, or with L2LAYOUT_LAST this one or one above? */
static inline bool l2flow_may_have(uint16_t facts, uint32_t offset)
{
	return facts & (offset < L2LAYOUT_FIRST ? L2FLOW_LOW : L2FLOW_OFFSET(offset));
}

#endif /* L2SOCK_FLOW_INTERNAL_H */
