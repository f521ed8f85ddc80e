/* SPDX-License-Identifier: MIT */
/* Programs to text and back. What tcpdump prints is compared in libpcap.c. */
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/filter.h>

#include "case.h"
#include "program.h"
#include "random.h"

static char text[L2_FILTER_MAX * 80];
static struct l2insn insns[L2_FILTER_MAX + 1];
static struct l2insn again[L2_FILTER_MAX + 1];

static const struct l2insn arp[] = {
	{ 0x28, 0, 0, 12 },
	{ 0x15, 0, 1, 0x806 },
	{ 0x06, 0, 0, 262144 },
	{ 0x06, 0, 0, 0 },
};

static void expect(const struct l2insn *program, size_t n, uint32_t style, const char *expected)
{
	int64_t r = l2filter_print(program, n, style, text, sizeof(text));

	REQUIRE_EQ(r, (int64_t)strlen(text));
	if (strcmp(text, expected))
		fprintf(stderr, "%s", text);
	REQUIRE(!strcmp(text, expected));
}

CASE(print, styles)
{
	expect(arp, 4, L2FILTER_D,
	       "(000) ldh      [12]\n"
	       "(001) jeq      #0x806           jt 2\tjf 3\n"
	       "(002) ret      #262144\n"
	       "(003) ret      #0\n");
	expect(arp, 4, L2FILTER_DD,
	       "{ 0x28, 0, 0, 0x0000000c },\n"
	       "{ 0x15, 0, 1, 0x00000806 },\n"
	       "{ 0x6, 0, 0, 0x00040000 },\n"
	       "{ 0x6, 0, 0, 0x00000000 },\n");
	expect(arp, 4, L2FILTER_DDD, "4\n40 0 0 12\n21 0 1 2054\n6 0 0 262144\n6 0 0 0\n");
	expect(arp, 4, L2FILTER_ASM,
	       "\tldh [12]\n"
	       "\tjneq #0x806, L3\n"
	       "\tret #262144\n"
	       "L3:\tret #0\n");
}

CASE(print, assembly)
{
	static const struct l2insn program[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_VLAN_PRESENT },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_XOR },
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, L2FILTER_NET + 9 },
		{ BPF_LDX | BPF_B | BPF_MSH, 0, 0, 14 },
		{ BPF_LD | BPF_B | BPF_IND, 0, 0, 16 },
		{ BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 },
		{ BPF_STX, 0, 0, 3 },
		{ BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x1fff },
		{ BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 },
		{ BPF_ALU | BPF_NEG, 0, 0, 0 },
		{ BPF_JMP | BPF_JSET | BPF_K, 0, 2, 1 },
		{ BPF_JMP | BPF_JGT | BPF_X, 1, 0, 0 },
		{ BPF_JMP | BPF_JA, 0, 0, 0 },
		{ BPF_RET | BPF_A, 0, 0, 0 },
	};

	expect(program, sizeof(program) / sizeof(program[0]), L2FILTER_ASM,
	       "\tld vlan_avail\n"
	       "\tld [0xfffff028]\n"
	       "\tldh [0xfff00009]\n"
	       "\tldxb 4*([14]&0xf)\n"
	       "\tldb [x + 16]\n"
	       "\tld len\n"
	       "\tstx M[3]\n"
	       "\tand #0x1fff\n"
	       "\tadd x\n"
	       "\tneg\n"
	       "\tjset #0x1, L11, L13\n"
	       "L11:\tjgt x, L13\n"
	       "\tjmp L13\n"
	       "L13:\tret a\n");
}

CASE(print, room)
{
	char small[64];
	int64_t n = l2filter_print(arp, 4, L2FILTER_DDD, NULL, 0);

	REQUIRE_EQ(n, (int64_t)strlen("4\n40 0 0 12\n21 0 1 2054\n6 0 0 262144\n6 0 0 0\n"));
	memset(small, 'x', sizeof(small));
	REQUIRE_EQ(l2filter_print(arp, 4, L2FILTER_DDD, small, (size_t)n), -ENOSPC);
	REQUIRE_EQ(small[0], 'x');
	REQUIRE_EQ(l2filter_print(arp, 4, L2FILTER_DDD, small, (size_t)n + 1), n);
	REQUIRE_EQ(small[n], '\0');
	REQUIRE_EQ(small[n + 1], 'x');
}

CASE(print, arguments)
{
	static const struct l2insn unknown[] = { { 0x0e, 0, 0, 0 }, { 0x06, 0, 0, 0 } };

	REQUIRE_EQ(l2filter_print(NULL, 1, L2FILTER_D, text, sizeof(text)), -EINVAL);
	REQUIRE_EQ(l2filter_print(arp, 0, L2FILTER_D, text, sizeof(text)), -EINVAL);
	REQUIRE_EQ(l2filter_print(arp, 4, 0, text, sizeof(text)), -EINVAL);
	REQUIRE_EQ(l2filter_print(arp, 4, 5, text, sizeof(text)), -EINVAL);
	REQUIRE_EQ(l2filter_print(arp, 4, L2FILTER_D, NULL, 1), -EINVAL);
	REQUIRE_EQ(l2filter_print(insns, L2_FILTER_MAX + 1, L2FILTER_D, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2filter_print(unknown, 2, L2FILTER_ASM, text, sizeof(text)), -EINVAL);
	expect(unknown, 2, L2FILTER_D, "(000) unimp    0xe\n(001) ret      #0\n");
}

/* Random programs carry no values in fields that are not used, so that nothing is lost. */
static void clear_unused(struct l2insn *insn)
{
	switch (insn->code) {
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_ALU | BPF_NEG:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
		insn->k = 0;
		break;
	default:
		if ((BPF_CLASS(insn->code) == BPF_ALU || BPF_CLASS(insn->code) == BPF_JMP) &&
		    BPF_SRC(insn->code) == BPF_X)
			insn->k = 0;
	}
}

static void round_trip(size_t n, uint32_t style)
{
	struct l2filter_report report;
	int64_t len = l2filter_print(insns, n, style, text, sizeof(text));
	int64_t r;

	REQUIRE(len > 0);
	r = l2filter_parse(text, (size_t)len, again, L2_FILTER_MAX, &report);
	if (r < 0)
		fprintf(stderr, "%s\n%d:%d: %s\n", text, (int)report.line, (int)report.column,
			report.text);
	REQUIRE_EQ(r, (int64_t)n);
	REQUIRE(!memcmp(insns, again, n * sizeof(insns[0])));
}

CASE(print, round_trips)
{
	const uint32_t rounds = (uint32_t)random_rounds(1000);
	struct dice d;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		size_t n;
		size_t k;

		dice_start(&d, i);
		n = program_valid(&d, insns, i % 50 ? 60 : L2_FILTER_MAX, PROGRAM_ALL);
		for (k = 0; k < n; k++)
			clear_unused(&insns[k]);
		round_trip(n, L2FILTER_ASM);
		n = program_mutate(&d, insns, n);
		round_trip(n, L2FILTER_DD);
		round_trip(n, L2FILTER_DDD);
	}
}
