/* SPDX-License-Identifier: MIT */
/* Programs from text: what is read, and what is wrong with the rest, with its place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/filter.h>

#include "case.h"

static struct l2insn insns[L2_FILTER_MAX + 1];

static void expect(const char *text, size_t n, const struct l2insn *expected)
{
	struct l2filter_report report;
	int64_t r = l2filter_parse(text, strlen(text), insns, L2_FILTER_MAX, &report);

	if (r < 0)
		fprintf(stderr, "%s\n%d:%d: %s\n", text, (int)report.line, (int)report.column,
			report.text);
	REQUIRE_EQ(r, (int64_t)n);
	REQUIRE(!memcmp(insns, expected, n * sizeof(insns[0])));
}

CASE(parse, numbers)
{
	static const struct l2insn arp[] = {
		{ 0x28, 0, 0, 12 },
		{ 0x15, 0, 1, 0x806 },
		{ 0x06, 0, 0, 0xffffffff },
		{ 0x06, 0, 0, 0 },
	};

	expect("4\n40 0 0 12\n21 0 1 2054\n6 0 0 4294967295\n6 0 0 0\n", 4, arp);
	expect("4,40 0 0 12,21 0 1 2054,6 0 0 4294967295,6 0 0 0,", 4, arp);
	expect("  4\r\n\r\n40 0 0 12\r\n21 0 1 2054\r\n6 0 0 -1\r\n6 0 0 0", 4, arp);
	expect("{ 0x28, 0, 0, 0x0000000c },\n{ 0x15, 0, 1, 0x00000806 },\n"
	       "{ 0x6, 0, 0, 0xffffffff },\n{ 0x6, 0, 0, 0x00000000 },\n",
	       4, arp);
	expect("/* arp */ {40,0,0,12},{21,0,1,0x806}, ; type\n{6,0,0,-1},{6,0,0,0}", 4, arp);
}

/* The examples of the kernel's documentation, networking/filter.rst. */
CASE(parse, documented_assembly)
{
	static const struct l2insn arp[] = {
		{ 0x28, 0, 0, 12 },
		{ 0x15, 0, 1, 0x806 },
		{ 0x06, 0, 0, 0xffffffff },
		{ 0x06, 0, 0, 0 },
	};
	static const struct l2insn tcp[] = {
		{ 0x28, 0, 0, 12 }, { 0x15, 0, 3, 0x800 },      { 0x30, 0, 0, 23 },
		{ 0x15, 0, 1, 6 },  { 0x06, 0, 0, 0xffffffff }, { 0x06, 0, 0, 0 },
	};
	static const struct l2insn vlan10[] = {
		{ 0x20, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_VLAN_TCI },
		{ 0x15, 0, 1, 10 },
		{ 0x06, 0, 0, 0xffffffff },
		{ 0x06, 0, 0, 0 },
	};
	static const struct l2insn icmp_sample[] = {
		{ 0x28, 0, 0, 12 },
		{ 0x15, 0, 7, 0x800 },
		{ 0x30, 0, 0, 23 },
		{ 0x15, 0, 5, 1 },
		{ 0x20, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_RANDOM },
		{ 0x94, 0, 0, 4 },
		{ 0x15, 0, 1, 1 },
		{ 0x06, 0, 0, 0xffffffff },
		{ 0x06, 0, 0, 0 },
		{ 0x06, 0, 0, 0 },
	};

	expect("ldh [12]\njne #0x806, drop\nret #-1\ndrop: ret #0\n", 4, arp);
	expect("ldh [12]\njne #0x800, drop\nldb [23]\njneq #6, drop\nret #-1\ndrop: ret #0\n", 6,
	       tcp);
	expect("ld vlan_tci\njneq #10, drop\nret #-1\ndrop: ret #0\n", 4, vlan10);
	expect("ldh [12]\njne #0x800, drop\nldb [23]\njneq #1, drop\n# get a random uint32 number\n"
	       "ld rand\nmod #4\njneq #1, drop2\nret #-1\ndrop2: ret #0\ndrop: ret #0\n",
	       10, icmp_sample);
}

