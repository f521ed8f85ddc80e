/* SPDX-License-Identifier: MIT */
/* The interpreter: what the kernel's translation of a program does to a frame. */
#include <errno.h>
#include <string.h>

#include "filter-internal.h"

/* What a step returns when the program goes on; 0 and negative values are results. */
#define GO_ON 1

struct machine {
	const uint8_t *frame;
	uint32_t captured;
	uint32_t len; /* of the frame in the kernel, at least captured */
	const struct l2filter_facts *facts;
	uint32_t a;
	uint32_t x;
	uint32_t memory[BPF_MEMWORDS];
};

/* Turns an offset as programs have it into one from the frame's first byte. */
static int locate(const struct machine *m, uint32_t k, int64_t *ret)
{
	int32_t offset = (int32_t)k;

	if (offset >= 0)
		*ret = offset;
	else if (offset >= SKF_NET_OFF)
		*ret = (int64_t)offset - SKF_NET_OFF + m->facts->net_offset;
	else if (offset >= SKF_LL_OFF)
		*ret = (int64_t)offset - SKF_LL_OFF + m->facts->link_offset;
	else
		return 0;
	return GO_ON;
}

static int fetch(const struct machine *m, uint32_t k, unsigned int size, uint32_t *ret)
{
	uint32_t value = 0;
	int64_t at;

	if (locate(m, k, &at) != GO_ON || at + size > m->len)
		return 0;
	if (at < -(int64_t)m->facts->front || at + size > m->captured)
		return -ENODATA;
	while (size--)
		value = value << 8 | m->frame[at++];
	*ret = value;
	return GO_ON;
}

/*
 * The place of the netlink attribute of a type among those in frame[at..end), 0 if there is none.
 * An attribute has a length and a type, in host order, and is padded to four bytes.
 */
static uint32_t find_attribute(const uint8_t *frame, uint32_t at, uint32_t end, uint32_t type)
{
	const uint32_t header = 4;
	const uint16_t type_mask = 0x3fff; /* the other bits are flags */
	uint16_t field[2];

	while (end - at >= header) {
		memcpy(field, frame + at, sizeof(field));
		if (field[0] < header || field[0] > end - at)
			return 0;
		if ((field[1] & type_mask) == type)
			return at;
		if (((field[0] + 3u) & ~3u) > end - at)
			return 0;
		at += (field[0] + 3u) & ~3u;
	}
	return 0;
}

/* Looks for the attribute of type X from A on, or among those inside the one at A. */
static int load_attribute(struct machine *m, int nested)
{
	const uint32_t header = 4;
	uint32_t end = m->len;
	uint32_t at = m->a;
	uint16_t len;

	m->a = 0;
	if (m->len < header || at > m->len - header)
		return GO_ON;
	if (m->captured < m->len)
		return -ENODATA;
	if (nested) {
		memcpy(&len, m->frame + at, sizeof(len));
		if (len < header || len > end - at)
			return GO_ON;
		end = at + len;
		at += header;
	}
	m->a = find_attribute(m->frame, at, end, m->x);
	return GO_ON;
}

static int load_ancillary(struct machine *m, int number)
{
	switch (number) {
	case L2FILTER_NLATTR:
	case L2FILTER_NLATTR_NEST:
		return load_attribute(m, number == L2FILTER_NLATTR_NEST);
	case L2FILTER_XOR:
		m->a ^= m->x;
		return GO_ON;
	default:
		if (!(m->facts->known & 1u << number))
			return -ENODATA;
		m->a = m->facts->ancillary[number];
		return GO_ON;
	}
}

/* An ancillary load, whatever its size says, or one from the frame. */
static int load_absolute(struct machine *m, const struct l2insn *insn, unsigned int size)
{
	int ancillary = l2insn_ancillary(insn);

	if (ancillary >= 0)
		return load_ancillary(m, ancillary);
	return fetch(m, insn->k, size, &m->a);
}

static int load_header_length(struct machine *m, uint32_t k)
{
	int r = fetch(m, k, 1, &m->x);

	m->x = (m->x & 0xf) * 4;
	return r;
}

static int load_memory(const struct machine *m, uint32_t k, uint32_t *ret)
{
	if (k >= BPF_MEMWORDS)
		return -EINVAL;
	*ret = m->memory[k];
	return GO_ON;
}

static int load(struct machine *m, const struct l2insn *insn)
{
	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return load_absolute(m, insn, 4);
	case BPF_LD | BPF_H | BPF_ABS:
		return load_absolute(m, insn, 2);
	case BPF_LD | BPF_B | BPF_ABS:
		return load_absolute(m, insn, 1);
	case BPF_LD | BPF_W | BPF_IND:
		return fetch(m, m->x + insn->k, 4, &m->a);
	case BPF_LD | BPF_H | BPF_IND:
		return fetch(m, m->x + insn->k, 2, &m->a);
	case BPF_LD | BPF_B | BPF_IND:
		return fetch(m, m->x + insn->k, 1, &m->a);
	case BPF_LD | BPF_W | BPF_LEN:
		m->a = m->len;
		return GO_ON;
	case BPF_LD | BPF_IMM:
		m->a = insn->k;
		return GO_ON;
	case BPF_LD | BPF_MEM:
		return load_memory(m, insn->k, &m->a);
	default:
		return -EINVAL;
	}
}

