/* SPDX-License-Identifier: MIT */
/* Text, written into a bounded buffer and read column by column. */
#include <errno.h>
#include <string.h>

#include "text-internal.h"

void l2line_bytes(struct l2line *line, const char *s, size_t n)
{
	size_t room = line->len < line->size ? line->size - line->len : 0;

	if (room)
		memcpy(line->buf + line->len, s, n < room ? n : room);
	line->len += n;
}

void l2line_str(struct l2line *line, const char *s)
{
	l2line_bytes(line, s, strlen(s));
}

/* At least that many digits. */
static void number(struct l2line *line, uint64_t value, unsigned int base, unsigned int digits)
{
	char buf[24];
	char *at = buf + sizeof(buf);
	const char *least = at - digits;

	while (value || at > least) {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
	}
	l2line_bytes(line, at, (size_t)(buf + sizeof(buf) - at));
}

void l2line_dec(struct l2line *line, uint64_t value)
{
	number(line, value, 10, 1);
}

void l2line_hex(struct l2line *line, uint64_t value, unsigned int digits)
{
	number(line, value, 16, digits);
}

void l2line_name(struct l2line *line, uint16_t number, const struct l2name *names, size_t n,
		 const char *otherwise)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (names[i].number == number) {
			l2line_str(line, names[i].text);
			return;
		}
	}
	l2line_str(line, otherwise);
	l2line_dec(line, number);
}

int l2line_print(void (*write)(struct l2line *line, const uint8_t *addr), const void *addr,
		 char *buf, size_t size)
{
	char room[L2TEXT_IP6_SIZE];
	struct l2line line = { .buf = room, .size = sizeof(room) };

	if (!addr || !buf)
		return -EINVAL;
	write(&line, addr);
	if (line.len >= size)
		return -ENOSPC;
	memcpy(buf, room, line.len);
	buf[line.len] = '\0';
	return (int)line.len;
}

int l2reader_digit(const struct l2reader *r, unsigned int base)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	char c = r->text[r->at];
	const char *found = c ? strchr(digits, c) : NULL;
	unsigned int value = found ? (unsigned int)(found - digits) % 16 : 16;

	return value < base ? (int)value : -1;
}

bool l2reader_take(struct l2reader *r, char c)
{
	if (r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

int l2reader_number(struct l2reader *r, int most, const char *too_large)
{
	size_t start = r->at;
	int value = 0;

	while (l2reader_digit(r, 10) >= 0) {
		value = 10 * value + l2reader_digit(r, 10);
		if (value > most)
			return l2reader_refuse(r, start, too_large);
		r->at++;
	}
	if (r->at == start)
		return l2reader_refuse(r, start, "a number is missing");
	if (r->text[start] == '0' && r->at > start + 1)
		return l2reader_refuse(r, start, "a number has no leading zeros");
	return value;
}

int l2reader_end(struct l2reader *r)
{
	if (!r->text[r->at])
		return 0;
	return l2reader_refuse(r, r->at, "the address has ended, the text has not");
}

int l2reader_refuse(struct l2reader *r, size_t at, const char *sentence)
{
	struct l2line line;

	if (!r->err)
		return -EINVAL;
	line = (struct l2line) { .buf = r->err->text, .size = sizeof(r->err->text) - 1 };
	l2line_str(&line, "column ");
	l2line_dec(&line, at + 1);
	l2line_str(&line, ": ");
	l2line_str(&line, sentence);
	r->err->text[line.len < line.size ? line.len : line.size] = '\0';
	r->err->code = -EINVAL;
	return -EINVAL;
}
