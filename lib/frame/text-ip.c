/* SPDX-License-Identifier: MIT */
/* IPv4 and IPv6 addresses as text. */
#include <errno.h>
#include <string.h>

#include "text-internal.h"

#define GROUP_LEN  2 /* bytes between two colons */
#define GROUPS     (L2_IP6_LEN / GROUP_LEN)
#define NO_GAP     SIZE_MAX
#define MAPPED_GAP 10 /* zero bytes in front of a mapped IPv4 address' ffff */

/* An IPv6 address while it is read: the groups so far, and where "::" stood among them. */
struct groups {
	uint8_t bytes[L2_IP6_LEN];
	size_t n;   /* bytes */
	size_t gap; /* bytes in front of "::" */
};

static int read_ip4(struct l2reader *r, uint8_t *ret)
{
	size_t i;

	for (i = 0; i < L2_IP4_LEN; i++) {
		int byte;

		if (i && !l2reader_take(r, '.'))
			return l2reader_refuse(r, r->at, "a dot and a number are missing");
		byte = l2reader_number(r, 255, "a byte is at most 255");
		if (byte < 0)
			return byte;
		ret[i] = (uint8_t)byte;
	}
	return 0;
}

/* Up to four digits, or the dotted form, which ends the address: then it returns 1. */
static int read_group(struct l2reader *r, struct groups *g)
{
	size_t start = r->at;
	unsigned int value = 0;

	while (l2reader_digit(r, 16) >= 0 && r->at < start + 4) {
		value = value << 4 | (unsigned int)l2reader_digit(r, 16);
		r->at++;
	}
	if (r->text[r->at] == '.' && g->n + L2_IP4_LEN <= L2_IP6_LEN) {
		r->at = start;
		if (read_ip4(r, g->bytes + g->n) < 0)
			return -EINVAL;
		g->n += L2_IP4_LEN;
		return 1;
	}
	if (l2reader_digit(r, 16) >= 0)
		return l2reader_refuse(r, r->at, "a group has at most four digits");
	g->bytes[g->n] = (uint8_t)(value >> 8);
	g->bytes[g->n + 1] = (uint8_t)value;
	g->n += GROUP_LEN;
	return 0;
}

/* What stands behind a group. Returns 1 at the end of the address, 0 when another group follows. */
static int read_colons(struct l2reader *r, struct groups *g)
{
	if (g->n == L2_IP6_LEN || !l2reader_take(r, ':'))
		return 1;
	if (l2reader_take(r, ':')) {
		if (g->gap != NO_GAP)
			return l2reader_refuse(r, r->at - 2, "a second \"::\"");
		g->gap = g->n;
		return l2reader_digit(r, 16) < 0;
	}
	if (l2reader_digit(r, 16) < 0)
		return l2reader_refuse(r, r->at, "a group is missing");
	return 0;
}

static int read_groups(struct l2reader *r, struct groups *g)
{
	int done = 0;

	if (l2reader_take(r, ':')) {
		if (!l2reader_take(r, ':'))
			return l2reader_refuse(r, r->at, "a colon is missing");
		g->gap = 0;
		done = l2reader_digit(r, 16) < 0;
	} else if (l2reader_digit(r, 16) < 0) {
		return l2reader_refuse(r, r->at, "a hexadecimal digit is missing");
	}
	while (done == 0) {
		done = read_group(r, g);
		if (done == 0)
			done = read_colons(r, g);
	}
	return done < 0 ? done : 0;
}

static int read_ip6(struct l2reader *r, uint8_t *ret)
{
	struct groups g = { .gap = NO_GAP };
	size_t behind;

	if (read_groups(r, &g) < 0)
		return -EINVAL;
	if (g.gap == NO_GAP && g.n < L2_IP6_LEN)
		return l2reader_refuse(r, r->at, "there are fewer than eight groups");
	if (g.gap != NO_GAP && g.n == L2_IP6_LEN)
		return l2reader_refuse(r, r->at, "\"::\" stands for no group");
	behind = g.gap == NO_GAP ? 0 : g.n - g.gap;
	memset(ret, 0, L2_IP6_LEN);
	memcpy(ret, g.bytes, g.n - behind);
	memcpy(ret + L2_IP6_LEN - behind, g.bytes + g.n - behind, behind);
	return 0;
}

/* One version of IP: how to read an address and how long a prefix may be. */
struct version {
	int (*read)(struct l2reader *r, uint8_t *ret);
	size_t len;
	const char *too_long;
};

