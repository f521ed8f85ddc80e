/* SPDX-License-Identifier: MIT */
/* UDP. */
#include <errno.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN    8
#define NUMBER 17

static const struct l2field fields[] = {
	{ "sport", 0, L2UDP_SPORT, L2FIELD_NUMBER },
	{ "dport", 0, L2UDP_DPORT, L2FIELD_NUMBER },
	{ "len", 0, L2UDP_LEN, L2FIELD_NUMBER },
	{ "csum", 0, L2UDP_CSUM, L2FIELD_HEX },
};

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	uint8_t *h = l2build_header(b, r);
	uint32_t len = b->len - r->at;

	if (!(r->set & L2SET_LEN)) {
		if (len > UINT16_MAX) {
			l2build_refuse(
				b, r, -EMSGSIZE,
				"a datagram of %a bytes exceeds what its length can tell, %b", len,
				UINT16_MAX);
			return;
		}
		l2bytes_put16(h + 4, (uint16_t)len);
	}
	l2build_transport_sum(b, r, l2sum_word(h) + l2sum_half(h + 4) + behind, L2UDP_CSUM, NUMBER);
}

/* A first fragment's length tells more than the fragment has. */
static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint8_t flags = 0;
	uint32_t len;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = l2bytes_get16(h + 4);
	if (len && len < LEN)
		return l2cursor_malformed(c, layer, h, left);
	if (len)
		left = l2cursor_cut(c, left, len, &flags);
	else
		flags = L2LAYER_NO_LEN;
	layer = l2cursor_layer(c, layer, h, left, LEN, L2PROTO_UDP, flags);
	return l2cursor_payload(c, layer, h + LEN, left - LEN);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "UDP ");
	l2line_dec(line, l2bytes_get16(h));
	l2line_str(line, " > ");
	l2line_dec(line, l2bytes_get16(h + 2));
}

const struct l2proto l2proto_udp = {
	.name = "udp",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(NUMBER) },
	.id = L2PROTO_UDP,
	.sum = L2SUM_PSEUDO,
	.print = print,
	.finish = finish,
	.parse = parse,
};

void l2frame_udp(struct l2frame *f, uint16_t sport, uint16_t dport)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h = l2build_push(b, &l2proto_udp, LEN);

	if (!h)
		return;
	l2bytes_put32(h, (uint32_t)sport << 16 | dport);
	l2bytes_put32(h + 4, 0);
}