static int load_x(struct machine *m, const struct l2insn *insn)
{
	switch (insn->code) {
	case BPF_LDX | BPF_W | BPF_LEN:
		m->x = m->len;
		return GO_ON;
	case BPF_LDX | BPF_B | BPF_MSH:
		return load_header_length(m, insn->k);
	case BPF_LDX | BPF_IMM:
		m->x = insn->k;
		return GO_ON;
	case BPF_LDX | BPF_MEM:
		return load_memory(m, insn->k, &m->x);
	default:
		return -EINVAL;
	}
}

static int store(struct machine *m, const struct l2insn *insn)
{
	if ((insn->code != BPF_ST && insn->code != BPF_STX) || insn->k >= BPF_MEMWORDS)
		return -EINVAL;
	m->memory[insn->k] = insn->code == BPF_ST ? m->a : m->x;
	return GO_ON;
}

/* By X = 0 it rejects the frame; with the constant 0 no program passes the kernel's check. */
static int divide(struct machine *m, const struct l2insn *insn, uint32_t by)
{
	if (by == 0)
		return BPF_SRC(insn->code) == BPF_X ? 0 : -EINVAL;
	if (BPF_OP(insn->code) == BPF_DIV)
		m->a /= by;
	else
		m->a %= by;
	return GO_ON;
}

static int compute(struct machine *m, const struct l2insn *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? m->x : insn->k;

	switch (BPF_OP(insn->code)) {
	case BPF_ADD:
		m->a += operand;
		return GO_ON;
	case BPF_SUB:
		m->a -= operand;
		return GO_ON;
	case BPF_MUL:
		m->a *= operand;
		return GO_ON;
	case BPF_DIV:
	case BPF_MOD:
		return divide(m, insn, operand);
	case BPF_AND:
		m->a &= operand;
		return GO_ON;
	case BPF_OR:
		m->a |= operand;
		return GO_ON;
	case BPF_XOR:
		m->a ^= operand;
		return GO_ON;
	case BPF_LSH:
		m->a <<= operand & 31;
		return GO_ON;
	case BPF_RSH:
		m->a >>= operand & 31;
		return GO_ON;
	case BPF_NEG:
		m->a = 0 - m->a;
		return GO_ON;
	default:
		return -EINVAL;
	}
}

/* How many instructions to jump over. */
static uint32_t jump(const struct machine *m, const struct l2insn *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? m->x : insn->k;

	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		return insn->k;
	case BPF_JEQ:
		return m->a == operand ? insn->jt : insn->jf;
	case BPF_JGT:
		return m->a > operand ? insn->jt : insn->jf;
	case BPF_JGE:
		return m->a >= operand ? insn->jt : insn->jf;
	default: /* BPF_JSET */
		return m->a & operand ? insn->jt : insn->jf;
	}
}

/* Everything but jumps and returns. */
static int step(struct machine *m, const struct l2insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return load(m, insn);
	case BPF_LDX:
		return load_x(m, insn);
	case BPF_ST:
	case BPF_STX:
		return store(m, insn);
	case BPF_ALU:
		return compute(m, insn);
	default: /* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
		return GO_ON;
	}
}

static int64_t run(struct machine *m, const struct l2insn *insns, size_t n)
{
	uint32_t over;
	size_t pc;
	int r;

	for (pc = 0; pc < n; pc++) {
		const struct l2insn *insn = &insns[pc];

		if (!l2opcode_of(insn->code))
			return -EINVAL;
		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			return BPF_RVAL(insn->code) == BPF_A ? m->a : insn->k;
		case BPF_JMP:
			over = jump(m, insn);
			if (over >= n - pc - 1)
				return -EINVAL;
			pc += over;
			break;
		default:
			r = step(m, insn);
			if (r != GO_ON)
				return r;
		}
	}
	return -EINVAL;
}

int64_t l2filter_run(const struct l2insn *insns, size_t n, const void *frame, size_t captured,
		     const struct l2filter_facts *facts)
{
	struct machine m = { .frame = frame, .facts = facts };
	struct l2filter_facts usual;

	if (!insns || captured > INT32_MAX || (!frame && (captured || (facts && facts->front))))
		return -EINVAL;
	if (!facts) {
		l2filter_facts_init(&usual, NULL);
		m.facts = &usual;
	}
	m.captured = (uint32_t)captured;
	m.len = m.facts->len > m.captured ? m.facts->len : m.captured;
	return run(&m, insns, n);
}

int64_t l2filter_run_pkt(const struct l2insn *insns, size_t n, const struct l2pkt *pkt)
{
	struct l2filter_facts facts;

	if (!pkt)
		return -EINVAL;
	l2filter_facts_init(&facts, pkt);
	return l2filter_run(insns, n, pkt->data, pkt->len, &facts);
}
