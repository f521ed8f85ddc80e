/* SPDX-License-Identifier: MIT */
/*
 * The parser's state, and what a protocol uses to tell what it found. The walk has no loop: each
 * protocol notes its layer and hands over to the next one, or stops. That is a jump from each to
 * the next, with all they need in registers, and as deep as there is room for layers where the
 * compiler makes a call of it.
 */
#ifndef L2SOCK_PARSE_INTERNAL_H
#define L2SOCK_PARSE_INTERNAL_H

#include <l2sock/parse.h>

#include "bytes-internal.h"
#include "numbers-internal.h"
#include "proto-internal.h"

/* The header of a layer. */
static inline const uint8_t *l2layer_header(const struct l2parse *p, uint32_t index)
{
	return p->data + p->layer[index].at;
}

struct l2cursor {
	struct l2parse *p;
	struct l2layer *last; /* the end of its table */
	const uint8_t *data;
	uint32_t missing; /* bytes that would follow those left, had the frame not been cut */
	uint32_t trailer; /* bytes behind the outermost packet */
	uint16_t records; /* group records to come */
	uint8_t cut;      /* a length field has told where the frame's content ends */
	uint8_t settled;  /* ... and it ends within the bytes that are here */
	uint8_t fragment; /* the packet is not whole: lengths inside it tell of the whole one */
	uint8_t lie;      /* a length field tells more than there was on the wire */
	uint8_t quoted;   /* the packet is the beginning of one that an ICMP error quotes */
	uint8_t tagged;   /* a tag comes from the descriptor */
	uint8_t strict;
};

/* parse.c: the walk ends, and these bytes are payload. Returns what the parser returns. */
int l2cursor_stop(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		  uint16_t why);

static inline int l2cursor_payload(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				   uint32_t left)
{
	return l2cursor_stop(c, layer, h, left, L2PARSE_END);
}

/* No header: the bytes end too early, or break a rule. */
static inline int l2cursor_truncated(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				     uint32_t left)
{
	return l2cursor_stop(c, layer, h, left, L2PARSE_TRUNCATED);
}

static inline int l2cursor_malformed(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				     uint32_t left)
{
	return l2cursor_stop(c, layer, h, left, L2PARSE_MALFORMED);
}

/*
 * Of the bytes left, header included, n belong to it, as its length field says. Returns how many
 * are left then, and may add to the layer's flags.
 */
static inline uint32_t l2cursor_cut(struct l2cursor *c, uint32_t left, uint32_t n, uint8_t *flags)
{
	if (__builtin_expect(n > left, 0)) {
		*flags |= L2LAYER_CUT;
		c->lie |= n - left > c->missing && !c->fragment;
		c->missing = n - left;
		c->cut = 1;
		c->settled = 0;
		return left;
	}
	if (c->settled)
		return n;
	if (!c->cut)
		c->trailer = left - n;
	c->missing = 0;
	c->cut = 1;
	c->settled = 1;
	return n;
}

/* Notes a header of "len" bytes; there is room. Returns the place for the next layer. */
static inline struct l2layer *l2cursor_layer(const struct l2cursor *c, struct l2layer *layer,
					     const uint8_t *h, uint32_t left, uint32_t len,
					     uint8_t proto, uint8_t flags)
{
	layer->at = (uint32_t)(h - c->data);
	layer->end = layer->at + left;
	layer->len = (uint16_t)len;
	layer->proto = proto;
	layer->flags = flags;
	return layer + 1;
}

/* Hands over to the protocol that follows, which numbers-internal.h tells. */
static inline int l2cursor_next(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				uint32_t left, uint8_t proto)
{
	if (layer == c->last && proto)
		return l2cursor_stop(c, layer, h, left, L2PARSE_DEEP);
	return l2proto_of(proto)->parse(c, layer, h, left);
}

static inline int l2cursor_next_ip(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				   uint32_t left, uint8_t number)
{
	if (number == L2IP_NO_NEXT)
		return l2cursor_payload(c, layer, h, left);
	return l2cursor_next(c, layer, h, left, l2proto_by_ip_number[number]);
}

/* Here stands the beginning of a packet, or nothing. */
static inline int l2cursor_quote(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				 uint32_t left, uint8_t proto)
{
	if (!left)
		return l2cursor_payload(c, layer, h, left);
	c->quoted = 1;
	c->fragment = 1;
	return l2cursor_next(c, layer, h, left, proto);
}

/* extension.c: a header of IPv6 that begins with the next one's number and its own length. */
int l2extension_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		      uint8_t proto);

/* extension.c: the home address among options for the destination, NULL where there is none. */
const uint8_t *l2extension_home(const uint8_t *h, size_t len);

/* routing.c: where the packet goes in the end; NULL where the routing header does not tell. */
const uint8_t *l2routing_destination(const uint8_t *h, size_t len);

#endif /* L2SOCK_PARSE_INTERNAL_H */
