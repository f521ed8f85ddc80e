/* SPDX-License-Identifier: MIT */
/*
 * Where the bytes of a frame on the wire are when the kernel's filter runs.
 *
 * A layout is a list of spans that covers the frame from its first byte on. A program's loads
 * with offsets from L2FILTER_LINK have a list of their own: they count from the link-layer header,
 * wherever the kernel's frame begins.
 */
#ifndef L2SOCK_LAYOUT_INTERNAL_H
#define L2SOCK_LAYOUT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "filter-internal.h"
#include "range-internal.h"

/* No boundary between spans is above this offset, and no load across one starts below the other. */
#define L2LAYOUT_FIRST 9
#define L2LAYOUT_LAST  18

enum l2source {
	L2SOURCE_FRAME, /* at another offset */
	L2SOURCE_TPID,  /* the kernel took it out: an ancillary load */
	L2SOURCE_TCI,   /* the same */
};

struct l2span {
	uint32_t from; /* offset on the wire; the next span's is where this one ends */
	enum l2source source;
	uint32_t shift; /* to be added to an offset on the wire, modulo 2^32 */
};

struct l2layout {
	const struct l2span *frame;
	const struct l2span *link; /* for offsets from L2FILTER_LINK */
	uint32_t missing;          /* bytes of the wire that the kernel's frame lacks */
	uint32_t least;            /* deliver so many to one who wants some of those only */
	bool tagged;               /* the kernel took a tag out */
};

extern const struct l2layout l2layout_tagged;
extern const struct l2layout l2layout_cooked;
extern const struct l2layout l2layout_cooked_tagged;

/* A place on the wire that an absolute load names. */
struct l2place {
	const struct l2span *spans;
	uint32_t base; /* what the program adds to the offset: 0 or L2FILTER_LINK */
	uint32_t offset;
};

/* Finds the place of a load with the constant @k; false when it is not in the frame. */
bool l2layout_place(const struct l2layout *layout, uint32_t k, struct l2place *ret);

/* The span that an offset is in. */
const struct l2span *l2layout_span(const struct l2span *spans, uint32_t offset);

/* Are all bytes of a load next to each other in the kernel's frame? Then *ret is their shift. */
bool l2layout_is_whole(const struct l2place *place, uint32_t size, uint32_t *ret);

/* The values that a load can have. */
struct l2range l2layout_range(const struct l2place *place, uint32_t size);

/* The value to return in place of @k, so that the bytes delivered are those asked for. */
uint32_t l2layout_return(const struct l2layout *layout, uint32_t k);

/* 1, 2 or 4: the bytes of a load from the frame. */
static inline uint32_t l2insn_size(const struct l2insn *insn)
{
	return BPF_SIZE(insn->code) == BPF_W ? 4 : BPF_SIZE(insn->code) == BPF_H ? 2 : 1;
}

#endif /* L2SOCK_LAYOUT_INTERNAL_H */
