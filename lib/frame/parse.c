/* SPDX-License-Identifier: MIT */
/* The parser: one pass from header to header. */
#include <errno.h>

#include "parse-internal.h"

#define LEN_MAX (1u << 30)

/* The tag that the kernel took out stands between the addresses and the type. */
static void merge_tag(struct l2parse *p, struct l2cursor *c)
{
	p->layer[p->n] = (struct l2layer) { .at = 2 * L2_MAC_LEN,
					    .end = p->layer[0].end,
					    .proto = L2PROTO_VLAN,
					    .flags = L2LAYER_MERGED };
	p->n++;
	c->tagged = 0;
}

static void walk(struct l2parse *p, struct l2cursor *c)
{
	while (c->next) {
		struct l2layer *layer = &p->layer[p->n];
		size_t len;

		if (p->n == L2PARSE_LAYERS) {
			c->stop = L2PARSE_DEEP;
			return;
		}
		layer->flags = 0;
		layer->proto = c->next;
		len = l2proto_of(c->next)->parse(c, layer);
		if (!len)
			return;
		layer->at = (uint32_t)(c->at - p->data);
		layer->len = (uint16_t)len;
		layer->end = (uint32_t)(c->end - p->data);
		c->at += len;
		p->n++;
		if (__builtin_expect(c->tagged, 0))
			merge_tag(p, c);
	}
}

static int verdict(const struct l2parse *p, const struct l2cursor *c)
{
	if (c->stop == L2PARSE_MALFORMED)
		return -EBADMSG;
	if ((c->stop == L2PARSE_TRUNCATED && !c->quoted) || c->lie)
		return -ENODATA;
	if (c->stop == L2PARSE_DEEP)
		return -E2BIG;
	return (int)p->n;
}

static int parse(struct l2parse *p, struct l2cursor *c, uint32_t flags)
{
	p->data = c->at;
	p->len = (uint32_t)l2cursor_left(c);
	p->wire_len = p->len + c->missing;
	p->n = 0;
	walk(p, c);
	p->payload = (uint32_t)(c->at - p->data);
	p->payload_len = (uint32_t)l2cursor_left(c);
	p->trailer_len = c->trailer;
	p->stop = c->stop;
	return flags & L2PARSE_STRICT ? verdict(p, c) : (int)p->n;
}

int l2parse_packet(struct l2parse *p, uint32_t proto, const void *data, size_t len, uint32_t flags)
{
	struct l2cursor c = { .at = data, .next = (uint8_t)proto };

	if (!p || !data || len > LEN_MAX || flags & ~L2PARSE_STRICT || !l2proto_name(proto))
		return -EINVAL;
	c.end = c.at + len;
	p->csum = L2_CSUM_UNKNOWN;
	p->tpid = 0;
	p->tci = 0;
	return parse(p, &c, flags);
}

int l2parse_frame(struct l2parse *p, const void *data, size_t len, uint32_t flags)
{
	return l2parse_packet(p, L2PROTO_ETH, data, len, flags);
}

int l2parse_pkt(struct l2parse *p, const struct l2pkt *pkt, uint32_t flags)
{
	struct l2cursor c = { .next = L2PROTO_ETH };
	uint32_t have;

	if (!p || !pkt || !pkt->data || pkt->len > LEN_MAX || flags & ~L2PARSE_STRICT)
		return -EINVAL;
	c.at = pkt->data;
	c.end = c.at + pkt->len;
	c.tagged = pkt->flags & L2_FLAG_TAGGED ? 1 : 0;
	have = pkt->len + (c.tagged ? L2_VLAN_TAG_LEN : 0);
	if (pkt->valid & L2_VALID_WIRE_LEN && pkt->wire_len > have)
		c.missing = pkt->wire_len - have;
	p->csum = pkt->csum;
	p->tpid = c.tagged ? pkt->vlan_tpid : 0;
	p->tci = c.tagged ? pkt->vlan_tci : 0;
	return parse(p, &c, flags);
}
