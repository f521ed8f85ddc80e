/* SPDX-License-Identifier: MIT */
/* Failures told once each, and counted. */
#ifndef COMPLAINTS_H
#define COMPLAINTS_H

#include <stdint.h>

#define COMPLAINTS_MAX 8

/* Starts as zero. */
struct complaints {
	uint64_t others; /* failures beyond those that are remembered */
	unsigned int n;
	struct {
		uint64_t times;
		char text[256];
	} known[COMPLAINTS_MAX];
};

/* Writes the sentence to stderr unless it was there before. */
void complaints_add(struct complaints *c, const char *program, const char *sentence);

/* Tells how often each came again. */
void complaints_sum(const struct complaints *c, const char *program);

#endif /* COMPLAINTS_H */
