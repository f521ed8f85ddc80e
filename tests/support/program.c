/* SPDX-License-Identifier: MIT */
#include <linux/filter.h>
#include <stdbool.h>
#include <string.h>

#include "program.h"
#include "random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const uint16_t computations[] = {
	BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_ADD | BPF_X, BPF_ALU | BPF_SUB | BPF_K,
	BPF_ALU | BPF_SUB | BPF_X, BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV | BPF_K, BPF_ALU | BPF_DIV | BPF_X, BPF_ALU | BPF_MOD | BPF_K,
	BPF_ALU | BPF_MOD | BPF_X, BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_OR | BPF_K,  BPF_ALU | BPF_OR | BPF_X,  BPF_ALU | BPF_XOR | BPF_K,
	BPF_ALU | BPF_XOR | BPF_X, BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_RSH | BPF_X, BPF_ALU | BPF_NEG,
	BPF_MISC | BPF_TAX,        BPF_MISC | BPF_TXA,        BPF_LD | BPF_IMM,
	BPF_LDX | BPF_IMM,         BPF_LD | BPF_W | BPF_LEN,  BPF_LDX | BPF_W | BPF_LEN,
};

static const uint16_t loads[] = {
	BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_W | BPF_IND, BPF_LD | BPF_H | BPF_IND, BPF_LD | BPF_B | BPF_IND,
};

static const uint16_t branches[] = {
	BPF_JMP | BPF_JEQ | BPF_K,  BPF_JMP | BPF_JEQ | BPF_X,  BPF_JMP | BPF_JGT | BPF_K,
	BPF_JMP | BPF_JGT | BPF_X,  BPF_JMP | BPF_JGE | BPF_K,  BPF_JMP | BPF_JGE | BPF_X,
	BPF_JMP | BPF_JSET | BPF_K, BPF_JMP | BPF_JSET | BPF_X,
};

void dice_start(struct dice *d, uint64_t nr)
{
	d->state = (random_seed() << 32) + nr;
}

uint32_t dice_word(struct dice *d)
{
	return (uint32_t)(random_next(&d->state) >> 32);
}

uint32_t dice_below(struct dice *d, uint32_t n)
{
	return dice_word(d) % n;
}

/* Values at which something changes, and any others. */
static uint32_t constant(struct dice *d)
{
	static const uint32_t special[] = {
		0,         1,          2,          31,         32,         33,        63,
		64,        0xff,       0x800,      0x806,      0x8100,     INT16_MAX, INT16_MAX + 1,
		INT32_MAX, 0x80000000, 0x80000001, 0xffffffff, 0xfffffffe,
	};

	switch (dice_below(d, 4)) {
	case 0:
		return special[dice_below(d, COUNT(special))];
	case 1:
		return dice_below(d, 256);
	case 2:
		return 1u << dice_below(d, 32);
	default:
		return dice_word(d);
	}
}

/* Where to load from: mostly inside the frame, now and then around the kernel's special places. */
static uint32_t offset(struct dice *d, int reads)
{
	static const int32_t special[] = { SKF_NET_OFF, SKF_LL_OFF };
	uint32_t chance = dice_below(d, 16);

	if (reads == PROGRAM_ALL && chance < 3)
		return (uint32_t)SKF_AD_OFF + 4 * dice_below(d, SKF_AD_MAX / 4);
	if (reads == PROGRAM_ALL && chance < 6)
		return (uint32_t)special[dice_below(d, 2)] + dice_below(d, 40);
	if (chance == 15 && dice_below(d, 2))
		return INT16_MAX - 2 + dice_below(d, 5);
	return chance == 14 ? dice_below(d, 2000) : dice_below(d, 64);
}

static struct l2insn random_load(struct dice *d, int reads)
{
	struct l2insn insn = { loads[dice_below(d, COUNT(loads))], 0, 0, offset(d, reads) };

	if (dice_below(d, 8) == 0)
		insn.code = BPF_LDX | BPF_B | BPF_MSH;
	if (BPF_MODE(insn.code) != BPF_ABS && insn.k >= (uint32_t)SKF_AD_OFF)
		insn.k = dice_below(d, 64);
	if (BPF_MODE(insn.code) == BPF_IND && dice_below(d, 8) == 0)
		insn.k = 0 - dice_below(d, 64); /* X + k wraps around 2^32 */
	return insn;
}

static struct l2insn random_computation(struct dice *d)
{
	struct l2insn insn = { computations[dice_below(d, COUNT(computations))], 0, 0,
			       constant(d) };

	switch (insn.code) {
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_K:
		insn.k |= 1;
		break;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		insn.k &= 31;
		break;
	default:
		break;
	}
	return insn;
}

/* A jump over at most @rest - 1 instructions. */
static struct l2insn random_jump(struct dice *d, uint32_t rest)
{
	struct l2insn insn = { branches[dice_below(d, COUNT(branches))], 0, 0, constant(d) };
	uint32_t reach = rest < 20 ? rest : 20;

	insn.jt = (uint8_t)dice_below(d, reach);
	insn.jf = (uint8_t)dice_below(d, reach);
	if (dice_below(d, 8) == 0)
		insn = (struct l2insn) { BPF_JMP | BPF_JA, 0, 0, dice_below(d, reach) };
	return insn;
}

