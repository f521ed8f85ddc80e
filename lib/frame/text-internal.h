/* SPDX-License-Identifier: MIT */
/* Text, written into a bounded buffer and read column by column. */
#ifndef L2SOCK_TEXT_INTERNAL_H
#define L2SOCK_TEXT_INTERNAL_H

#include <stdbool.h>

#include <l2sock/text.h>

/* A text under construction. What does not fit is left out, but counted. */
struct l2line {
	char *buf;
	size_t size;
	size_t len; /* of the whole text */
};

void l2line_bytes(struct l2line *line, const char *s, size_t n);
void l2line_str(struct l2line *line, const char *s);
void l2line_dec(struct l2line *line, uint64_t value);
void l2line_hex(struct l2line *line, uint64_t value, unsigned int digits);
void l2line_mac(struct l2line *line, const uint8_t *mac);
void l2line_ip4(struct l2line *line, const uint8_t *addr);
void l2line_ip6(struct l2line *line, const uint8_t *addr);

/* A number that people know by a name. */
struct l2name {
	uint16_t number;
	const char *text;
};

/* The name of the number, or where it has none, the words and the number. */
void l2line_name(struct l2line *line, uint16_t number, const struct l2name *names, size_t n,
		 const char *otherwise);

/* Has @write put an address, whole, into a caller's buffer. Returns its length or an error. */
int l2line_print(void (*write)(struct l2line *line, const uint8_t *addr), const void *addr,
		 char *buf, size_t size);

/* A text being read. */
struct l2reader {
	const char *text;
	size_t at;
	struct l2err *err;
};

/* The value of the digit that comes next, or -1. */
int l2reader_digit(const struct l2reader *r, unsigned int base);

/* Takes the character if it comes next. */
bool l2reader_take(struct l2reader *r, char c);

/* A decimal number up to @most without leading zeros. Returns it, or -EINVAL after telling why. */
int l2reader_number(struct l2reader *r, int most, const char *too_large);

/* Nothing may follow. Returns 0 or -EINVAL after telling so. */
int l2reader_end(struct l2reader *r);

/* Tells what is wrong at a column; returns -EINVAL. */
int l2reader_refuse(struct l2reader *r, size_t at, const char *sentence);

#endif /* L2SOCK_TEXT_INTERNAL_H */
