/* SPDX-License-Identifier: MIT */
/* Integers in the order of the wire, at any address. */
#ifndef L2SOCK_BYTES_INTERNAL_H
#define L2SOCK_BYTES_INTERNAL_H

#include <stdint.h>
#include <string.h>

#define L2BYTES_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* Between host order and the order of the wire. */
static inline uint16_t l2bytes_swap16(uint16_t v)
{
	return L2BYTES_LITTLE ? __builtin_bswap16(v) : v;
}

static inline uint32_t l2bytes_swap32(uint32_t v)
{
	return L2BYTES_LITTLE ? __builtin_bswap32(v) : v;
}

static inline uint64_t l2bytes_swap64(uint64_t v)
{
	return L2BYTES_LITTLE ? __builtin_bswap64(v) : v;
}

static inline uint16_t l2bytes_get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return l2bytes_swap16(v);
}

static inline uint32_t l2bytes_get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return l2bytes_swap32(v);
}

static inline void l2bytes_put16(uint8_t *p, uint16_t v)
{
	v = l2bytes_swap16(v);
	memcpy(p, &v, sizeof(v));
}

static inline void l2bytes_put32(uint8_t *p, uint32_t v)
{
	v = l2bytes_swap32(v);
	memcpy(p, &v, sizeof(v));
}

#endif /* L2SOCK_BYTES_INTERNAL_H */
