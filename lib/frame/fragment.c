/* SPDX-License-Identifier: MIT */
/* IPv6's fragment header. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN    8
#define MF     1
#define OFFSET 0xfff8

static const struct l2field fields[] = {
	{ "next", L2IP_NO_NEXT, L2FRAGMENT_NEXT, L2FIELD_NUMBER },
	{ "offset", 0, L2FRAGMENT_OFFSET, L2FIELD_NUMBER },
	{ "mf", 0, L2FRAGMENT_MF, L2FIELD_NUMBER },
	{ "id", 0, L2FRAGMENT_ID, L2FIELD_HEX },
};

/* One without offset and further fragments holds a whole packet. */
static int pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	ret->fragment |= (l2bytes_get16(l2build_header(b, r) + 2) & (OFFSET | MF)) != 0;
	return 0;
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint8_t flags = 0;
	uint16_t word;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	word = l2bytes_get16(h + 2);
	if (word & (OFFSET | MF)) {
		flags = L2LAYER_FRAGMENT;
		c->fragment = 1;
	}
	layer = l2cursor_layer(c, layer, h, left, LEN, L2PROTO_FRAGMENT, flags);
	if (word & OFFSET)
		return l2cursor_stop(c, layer, h + LEN, left - LEN, L2PARSE_FRAGMENT);
	return l2cursor_next_ip(c, layer, h + LEN, left - LEN, h[0]);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "fragment at ");
	l2line_dec(line, l2bytes_get16(h + 2) & OFFSET);
}

const struct l2proto l2proto_fragment = {
	.name = "fragment",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(44) },
	.id = L2PROTO_FRAGMENT,
	.print = print,
	.pseudo = pseudo,
	.parse = parse,
};

void l2frame_ip6_fragment(struct l2frame *f, uint32_t id, uint32_t offset, int more)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	if (offset % 8 || offset > UINT16_MAX) {
		l2build_fail(b, -EINVAL, L2PROTO_FRAGMENT, "a fragment cannot begin at byte %a",
			     offset, 0);
		return;
	}
	h = l2build_push(b, &l2proto_fragment, LEN);
	if (!h)
		return;
	l2bytes_put16(h, L2IP_NO_NEXT << 8);
	l2bytes_put16(h + 2, (uint16_t)(offset | (more ? MF : 0)));
	l2bytes_put32(h + 4, id);
	l2build_open(b, L2SPACE_IP, h);
}
