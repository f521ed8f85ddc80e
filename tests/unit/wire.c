/* SPDX-License-Identifier: MIT */
/*
 * The rewritten program on the frame as the kernel has it returns what the program returns on the
 * wire: for every load at every offset, and for random programs. That the kernel has frames so is
 * shown in tests/net/wire.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "program.h"
#include "random.h"
#include "wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const uint32_t taggings[][4] = {
	{ 0 },
	{ WIRE_TAG(L2_TPID_8021Q, 0x0064) },
	{ WIRE_TAG(L2_TPID_8021AD, 0xb123) },
	{ WIRE_TAG(L2_TPID_8021Q, 0x6000) }, /* priority only */
	{ WIRE_TAG(L2_TPID_QINQ, 0x0fff) },
	{ WIRE_TAG(L2_TPID_8021AD, 0x3005), WIRE_TAG(L2_TPID_8021Q, 0xa7e1) },
	{ WIRE_TAG(L2_TPID_8021Q, 0x1001), WIRE_TAG(L2_TPID_8021Q, 0x2002),
	  WIRE_TAG(L2_TPID_QINQ, 0x0003) },
};

static struct l2insn result[L2_FILTER_MAX];
static struct l2insn program[L2_FILTER_MAX];

static void dump(const char *title, const struct l2insn *insns, size_t n)
{
	size_t i;

	fprintf(stderr, "%s\n%zu\n", title, n);
	for (i = 0; i < n && i < 400; i++)
		fprintf(stderr, "%u %u %u %" PRIu32 "\n", insns[i].code, insns[i].jt, insns[i].jf,
			insns[i].k);
}

/* Facts that stay what they are, and a payload offset that counts from the frame's beginning. */
static void make_up_facts(const struct wire *w, struct l2filter_facts *facts)
{
	uint32_t i;

	wire_facts(w, facts);
	for (i = 0; i < COUNT(facts->ancillary); i++)
		facts->ancillary[i] = 0x01010101 * i;
	facts->ancillary[L2FILTER_PAY_OFFSET] = w->len % 3 ? 42 : 0;
	facts->known = UINT16_MAX;
}

/* Compares one frame; the program is in "program", its rewriting in "result". */
static void compare(const struct wire *w, size_t n, size_t rewritten, bool cooked)
{
	struct l2filter_facts facts;
	struct view v;
	int64_t wanted;
	int64_t got;

	make_up_facts(w, &facts);
	wanted = l2filter_run(program, n, w->bytes, w->len, &facts);
	REQUIRE(wanted >= 0);
	wire_view(w, &facts, cooked, &v);
	got = view_run(&v, result, rewritten);
	if (got != view_return(&v, (uint32_t)wanted)) {
		dump("program", program, n);
		dump("rewritten", result, rewritten);
		fprintf(stderr, "%s, %u bytes, type %02x%02x: wanted %" PRId64 "\n",
			cooked ? "cooked" : "ethernet", w->len, w->bytes[12], w->bytes[13], wanted);
	}
	REQUIRE_EQ(got, view_return(&v, (uint32_t)wanted));
}

/* On frames of all kinds: whole, and cut short everywhere around the header. */
static void compare_all(size_t n, size_t rewritten, bool cooked)
{
	struct wire w;
	size_t i;

	REQUIRE_EQ(l2filter_check(result, rewritten, NULL), 0);
	for (i = 0; i < COUNT(taggings); i++) {
		uint32_t len = taggings[i][0] ? 18 : 14;

		for (; len < 40; len += len < 28 ? 1 : 11) {
			wire_make(&w, taggings[i], L2_ETHERTYPE_IP4, len);
			compare(&w, n, rewritten, cooked);
		}
	}
}

static int rewrite(size_t n, uint32_t flags, struct l2filter_report *report)
{
	return (int)l2filter_wire(program, n, flags, result, COUNT(result), report);
}

static void compare_both(size_t n)
{
	uint32_t flags;

	for (flags = 0; flags <= L2FILTER_COOKED; flags++) {
		int r = rewrite(n, flags, NULL);

		REQUIRE(r > 0);
		compare_all(n, (size_t)r, flags);
	}
}

