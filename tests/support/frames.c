/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "case.h"
#include "frames.h"

static void put16(struct frame *f, uint16_t value)
{
	f->bytes[f->len++] = (uint8_t)(value >> 8);
	f->bytes[f->len++] = (uint8_t)value;
}

void frame_make(struct frame *f, const struct tag *tags, size_t n_tags, uint16_t ethertype,
		size_t len, uint8_t seed)
{
	static const uint8_t addresses[12] = { 0x02, 0, 0, 0, 0, 0xbb, 0x02, 0, 0, 0, 0, 0xaa };
	size_t i;

	memcpy(f->bytes, addresses, sizeof(addresses));
	f->len = sizeof(addresses);
	for (i = 0; i < n_tags; i++) {
		put16(f, tags[i].tpid);
		put16(f, tags[i].tci);
	}
	put16(f, ethertype);
	REQUIRE(len >= f->len && len <= sizeof(f->bytes));
	while (f->len < len)
		f->bytes[f->len++] = seed++;
}
