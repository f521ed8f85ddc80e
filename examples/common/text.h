/* SPDX-License-Identifier: MIT */
/* A line of text under construction. What does not fit is left out. */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
	size_t len;
	char buf[1024];
};

void text_str(struct text *t, const char *s);
void text_dec(struct text *t, uint64_t value);
void text_pad(struct text *t, uint64_t value, unsigned int digits);
void text_hex(struct text *t, uint64_t value, unsigned int digits);

#endif /* TEXT_H */
