/* SPDX-License-Identifier: MIT */
/* ICMP of IPv4. */
#include <l2sock/icmp.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define LEN           8
#define TIMESTAMP_LEN 20
#define NUMBER        1
#define QUOTE_MAX     548 /* RFC 1812: errors do not exceed 576 bytes, the IP header included */

static const struct l2field fields[] = {
	{ "type", 0, L2ICMP4_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2ICMP4_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2ICMP4_CSUM, L2FIELD_HEX },
	{ "rest", 0, L2ICMP4_REST, L2FIELD_HEX },
	{ "originate", 0, L2ICMP4_ORIGINATE, L2FIELD_NUMBER },
	{ "receive", 0, L2ICMP4_RECEIVE, L2FIELD_NUMBER },
	{ "transmit", 0, L2ICMP4_TRANSMIT, L2FIELD_NUMBER },
};

static int is_timestamp(uint8_t type)
{
	return type == L2ICMP4_TIMESTAMP || type == L2ICMP4_TIMESTAMP_REPLY;
}

static int is_error(uint8_t type)
{
	switch (type) {
	case L2ICMP4_UNREACHABLE:
	case 4: /* source quench, as once was */
	case L2ICMP4_REDIRECT:
	case L2ICMP4_TIME_EXCEEDED:
	case L2ICMP4_PARAMETER_PROBLEM:
		return 1;
	default:
		return 0;
	}
}

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2build_plain_sum(b, r, behind, L2ICMP4_CSUM);
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len;

	if (left < LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = is_timestamp(h[0]) ? TIMESTAMP_LEN : LEN;
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_ICMP4, 0);
	if (is_error(h[0]))
		return l2cursor_quote(c, layer, h + len, left - len, L2PROTO_IP4);
	return l2cursor_payload(c, layer, h + len, left - len);
}

static const struct l2name types[] = {
	{ L2ICMP4_ECHO_REPLY, "echo reply" },
	{ L2ICMP4_UNREACHABLE, "unreachable" },
	{ L2ICMP4_REDIRECT, "redirect" },
	{ L2ICMP4_ECHO_REQUEST, "echo request" },
	{ 9, "router advertisement" },
	{ 10, "router solicitation" },
	{ L2ICMP4_TIME_EXCEEDED, "time exceeded" },
	{ L2ICMP4_PARAMETER_PROBLEM, "parameter problem" },
	{ L2ICMP4_TIMESTAMP, "timestamp" },
	{ L2ICMP4_TIMESTAMP_REPLY, "timestamp reply" },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "ICMP ");
	l2line_name(line, h[0], types, L2COUNT(types), "type ");
	if (is_error(h[0])) {
		l2line_str(line, " code ");
		l2line_dec(line, h[1]);
	}
}

const struct l2proto l2proto_icmp4 = {
	.name = "icmp4",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(NUMBER) },
	.id = L2PROTO_ICMP4,
	.sum = L2SUM_PLAIN,
	.print = print,
	.finish = finish,
	.parse = parse,
};

static uint8_t *push(struct l2build *b, uint8_t type, uint8_t code, uint32_t rest, uint32_t len)
{
	uint8_t *h = l2build_push(b, &l2proto_icmp4, len);

	if (!h)
		return NULL;
	l2bytes_put32(h, (uint32_t)type << 24 | (uint32_t)code << 16);
	l2bytes_put32(h + 4, rest);
	return h;
}

void l2frame_icmp4(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest)
{
	push(l2build_of(f), type, code, rest, LEN);
}

void l2frame_icmp4_echo(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq)
{
	l2frame_icmp4(f, type, 0, (uint32_t)id << 16 | seq);
}

void l2frame_icmp4_timestamp(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq,
			     uint32_t originate, uint32_t receive, uint32_t transmit)
{
	uint8_t *h = push(l2build_of(f), type, 0, (uint32_t)id << 16 | seq, TIMESTAMP_LEN);

	if (!h)
		return;
	l2bytes_put32(h + 8, originate);
	l2bytes_put32(h + 12, receive);
	l2bytes_put32(h + 16, transmit);
}

void l2frame_icmp4_error(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest,
			 const void *packet, size_t n)
{
	l2frame_icmp4(f, type, code, rest);
	l2frame_payload(f, packet, n < QUOTE_MAX ? n : QUOTE_MAX);
}
