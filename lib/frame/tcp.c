/* SPDX-License-Identifier: MIT */
/* TCP. */
#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN    20
#define NUMBER 6
#define WINDOW 65535

static const struct l2field fields[] = {
	{ "sport", 0, L2TCP_SPORT, L2FIELD_NUMBER },
	{ "dport", 0, L2TCP_DPORT, L2FIELD_NUMBER },
	{ "seq", 0, L2TCP_SEQ, L2FIELD_NUMBER },
	{ "ack", 0, L2TCP_ACK, L2FIELD_NUMBER },
	{ "doff", 5, L2TCP_DOFF, L2FIELD_NUMBER },
	{ "reserved", 0, L2TCP_RESERVED, L2FIELD_NUMBER },
	{ "flags", 0, L2TCP_FLAGS, L2FIELD_HEX },
	{ "window", WINDOW, L2TCP_WINDOW, L2FIELD_NUMBER },
	{ "csum", 0, L2TCP_CSUM, L2FIELD_HEX },
	{ "urgent", 0, L2TCP_URGENT, L2FIELD_NUMBER },
};

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2build_transport_sum(b, r, l2build_header_sum(b, r, L2TCP_CSUM) + behind, L2TCP_CSUM,
			      NUMBER);
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = 4u * (h[12] >> 4);
	if (len < LEN)
		return l2cursor_malformed(c, layer, h, left);
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_TCP, 0);
	return l2cursor_payload(c, layer, h + len, left - len);
}

/* As in "syn ack". */
static void print_flags(struct l2line *line, unsigned int flags)
{
	static const char *const names[] = { " fin", " syn", " rst", " psh", " ack",
					     " urg", " ece", " cwr", " ae" };
	unsigned int i;

	for (i = 0; i < L2COUNT(names); i++)
		if (flags >> i & 1)
			l2line_str(line, names[i]);
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "TCP ");
	l2line_dec(line, l2bytes_get16(h));
	l2line_str(line, " > ");
	l2line_dec(line, l2bytes_get16(h + 2));
	print_flags(line, l2bytes_get16(h + 12) & 0x1ff);
}

const struct l2proto l2proto_tcp = {
	.name = "tcp",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(NUMBER) },
	.id = L2PROTO_TCP,
	.print = print,
	.options_at = LEN,
	.sum = L2SUM_PSEUDO,
	.finish = finish,
	.parse = parse,
};

void l2frame_tcp(struct l2frame *f, uint16_t sport, uint16_t dport, uint32_t seq, uint32_t ack,
		 unsigned int flags)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h = l2build_push(b, &l2proto_tcp, LEN);

	if (!h)
		return;
	l2bytes_put32(h, (uint32_t)sport << 16 | dport);
	l2bytes_put32(h + 4, seq);
	l2bytes_put32(h + 8, ack);
	l2bytes_put32(h + 12, 5u << 28 | (flags & 0x1ff) << 16 | WINDOW);
	l2bytes_put32(h + 16, 0);
}
