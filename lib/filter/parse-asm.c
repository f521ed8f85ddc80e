/* SPDX-License-Identifier: MIT */
/*
 * The language of bpf_asm, the kernel's assembler. Instructions need no lines of their own. The
 * text is read twice: first for the labels, then for the instructions.
 */
#include <errno.h>
#include <string.h>

#include "scan-internal.h"

#define NO_LABEL UINT32_MAX

struct assembly {
	struct l2scan *scan;
	uint32_t labels[L2_FILTER_MAX]; /* where in the text the name of an instruction is */
	size_t n;                       /* instructions, known in the second reading */
	int second;                     /* which of the two this is */
};

/* An operand, and which form it has: L2OPERAND_*. */
struct operand {
	int form;
	int bare; /* a constant without '#' */
	uint32_t k;
};

/* [k], [x + k] */
static int parse_offset(struct l2scan *s, struct operand *ret)
{
	int percent;
	int r;

	r = l2scan_take(s, '[');
	if (r < 0)
		return r;
	percent = l2scan_try(s, '%');
	if (percent < 0)
		return percent;
	ret->form = L2OPERAND_ABS;
	if (percent || l2scan_peek(s) == 'x' || l2scan_peek(s) == 'X') {
		ret->form = L2OPERAND_IND;
		r = l2scan_take(s, l2scan_peek(s) == 'X' ? 'X' : 'x');
		if (r == 0)
			r = l2scan_take(s, '+');
	}
	if (r == 0)
		r = l2scan_number(s, UINT32_MAX, "an offset", &ret->k);
	return r < 0 ? r : l2scan_take(s, ']');
}

/* 4*([k]&0xf), or a constant without its '#' */
static int parse_header_length(struct l2scan *s, struct operand *ret)
{
	size_t at = s->at;
	uint32_t mask = 0;
	int r;

	r = l2scan_number(s, UINT32_MAX, "an operand", &ret->k);
	ret->form = L2OPERAND_K;
	ret->bare = 1;
	if (r < 0 || l2scan_peek(s) != '*')
		return r;
	if (ret->k != 4)
		return l2scan_fail(s, -EINVAL, at, "only 4*([k]&0xf) can be loaded");
	r = l2scan_take(s, '*');
	if (r == 0)
		r = l2scan_take(s, '(');
	if (r == 0)
		r = parse_offset(s, ret);
	if (r == 0)
		r = l2scan_take(s, '&');
	if (r < 0)
		return r;
	at = s->at;
	r = l2scan_number(s, UINT32_MAX, "0xf", &mask);
	if (r == 0 && (mask != 0xf || ret->form != L2OPERAND_ABS))
		r = l2scan_fail(s, -EINVAL, at, "only 4*([k]&0xf) can be loaded");
	ret->form = L2OPERAND_MSH;
	ret->bare = 0;
	return r < 0 ? r : l2scan_take(s, ')');
}

static int ancillary_number(const struct l2scan *s, struct l2word word)
{
	int i;

	for (i = 0; i < L2ANCILLARY_COUNT; i++)
		if (l2scan_is(s, word, l2ancillary_names[i]))
			return i;
	return l2scan_is(s, word, "vlan_pr") ? L2FILTER_VLAN_PRESENT : -1;
}

static int parse_memory(struct l2scan *s, struct operand *ret)
{
	int r;

	ret->form = L2OPERAND_MEM;
	r = l2scan_take(s, '[');
	if (r == 0)
		r = l2scan_number(s, UINT32_MAX, "a place in scratch memory", &ret->k);
	return r < 0 ? r : l2scan_take(s, ']');
}

/* len, or the name of an ancillary field */
static int is_fact(const struct l2scan *s, struct l2word word, struct operand *ret)
{
	int number = ancillary_number(s, word);

	if (number >= 0) {
		ret->form = L2OPERAND_ABS;
		ret->k = L2FILTER_ANCILLARY + 4u * (uint32_t)number;
	} else if (l2scan_is(s, word, "len") || l2scan_is(s, word, "pktlen")) {
		ret->form = L2OPERAND_LEN;
	}
	return ret->form != 0;
}

