/* SPDX-License-Identifier: MIT */
/*
 * A frame on the wire and what the kernel makes of it before it runs a filter: the outer tag beside
 * the data, and on a cooked handle the header in front of it. As tests/net/wire.c sees it happen.
 */
#ifndef TEST_WIRE_H
#define TEST_WIRE_H

#include <stdbool.h>

#include <l2sock/filter.h>

#define WIRE_ROOM 160

struct wire {
	uint8_t bytes[WIRE_ROOM]; /* on the wire */
	uint32_t len;
};

struct view {
	uint8_t bytes[WIRE_ROOM]; /* as the kernel has it, from the link-layer header on */
	uint32_t len;
	uint32_t header;  /* bytes of that in front of where the filter's frame begins */
	uint32_t missing; /* bytes of the wire that the filter's frame lacks */
	struct l2filter_facts facts;
};

/* A tag as lists of tags have it: TPID and TCI. A list ends with 0. */
#define WIRE_TAG(tpid, tci) ((uint32_t)(tpid) << 16 | (tci))

/*
 * A frame with these tags and @len bytes in all, the rest of them counted up. Returns the bytes of
 * its header.
 */
uint32_t wire_make(struct wire *w, const uint32_t *tags, uint16_t type, uint32_t len);

/* What the program is told about the frame itself; the ancillary facts are the caller's. */
void wire_facts(const struct wire *w, struct l2filter_facts *facts);

/* What the kernel has; @facts are those on the wire. */
void wire_view(const struct wire *w, const struct l2filter_facts *facts, bool cooked,
	       struct view *ret);

/* Runs a program on the frame as the kernel has it. */
int64_t view_run(const struct view *v, const struct l2insn *insns, size_t n);

/* What the kernel's filter has to return when the program asked for so many bytes of the wire. */
uint32_t view_return(const struct view *v, uint32_t wanted);

#endif /* TEST_WIRE_H */
