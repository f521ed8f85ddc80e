/* SPDX-License-Identifier: MIT */
/* Frames to send: addresses, any number of tags, a type, and bytes that tell them apart. */
#ifndef TEST_FRAMES_H
#define TEST_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct tag {
	uint16_t tpid;
	uint16_t tci;
};

struct frame {
	uint8_t bytes[9100];
	size_t len;
};

/* Addressed to somebody else; filled up with a counting pattern that starts at the seed. */
void frame_make(struct frame *f, const struct tag *tags, size_t n_tags, uint16_t ethertype,
		size_t len, uint8_t seed);

#endif /* TEST_FRAMES_H */
