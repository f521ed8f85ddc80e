/* SPDX-License-Identifier: MIT */
/* The checker's reports; its verdicts are compared with the kernel's in tests/net/program.c. */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include <l2sock/filter.h>

#include "case.h"

#define RETURN                           \
	{                                \
		BPF_RET | BPF_K, 0, 0, 1 \
	}

static struct l2insn many[L2_FILTER_MAX + 1];

CASE(check, sizes_are_frozen)
{
	REQUIRE_EQ(sizeof(struct l2filter_report), 256);
	REQUIRE_EQ(sizeof(struct l2filter_facts), 128);
}

CASE(check, names_the_rule_and_the_instruction)
{
	static const struct {
		struct l2insn insns[4];
		size_t n;
		uint32_t index;
		const char *words;
	} rows[] = {
		{ { RETURN }, 0, 0, "0 instructions" },
		{ { { 0x0e, 0, 0, 0 } }, 1, 0, "unknown code 0x000e" },
		{ { RETURN, { 0x4006, 0, 0, 0 } }, 2, 1, "unknown code 0x4006" },
		{ { { BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0 }, RETURN }, 2, 0, "division" },
		{ { RETURN, { BPF_ALU | BPF_MOD | BPF_K, 0, 0, 0 }, RETURN }, 3, 1, "division" },
		{ { { BPF_ALU | BPF_LSH | BPF_K, 0, 0, 32 }, RETURN }, 2, 0, "shift by" },
		{ { { BPF_ALU | BPF_RSH | BPF_K, 0, 0, 99 }, RETURN }, 2, 0, "99" },
		{ { { BPF_ST, 0, 0, 16 }, RETURN }, 2, 0, "M[16]" },
		{ { { BPF_LD | BPF_MEM, 0, 0, 99 }, RETURN }, 2, 0, "M[99]" },
		{ { { BPF_JMP | BPF_JA, 0, 0, 1 }, RETURN }, 2, 0, "jumps over 1" },
		{ { { BPF_JMP | BPF_JA, 0, 0, UINT32_MAX }, RETURN }, 2, 0, "4294967295" },
		{ { { BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0 }, RETURN }, 2, 0, "jumps over 1" },
		{ { { BPF_JMP | BPF_JEQ | BPF_X, 2, 0, 0 }, RETURN, RETURN }, 3, 0, "over 2" },
		{ { { BPF_LD | BPF_B | BPF_ABS, 0, 0, (uint32_t)SKF_AD_OFF + 64 }, RETURN },
		  2,
		  0,
		  "SKF_AD_OFF + 64" },
		{ { { BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)SKF_AD_OFF + 1 }, RETURN },
		  2,
		  0,
		  "SKF_AD_OFF + 1" },
		{ { RETURN, { BPF_LD | BPF_IMM, 0, 0, 0 } }, 2, 1, "no return" },
		{ { { BPF_LD | BPF_MEM, 0, 0, 3 }, RETURN }, 2, 0, "M[3]" },
		{ { { BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0 },
		    { BPF_ST, 0, 0, 3 },
		    { BPF_LDX | BPF_MEM, 0, 0, 3 },
		    RETURN },
		  4,
		  2,
		  "M[3]" },
	};
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&report, 0x55, sizeof(report));
		REQUIRE_EQ(l2filter_check(rows[i].insns, rows[i].n, &report), -EINVAL);
		REQUIRE_EQ(l2filter_check(rows[i].insns, rows[i].n, NULL), -EINVAL);
		REQUIRE_EQ(report.code, -EINVAL);
		REQUIRE_EQ(report.index, rows[i].index);
		REQUIRE_EQ(report.line, 0);
		REQUIRE(strstr(report.text, rows[i].words));
	}
}

CASE(check, length)
{
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < L2_FILTER_MAX + 1; i++)
		many[i] = (struct l2insn)RETURN;
	REQUIRE_EQ(l2filter_check(many, L2_FILTER_MAX, &report), 0);
	REQUIRE_EQ(l2filter_check(many, L2_FILTER_MAX + 1, &report), -EINVAL);
	REQUIRE(strstr(report.text, "4097 instructions"));
	REQUIRE_EQ(l2filter_check(NULL, 1, &report), -EINVAL);
}

/* A success leaves the report alone. */
CASE(check, report_is_for_failures)
{
	const struct l2insn insn = RETURN;
	struct l2filter_report report;
	struct l2filter_report before;

	memset(&report, 0x55, sizeof(report));
	before = report;
	REQUIRE_EQ(l2filter_check(&insn, 1, &report), 0);
	REQUIRE(!memcmp(&report, &before, sizeof(report)));
}

/* The kernel's translation of a long program outgrows its own jumps. */
CASE(check, translated_jumps)
{
	const size_t n = 2500;
	struct l2filter_report report;
	size_t i;

	for (i = 0; i < n; i++)
		many[i] = (struct l2insn) { BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 };
	many[n - 1] = (struct l2insn)RETURN;
	REQUIRE_EQ(l2filter_check(many, n, &report), 0);
	many[1] = (struct l2insn) { BPF_JMP | BPF_JA, 0, 0, (uint32_t)n - 3 };
	REQUIRE_EQ(l2filter_check(many, n, &report), -EINVAL);
	REQUIRE_EQ(report.index, 1);
	REQUIRE(strstr(report.text, "translation"));
	many[1].k = 2300;
	REQUIRE_EQ(l2filter_check(many, n, &report), 0);
	many[2400] = (struct l2insn) { BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0 };
	REQUIRE_EQ(l2filter_check(many, n, &report), -EINVAL);
	REQUIRE_EQ(report.index, 2400);
}

/* How many of one kind fit, with a return behind them, into net.core.optmem_max 131072. */
CASE(check, memory)
{
	static const struct {
		struct l2insn insn;
		size_t fit;
	} rows[] = {
		{ { BPF_ALU | BPF_ADD | BPF_K, 0, 0, 1 }, L2_FILTER_MAX },
		{ { BPF_LD | BPF_B | BPF_ABS, 0, 0, 14 }, 1259 },
		{ { BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 }, 1169 },
		{ { BPF_LD | BPF_W | BPF_ABS, 0, 0, 26 }, 1169 },
		{ { BPF_LD | BPF_H | BPF_IND, 0, 0, 14 }, 1819 },
		{ { BPF_LDX | BPF_B | BPF_MSH, 0, 0, 14 }, 862 },
		{ { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0 }, 3274 },
	};
	const struct l2insn end = RETURN;
	size_t i;
	size_t k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (k = 0; k < L2_FILTER_MAX; k++)
			many[k] = rows[i].insn;
		many[rows[i].fit - 1] = end;
		REQUIRE(l2filter_memory(many, rows[i].fit) < 131072);
		if (rows[i].fit == L2_FILTER_MAX)
			continue;
		many[rows[i].fit - 1] = rows[i].insn;
		many[rows[i].fit] = end;
		REQUIRE(l2filter_memory(many, rows[i].fit + 1) >= 131072);
	}
	REQUIRE_EQ(l2filter_memory(NULL, 1), -EINVAL);
	REQUIRE_EQ(l2filter_memory(many, 0), -EINVAL);
	REQUIRE_EQ(l2filter_memory(many, L2_FILTER_MAX + 1), -EINVAL);
}
