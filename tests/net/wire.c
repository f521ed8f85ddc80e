/* SPDX-License-Identifier: MIT */
/*
 * The kernel's verdicts on rewritten programs equal the interpreter's on the program as it was
 * given and the frame as it was on the wire: where the kernel took the tag out, and where not.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "netns.h"
#include "program.h"
#include "random.h"
#include "verdicts.h"

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

static const uint32_t lengths[] = { 14, 15, 16, 17, 18, 20, 21, 22, 23, 25, 60 };

static struct l2insn program[L2_FILTER_MAX];
static struct l2insn result[L2_FILTER_MAX];
static struct wire frames[VERDICTS_BATCH];
static size_t n_frames;
static struct verdicts kernel;

/* Every kind of header, whole, and cut short behind it. */
static void prepare(void)
{
	uint32_t header;
	size_t i;
	size_t k;

	netns_enter();
	verdicts_open(&kernel);
	for (i = 0; i < COUNT(taggings); i++)
		for (k = 0; k < COUNT(lengths); k++) {
			REQUIRE(n_frames < COUNT(frames));
			header = wire_make(&frames[n_frames], taggings[i], L2_ETHERTYPE_EXP2,
					   lengths[k]);
			if (header <= lengths[k])
				n_frames++;
		}
}

static void attach(int side, size_t n)
{
	uint32_t flags = side >= VERDICTS_RECEIVING_COOKED ? L2FILTER_COOKED : 0;
	int64_t r = l2filter_wire(program, n, flags, result, COUNT(result), NULL);

	REQUIRE(r > 0);
	REQUIRE_EQ(verdicts_attach(&kernel, side, result, (size_t)r), 0);
}

/* All sides but the one that does not see every frame, and that one with those that it sees. */
static uint32_t compare(size_t n)
{
	static struct wire seen[VERDICTS_BATCH];
	uint32_t judged = 0;
	size_t n_seen = 0;
	size_t i;
	int side;

	for (side = 0; side < VERDICTS_SENDING_COOKED; side++)
		attach(side, n);
	verdicts_send(&kernel, frames, n_frames);
	for (side = 0; side < VERDICTS_SENDING_COOKED; side++)
		judged += verdicts_compare(&kernel, side, program, n, frames, n_frames);
	for (i = 0; i < n_frames; i++)
		if (verdicts_sees(&frames[i], side))
			seen[n_seen++] = frames[i];
	verdicts_discard(&kernel, side);
	attach(side, n);
	verdicts_send(&kernel, seen, n_seen);
	judged += verdicts_compare(&kernel, side, program, n, seen, n_seen);
	while (side--)
		verdicts_discard(&kernel, side);
	return judged;
}

/* One byte of A as the length, far enough from its end that nothing is cut off in front. */
static uint32_t compare_value(size_t n)
{
	const struct l2insn end[] = {
		{ BPF_ALU | BPF_AND | BPF_K, 0, 0, 31 },
		{ BPF_ALU | BPF_ADD | BPF_K, 0, 0, 20 },
		{ BPF_RET | BPF_A, 0, 0, 0 },
	};

	memcpy(program + n, end, sizeof(end));
	return compare(n + COUNT(end));
}

CASE(wire, loads)
{
	static const uint16_t sizes[] = { BPF_B, BPF_H, BPF_W };
	static const uint32_t bases[] = { 0, L2FILTER_LINK, L2FILTER_NET };
	uint32_t judged = 0;
	uint32_t offset;
	size_t base;
	size_t size;

	prepare();
	for (base = 0; base < COUNT(bases); base++)
		for (size = 0; size < COUNT(sizes); size++)
			for (offset = 0; offset < 22; offset++) {
				program[0] = (struct l2insn) { BPF_LD | BPF_ABS | sizes[size], 0, 0,
							       bases[base] + offset };
				judged += compare_value(1);
				program[0] = (struct l2insn) { BPF_LDX | BPF_IMM, 0, 0, 7 };
				program[1] = (struct l2insn) { BPF_LD | BPF_IND | sizes[size], 0, 0,
							       bases[base] + offset - 7 };
				judged += compare_value(2);
			}
	fprintf(stderr, "# %" PRIu32 " verdicts\n", judged);
	REQUIRE(judged > 0);
}

CASE(wire, lengths)
{
	uint32_t k;

	prepare();
	program[0] = (struct l2insn) { BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 };
	compare_value(1);
	for (k = 0; k < 48; k++) {
		program[0] = (struct l2insn) { BPF_RET | BPF_K, 0, 0, k };
		compare(1);
		program[0] = (struct l2insn) { BPF_LD | BPF_IMM, 0, 0, k };
		program[1] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
		compare(2);
	}
}

/* How many frames with an 802.1Q tag in the data a cooked handle of the sending side gets. */
static int tags_in_data(size_t n)
{
	attach(VERDICTS_SENDING_COOKED, n);
	verdicts_send(&kernel, &frames[COUNT(lengths)], 1);
	return verdicts_discard(&kernel, VERDICTS_SENDING_COOKED);
}

/* Where the payload begins is not known: only a verdict on the header is sure. */
CASE(wire, tag_in_the_data_of_a_cooked_handle)
{
	const struct l2insn header[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_TPID_8021Q },
		{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};

	prepare();
	REQUIRE_EQ(frames[COUNT(lengths)].bytes[12], L2_TPID_8021Q >> 8);
	memcpy(program, header, sizeof(header));
	REQUIRE_EQ(tags_in_data(COUNT(header)), 1);
	program[1].k = L2_TPID_8021AD;
	REQUIRE_EQ(tags_in_data(COUNT(header)), 0);
	program[0].k = 14;
	program[1].k = 0x0064;
	REQUIRE_EQ(tags_in_data(COUNT(header)), 0);
}

/* May the program be compared: is it rewritten, and does it ask only for what is known? */
static bool is_fit(size_t n)
{
	size_t i;
	int side;

	for (side = 0; side < VERDICTS_SIDES; side++) {
		uint32_t flags = side >= VERDICTS_RECEIVING_COOKED ? L2FILTER_COOKED : 0;

		if (l2filter_wire(program, n, flags, NULL, 0, NULL) < 0)
			return false;
		for (i = 0; i < n_frames; i++)
			if (verdicts_wanted(&frames[i], side, program, n) < 0)
				return false;
	}
	return true;
}

CASE(wire, random_programs)
{
	const uint32_t rounds = (uint32_t)random_rounds(800);
	uint32_t compared = 0;
	struct dice d;
	uint32_t i;

	prepare();
	for (i = 0; i < rounds; i++) {
		int reads;
		size_t n;

		dice_start(&d, i);
		reads = (int)dice_below(&d, 2);
		n = program_valid(&d, program, 8 + dice_below(&d, 30), reads);
		program_aim(&d, program, n);
		if (!is_fit(n))
			continue;
		compare(n);
		compared++;
	}
	fprintf(stderr, "# %" PRIu32 " of %" PRIu32 " programs compared\n", compared, rounds);
	REQUIRE(compared > rounds / 2);
}
