/* SPDX-License-Identifier: MIT */
/* Bytes written as hexadecimal digits. */
#include <stdio.h>
#include <string.h>

#include "hex.h"

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)((at - digits) & 0xf) : -1;
}

static long refuse(size_t column, const char *sentence, char *why, size_t size)
{
	snprintf(why, size, "column %zu: %s", column + 1, sentence);
	return -1;
}

long hex_read(const char *text, uint8_t *ret, size_t size, char *why, size_t why_size)
{
	size_t n = 0;
	size_t i = 0;

	for (;;) {
		int high, low;

		i += strspn(text + i, " \t\r\n:-");
		if (!text[i])
			return (long)n;
		high = digit(text[i]);
		if (high < 0)
			return refuse(i, "not a hexadecimal digit", why, why_size);
		low = digit(text[i + 1]);
		if (low < 0)
			return refuse(i + 1, "the second digit of a byte is missing", why,
				      why_size);
		if (n == size)
			return refuse(i, "no frame is that long", why, why_size);
		ret[n++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
}
