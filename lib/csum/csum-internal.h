/* SPDX-License-Identifier: MIT */
/*
 * csum-internal.h - the ways to add up bytes, one of which the machine runs best
 */
#ifndef L2CSUM_INTERNAL_H
#define L2CSUM_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <l2sock/csum.h>

/*
 * One way. Its functions add @len bytes to the sum under way: l2csum_add() and l2csum_copy() only
 * jump to them.
 */
struct l2csum_variant {
	const char *name;
	bool (*usable)(void); /* on this machine */
	void (*add)(struct l2csum *c, const void *data, size_t len);
	void (*copy)(struct l2csum *c, void *dst, const void *src, size_t len);
};

/* All that this build has, the best one first; the last one runs everywhere. Ends with NULL. */
extern const struct l2csum_variant *const l2csum_variants[];

/* Takes this one from now on, for tests: without, it is the first usable one. */
void l2csum_use(const struct l2csum_variant *v);

extern const struct l2csum_variant l2csum_scalar;
extern const struct l2csum_variant l2csum_sse2;   /* x86 */
extern const struct l2csum_variant l2csum_avx2;   /* x86 */
extern const struct l2csum_variant l2csum_avx512; /* x86-64 */

#define L2CSUM_INLINE static inline __attribute__((always_inline))

/* What the bytes that follow come to, in any number of bits; 0 only if they are all 0. */
L2CSUM_INLINE void l2csum_follow(struct l2csum *c, uint64_t sum, size_t len)
{
	const struct l2csum next = { .sum = sum, .odd = len & 1 };

	l2csum_append(c, &next);
}

/* What is added up; and copied, unless @to is NULL. */
struct l2csum_bytes {
	const uint8_t *from;
	uint8_t *to;
};

L2CSUM_INLINE uint64_t l2csum_take64(const struct l2csum_bytes *b, size_t at)
{
	uint64_t n;

	memcpy(&n, b->from + at, sizeof(n));
	if (b->to)
		memcpy(b->to + at, &n, sizeof(n));
	return n;
}

L2CSUM_INLINE uint64_t l2csum_take32(const struct l2csum_bytes *b, size_t at)
{
	uint32_t n;

	memcpy(&n, b->from + at, sizeof(n));
	if (b->to)
		memcpy(b->to + at, &n, sizeof(n));
	return n;
}

L2CSUM_INLINE uint64_t l2csum_take16(const struct l2csum_bytes *b, size_t at)
{
	uint16_t n;

	memcpy(&n, b->from + at, sizeof(n));
	if (b->to)
		memcpy(b->to + at, &n, sizeof(n));
	return n;
}

/*
 * The last of an odd number of bytes as the first of a word, else 0. It is added on its own, so
 * that what ends before it is whole words. There is at least one byte.
 */
L2CSUM_INLINE uint64_t l2csum_last_byte(const struct l2csum_bytes *b, size_t len)
{
	uint8_t last = b->from[len - 1];
	const uint8_t word[2] = { last & (uint8_t) - (len & 1), 0 };
	uint16_t n;

	if (b->to)
		b->to[len - 1] = last;
	memcpy(&n, word, sizeof(n));
	return n;
}

/* Of bytes that do not fill a vector, or are too few to be worth one. */
L2CSUM_INLINE uint64_t l2csum_sum_short(const struct l2csum_bytes *b, size_t len)
{
	uint64_t sum = 0;
	uint64_t word;
	size_t at;

	for (at = 0; at + 8 <= len; at += 8) {
		word = l2csum_take64(b, at);
		sum += word;
		sum += sum < word;
	}
	sum = (sum >> 32) + (uint32_t)sum;
	if (len & 4) {
		sum += l2csum_take32(b, at);
		at += 4;
	}
	if (len & 2)
		sum += l2csum_take16(b, at);
	if (len & 1)
		sum += l2csum_last_byte(b, len);
	return sum;
}

#endif /* L2CSUM_INTERNAL_H */