static int parse_named(struct l2scan *s, struct operand *ret)
{
	struct l2word word;
	int r = l2scan_word(s, "an operand", &word);

	if (r < 0 || is_fact(s, word, ret))
		return r;
	if (l2scan_is(s, word, "m"))
		return parse_memory(s, ret);
	if (l2scan_is(s, word, "x"))
		ret->form = L2OPERAND_X;
	else if (l2scan_is(s, word, "a"))
		ret->form = L2OPERAND_A;
	else
		return l2scan_fail(s, -EINVAL, word.at, "an unknown operand");
	return 0;
}

static int is_digit(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+';
}

/* Behind '#': a constant, or a fact about the frame. */
static int parse_constant(struct l2scan *s, struct operand *ret)
{
	struct l2word word;
	int r;

	if (is_digit(l2scan_peek(s))) {
		ret->form = L2OPERAND_K;
		return l2scan_number(s, UINT32_MAX, "a constant", &ret->k);
	}
	r = l2scan_word(s, "a constant", &word);
	if (r == 0 && !is_fact(s, word, ret))
		r = l2scan_fail(s, -EINVAL, word.at, "an unknown constant");
	return r;
}

static int parse_operand(struct l2scan *s, struct operand *ret)
{
	int r;

	if (l2scan_peek(s) == '[')
		return parse_offset(s, ret);
	if (is_digit(l2scan_peek(s)))
		return parse_header_length(s, ret);
	r = l2scan_try(s, '#');
	if (r > 0)
		return parse_constant(s, ret);
	if (r == 0)
		r = l2scan_try(s, '%');
	return r < 0 ? r : parse_named(s, ret);
}

static int same_label(const struct l2scan *s, uint32_t at, struct l2word word)
{
	const char *text = s->text + at;

	if (at == NO_LABEL || s->len - at < word.len || memcmp(text, s->text + word.at, word.len))
		return 0;
	/* The name in the text ends where something else begins. */
	return s->len - at == word.len || !l2scan_is_name(text[word.len]);
}

/* How many instructions there are between this one and the label; -EINVAL when it is not ahead. */
static int64_t find_label(const struct assembly *a, struct l2word word)
{
	const struct l2scan *s = a->scan;
	size_t i;

	for (i = s->index + 1; i < a->n; i++)
		if (same_label(s, a->labels[i], word))
			return (int64_t)(i - s->index - 1);
	for (i = 0; i <= s->index; i++)
		if (same_label(s, a->labels[i], word))
			return l2scan_fail(s, -EINVAL, word.at,
					   "this label is not ahead: jumps only lead forward");
	return l2scan_fail(s, -EINVAL, word.at, "there is no such label");
}

static int parse_label(struct assembly *a, uint32_t most, uint32_t *ret)
{
	struct l2word word;
	int64_t over;
	int r;

	r = l2scan_word(a->scan, "a label", &word);
	if (r < 0 || !a->second)
		return r;
	over = find_label(a, word);
	if (over < 0)
		return (int)over;
	if (over > most)
		return l2scan_fail(a->scan, -EINVAL, word.at,
				   "%d instructions ahead: a jump on a condition reaches %u",
				   (int)over, most);
	*ret = (uint32_t)over;
	return 0;
}

/* ", label" or ", label, label"; with one, the other way leads to the next instruction. */
static int parse_targets(struct assembly *a, int inverted, struct l2insn *ret)
{
	uint32_t yes = 0;
	uint32_t no = 0;
	int r;

	r = l2scan_take(a->scan, ',');
	if (r == 0)
		r = parse_label(a, UINT8_MAX, inverted ? &no : &yes);
	if (r == 0 && !inverted) {
		r = l2scan_try(a->scan, ',');
		if (r > 0)
			r = parse_label(a, UINT8_MAX, &no);
	}
	ret->jt = (uint8_t)yes;
	ret->jf = (uint8_t)no;
	return r;
}

