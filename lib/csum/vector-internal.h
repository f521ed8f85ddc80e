/* SPDX-License-Identifier: MIT */
/*
 * vector-internal.h - the body of a variant, for vectors of any width
 *
 * To be included by the file of a variant, which defines before
 *
 *	WIDTH	the bytes of a vector: 8, 16 or 32
 *	TARGET	the attribute that lets the compiler use such vectors
 *
 * and gets sum_bytes().
 *
 * A vector consists of 64-bit lanes, which are added up in two ways: as they are, so that what
 * their upper halves carry is lost, and shifted, so that only the upper halves count. The lower
 * halves are the difference. So a vector takes three operations, and nothing overflows.
 *
 * Lengths that keep changing make branches that cannot be predicted. So the rest behind the last
 * vector takes none: the vector that ends where the data do is read, and what of it was seen before
 * is masked out.
 */
#ifndef L2CSUM_VECTOR_INTERNAL_H
#define L2CSUM_VECTOR_INTERNAL_H

#include "csum-internal.h"

#define INLINE TARGET static inline __attribute__((always_inline))

#if WIDTH > 8
typedef uint64_t vector __attribute__((vector_size(WIDTH)));
#define LANE(v, i) ((v)[i])
#else
typedef uint64_t vector;
#define LANE(v, i) (v)
#endif

/* Where a compiler would rather read memory twice than keep what it read. */
#if WIDTH > 8 && (defined(__x86_64__) || defined(__i386__))
#define KEEP(v) __asm__("" : "+x"(v))
#else
#define KEEP(v)
#endif

struct lanes {
	vector whole;
	vector upper;
};

#define NO_LANES ((struct lanes) { (vector) { 0 }, (vector) { 0 } })

/* What begins n bytes into it keeps the last n bytes of a vector. */
static const uint8_t masks[2 * WIDTH] = {
	[WIDTH] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
#if WIDTH > 8
	0xff,           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
#endif
#if WIDTH > 16
	0xff,           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff,           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
#endif
};

INLINE vector load(const uint8_t *from)
{
	vector v;

	memcpy(&v, from, sizeof(v));
	KEEP(v);
	return v;
}

INLINE vector take(const struct l2csum_bytes *b, size_t at)
{
	vector v = load(b->from + at);

	if (b->to)
		memcpy(b->to + at, &v, sizeof(v));
	return v;
}

INLINE void add(struct lanes *sum, vector v)
{
	sum->whole += v;
	sum->upper += v >> 32;
}

INLINE uint64_t total(const struct lanes *sum)
{
	vector upper = sum[0].upper + sum[1].upper;
	vector v = sum[0].whole + sum[1].whole - (upper << 32) + upper;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < WIDTH / sizeof(n); i++)
		n += LANE(v, i);
	return n;
}

/* Neighbours go to different sums: they need not wait for each other's addition. */
INLINE uint64_t sum_bytes(struct l2csum_bytes b, size_t len)
{
	struct lanes sum[2] = { NO_LANES, NO_LANES };
	size_t even = len & ~(size_t)1;
	size_t at;

	if (len < WIDTH)
		return l2csum_sum_short(&b, len);
	for (at = 0; at + 4 * WIDTH <= even; at += 4 * WIDTH) {
		add(&sum[0], take(&b, at));
		add(&sum[1], take(&b, at + WIDTH));
		add(&sum[0], take(&b, at + 2 * WIDTH));
		add(&sum[1], take(&b, at + 3 * WIDTH));
	}
	for (; at + WIDTH <= even; at += WIDTH)
		add(&sum[0], take(&b, at));
	add(&sum[1], take(&b, even - WIDTH) & load(masks + even % WIDTH));
	return total(sum) + l2csum_last_byte(&b, len);
}

#endif /* L2CSUM_VECTOR_INTERNAL_H */
