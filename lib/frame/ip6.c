/* SPDX-License-Identifier: MIT */
/* IPv6. */
#include <errno.h>

#include "build-internal.h"
#include "ip-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN      40
#define ADDR_LEN 16
#define HLIM     64

static const struct l2field fields[] = {
	{ "version", 6, L2IP6_VERSION, L2FIELD_NUMBER },
	{ "tclass", 0, L2IP6_TCLASS, L2FIELD_NUMBER },
	{ "flow", 0, L2IP6_FLOW, L2FIELD_HEX },
	{ "len", 0, L2IP6_LEN, L2FIELD_NUMBER },
	{ "next", L2IP_NO_NEXT, L2IP6_NEXT, L2FIELD_NUMBER },
	{ "hlim", HLIM, L2IP6_HLIM, L2FIELD_NUMBER },
	{ "src", 0, L2IP6_SRC, L2FIELD_IP6 },
	{ "dst", 0, L2IP6_DST, L2FIELD_IP6 },
};

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	uint32_t len = b->len - r->at - LEN;

	(void)behind;
	if (r->set & L2SET_LEN)
		return;
	if (len > UINT16_MAX)
		l2build_refuse(b, r, -EMSGSIZE,
			       "%a bytes of payload exceed what the length can tell, %b", len,
			       UINT16_MAX);
	else
		l2bytes_put16(l2build_header(b, r) + 4, (uint16_t)len);
}

static int pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	l2ip6_pseudo(l2build_header(b, r), ret);
	return 1;
}

/* The Ethernet address of a multicast packet. */
static size_t destination(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	const uint8_t *dst = l2build_header(b, r) + 24;

	if (dst[0] != 0xff)
		return 0;
	ret[0] = 0x33;
	ret[1] = 0x33;
	memcpy(ret + 2, dst + 12, 4);
	return L2_MAC_LEN;
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint8_t flags = 0;
	uint32_t len;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	if (h[0] >> 4 != 6)
		return l2cursor_malformed(c, layer, h, left);
	len = l2bytes_get16(h + 4);
	/* A jumbogram or a super-frame, unless nothing follows. */
	if (len || h[6] == L2IP_NO_NEXT)
		left = l2cursor_cut(c, left, LEN + len, &flags);
	else
		flags = L2LAYER_NO_LEN;
	layer = l2cursor_layer(c, layer, h, left, LEN, L2PROTO_IP6, flags);
	return l2cursor_next_ip(c, layer, h + LEN, left - LEN, h[6]);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "IPv6 ");
	l2line_ip6(line, h + 8);
	l2line_str(line, " > ");
	l2line_ip6(line, h + 24);
}

const struct l2proto l2proto_ip6 = {
	.name = "ip6",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_ETHERTYPE] = L2NUMBER(L2_ETHERTYPE_IP6), [L2SPACE_IP] = L2NUMBER(41) },
	.id = L2PROTO_IP6,
	.print = print,
	.finish = finish,
	.pseudo = pseudo,
	.destination = destination,
	.parse = parse,
};

void l2frame_ip6(struct l2frame *f, const void *src, const void *dst)
{
	static const uint8_t start[8] = { 0x60, 0, 0, 0, 0, 0, L2IP_NO_NEXT, HLIM };
	struct l2build *b = l2build_of(f);
	uint8_t *h = l2build_push(b, &l2proto_ip6, LEN);

	if (!h)
		return;
	if (!src) {
		l2build_fail(b, -EINVAL, L2PROTO_IP6, "the source is NULL", 0, 0);
		return;
	}
	l2build_open(b, L2SPACE_IP, h + 6);
	memcpy(h, start, sizeof(start));
	memcpy(h + 8, src, ADDR_LEN);
	l2build_destination(b, h + 24, dst, ADDR_LEN);
}
