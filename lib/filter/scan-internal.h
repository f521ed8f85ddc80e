/* SPDX-License-Identifier: MIT */
/* Reading programs from text, word by word. */
#ifndef L2SOCK_SCAN_INTERNAL_H
#define L2SOCK_SCAN_INTERNAL_H

#include "filter-internal.h"

#define L2SCAN_WORD_MAX 63

struct l2scan {
	const char *text;
	size_t len;
	size_t at;
	size_t index; /* the instruction being read */
	struct l2filter_report *report;
};

/* A piece of the text. */
struct l2word {
	size_t at;
	size_t len;
};

/* Fails with the place of the text's byte @at; returns @code. */
int l2scan_fail(const struct l2scan *s, int code, size_t at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Go past blanks and comments to what comes next; -EINVAL when a comment does not end. */
int l2scan_skip(struct l2scan *s);

/* What comes next, right here: a byte, or 0 at the end. */
char l2scan_peek(const struct l2scan *s);

/* Take one byte, which has to be @c, and what l2scan_skip() skips behind it. */
int l2scan_take(struct l2scan *s, char c);

/* Take it if it comes next: 1 when it did, 0 when not. */
int l2scan_try(struct l2scan *s, char c);

/*
 * Take a number and what is skipped behind it: decimal, 0x, 0b or octal, with a sign. It has to lie
 * between 0 and @most; with @most UINT32_MAX down to INT32_MIN.
 */
int l2scan_number(struct l2scan *s, uint32_t most, const char *what, uint32_t *ret);

/* Take a name and what is skipped behind it; @what stands in the sentence when there is none. */
int l2scan_word(struct l2scan *s, const char *what, struct l2word *ret);

/* A character of a name. */
int l2scan_is_name(char c);

/* In lower case, because bpf_asm does not care: compare with a name, copy. */
int l2scan_is(const struct l2scan *s, struct l2word word, const char *name);
void l2scan_copy(const struct l2scan *s, struct l2word word, char ret[L2SCAN_WORD_MAX + 1]);

/* Whether there is room for the instruction being read. */
int l2scan_room(const struct l2scan *s, size_t max);

/* The language of bpf_asm; what was skipped is behind us. */
int64_t l2scan_assembly(struct l2scan *s, struct l2insn *insns, size_t max);

#endif /* L2SOCK_SCAN_INTERNAL_H */