/* What stands behind the name of an instruction that takes an operand. */
static int parse_with_operand(struct assembly *a, const char *name, const struct l2alias *alias,
			      struct l2insn *ret)
{
	struct l2scan *s = a->scan;
	struct operand operand = { 0, 0, 0 };
	size_t at = s->at;
	int code;
	int r;

	r = parse_operand(s, &operand);
	if (r < 0)
		return r;
	if (operand.form == L2OPERAND_MSH && !strcmp(name, "ldx"))
		name = "ldxb";
	code = l2opcode_find(name, operand.form);
	if (code < 0)
		return l2scan_fail(s, -EINVAL, at, "%s takes no such operand", name);
	if (operand.bare && !(alias && alias->bare))
		return l2scan_fail(s, -EINVAL, at, "a constant has '#' in front");
	*ret = (struct l2insn) { (uint16_t)code, 0, 0, operand.k };
	if (l2insn_is_branch(ret))
		return parse_targets(a, alias && alias->inverted, ret);
	return 0;
}

static int parse_insn(struct assembly *a, struct l2word word, struct l2insn *ret)
{
	const struct l2alias *alias;
	char name[L2SCAN_WORD_MAX + 1];
	int code;

	l2scan_copy(a->scan, word, name);
	alias = l2alias_of(name);
	if (alias)
		memcpy(name, alias->means, sizeof(alias->means));
	if (l2opcode_find(name, 0) < 0)
		return l2scan_fail(a->scan, -EINVAL, word.at, "an unknown instruction");
	code = l2opcode_find(name, L2OPERAND_NONE);
	if (code >= 0) {
		*ret = (struct l2insn) { (uint16_t)code, 0, 0, 0 };
		return 0;
	}
	code = l2opcode_find(name, L2OPERAND_TARGET);
	if (code >= 0) {
		*ret = (struct l2insn) { (uint16_t)code, 0, 0, 0 };
		return parse_label(a, UINT32_MAX, &ret->k);
	}
	return parse_with_operand(a, name, alias, ret);
}

static int define_label(struct assembly *a, struct l2word word)
{
	size_t i;

	for (i = 0; i < a->scan->index && !a->second; i++)
		if (same_label(a->scan, a->labels[i], word))
			return l2scan_fail(a->scan, -EINVAL, word.at,
					   "this label names instruction %zu already", i);
	a->labels[a->scan->index] = (uint32_t)word.at;
	return 0;
}

/* "label: instruction", the label may be missing. */
static int parse_line(struct assembly *a, struct l2insn *ret)
{
	struct l2word word;
	int r;

	r = l2scan_word(a->scan, "an instruction", &word);
	if (r == 0)
		r = l2scan_try(a->scan, ':');
	if (r > 0) {
		r = define_label(a, word);
		if (r == 0)
			r = l2scan_word(a->scan, "an instruction", &word);
	}
	return r < 0 ? r : parse_insn(a, word, ret);
}

static int read_through(struct assembly *a, struct l2insn *insns, size_t max)
{
	struct l2scan *s = a->scan;
	struct l2insn insn;
	int r;

	for (s->index = 0; s->at < s->len; s->index++) {
		r = l2scan_room(s, max);
		if (r == 0)
			r = parse_line(a, &insn);
		if (r < 0)
			return r;
		if (a->second)
			insns[s->index] = insn;
	}
	a->n = s->index;
	return 0;
}

int64_t l2scan_assembly(struct l2scan *s, struct l2insn *insns, size_t max)
{
	struct assembly a = { .scan = s };
	size_t start = s->at;
	int r;

	memset(a.labels, 0xff, sizeof(a.labels));
	r = read_through(&a, insns, max);
	if (r < 0)
		return r;
	s->at = start;
	a.second = 1;
	r = read_through(&a, insns, max);
	return r < 0 ? r : (int64_t)a.n;
}