static const struct version ip4 = { read_ip4, L2_IP4_LEN, "a prefix has at most 32 bits" };
static const struct version ip6 = { read_ip6, L2_IP6_LEN, "a prefix has at most 128 bits" };

/* @bits is NULL where no prefix may follow. */
static int parse(const struct version *v, const char *text, void *ret, uint32_t *bits,
		 struct l2err *err)
{
	struct l2reader r = { .text = text ? text : "", .err = err };
	int most = 8 * (int)v->len;
	int prefix = most;
	uint8_t addr[L2_IP6_LEN];

	if (!ret)
		return l2reader_refuse(&r, 0, "no place for the address");
	if (v->read(&r, addr) < 0)
		return -EINVAL;
	if (bits && l2reader_take(&r, '/'))
		prefix = l2reader_number(&r, most, v->too_long);
	if (prefix < 0 || l2reader_end(&r) < 0)
		return -EINVAL;
	memcpy(ret, addr, v->len);
	if (bits)
		*bits = (uint32_t)prefix;
	return 0;
}

static int parse_prefix(const struct version *v, const char *text, void *ret, uint32_t *bits,
			struct l2err *err)
{
	struct l2reader r = { .text = "", .err = err };

	if (!bits)
		return l2reader_refuse(&r, 0, "no place for the prefix length");
	return parse(v, text, ret, bits, err);
}

int l2text_parse_ip4(const char *text, void *ret, struct l2err *err)
{
	return parse(&ip4, text, ret, NULL, err);
}

int l2text_parse_ip4_prefix(const char *text, void *ret, uint32_t *bits, struct l2err *err)
{
	return parse_prefix(&ip4, text, ret, bits, err);
}

int l2text_parse_ip6(const char *text, void *ret, struct l2err *err)
{
	return parse(&ip6, text, ret, NULL, err);
}

int l2text_parse_ip6_prefix(const char *text, void *ret, uint32_t *bits, struct l2err *err)
{
	return parse_prefix(&ip6, text, ret, bits, err);
}

void l2line_ip4(struct l2line *line, const uint8_t *addr)
{
	size_t i;

	for (i = 0; i < L2_IP4_LEN; i++) {
		if (i)
			l2line_str(line, ".");
		l2line_dec(line, addr[i]);
	}
}

static unsigned int group(const uint8_t *addr, size_t i)
{
	return (unsigned int)addr[GROUP_LEN * i] << 8 | addr[GROUP_LEN * i + 1];
}

/* The first of the longest runs of two and more zero groups; returns its length, or 0. */
static size_t longest_gap(const uint8_t *addr, size_t *start)
{
	size_t best = 1;
	size_t run = 0;
	size_t i;

	for (i = 0; i < GROUPS; i++) {
		run = group(addr, i) ? 0 : run + 1;
		if (run > best) {
			best = run;
			*start = i + 1 - run;
		}
	}
	return best > 1 ? best : 0;
}

/* Mapped (::ffff:a.b.c.d) and compatible (::a.b.c.d) addresses. */
static bool embeds_ip4(const uint8_t *addr, size_t start, size_t gap)
{
	return gap && start == 0 &&
	       (gap == GROUPS - 2 || (gap == MAPPED_GAP / GROUP_LEN && group(addr, gap) == 0xffff));
}

void l2line_ip6(struct l2line *line, const uint8_t *addr)
{
	size_t start = 0;
	size_t gap = longest_gap(addr, &start);
	size_t end = embeds_ip4(addr, start, gap) ? GROUPS - 2 : GROUPS;
	size_t i = 0;

	while (i < end) {
		if (gap && i == start) {
			l2line_str(line, "::");
			i += gap;
			continue;
		}
		if (i && i != start + gap)
			l2line_str(line, ":");
		l2line_hex(line, group(addr, i), 1);
		i++;
	}
	if (end == GROUPS)
		return;
	if (gap < end)
		l2line_str(line, ":");
	l2line_ip4(line, addr + L2_IP6_LEN - L2_IP4_LEN);
}

int l2text_print_ip4(const void *addr, char *buf, size_t size)
{
	return l2line_print(l2line_ip4, addr, buf, size);
}

int l2text_print_ip6(const void *addr, char *buf, size_t size)
{
	return l2line_print(l2line_ip6, addr, buf, size);
}