CASE(parse, every_form)
{
	static const struct {
		const char *text;
		struct l2insn insn;
	} rows[] = {
		{ "ld #5", { 0x00, 0, 0, 5 } },
		{ "ldi 5", { 0x00, 0, 0, 5 } },
		{ "ldi #0b101", { 0x00, 0, 0, 5 } },
		{ "LD #0X1F", { 0x00, 0, 0, 31 } },
		{ "ld #017", { 0x00, 0, 0, 15 } },
		{ "ld #-2147483648", { 0x00, 0, 0, 0x80000000 } },
		{ "ld [5]", { 0x20, 0, 0, 5 } },
		{ "ld [x+5]", { 0x40, 0, 0, 5 } },
		{ "ldh [%x + 5]", { 0x48, 0, 0, 5 } },
		{ "ldb [X + -1]", { 0x50, 0, 0, 0xffffffff } },
		{ "ld M[5]", { 0x60, 0, 0, 5 } },
		{ "ld m[5]", { 0x60, 0, 0, 5 } },
		{ "ld len", { 0x80, 0, 0, 0 } },
		{ "ld #len", { 0x80, 0, 0, 0 } },
		{ "ldb #proto", { 0x30, 0, 0, 0xfffff000 } },
		{ "ldh type", { 0x28, 0, 0, 0xfffff004 } },
		{ "ld vlan_pr", { 0x20, 0, 0, 0xfffff030 } },
		{ "ldx #5", { 0x01, 0, 0, 5 } },
		{ "ldxi 5", { 0x01, 0, 0, 5 } },
		{ "ldx M[5]", { 0x61, 0, 0, 5 } },
		{ "ldx len", { 0x81, 0, 0, 0 } },
		{ "ldx 4*([14]&0xf)", { 0xb1, 0, 0, 14 } },
		{ "ldxb 4 * ( [ 14 ] & 15 )", { 0xb1, 0, 0, 14 } },
		{ "st M[0]", { 0x02, 0, 0, 0 } },
		{ "stx M[15]", { 0x03, 0, 0, 15 } },
		{ "add #1", { 0x04, 0, 0, 1 } },
		{ "sub x", { 0x1c, 0, 0, 0 } },
		{ "mul %x", { 0x2c, 0, 0, 0 } },
		{ "xor #1", { 0xa4, 0, 0, 1 } },
		{ "neg", { 0x84, 0, 0, 0 } },
		{ "tax", { 0x07, 0, 0, 0 } },
		{ "txa", { 0x87, 0, 0, 0 } },
		{ "ret a", { 0x16, 0, 0, 0 } },
		{ "ret %a", { 0x16, 0, 0, 0 } },
		{ "ret #-1", { 0x06, 0, 0, 0xffffffff } },
		{ "jmp l l: ret a", { 0x05, 0, 0, 0 } },
		{ "ja l tax l: ret a", { 0x05, 0, 0, 1 } },
		{ "jeq #1, l tax l: ret a", { 0x15, 1, 0, 1 } },
		{ "jeq x, m, l m: tax l: ret a", { 0x1d, 0, 1, 0 } },
		{ "jlt #1, l tax l: ret a", { 0x35, 0, 1, 1 } },
		{ "jle %x, l tax l: ret a", { 0x2d, 0, 1, 0 } },
		{ "jset #1, m, l m: tax l: ret a", { 0x45, 0, 1, 1 } },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t r = l2filter_parse(rows[i].text, strlen(rows[i].text), insns, L2_FILTER_MAX,
					   NULL);

		if (r < 1 || memcmp(insns, &rows[i].insn, sizeof(insns[0])))
			fprintf(stderr, "%s\n", rows[i].text);
		REQUIRE(r >= 1);
		REQUIRE(!memcmp(insns, &rows[i].insn, sizeof(insns[0])));
	}
}

