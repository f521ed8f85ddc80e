/* SPDX-License-Identifier: MIT */
/* ICMPv6: echo and errors; the types of neighbour discovery and MLD are protocols of their own. */
#include <l2sock/icmp.h>

#include "build-internal.h"
#include "icmp6-internal.h"
#include "text-internal.h"

#define QUOTE_MAX (1280 - 40 - L2ICMP6_LEN) /* RFC 4443: errors fit the least MTU */

static const struct l2field fields[] = {
	{ "type", 0, L2ICMP6_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2ICMP6_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2ICMP6_CSUM, L2FIELD_HEX },
	{ "rest", 0, L2ICMP6_REST, L2FIELD_HEX },
};

void l2icmp6_finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2build_transport_sum(b, r, l2build_header_sum(b, r, L2ICMP6_CSUM) + behind, L2ICMP6_CSUM,
			      L2ICMP6_NUMBER);
}

uint8_t *l2icmp6_push(struct l2build *b, const struct l2proto *proto, uint8_t type, uint32_t len)
{
	uint8_t *h = l2build_push(b, proto, len);

	if (!h)
		return NULL;
	memset(h, 0, len);
	h[0] = type;
	return h;
}

static int is_error(uint8_t type)
{
	return type >= L2ICMP6_UNREACHABLE && type <= L2ICMP6_PARAMETER_PROBLEM;
}

/* Messages of neighbour discovery and MLD are protocols of their own. */
int l2icmp6_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	if (left < L2ICMP6_LEN)
		return l2cursor_truncated(c, layer, h, left);
	if (l2ndp_is(h[0]))
		return l2ndp_parse(c, layer, h, left);
	if (l2mld_is(h[0]))
		return l2mld_parse(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, L2ICMP6_LEN, L2PROTO_ICMP6, 0);
	h += L2ICMP6_LEN;
	left -= L2ICMP6_LEN;
	if (is_error(h[-L2ICMP6_LEN]))
		return l2cursor_quote(c, layer, h, left, L2PROTO_IP6);
	return l2cursor_payload(c, layer, h, left);
}

static const struct l2name types[] = {
	{ L2ICMP6_UNREACHABLE, "unreachable" },
	{ L2ICMP6_TOO_BIG, "packet too big" },
	{ L2ICMP6_TIME_EXCEEDED, "time exceeded" },
	{ L2ICMP6_PARAMETER_PROBLEM, "parameter problem" },
	{ L2ICMP6_ECHO_REQUEST, "echo request" },
	{ L2ICMP6_ECHO_REPLY, "echo reply" },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "ICMPv6 ");
	l2line_name(line, h[0], types, L2COUNT(types), "type ");
	if (is_error(h[0])) {
		l2line_str(line, " code ");
		l2line_dec(line, h[1]);
	}
}

const struct l2proto l2proto_icmp6 = {
	.name = "icmp6",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(L2ICMP6_NUMBER) },
	.id = L2PROTO_ICMP6,
	.sum = L2SUM_PSEUDO,
	.print = print,
	.finish = l2icmp6_finish,
	.parse = l2icmp6_parse,
};

void l2frame_icmp6(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest)
{
	uint8_t *h = l2icmp6_push(l2build_of(f), &l2proto_icmp6, type, L2ICMP6_LEN);

	if (!h)
		return;
	h[1] = code;
	l2bytes_put32(h + 4, rest);
}

void l2frame_icmp6_echo(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq)
{
	l2frame_icmp6(f, type, 0, (uint32_t)id << 16 | seq);
}

void l2frame_icmp6_error(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest,
			 const void *packet, size_t n)
{
	l2frame_icmp6(f, type, code, rest);
	l2frame_payload(f, packet, n < QUOTE_MAX ? n : QUOTE_MAX);
}
