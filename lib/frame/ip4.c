/* SPDX-License-Identifier: MIT */
/* IPv4. */
#include <errno.h>

#include "build-internal.h"
#include "ip-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN     20
#define DF      0x4000
#define MF      0x2000
#define OFFSET  0x1fff
#define TTL     64
#define LEN_AT  2
#define CSUM_AT 10

static const struct l2field fields[] = {
	{ "version", 4, L2IP4_VERSION, L2FIELD_NUMBER },
	{ "ihl", 5, L2IP4_IHL, L2FIELD_NUMBER },
	{ "dscp", 0, L2IP4_DSCP, L2FIELD_NUMBER },
	{ "ecn", 0, L2IP4_ECN, L2FIELD_NUMBER },
	{ "len", 0, L2IP4_LEN, L2FIELD_NUMBER },
	{ "id", 0, L2IP4_ID, L2FIELD_NUMBER },
	{ "reserved", 0, L2IP4_RESERVED, L2FIELD_NUMBER },
	{ "df", 1, L2IP4_DF, L2FIELD_NUMBER },
	{ "mf", 0, L2IP4_MF, L2FIELD_NUMBER },
	{ "offset", 0, L2IP4_OFFSET, L2FIELD_NUMBER },
	{ "ttl", TTL, L2IP4_TTL, L2FIELD_NUMBER },
	{ "proto", 0, L2IP4_PROTO, L2FIELD_NUMBER },
	{ "csum", 0, L2IP4_CSUM, L2FIELD_HEX },
	{ "src", 0, L2IP4_SRC, L2FIELD_IP4 },
	{ "dst", 0, L2IP4_DST, L2FIELD_IP4 },
};

/*
 * Without the checksum. Length and protocol have just been written and are read on their own: a
 * word cannot be read while pieces of it are on their way to memory.
 */
static uint64_t header_sum(const uint8_t *h, size_t len)
{
	uint64_t sum = l2sum_half(h) + l2sum_half(h + LEN_AT) + l2sum_word(h + 4) +
		       l2bytes_swap16((uint16_t)(h[8] << 8 | h[9])) + l2sum_word(h + 12) +
		       l2sum_word(h + 16);

	return len == LEN ? sum : sum + l2sum_header(h + LEN, len - LEN);
}

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	uint8_t *h = l2build_header(b, r);
	uint32_t len = b->len - r->at;
	uint16_t check;

	(void)behind;
	if (!(r->set & L2SET_LEN)) {
		if (len > UINT16_MAX) {
			l2build_refuse(b, r, -EMSGSIZE,
				       "a packet of %a bytes exceeds what its length can tell, %b",
				       len, UINT16_MAX);
			return;
		}
		l2bytes_put16(h + LEN_AT, (uint16_t)len);
	}
	if (r->set & L2SET_CSUM)
		return;
	r->flags |= L2RECORD_SUMMED;
	check = (uint16_t)~l2sum_fold(header_sum(h, r->len));
	memcpy(h + CSUM_AT, &check, sizeof(check));
}

static int pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	l2ip4_pseudo(l2build_header(b, r), ret);
	return 1;
}

/* The Ethernet address of a multicast or broadcast packet. */
static size_t destination(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t broadcast[L2_MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const uint8_t *dst = l2build_header(b, r) + 16;
	const uint8_t group[L2_MAC_LEN] = { 0x01, 0, 0x5e, dst[1] & 0x7f, dst[2], dst[3] };

	if (!memcmp(dst, broadcast, 4))
		memcpy(ret, broadcast, L2_MAC_LEN);
	else if (dst[0] >> 4 == 14)
		memcpy(ret, group, L2_MAC_LEN);
	else
		return 0;
	return L2_MAC_LEN;
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint8_t flags = 0;
	uint32_t total;
	uint32_t len;
	uint16_t part;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = 4u * (h[0] & 15);
	total = l2bytes_get16(h + LEN_AT);
	/* Version 4 and at least 5 words. */
	if (h[0] - 0x45u > 10 || (total && total < len))
		return l2cursor_malformed(c, layer, h, left);
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	/* A super-frame may be longer than 16 bits can tell. */
	if (total)
		left = l2cursor_cut(c, left, total, &flags);
	else
		flags = L2LAYER_NO_LEN;
	part = l2bytes_get16(h + L2IP4_FLAGS_AT) & L2IP4_PART;
	if (__builtin_expect(part, 0)) {
		flags |= L2LAYER_FRAGMENT;
		c->fragment = 1;
		if (part & OFFSET) {
			layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_IP4, flags);
			return l2cursor_stop(c, layer, h + len, left - len, L2PARSE_FRAGMENT);
		}
	}
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_IP4, flags);
	/* 0 is IPv6's header for hops; here it is what no protocol has filled in. */
	return l2cursor_next(c, layer, h + len, left - len,
			     h[9] ? l2proto_by_ip_number[h[9]] : L2PROTO_NONE);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	uint16_t offset = l2bytes_get16(h + L2IP4_FLAGS_AT) & OFFSET;

	l2line_str(line, "IPv4 ");
	l2line_ip4(line, h + 12);
	l2line_str(line, " > ");
	l2line_ip4(line, h + 16);
	if (p->layer[index].flags & L2LAYER_FRAGMENT) {
		l2line_str(line, " fragment at ");
		l2line_dec(line, 8u * offset);
	}
}

const struct l2proto l2proto_ip4 = {
	.name = "ip4",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_ETHERTYPE] = L2NUMBER(L2_ETHERTYPE_IP4), [L2SPACE_IP] = L2NUMBER(4) },
	.id = L2PROTO_IP4,
	.print = print,
	.options_at = LEN,
	.sum = L2SUM_HEADER,
	.finish = finish,
	.pseudo = pseudo,
	.destination = destination,
	.parse = parse,
};

void l2frame_ip4(struct l2frame *f, const void *src, const void *dst)
{
	static const uint8_t start[12] = { 0x45, 0, 0, 0, 0, 0, DF >> 8, 0, TTL };
	struct l2build *b = l2build_of(f);
	uint8_t *h = l2build_push(b, &l2proto_ip4, LEN);

	if (!h)
		return;
	if (!src) {
		l2build_fail(b, -EINVAL, L2PROTO_IP4, "the source is NULL", 0, 0);
		return;
	}
	l2build_open(b, L2SPACE_IP, h + 9);
	memcpy(h, start, sizeof(start));
	memcpy(h + 12, src, 4);
	l2build_destination(b, h + 16, dst, 4);
}

void l2frame_ip4_fragment(struct l2frame *f, uint16_t id, uint32_t offset, int more)
{
	struct l2build *b = l2build_of(f);
	struct l2record *r = l2build_find(b, L2PROTO_IP4);
	uint8_t *h;

	if (!r || b->error)
		return;
	if (offset % 8 || offset > UINT16_MAX) {
		l2build_refuse(b, r, -EINVAL, "a fragment cannot begin at byte %a", offset, 0);
		return;
	}
	h = l2build_header(b, r);
	l2bytes_put16(h + 4, id);
	l2bytes_put16(h + L2IP4_FLAGS_AT, (uint16_t)(offset / 8 | (more ? MF : 0)));
}
