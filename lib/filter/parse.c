/* SPDX-License-Identifier: MIT */
/* Programs from text: three languages, told apart by their first character. */
#include <errno.h>

#include "scan-internal.h"

/* The four numbers of an instruction, with or without commas between them. */
static int parse_fields(struct l2scan *s, struct l2insn *ret, int commas)
{
	static const uint32_t most[] = { UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT32_MAX };
	static const char *const what[] = { "code", "jt", "jf", "k" };
	uint32_t v[4];
	int r = 0;
	int i;

	for (i = 0; i < 4 && r == 0; i++) {
		if (i > 0 && commas)
			r = l2scan_take(s, ',');
		if (r == 0)
			r = l2scan_number(s, most[i], what[i], &v[i]);
	}
	if (r == 0)
		*ret = (struct l2insn) { (uint16_t)v[0], (uint8_t)v[1], (uint8_t)v[2], v[3] };
	return r;
}

/* "{ 0x28, 0, 0, 0x0000000c }," and so on: the last comma may be missing. */
static int64_t parse_c(struct l2scan *s, struct l2insn *insns, size_t max)
{
	struct l2insn insn;
	size_t n = 0;
	int comma;
	int r;

	do {
		s->index = n;
		r = l2scan_room(s, max);
		if (r == 0)
			r = l2scan_take(s, '{');
		if (r == 0)
			r = parse_fields(s, &insn, 1);
		if (r == 0)
			r = l2scan_take(s, '}');
		if (r < 0)
			return r;
		insns[n++] = insn;
		comma = l2scan_try(s, ',');
	} while (comma > 0 && s->at < s->len);
	if (comma < 0)
		return comma;
	if (s->at < s->len)
		return l2scan_fail(s, -EINVAL, s->at, "',' is expected between instructions");
	return (int64_t)n;
}

/*
 * The number of instructions, then four numbers for each. Some programs put commas in place of the
 * ends of lines.
 */
static int64_t parse_numbers(struct l2scan *s, struct l2insn *insns, size_t max)
{
	struct l2insn insn;
	size_t start = s->at;
	uint32_t count;
	size_t n;
	int r;

	r = l2scan_number(s, UINT32_MAX, "the number of instructions", &count);
	if (r == 0 && (count < 1 || count > L2_FILTER_MAX))
		r = l2scan_fail(s, count ? -E2BIG : -EINVAL, start,
				"a program has 1 to %d instructions", L2_FILTER_MAX);
	for (n = 0; r == 0 && n < count; n++) {
		s->index = n;
		r = l2scan_try(s, ',');
		if (r < 0)
			break;
		if (s->at == s->len)
			return l2scan_fail(s, -EINVAL, s->at,
					   "%zu instructions, and not the %u announced", n, count);
		r = l2scan_room(s, max);
		if (r == 0)
			r = parse_fields(s, &insn, 0);
		if (r == 0)
			insns[n] = insn;
	}
	if (r == 0)
		r = l2scan_try(s, ',');
	if (r >= 0 && s->at < s->len)
		return l2scan_fail(s, -EINVAL, s->at, "more than the %u instructions announced",
				   count);
	return r < 0 ? r : (int64_t)n;
}

int64_t l2filter_parse(const char *text, size_t len, struct l2insn *insns, size_t max,
		       struct l2filter_report *report)
{
	struct l2scan s = { .text = text, .len = len, .report = report };
	char first;
	int r;

	if (!text || (!insns && max) || len > UINT32_MAX)
		return l2report_insn(report, -EINVAL, 0,
				     "no text, no room, or more than 4 GiB of text");
	r = l2scan_skip(&s);
	if (r < 0)
		return r;
	first = l2scan_peek(&s);
	if (s.at == s.len)
		return l2scan_fail(&s, -EINVAL, s.at, "there is no instruction");
	if (first == '{')
		return parse_c(&s, insns, max);
	if (first >= '0' && first <= '9')
		return parse_numbers(&s, insns, max);
	return l2scan_assembly(&s, insns, max);
}
