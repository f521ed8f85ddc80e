/* SPDX-License-Identifier: MIT */
/*
 * words-internal.h - the body of a variant, for vectors of any width
 *
 * To be included once by the file of a variant, which defines before:
 *
 *	WIDTH	bytes of a vector: 8, 16 or 32
 *	TARGET	an attribute that lets the compiler use them
 *
 * A vector consists of 64-bit lanes, which are added up twice: as they are, so that their upper
 * halves get lost in the carry, and shifted, so that only the upper halves count. What the lower
 * halves come to is the difference. That is three operations for a vector, without overflow.
 *
 * Odd lengths that keep changing make branches that cannot be predicted. So the rest behind the
 * last whole block takes none: the block that ends where the data do is read once more, and what
 * was seen before is masked out.
 */
#ifndef L2CSUM_WORDS_INTERNAL_H
#define L2CSUM_WORDS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BLOCK      ((size_t)4 * WIDTH)
#define MASKED_MAX 128 /* bytes of the largest block */
#define INLINE     TARGET static inline __attribute__((always_inline))

typedef uint64_t l2csum_vector __attribute__((vector_size(WIDTH)));

struct l2csum_lanes {
	l2csum_vector whole;
	l2csum_vector upper;
};

/* A window of n bytes into it that begins at "MASKED_MAX - n + keep" keeps the last "keep". */
static const uint8_t l2csum_mask[2 * MASKED_MAX] = { [MASKED_MAX... 2 * MASKED_MAX - 1] = 0xff };

#endif
