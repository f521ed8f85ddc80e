/* SPDX-License-Identifier: MIT */
/* The parser: one pass from header to header. */
#include <errno.h>

#include "ethertype-internal.h"

#define LEN_MAX (1u << 30)

static int verdict(const struct l2cursor *c, uint16_t stop)
{
	if (stop == L2PARSE_MALFORMED)
		return -EBADMSG;
	if ((stop == L2PARSE_TRUNCATED && !c->quoted) || c->lie)
		return -ENODATA;
	if (stop == L2PARSE_DEEP)
		return -E2BIG;
	return (int)c->p->n;
}

int l2cursor_stop(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		  uint16_t why)
{
	struct l2parse *p = c->p;

	p->payload = (uint32_t)(h - c->data);
	p->payload_len = left;
	p->trailer_len = c->trailer;
	p->stop = why;
	p->n = (uint32_t)(layer - p->layer);
	return c->strict ? verdict(c, why) : (int)p->n;
}

/* What follows a type or length. */
static int hand_over(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		     uint16_t type)
{
	if (type >= L2_ETHERTYPE_MIN)
		return l2cursor_next(c, layer, h, left, l2proto_by_ethertype(type));
	if (type <= L2_8023_LEN_MAX)
		return l2cursor_next(c, layer, h, left, L2PROTO_LLC);
	return l2cursor_malformed(c, layer, h, left);
}

int l2cursor_tag(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		 uint16_t type)
{
	*layer = (struct l2layer) { .at = 2 * L2_MAC_LEN,
				    .end = layer[-1].end,
				    .proto = L2PROTO_VLAN,
				    .flags = L2LAYER_MERGED };
	c->tagged = 0;
	return hand_over(c, layer + 1, h, left, type);
}

int l2cursor_length(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		    uint32_t len, uint8_t proto)
{
	uint16_t type = l2bytes_get16(h + len - 2);
	uint8_t flags = 0;

	if (type <= L2_8023_LEN_MAX)
		left = l2cursor_cut(c, left, len + type, &flags);
	layer = l2cursor_layer(c, layer, h, left, len, proto, flags);
	if (c->tagged)
		return l2cursor_tag(c, layer, h + len, left - len, type);
	return hand_over(c, layer, h + len, left - len, type);
}

static int parse_unknown(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2cursor_stop(c, layer, h, left, L2PARSE_UNKNOWN);
}

const struct l2proto l2proto_none = { .parse = parse_unknown };

/* All but the facts of a descriptor. */
static int parse(struct l2parse *p, struct l2cursor *c, uint8_t proto, const uint8_t *data,
		 uint32_t len)
{
	c->last = p->layer + L2PARSE_LAYERS;
	c->p = p;
	c->data = data;
	p->data = data;
	p->len = len;
	p->wire_len = len + c->missing;
	return l2cursor_next(c, p->layer, data, len, proto);
}

int l2parse_packet(struct l2parse *p, uint32_t proto, const void *data, size_t len, uint32_t flags)
{
	struct l2cursor c = { .strict = flags & L2PARSE_STRICT };

	if (!p || !data || len > LEN_MAX || flags & ~L2PARSE_STRICT || !l2proto_name(proto))
		return -EINVAL;
	p->csum = L2_CSUM_UNKNOWN;
	p->tpid = 0;
	p->tci = 0;
	return parse(p, &c, (uint8_t)proto, data, (uint32_t)len);
}

int l2parse_frame(struct l2parse *p, const void *data, size_t len, uint32_t flags)
{
	struct l2cursor c = { .strict = flags & L2PARSE_STRICT };

	if (!p || !data || len > LEN_MAX || flags & ~L2PARSE_STRICT)
		return -EINVAL;
	p->csum = L2_CSUM_UNKNOWN;
	p->tpid = 0;
	p->tci = 0;
	return parse(p, &c, L2PROTO_ETH, data, (uint32_t)len);
}

int l2parse_pkt(struct l2parse *p, const struct l2pkt *pkt, uint32_t flags)
{
	struct l2cursor c = { .strict = flags & L2PARSE_STRICT };
	uint32_t have;

	if (!p || !pkt || !pkt->data || pkt->len > LEN_MAX || flags & ~L2PARSE_STRICT)
		return -EINVAL;
	c.tagged = pkt->flags & L2_FLAG_TAGGED ? 1 : 0;
	have = pkt->len + (c.tagged ? L2_VLAN_TAG_LEN : 0);
	if (pkt->valid & L2_VALID_WIRE_LEN && pkt->wire_len > have)
		c.missing = pkt->wire_len - have;
	p->csum = pkt->csum;
	p->tpid = c.tagged ? pkt->vlan_tpid : 0;
	p->tci = c.tagged ? pkt->vlan_tci : 0;
	return parse(p, &c, L2PROTO_ETH, pkt->data, pkt->len);
}