/* Of the scratch memory the upper half is written at the start, so that it can be read anywhere. */
static struct l2insn random_memory(struct dice *d)
{
	static const uint16_t codes[] = { BPF_ST, BPF_STX, BPF_LD | BPF_MEM, BPF_LDX | BPF_MEM };
	uint32_t which = dice_below(d, COUNT(codes));
	struct l2insn insn = { codes[which], 0, 0, dice_below(d, BPF_MEMWORDS) };

	if (which >= 2)
		insn.k = BPF_MEMWORDS - 1 - dice_below(d, 2);
	return insn;
}

static struct l2insn random_insn(struct dice *d, uint32_t rest, int reads)
{
	switch (dice_below(d, 16)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		return random_load(d, reads);
	case 5:
	case 6:
		return random_memory(d);
	case 7:
	case 8:
		return random_jump(d, rest);
	case 9:
		if (dice_below(d, 6) == 0)
			return (struct l2insn) { BPF_RET | BPF_K, 0, 0, dice_below(d, 300) };
		return (struct l2insn) { BPF_LDX | BPF_IMM, 0, 0, dice_below(d, 40) };
	default:
		return random_computation(d);
	}
}

/* Ends with one of the four bytes of A, plus one: a received length shows it. */
static size_t end(struct dice *d, struct l2insn *insns)
{
	const struct l2insn fold[] = {
		{ BPF_ALU | BPF_RSH | BPF_K, 0, 0, 8 * dice_below(d, 4) },
		{ BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xff },
		{ BPF_ALU | BPF_ADD | BPF_K, 0, 0, 1 },
		{ BPF_RET | BPF_A, 0, 0, 0 },
	};

	memcpy(insns, fold, sizeof(fold));
	return COUNT(fold);
}

size_t program_valid(struct dice *d, struct l2insn *insns, size_t max, int reads)
{
	const uint32_t first = 4;
	const uint32_t last = 4;
	uint32_t n = dice_below(d, (uint32_t)max - first - last + 1);
	uint32_t i;

	insns[0] = (struct l2insn) { BPF_LD | BPF_IMM, 0, 0, constant(d) };
	insns[1] = (struct l2insn) { BPF_LDX | BPF_IMM, 0, 0, dice_below(d, 64) };
	insns[2] = (struct l2insn) { BPF_ST, 0, 0, BPF_MEMWORDS - 1 };
	insns[3] = (struct l2insn) { BPF_STX, 0, 0, BPF_MEMWORDS - 2 };
	for (i = 0; i < n; i++)
		insns[first + i] = random_insn(d, n - i, reads);
	return first + n + end(d, insns + first + n);
}

static bool loads_tag(const struct l2insn *insn)
{
	switch (insn->k - L2FILTER_ANCILLARY) {
	case 4 * L2FILTER_VLAN_TCI:
	case 4 * L2FILTER_VLAN_PRESENT:
	case 4 * L2FILTER_VLAN_TPID:
		return true;
	}
	return false;
}

void program_aim(struct dice *d, struct l2insn *insns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct l2insn *insn = &insns[i];

		if (BPF_CLASS(insn->code) != BPF_LD || BPF_MODE(insn->code) != BPF_ABS)
			continue;
		if (loads_tag(insn))
			insn->k = L2FILTER_ANCILLARY + 4 * L2FILTER_MARK;
		else if (insn->k < 64 && dice_below(d, 2))
			insn->k = dice_below(d, 24);
	}
}

static void mutate_one(struct dice *d, struct l2insn *insn)
{
	switch (dice_below(d, 6)) {
	case 0:
		insn->code ^= (uint16_t)(1u << dice_below(d, dice_below(d, 4) ? 8 : 16));
		break;
	case 1:
		insn->code = (uint16_t)dice_below(d, 0xc0);
		break;
	case 2:
		insn->k = constant(d);
		break;
	case 3:
		insn->k = (uint32_t)SKF_AD_OFF - 4 + dice_below(d, SKF_AD_MAX + 8);
		break;
	case 4:
		insn->k = dice_below(d, BPF_MEMWORDS + 2);
		break;
	default:
		insn->jt = (uint8_t)dice_word(d);
		insn->jf = (uint8_t)dice_below(d, 24);
	}
}

size_t program_mutate(struct dice *d, struct l2insn *insns, size_t n)
{
	uint32_t rounds = 1 + dice_below(d, 3);

	while (rounds--)
		mutate_one(d, &insns[dice_below(d, (uint32_t)n)]);
	if (n > 1 && dice_below(d, 16) == 0)
		n = 1 + dice_below(d, (uint32_t)n - 1);
	return n;
}

/* One kind of dear instruction many times over, with jumps between. */
size_t program_large(struct dice *d, struct l2insn *insns)
{
	uint32_t n = 700 + dice_below(d, L2_FILTER_MAX - 700 + 1);
	struct l2insn dear = random_load(d, PROGRAM_ALL);
	uint32_t spacing = 1 + dice_below(d, 200);
	uint32_t i;

	for (i = 0; i + 1 < n; i++) {
		insns[i] = dear;
		if (i % spacing == 0 && dice_below(d, 4) == 0)
			insns[i] = random_jump(d, n - 1 - i);
		if (i % spacing == 0 && dice_below(d, 8) == 0)
			insns[i] = (struct l2insn) { BPF_JMP | BPF_JA, 0, 0,
						     dice_below(d, n - 1 - i) };
	}
	insns[n - 1] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
	return n;
}

void program_frame(struct dice *d, uint8_t *frame, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		frame[i] = (uint8_t)(dice_below(d, 3) ? dice_word(d) : dice_below(d, 16));
}
