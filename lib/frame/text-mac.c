/* SPDX-License-Identifier: MIT */
/* Ethernet addresses as text. */
#include <errno.h>
#include <string.h>

#include "text-internal.h"

/* One byte of two digits, or of one where it need not be @full. Returns it, or -EINVAL. */
static int read_byte(struct l2reader *r, bool full)
{
	int high = l2reader_digit(r, 16);
	int low;

	if (high < 0)
		return l2reader_refuse(r, r->at, "a hexadecimal digit is missing");
	r->at++;
	low = l2reader_digit(r, 16);
	if (low < 0)
		return full ? l2reader_refuse(r, r->at, "the second digit of a byte is missing")
			    : high;
	r->at++;
	return high << 4 | low;
}

/* The character between the bytes; '\0' for none. */
static char find_separator(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	bool known = text[digits] && strchr(":-.", text[digits]);

	return known ? text[digits] : '\0';
}

/* Whether the separator stands in front of byte number @i. */
static bool separated(char separator, size_t i)
{
	return separator && i && (separator != '.' || i % 2 == 0);
}

int l2text_parse_mac(const char *text, void *ret, struct l2err *err)
{
	struct l2reader r = { .text = text ? text : "", .err = err };
	char separator = find_separator(r.text);
	bool full = separator != ':' && separator != '-';
	uint8_t mac[L2_MAC_LEN];
	size_t i;

	if (!ret)
		return l2reader_refuse(&r, 0, "no place for the address");
	for (i = 0; i < L2_MAC_LEN; i++) {
		int byte;

		if (separated(separator, i) && !l2reader_take(&r, separator))
			return l2reader_refuse(&r, r.at,
					       "a separator is missing, the same "
					       "between all six bytes");
		byte = read_byte(&r, full);
		if (byte < 0)
			return byte;
		mac[i] = (uint8_t)byte;
	}
	if (l2reader_end(&r) < 0)
		return -EINVAL;
	memcpy(ret, mac, sizeof(mac));
	return 0;
}

void l2line_mac(struct l2line *line, const uint8_t *mac)
{
	size_t i;

	for (i = 0; i < L2_MAC_LEN; i++) {
		if (i)
			l2line_str(line, ":");
		l2line_hex(line, mac[i], 2);
	}
}

int l2text_print_mac(const void *mac, char *buf, size_t size)
{
	return l2line_print(l2line_mac, mac, buf, size);
}
