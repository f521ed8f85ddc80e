/* SPDX-License-Identifier: MIT */
/* The template's state: made by template.c, used by stamp.c. */
#ifndef L2SOCK_TEMPLATE_INTERNAL_H
#define L2SOCK_TEMPLATE_INTERNAL_H

#include <l2sock/template.h>

#include "build-internal.h"

#define L2TEMPLATE_SUMS 8 /* checksums that follow the values */

/* Bytes that vary: a value, shifted to its place among bits that stay. */
struct l2patch {
	uint64_t rest; /* the bits that stay, of an integer of "n" bytes */
	uint64_t most; /* the greatest value */
	uint32_t at;
	uint8_t n;
	uint8_t shift;
	uint16_t reserved;
};

/* l2follow.flags */
#define L2FOLLOW_LEFT    1u /* not complemented: somebody else completes it */
#define L2FOLLOW_NONZERO 2u /* 0xffff in place of 0 */

/*
 * A checksum that follows the values. The masks tell what varies of the bytes it covers: patches
 * and other such sums by their index, apart for those an odd number of bytes from its start.
 */
struct l2follow {
	uint32_t at;    /* of its field */
	uint32_t start; /* of the bytes it covers */
	uint32_t end;
	uint16_t rest; /* the sum of what stays */
	uint16_t patches;
	uint16_t odd_patches;
	uint8_t sums;
	uint8_t odd_sums;
	uint8_t flags;
	uint8_t record; /* whose it is */
	uint16_t reserved;
};

struct l2stamp {
	const uint8_t *bytes; /* the frame, with 0 for all that varies */
	struct l2build *build;
	uint32_t len;
	uint8_t n_patches;
	uint8_t n_sums;
	uint16_t reserved;
	struct l2patch patches[L2TEMPLATE_VALUES];
	struct l2follow sums[L2TEMPLATE_SUMS]; /* each behind those it covers */
} __attribute__((__may_alias__));

_Static_assert(sizeof(struct l2stamp) <= sizeof(struct l2template), "it fits its storage");

#endif /* L2SOCK_TEMPLATE_INTERNAL_H */
