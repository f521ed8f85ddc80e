/* SPDX-License-Identifier: MIT */
/*
 * Sums of headers and payload, in the order of this machine: 16-bit words as they stand in memory.
 * A sum of an odd number of bytes counts the last one as the first of its word. Payload goes
 * through l2csum; headers are added up where they are.
 */
#ifndef L2SOCK_SUM_INTERNAL_H
#define L2SOCK_SUM_INTERNAL_H

#include <l2sock/csum.h>

#include "../csum/csum-internal.h"
#include "bytes-internal.h"

/* 0 only of a sum of zeros. */
static inline uint16_t l2sum_fold(uint64_t sum)
{
	const struct l2csum c = { .sum = sum };

	return l2csum_fold(&c);
}

static inline uint64_t l2sum_word(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline uint64_t l2sum_half(const uint8_t *p)
{
	uint16_t half;

	memcpy(&half, p, sizeof(half));
	return half;
}

/* A header of n bytes; of any length, but made for short ones. */
static inline uint64_t l2sum_header(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	for (; n >= 8; n -= 8, p += 8)
		sum += l2sum_word(p) + l2sum_word(p + 4);
	if (n & 4) {
		sum += l2sum_word(p);
		p += 4;
	}
	if (n & 2) {
		sum += l2sum_half(p);
		p += 2;
	}
	if (n & 1)
		sum += l2bytes_swap16((uint16_t)(*p << 8));
	return sum;
}

static inline uint16_t l2sum_bytes(const uint8_t *p, size_t n)
{
	struct l2csum c = { 0 };

	l2csum_add(&c, p, n);
	return l2csum_fold(&c);
}

/* Up to here a call, and adding up the lanes of a vector, would take longer. */
#define L2SUM_SHORT 64

static inline uint16_t l2sum_copy(uint8_t *dst, const uint8_t *src, size_t n)
{
	const struct l2csum_bytes bytes = { .from = src, .to = dst };
	struct l2csum c = { 0 };

	if (n <= L2SUM_SHORT)
		return l2sum_fold(l2csum_sum_short(&bytes, n));
	l2csum_copy(&c, dst, src, n);
	return l2csum_fold(&c);
}

/*
 * What takes the two bytes at an even place out of a sum that has them. It serves to sum up a
 * header before its last fields are written: to read these back at once costs a store's latency.
 */
static inline uint16_t l2sum_minus(const uint8_t *p)
{
	return (uint16_t)~l2sum_half(p);
}

/* The sum of bytes of which the latter begin behind n bytes of the former. */
static inline uint64_t l2sum_join(uint64_t former, size_t n, uint16_t latter)
{
	return former + (n & 1 ? __builtin_bswap16(latter) : latter);
}

#endif /* L2SOCK_SUM_INTERNAL_H */