/* Puts a byte of A where the length delivered shows it, whatever is missing in front. */
static size_t put_return(size_t n, unsigned int byte)
{
	program[n++] = (struct l2insn) { BPF_ALU | BPF_RSH | BPF_K, 0, 0, 8 * byte };
	program[n++] = (struct l2insn) { BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xff };
	program[n++] = (struct l2insn) { BPF_ALU | BPF_ADD | BPF_K, 0, 0, 20 };
	program[n++] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
	return n;
}

static const uint16_t sizes[] = { BPF_B, BPF_H, BPF_W };

CASE(wire, absolute_loads)
{
	static const uint32_t bases[] = { 0, L2FILTER_LINK, L2FILTER_NET };
	unsigned int byte;
	uint32_t offset;
	size_t base;
	size_t size;

	for (base = 0; base < COUNT(bases); base++)
		for (size = 0; size < COUNT(sizes); size++)
			for (offset = 0; offset < 26; offset++)
				for (byte = 0; byte < 1u << size; byte++) {
					program[0] = (struct l2insn) { BPF_LD | BPF_ABS |
									       sizes[size],
								       0, 0, bases[base] + offset };
					compare_both(put_return(1, byte));
				}
}

/* A and X before and after: what they held is still there. */
CASE(wire, absolute_loads_keep_x)
{
	uint32_t offset;
	size_t size;

	for (size = 0; size < COUNT(sizes); size++)
		for (offset = 8; offset < 19; offset++) {
			const struct l2insn insns[] = {
				{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 3 },
				{ BPF_MISC | BPF_TAX, 0, 0, 0 },
				{ BPF_LD | BPF_ABS | sizes[size], 0, 0, offset },
				{ BPF_ALU | BPF_XOR | BPF_X, 0, 0, 0 },
			};

			memcpy(program, insns, sizeof(insns));
			compare_both(put_return(COUNT(insns), 0));
		}
}

CASE(wire, header_lengths)
{
	uint32_t offset;

	for (offset = 0; offset < 26; offset++) {
		const struct l2insn insns[] = {
			{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 3 },
			{ BPF_LDX | BPF_B | BPF_MSH, 0, 0, offset },
			{ BPF_ALU | BPF_XOR | BPF_X, 0, 0, 0 },
		};
		const struct l2insn alone[] = {
			{ BPF_LDX | BPF_B | BPF_MSH, 0, 0, L2FILTER_LINK + offset },
			{ BPF_MISC | BPF_TXA, 0, 0, 0 },
		};

		memcpy(program, insns, sizeof(insns));
		compare_both(put_return(COUNT(insns), 0));
		memcpy(program, alone, sizeof(alone));
		compare_both(put_return(COUNT(alone), 0));
	}
}

/* X from a byte of the frame, so that its range is 0 to 255, and moved to where it matters. */
static void indirect(size_t size, uint32_t x, uint32_t k, bool keep_x)
{
	const struct l2insn insns[] = {
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 0 }, /* 2 */
		{ BPF_ALU | BPF_ADD | BPF_K, 0, 0, x - 2 },  { BPF_MISC | BPF_TAX, 0, 0, 0 },
		{ BPF_LD | BPF_IND | sizes[size], 0, 0, k }, { BPF_ALU | BPF_XOR | BPF_X, 0, 0, 0 },
	};

	memcpy(program, insns, sizeof(insns));
	compare_both(put_return(keep_x ? 5 : 4, 0));
	program[0] = (struct l2insn) { BPF_LD | BPF_IMM, 0, 0, 2 }; /* X is known */
	compare_both(put_return(keep_x ? 5 : 4, 1));
}

CASE(wire, indirect_loads)
{
	static const uint32_t sums[] = { 0, UINT32_MAX - 4, L2FILTER_LINK, L2FILTER_NET,
					 (uint32_t)INT32_MAX - 8 };
	uint32_t offset;
	size_t size;
	size_t i;

	for (i = 0; i < COUNT(sums); i++)
		for (size = 0; size < COUNT(sizes); size++)
			for (offset = 0; offset < 24; offset++) {
				indirect(size, sums[i], offset, true);
				indirect(size, offset, sums[i], false);
				indirect(size, 7, sums[i] + offset - 7, true);
			}
}

