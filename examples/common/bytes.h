/* SPDX-License-Identifier: MIT */
/* The captured bytes of a frame, taken from the front and never beyond their end. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *at;
	size_t left;
	bool cut; /* the frame went on behind the captured bytes */
};

/* The next n bytes, or NULL when fewer are left. */
static inline const uint8_t *bytes_take(struct bytes *b, size_t n)
{
	const uint8_t *taken = b->at;

	if (b->left < n)
		return NULL;
	b->at += n;
	b->left -= n;
	return taken;
}

static inline uint16_t bytes_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t bytes_be32(const uint8_t *p)
{
	return (uint32_t)bytes_be16(p) << 16 | bytes_be16(p + 2);
}

#endif /* BYTES_H */
