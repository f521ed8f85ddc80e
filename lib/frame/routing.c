/* SPDX-License-Identifier: MIT */
/* IPv6's routing header. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN      8   /* at least, and the unit of the length */
#define FIXED    4   /* bytes that all types have */
#define MOST     255 /* units beyond the first */
#define ADDR_LEN 16

enum {
	SOURCE_ROUTE = 0, /* RFC 2460; deprecated */
	HOME_ADDRESS = 2, /* RFC 6275 */
	SEGMENTS = 4,     /* RFC 8754 */
};

static const struct l2field fields[] = {
	{ "next", L2IP_NO_NEXT, L2ROUTING_NEXT, L2FIELD_NUMBER },
	{ "len", 0, L2ROUTING_LEN, L2FIELD_NUMBER },
	{ "type", 0, L2ROUTING_TYPE, L2FIELD_NUMBER },
	{ "left", 0, L2ROUTING_LEFT, L2FIELD_NUMBER },
};

const uint8_t *l2routing_destination(const uint8_t *h, size_t len)
{
	if (!h[3] || len < LEN + ADDR_LEN)
		return NULL;
	switch (h[2]) {
	case SOURCE_ROUTE:
		return h + len - ADDR_LEN;
	case HOME_ADDRESS:
	case SEGMENTS: /* the last segment comes first */
		return h + LEN;
	default:
		return NULL;
	}
}

static int pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	if (!ret->dst)
		ret->dst = l2routing_destination(l2build_header(b, r), r->len);
	return 0;
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2extension_parse(c, layer, h, left, L2PROTO_ROUTING);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "routing type ");
	l2line_dec(line, h[2]);
	l2line_str(line, " left ");
	l2line_dec(line, h[3]);
}

const struct l2proto l2proto_routing = {
	.name = "routing",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(43) },
	.id = L2PROTO_ROUTING,
	.print = print,
	.pseudo = pseudo,
	.parse = parse,
};

void l2frame_ip6_routing(struct l2frame *f, uint8_t type, uint8_t left, const void *data, size_t n)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	if (!data || n % LEN != LEN - FIXED || n / LEN > MOST) {
		l2build_fail(
			b, -EINVAL, L2PROTO_ROUTING,
			"%a bytes of data are NULL, too many, or do not make whole units of %b",
			(uint32_t)n, LEN);
		return;
	}
	h = l2build_push(b, &l2proto_routing, FIXED + (uint32_t)n);
	if (!h)
		return;
	h[0] = L2IP_NO_NEXT;
	h[1] = (uint8_t)(n / LEN);
	h[2] = type;
	h[3] = left;
	memcpy(h + FIXED, data, n);
	l2build_open(b, L2SPACE_IP, h);
}

void l2frame_ip6_segments(struct l2frame *f, uint8_t left, const void *segments, size_t n)
{
	uint8_t data[FIXED + MOST * LEN] = { 0 };

	if (!segments || !n || n > MOST / 2 || left >= n) {
		l2build_fail(l2build_of(f), -EINVAL, L2PROTO_ROUTING,
			     "%a of %b segments are left, or they are NULL or too many", left,
			     (uint32_t)n);
		return;
	}
	data[0] = (uint8_t)(n - 1); /* the last entry */
	memcpy(data + FIXED, segments, n * ADDR_LEN);
	l2frame_ip6_routing(f, SEGMENTS, left, data, FIXED + n * ADDR_LEN);
}
