/* SPDX-License-Identifier: MIT */
/* Frames with random layers, and what the parser must say of them. */
#ifndef CRAFT_H
#define CRAFT_H

#include <l2sock/frame.h>

#define FRAME_MAX 4096
#define ASKED_MAX 128

/* A field that was given a value, and the layer it is in. */
struct asked {
	uint32_t layer;
	uint32_t field;
	uint64_t value;
};

struct craft {
	struct l2frame f;
	uint8_t buf[FRAME_MAX];
	uint64_t seed;
	uint32_t layers; /* so far */
	struct asked asked[ASKED_MAX];
	size_t n_asked;
};

/* Adds everything to the frame, which has been started in "buf"; equal seeds make equal frames. */
void craft_frame(struct craft *c);

#endif /* CRAFT_H */
