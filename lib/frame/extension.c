/* SPDX-License-Identifier: MIT */
/* IPv6's headers with options: hop by hop, and for the destination. */
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN        8 /* at least, and the unit of the length */
#define OPTIONS_AT 2
#define ADDR_LEN   16

static const struct l2field hop_fields[] = {
	{ "next", L2IP_NO_NEXT, L2HOP_NEXT, L2FIELD_NUMBER },
	{ "len", 0, L2HOP_LEN, L2FIELD_NUMBER },
};

static const struct l2field dest_fields[] = {
	{ "next", L2IP_NO_NEXT, L2DEST_NEXT, L2FIELD_NUMBER },
	{ "len", 0, L2DEST_LEN, L2FIELD_NUMBER },
};

const uint8_t *l2extension_home(const uint8_t *h, size_t len)
{
	size_t at = OPTIONS_AT;

	while (at + 2 <= len && h[at] != L2IP6OPT_HOME_ADDRESS)
		at += h[at] == L2IP6OPT_PAD1 ? 1 : 2u + h[at + 1];
	if (at + 2 + ADDR_LEN > len || h[at + 1] != ADDR_LEN)
		return NULL;
	return h + at + 2;
}

/* It is no part of the pseudo-header; the IPv6 header in front is. */
static int pseudo_hop(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	(void)b;
	(void)r;
	(void)ret;
	return 0;
}

/* RFC 6275: a mobile host's home address is its source. */
static int pseudo_dest(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	if (!ret->src)
		ret->src = l2extension_home(l2build_header(b, r), r->len);
	return 0;
}

int l2extension_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		      uint8_t proto)
{
	uint32_t len;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = LEN * (h[1] + 1u);
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, proto, 0);
	return l2cursor_next_ip(c, layer, h + len, left - len, h[0]);
}

static int parse_hop(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2extension_parse(c, layer, h, left, L2PROTO_HOP);
}

static int parse_dest(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2extension_parse(c, layer, h, left, L2PROTO_DEST);
}

static void print_hop(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	(void)p;
	(void)index;
	l2line_str(line, "hop-by-hop options");
}

static void print_dest(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	(void)p;
	(void)index;
	l2line_str(line, "destination options");
}

const struct l2proto l2proto_hop = {
	.name = "hop",
	.fields = hop_fields,
	.n_fields = L2COUNT(hop_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(0) },
	.id = L2PROTO_HOP,
	.print = print_hop,
	.options_at = OPTIONS_AT,
	.pseudo = pseudo_hop,
	.parse = parse_hop,
};

const struct l2proto l2proto_dest = {
	.name = "dest",
	.fields = dest_fields,
	.n_fields = L2COUNT(dest_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(60) },
	.id = L2PROTO_DEST,
	.print = print_dest,
	.options_at = OPTIONS_AT,
	.pseudo = pseudo_dest,
	.parse = parse_dest,
};

/* Padding all through, in place of which options come. */
static void start(struct l2build *b, const struct l2proto *proto)
{
	static const uint8_t empty[LEN] = { L2IP_NO_NEXT, 0, L2IP6OPT_PADN, LEN - OPTIONS_AT - 2 };
	uint8_t *h = l2build_push(b, proto, LEN);

	if (b->n)
		l2build_last(b)->pad = LEN - OPTIONS_AT;
	if (!h)
		return;
	memcpy(h, empty, sizeof(empty));
	l2build_open(b, L2SPACE_IP, h);
}

void l2frame_ip6_hop(struct l2frame *f)
{
	start(l2build_of(f), &l2proto_hop);
}

void l2frame_ip6_dest(struct l2frame *f)
{
	start(l2build_of(f), &l2proto_dest);
}

void l2frame_ip6_option(struct l2frame *f, uint8_t type, const void *data, size_t n)
{
	struct l2build *b = l2build_of(f);
	uint8_t proto = b->n ? l2build_last(b)->proto : L2PROTO_NONE;

	l2build_plain_option(b, proto == L2PROTO_DEST ? proto : L2PROTO_HOP, type, data, n);
}

void l2frame_ip6_router_alert(struct l2frame *f, uint16_t value)
{
	uint8_t data[2];

	l2bytes_put16(data, value);
	l2frame_ip6_option(f, L2IP6OPT_ROUTER_ALERT, data, sizeof(data));
}
