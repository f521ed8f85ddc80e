/* SPDX-License-Identifier: MIT */
/* Ethernet. */
#include <errno.h>

#include "build-internal.h"
#include "ethertype-internal.h"
#include "text-internal.h"

static const struct l2field fields[] = {
	{ "dst", 0, L2ETH_DST, L2FIELD_MAC },
	{ "src", 0, L2ETH_SRC, L2FIELD_MAC },
	{ "type", 0, L2ETH_TYPE, L2FIELD_HEX },
};

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	if (left < L2_ETH_HEADER_LEN)
		return l2cursor_truncated(c, layer, h, left);
	return l2cursor_ethertype(c, layer, h, left, L2_ETH_HEADER_LEN, L2PROTO_ETH);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_mac(line, h + L2_MAC_LEN);
	l2line_str(line, " > ");
	l2line_mac(line, h);
}

const struct l2proto l2proto_eth = {
	.name = "eth",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.id = L2PROTO_ETH,
	.print = print,
	.parse = parse,
};

void l2frame_eth(struct l2frame *f, const void *dst, const void *src)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h = l2build_push(b, &l2proto_eth, L2_ETH_HEADER_LEN);

	if (!h)
		return;
	if (!src) {
		l2build_fail(b, -EINVAL, L2PROTO_ETH, "the source is NULL", 0, 0);
		return;
	}
	l2build_open(b, L2SPACE_ETHERTYPE, h + 2 * L2_MAC_LEN);
	memcpy(h + L2_MAC_LEN, src, L2_MAC_LEN);
	l2bytes_put16(h + 2 * L2_MAC_LEN, 0);
	l2build_destination(b, h, dst, L2_MAC_LEN);
}
