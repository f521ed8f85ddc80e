/* SPDX-License-Identifier: MIT */
/*
 * Sums of headers and payload, in the order of this machine: 16-bit words as they stand in memory.
 * A sum of an odd number of bytes counts the last one as the first of its word.
 */
#ifndef L2SOCK_SUM_INTERNAL_H
#define L2SOCK_SUM_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes-internal.h"

static inline uint16_t l2sum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* n bytes; folds neither before nor after, for headers. */
static inline uint64_t l2sum_header(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;
	uint32_t word;
	uint16_t half;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum += word;
	}
	if (n & 2) {
		memcpy(&half, p, sizeof(half));
		sum += half;
		p += sizeof(half);
	}
	if (n & 1)
		sum += l2bytes_swap16((uint16_t)(*p << 8));
	return sum;
}

static inline uint16_t l2sum_bytes(const uint8_t *p, size_t n)
{
	return l2sum_fold(l2sum_header(p, n));
}

static inline uint16_t l2sum_copy(uint8_t *dst, const uint8_t *src, size_t n)
{
	memcpy(dst, src, n);
	return l2sum_bytes(dst, n);
}

/* The sum of bytes of which the latter begin behind n bytes of the former. */
static inline uint64_t l2sum_join(uint64_t former, size_t n, uint16_t latter)
{
	return former + (n & 1 ? __builtin_bswap16(latter) : latter);
}

#endif /* L2SOCK_SUM_INTERNAL_H */