CASE(parse, faults_and_their_places)
{
	static const struct {
		const char *text;
		uint32_t index;
		uint32_t line;
		uint32_t column;
		const char *words;
	} rows[] = {
		{ "", 0, 1, 1, "no instruction" },
		{ "\n ; nothing\n", 0, 3, 1, "no instruction" },
		{ "ret #0 /* ", 0, 1, 8, "does not end" },
		{ "0\n", 0, 1, 1, "1 to 4096" },
		{ "2\n6 0 0 0\n", 1, 3, 1, "1 instructions, and not the 2" },
		{ "1\n6 0 0 0\n6 0 0 0\n", 0, 3, 1, "more than the 1" },
		{ "1\n6 0 256 0\n", 0, 2, 5, "jf is from 0 to 255" },
		{ "1\n6 0 0\n", 0, 3, 1, "k is expected" },
		{ "1\n65536 0 0 0\n", 0, 2, 1, "code is from 0 to 65535" },
		{ "1\n6 -1 0 0\n", 0, 2, 3, "jt is from" },
		{ "1\n6 0 0 4294967296\n", 0, 2, 7, "k is from -2147483648 to 4294967295" },
		{ "1\n6 0 0 99999999999999999999999\n", 0, 2, 7, "k is from" },
		{ "1\n6 0 0 12ab\n", 0, 2, 7, "k is expected" },
		{ "{ 0x6, 0, 0 0 },", 0, 1, 13, "',' is expected" },
		{ "{ 6, 0, 0, 0 }\n{ 6, 0, 0, 0 }", 0, 2, 1, "',' is expected between" },
		{ "{ 6, 0, 0, 0", 0, 1, 13, "the text ends where '}'" },
		{ "ret #0\n  foo #1\n", 1, 2, 3, "unknown instruction" },
		{ "ret\n", 0, 2, 1, "an operand is expected" },
		{ "ret x\n", 0, 1, 5, "ret takes no such operand" },
		{ "ld x\n", 0, 1, 4, "ld takes no such operand" },
		{ "ld 5\n", 0, 1, 4, "'#' in front" },
		{ "ld M[5\n", 0, 2, 1, "']' is expected" },
		{ "ld [y + 5]\n", 0, 1, 5, "an offset is expected" },
		{ "ld #foo\n", 0, 1, 5, "unknown constant" },
		{ "ld foo\n", 0, 1, 4, "unknown operand" },
		{ "ldx 5*([14]&0xf)\n", 0, 1, 5, "only 4*([k]&0xf)" },
		{ "ldx 4*([14]&0xff)\n", 0, 1, 13, "only 4*([k]&0xf)" },
		{ "ldx 4*([x + 14]&0xf)\n", 0, 1, 17, "only 4*([k]&0xf)" },
		{ "jmp there\nret #0\n", 0, 1, 5, "no such label" },
		{ "back: ld #0\njmp back\nret #0\n", 1, 2, 5, "not ahead" },
		{ "self: jmp self\nret #0\n", 0, 1, 11, "not ahead" },
		{ "a1: ret #0\na1: ret #0\n", 1, 2, 1, "names instruction 0" },
		{ "jeq #1\nret #0\n", 0, 2, 1, "',' is expected" },
		{ "jne #1, l1, l1\nl1: ret #0\n", 1, 1, 11, "an instruction is expected" },
		{ "l1: l2: ret #0\n", 0, 1, 5, "unknown instruction" },
		{ "l1:\n", 0, 2, 1, "an instruction is expected" },
		{ "ret #0 %\n", 1, 1, 8, "an instruction is expected" },
	};
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		memset(&report, 0, sizeof(report));
		REQUIRE_EQ(l2filter_parse(rows[i].text, len, insns, 4, &report), -EINVAL);
		REQUIRE_EQ(l2filter_parse(rows[i].text, len, insns, 4, NULL), -EINVAL);
		if (report.line != rows[i].line || report.column != rows[i].column ||
		    report.index != rows[i].index || !strstr(report.text, rows[i].words))
			fprintf(stderr, "%s\n%u:%u: instruction %u: %s\n", rows[i].text,
				report.line, report.column, report.index, report.text);
		REQUIRE_EQ(report.code, -EINVAL);
		REQUIRE_EQ(report.index, rows[i].index);
		REQUIRE_EQ(report.line, rows[i].line);
		REQUIRE_EQ(report.column, rows[i].column);
		REQUIRE(strstr(report.text, rows[i].words));
	}
}

