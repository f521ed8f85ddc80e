/* SPDX-License-Identifier: MIT */
/*
 * Numbers as text. No printf: under load most of a dump's time goes into its lines.
 */
#include <string.h>

#include "text.h"

static void append(struct text *t, const char *s, size_t n)
{
	size_t room = sizeof(t->buf) - t->len;

	if (n > room)
		n = room;
	memcpy(t->buf + t->len, s, n);
	t->len += n;
}

/* At least that many digits. */
static void number(struct text *t, uint64_t value, unsigned int base, unsigned int digits)
{
	char buf[24];
	char *at = buf + sizeof(buf);
	char *least = at - digits;

	while (value || at > least) {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
	}
	append(t, at, (size_t)(buf + sizeof(buf) - at));
}

void text_str(struct text *t, const char *s)
{
	append(t, s, strlen(s));
}

void text_dec(struct text *t, uint64_t value)
{
	number(t, value, 10, 1);
}

void text_pad(struct text *t, uint64_t value, unsigned int digits)
{
	number(t, value, 10, digits);
}

void text_hex(struct text *t, uint64_t value, unsigned int digits)
{
	text_str(t, "0x");
	number(t, value, 16, digits);
}
