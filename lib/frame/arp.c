/* SPDX-License-Identifier: MIT */
/* ARP and RARP. */
#include <errno.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define FIXED_LEN 8  /* up to the addresses */
#define LEN       28 /* with those of Ethernet and IPv4 */

static const struct l2field fields[] = {
	{ "htype", 1, L2ARP_HTYPE, L2FIELD_NUMBER },
	{ "ptype", L2_ETHERTYPE_IP4, L2ARP_PTYPE, L2FIELD_HEX },
	{ "hlen", L2_MAC_LEN, L2ARP_HLEN, L2FIELD_NUMBER },
	{ "plen", 4, L2ARP_PLEN, L2FIELD_NUMBER },
	{ "op", L2ARP_REQUEST, L2ARP_OP, L2FIELD_NUMBER },
	{ "sha", 0, L2ARP_SHA, L2FIELD_MAC },
	{ "spa", 0, L2ARP_SPA, L2FIELD_IP4 },
	{ "tha", 0, L2ARP_THA, L2FIELD_MAC },
	{ "tpa", 0, L2ARP_TPA, L2FIELD_IP4 },
};

/* Addresses of other lengths are payload: they are not where the fields say. */
static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len = FIXED_LEN;
	uint8_t flags = 0;

	if (left < FIXED_LEN)
		return l2cursor_truncated(c, layer, h, left);
	if (h[4] == L2_MAC_LEN && h[5] == 4)
		len = LEN;
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	left = l2cursor_cut(c, left, FIXED_LEN + 2u * h[4] + 2u * h[5], &flags);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_ARP, flags);
	return l2cursor_payload(c, layer, h + len, left - len);
}

/* Requests go to everybody, anything else to the target. */
static size_t destination(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	const uint8_t *h = l2build_header(b, r);
	uint16_t op = l2bytes_get16(h + 6);

	if (op == L2ARP_REQUEST || op == L2RARP_REQUEST)
		memset(ret, 0xff, L2_MAC_LEN);
	else
		memcpy(ret, h + 18, L2_MAC_LEN);
	return L2_MAC_LEN;
}

static const struct l2name operations[] = {
	{ L2ARP_REQUEST, "ARP request" },
	{ L2ARP_REPLY, "ARP reply" },
	{ L2RARP_REQUEST, "RARP request" },
	{ L2RARP_REPLY, "RARP reply" },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	uint16_t op = l2bytes_get16(h + 6);

	l2line_name(line, op, operations, L2COUNT(operations), "ARP operation ");
	if (p->layer[index].len < LEN)
		return;
	if (op == L2ARP_REQUEST) {
		l2line_str(line, " who has ");
		l2line_ip4(line, h + 24);
		l2line_str(line, " tell ");
		l2line_ip4(line, h + 14);
	} else if (op == L2ARP_REPLY) {
		l2line_str(line, " ");
		l2line_ip4(line, h + 14);
		l2line_str(line, " is at ");
		l2line_mac(line, h + 8);
	}
}

const struct l2proto l2proto_arp = {
	.name = "arp",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_ETHERTYPE] = L2NUMBER(L2_ETHERTYPE_ARP) },
	.id = L2PROTO_ARP,
	.print = print,
	.destination = destination,
	.parse = parse,
};

/* The same header under RARP's ethertype, which its operations imply. */
static void name(struct l2build *b, uint16_t op)
{
	if (op == L2RARP_REQUEST || op == L2RARP_REPLY)
		l2build_name(b, L2NUMBER(L2_ETHERTYPE_RARP), 0);
}

void l2frame_arp(struct l2frame *f, uint16_t op, const void *sha, const void *spa, const void *tha,
		 const void *tpa)
{
	static const uint8_t start[] = { 0, 1, L2_ETHERTYPE_IP4 >> 8, 0, L2_MAC_LEN, 4 };
	static const uint8_t unknown[L2_MAC_LEN];
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	if (!sha || !spa || !tpa) {
		l2build_fail(b, -EINVAL, L2PROTO_ARP, "an address is NULL", 0, 0);
		return;
	}
	if (b->cap)
		name(b, op);
	h = l2build_push(b, &l2proto_arp, LEN);
	if (!h)
		return;
	memcpy(h, start, sizeof(start));
	l2bytes_put16(h + 6, op);
	memcpy(h + 8, sha, 6);
	memcpy(h + 14, spa, 4);
	memcpy(h + 18, tha ? tha : unknown, 6);
	memcpy(h + 24, tpa, 4);
}