/* A header length as X: the usual case, for which there are ranges. */
CASE(wire, indirect_behind_a_header_length)
{
	uint32_t k;

	for (k = 0; k < 40; k++) {
		program[0] = (struct l2insn) { BPF_LDX | BPF_B | BPF_MSH, 0, 0, k / 2 };
		program[1] = (struct l2insn) { BPF_LD | BPF_H | BPF_IND, 0, 0, k };
		compare_both(put_return(2, k % 2));
	}
}

CASE(wire, lengths)
{
	static const struct l2insn to_a[] = { { BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 } };
	static const struct l2insn to_x[] = {
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 7 },
		{ BPF_LDX | BPF_W | BPF_LEN, 0, 0, 0 },
		{ BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 },
	};

	memcpy(program, to_a, sizeof(to_a));
	compare_both(put_return(COUNT(to_a), 0));
	memcpy(program, to_x, sizeof(to_x));
	compare_both(put_return(COUNT(to_x), 0));
	compare_both(put_return(2, 0));
}

/* The length that is asked for: constants and values of A, around everything that is missing. */
CASE(wire, returns)
{
	static const uint32_t large[] = { 262144, INT32_MAX, (uint32_t)INT32_MAX + 1, UINT32_MAX };
	uint32_t k;

	for (k = 0; k < 48 + COUNT(large); k++) {
		uint32_t value = k < 48 ? k : large[k - 48];

		program[0] = (struct l2insn) { BPF_RET | BPF_K, 0, 0, value };
		compare_both(1);
	}
	for (k = 0; k < 48; k++) {
		program[0] = (struct l2insn) { BPF_LD | BPF_IMM, 0, 0, k };
		program[1] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
		compare_both(2);
	}
}

CASE(wire, payload_offset)
{
	program[0] = (struct l2insn) { BPF_LD | BPF_W | BPF_ABS, 0, 0,
				       L2FILTER_ANCILLARY + 4 * L2FILTER_PAY_OFFSET };
	compare_both(put_return(1, 0));
}

/* Returns whether the program was refused, which it may be for three reasons. */
static uint32_t try_program(size_t n, uint32_t flags)
{
	struct l2filter_report report;
	int r = rewrite(n, flags, &report);

	if (r > 0) {
		compare_all(n, (size_t)r, flags);
		return 0;
	}
	if (r == -E2BIG)
		REQUIRE(n > 200);
	else
		REQUIRE(r == -EOPNOTSUPP &&
			(strstr(report.text, "netlink") || strstr(report.text, "scratch")));
	return 1;
}

static void random_programs(uint32_t rounds, size_t max)
{
	uint32_t refused = 0;
	struct dice d;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		size_t n;

		dice_start(&d, i);
		n = program_valid(&d, program, max, PROGRAM_ALL);
		program_aim(&d, program, n);
		refused += try_program(n, 0);
		refused += try_program(n, L2FILTER_COOKED);
	}
	fprintf(stderr, "# %" PRIu32 " programs, %" PRIu32 " refusals\n", rounds, refused);
	REQUIRE(refused < rounds / 2);
}

CASE(wire, random_programs)
{
	random_programs((uint32_t)random_rounds(4000), 30);
}

CASE(wire, long_random_programs)
{
	random_programs((uint32_t)random_rounds(60), 400);
}

CASE(wire, programs_that_stay_as_they_are)
{
	static const struct l2insn knows_tags[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_VLAN_PRESENT },
		{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 0 },
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
		{ BPF_RET | BPF_A, 0, 0, 0 },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	static const struct l2insn addresses_only[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, 6 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x02000000 },
		{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};

	memcpy(program, knows_tags, sizeof(knows_tags));
	REQUIRE_EQ(rewrite(COUNT(knows_tags), 0, NULL), COUNT(knows_tags));
	REQUIRE(!memcmp(result, knows_tags, sizeof(knows_tags)));
	memcpy(program, addresses_only, sizeof(addresses_only));
	REQUIRE_EQ(rewrite(COUNT(addresses_only), 0, NULL), COUNT(addresses_only));
	REQUIRE(!memcmp(result, addresses_only, sizeof(addresses_only)));
}