static char *repeat(const char *before, const char *line, size_t n, const char *after)
{
	char *text = malloc(strlen(before) + strlen(line) * n + strlen(after) + 1);
	size_t i;

	REQUIRE(text);
	strcpy(text, before);
	for (i = 0; i < n; i++)
		strcpy(text + strlen(before) + i * strlen(line), line);
	strcat(text, after);
	return text;
}

CASE(parse, room)
{
	static const char *const lines[] = { "ret #0\n", "{ 6, 0, 0, 0 },\n" };
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < 2; i++) {
		char *text = repeat("", lines[i], L2_FILTER_MAX, "");
		char *more = repeat("", lines[i], L2_FILTER_MAX, lines[i]);

		REQUIRE_EQ(l2filter_parse(text, strlen(text), insns, L2_FILTER_MAX, &report),
			   L2_FILTER_MAX);
		REQUIRE_EQ(l2filter_parse(text, strlen(text), insns, L2_FILTER_MAX - 1, &report),
			   -ENOSPC);
		REQUIRE_EQ(report.index, L2_FILTER_MAX - 1);
		REQUIRE_EQ(report.line, L2_FILTER_MAX);
		REQUIRE_EQ(l2filter_parse(more, strlen(more), insns, L2_FILTER_MAX + 1, &report),
			   -E2BIG);
		REQUIRE_EQ(report.line, L2_FILTER_MAX + 1);
		free(text);
		free(more);
	}
	REQUIRE_EQ(l2filter_parse("4097\n", 5, insns, L2_FILTER_MAX + 1, &report), -E2BIG);
	REQUIRE_EQ(l2filter_parse("1\n6 0 0 0\n", 10, NULL, 0, &report), -ENOSPC);
}

/* Conditions reach 256 instructions, a plain jump any. */
CASE(parse, far_labels)
{
	static const struct {
		const char *before;
		size_t n;
		int64_t expected;
	} rows[] = {
		{ "jeq #1, there\n", 255, 257 },
		{ "jeq #1, there\n", 256, -EINVAL },
		{ "jmp there\n", 4000, 4002 },
	};
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = repeat(rows[i].before, "tax\n", rows[i].n, "there: ret #0\n");

		REQUIRE_EQ(l2filter_parse(text, strlen(text), insns, L2_FILTER_MAX, &report),
			   rows[i].expected);
		if (rows[i].expected < 0) {
			REQUIRE_EQ(report.column, 9);
			REQUIRE(strstr(report.text, "256 instructions ahead"));
		}
		free(text);
	}
}

CASE(parse, arguments)
{
	static const char zero[] = { '1', '\0', '6' };
	struct l2filter_report report;

	REQUIRE_EQ(l2filter_parse(NULL, 0, insns, 1, &report), -EINVAL);
	REQUIRE_EQ(l2filter_parse("tax", 3, NULL, 1, &report), -EINVAL);
	REQUIRE_EQ(l2filter_parse(zero, sizeof(zero), insns, 1, &report), -EINVAL);
	REQUIRE_EQ(report.column, 2);
	/* The text ends at its length, whatever follows. */
	REQUIRE_EQ(l2filter_parse("tax tax", 3, insns, 2, &report), 1);
}
