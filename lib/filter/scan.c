/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "scan-internal.h"

/* The place is counted when somebody wants to know it. */
int l2scan_fail(const struct l2scan *s, int code, size_t at, const char *format, ...)
{
	size_t line = 1;
	size_t start = 0;
	va_list args;
	size_t i;

	if (!s->report)
		return code;
	for (i = 0; i < at; i++) {
		if (s->text[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	memset(s->report, 0, sizeof(*s->report));
	s->report->code = code;
	s->report->index = (uint32_t)s->index;
	s->report->line = (uint32_t)line;
	s->report->column = (uint32_t)(at - start + 1);
	va_start(args, format);
	vsnprintf(s->report->text, sizeof(s->report->text), format, args);
	va_end(args);
	return code;
}

char l2scan_peek(const struct l2scan *s)
{
	return s->at < s->len ? s->text[s->at] : '\0';
}

static int starts(const struct l2scan *s, const char *with)
{
	size_t n = strlen(with);

	return s->len - s->at >= n && !memcmp(s->text + s->at, with, n);
}

static void skip_line(struct l2scan *s)
{
	while (s->at < s->len && s->text[s->at] != '\n')
		s->at++;
}

static int skip_comment(struct l2scan *s)
{
	size_t from = s->at;

	for (s->at += 2; s->at < s->len; s->at++) {
		if (starts(s, "*/")) {
			s->at += 2;
			return 0;
		}
	}
	return l2scan_fail(s, -EINVAL, from, "a comment that does not end");
}

/* As in bpf_asm: C comments, the rest of a line behind ';', lines that begin with '#'. */
int l2scan_skip(struct l2scan *s)
{
	while (s->at < s->len) {
		char c = s->text[s->at];
		int first = s->at == 0 || s->text[s->at - 1] == '\n';

		if (c == ';' || (c == '#' && first))
			skip_line(s);
		else if (starts(s, "/*")) {
			if (skip_comment(s) < 0)
				return -EINVAL;
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			s->at++;
		} else {
			break;
		}
	}
	return 0;
}

int l2scan_take(struct l2scan *s, char c)
{
	if (s->at == s->len)
		return l2scan_fail(s, -EINVAL, s->at, "the text ends where '%c' is expected", c);
	if (s->text[s->at] != c)
		return l2scan_fail(s, -EINVAL, s->at, "'%c' is expected here", c);
	s->at++;
	return l2scan_skip(s);
}

int l2scan_try(struct l2scan *s, char c)
{
	int r;

	if (l2scan_peek(s) != c || s->at == s->len)
		return 0;
	r = l2scan_take(s, c);
	return r < 0 ? r : 1;
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 99;
}

static unsigned int take_base(struct l2scan *s)
{
	if (starts(s, "0x") || starts(s, "0X")) {
		s->at += 2;
		return 16;
	}
	if (starts(s, "0b") || starts(s, "0B")) {
		s->at += 2;
		return 2;
	}
	return starts(s, "0") ? 8 : 10;
}

int l2scan_is_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

int l2scan_number(struct l2scan *s, uint32_t most, const char *what, uint32_t *ret)
{
	const uint64_t too_many = UINT64_C(1) << 32;
	size_t from = s->at;
	int negative = l2scan_peek(s) == '-';
	uint64_t value = 0;
	unsigned int base;
	size_t digits;

	if (negative || l2scan_peek(s) == '+')
		s->at++;
	base = take_base(s);
	digits = s->at;
	while (digit(l2scan_peek(s)) < base) {
		if (value < too_many)
			value = value * base + digit(l2scan_peek(s));
		s->at++;
	}
	if (s->at == digits || l2scan_is_name(l2scan_peek(s)))
		return l2scan_fail(s, -EINVAL, from, "%s is expected here, a number", what);
	if (value > (negative ? most / 2 + 1 : most) || (negative && most != UINT32_MAX))
		return l2scan_fail(s, -EINVAL, from, "%s is from %s to %u", what,
				   most == UINT32_MAX ? "-2147483648" : "0", most);
	*ret = negative ? 0 - (uint32_t)value : (uint32_t)value;
	return l2scan_skip(s);
}

int l2scan_word(struct l2scan *s, const char *what, struct l2word *ret)
{
	size_t from = s->at;

	while (l2scan_is_name(l2scan_peek(s)))
		s->at++;
	if (s->at == from || digit(s->text[from]) < 10) {
		s->at = from;
		return l2scan_fail(s, -EINVAL, from, "%s is expected here", what);
	}
	if (s->at - from > L2SCAN_WORD_MAX)
		return l2scan_fail(s, -EINVAL, from, "a name has at most %d characters",
				   L2SCAN_WORD_MAX);
	*ret = (struct l2word) { from, s->at - from };
	return l2scan_skip(s);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int l2scan_is(const struct l2scan *s, struct l2word word, const char *name)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (lower(s->text[word.at + i]) != name[i])
			return 0;
	return name[i] == '\0';
}

void l2scan_copy(const struct l2scan *s, struct l2word word, char ret[L2SCAN_WORD_MAX + 1])
{
	size_t i;

	for (i = 0; i < word.len; i++)
		ret[i] = lower(s->text[word.at + i]);
	ret[i] = '\0';
}

int l2scan_room(const struct l2scan *s, size_t max)
{
	if (s->index >= L2_FILTER_MAX)
		return l2scan_fail(s, -E2BIG, s->at, "more than %d instructions", L2_FILTER_MAX);
	if (s->index >= max)
		return l2scan_fail(s, -ENOSPC, s->at, "more instructions than the %zu that fit",
				   max);
	return 0;
}