/* Most programs look for a type first, which no tag has: two more instructions. */
CASE(wire, short_results)
{
	static const struct l2insn only_arp[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_ETHERTYPE_ARP },
		{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};

	memcpy(program, only_arp, sizeof(only_arp));
	REQUIRE_EQ(rewrite(COUNT(only_arp), 0, NULL), COUNT(only_arp) + 2);
	REQUIRE(!memcmp(result + 2, only_arp, sizeof(only_arp)));
}

CASE(wire, room)
{
	struct l2insn ret[4] = { { 1, 2, 3, 4 } };
	const struct l2insn before = ret[0];
	int len;

	program[0] = (struct l2insn) { BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 };
	program[1] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
	len = (int)l2filter_wire(program, 2, 0, NULL, 0, NULL);
	REQUIRE(len > 4);
	REQUIRE_EQ(l2filter_wire(program, 2, 0, ret, 4, NULL), -ENOSPC);
	REQUIRE(!memcmp(&ret[0], &before, sizeof(before)));
	REQUIRE_EQ(l2filter_wire(program, 2, 0, result, (size_t)len, NULL), len);
}

/* All words of scratch memory and X are read behind a load that needs one more. */
static size_t use_all_memory(struct l2insn load)
{
	size_t n = 0;
	uint32_t word;

	program[n++] = (struct l2insn) { BPF_LDX | BPF_IMM, 0, 0, 3 };
	for (word = 0; word < BPF_MEMWORDS; word++)
		program[n++] = (struct l2insn) { BPF_STX, 0, 0, word };
	program[n++] = load;
	program[n++] = (struct l2insn) { BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 };
	for (word = 0; word < BPF_MEMWORDS; word++) {
		program[n++] = (struct l2insn) { BPF_LDX | BPF_MEM, 0, 0, word };
		program[n++] = (struct l2insn) { BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 };
	}
	return put_return(n, 0);
}

static void refuse(size_t n, int code, uint32_t index, const char *words)
{
	struct l2filter_report report;

	REQUIRE_EQ(rewrite(n, 0, &report), code);
	REQUIRE_EQ(report.code, code);
	REQUIRE_EQ(report.index, index);
	REQUIRE(strstr(report.text, words));
}

CASE(wire, refusals)
{
	size_t n = use_all_memory((struct l2insn) { BPF_LD | BPF_H | BPF_ABS, 0, 0, 13 });
	size_t i;

	refuse(n, -EOPNOTSUPP, 1 + BPF_MEMWORDS, "scratch memory");
	program[2 + BPF_MEMWORDS].code = BPF_ALU | BPF_ADD | BPF_K; /* X is free */
	compare_both(n);
	n = use_all_memory((struct l2insn) { BPF_LD | BPF_H | BPF_ABS, 0, 0, 14 });
	compare_both(n); /* one ancillary load */
	n = use_all_memory((struct l2insn) { BPF_LD | BPF_H | BPF_IND, 0, 0, 10 });
	compare_both(n); /* X is known */
	program[0] = (struct l2insn) { BPF_LD | BPF_W | BPF_ABS, 0, 0,
				       L2FILTER_ANCILLARY + 4 * L2FILTER_NLATTR };
	refuse(put_return(1, 0), -EOPNOTSUPP, 0, "netlink");
	program[0] = (struct l2insn) { BPF_LD | BPF_IMM, 0, 0, 0 };
	refuse(1, -EINVAL, 0, "return");
	for (i = 0; i < L2_FILTER_MAX; i++)
		program[i] = (struct l2insn) { BPF_LD | BPF_H | BPF_ABS, 0, 0, 20 };
	program[L2_FILTER_MAX - 1] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
	refuse(L2_FILTER_MAX, -E2BIG, 0, "4096");
}

CASE(wire, arguments)
{
	struct l2filter_report report;

	program[0] = (struct l2insn) { BPF_RET | BPF_K, 0, 0, 0 };
	REQUIRE_EQ(l2filter_wire(program, 1, 0, NULL, 1, &report), -EINVAL);
	REQUIRE_EQ(l2filter_wire(program, 1, 2, result, 1, &report), -EINVAL);
	REQUIRE(strstr(report.text, "flag"));
	REQUIRE_EQ(l2filter_wire(NULL, 1, 0, result, 1, NULL), -EINVAL);
}
