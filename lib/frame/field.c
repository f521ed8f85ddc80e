/* SPDX-License-Identifier: MIT */
/* Fields of up to 64 bits, wherever they begin. */
#include "bytes-internal.h"
#include "proto-internal.h"

uint64_t l2field_read(const uint8_t *header, uint32_t field)
{
	uint32_t bit = l2field_bit(field);
	uint32_t left = l2field_width(field);
	uint64_t value = 0;

	header += bit / 8;
	bit %= 8;
	while (left) {
		uint32_t n = 8 - bit < left ? 8 - bit : left; /* bits of this byte */
		uint32_t below = 8 - bit - n;                 /* its bits that belong to others */

		value = value << n | ((uint32_t)*header++ >> below & ((1u << n) - 1));
		left -= n;
		bit = 0;
	}
	return value;
}

void l2field_write(uint8_t *header, uint32_t field, uint64_t value)
{
	uint32_t bit = l2field_bit(field);
	uint32_t left = l2field_width(field);

	header += bit / 8;
	bit %= 8;
	while (left) {
		uint32_t n = 8 - bit < left ? 8 - bit : left;
		uint32_t below = 8 - bit - n;
		uint32_t mask = ((1u << n) - 1) << below;

		left -= n;
		*header = (uint8_t)((*header & ~mask) |
				    ((uint32_t)(value >> left) << below & mask));
		header++;
		bit = 0;
	}
}
