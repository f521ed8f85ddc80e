/* SPDX-License-Identifier: MIT */
/* The parser's state, and what a protocol uses to tell what it found. */
#ifndef L2SOCK_PARSE_INTERNAL_H
#define L2SOCK_PARSE_INTERNAL_H

#include <l2sock/parse.h>

#include "bytes-internal.h"
#include "proto-internal.h"

/* The header of a layer. */
static inline const uint8_t *l2layer_header(const struct l2parse *p, uint32_t index)
{
	return p->data + p->layer[index].at;
}

struct l2cursor {
	const uint8_t *at;  /* the header */
	const uint8_t *end; /* of the bytes that belong to it and to what it carries */
	uint32_t missing;   /* bytes that would follow "end", had the frame not been cut */
	uint32_t trailer;   /* bytes behind the outermost packet */
	uint8_t cut;        /* a length field has told where the frame's content ends */
	uint8_t next;       /* the protocol that follows, L2PROTO_NONE for payload */
	uint8_t stop;       /* why none follows */
	uint8_t tagged;     /* the tag comes from the descriptor */
	uint8_t fragment;   /* the packet is not whole: lengths inside it tell of the whole one */
	uint8_t lie;        /* a length field tells more than there was on the wire */
	uint8_t quoted;     /* the packet is the beginning of one that an ICMP error quotes */
	uint16_t records;   /* group records to come */
};

/* The bytes of the header and all it carries. */
static inline size_t l2cursor_left(const struct l2cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* No header: the bytes end too early, or break a rule. */
static inline size_t l2cursor_truncated(struct l2cursor *c)
{
	c->stop = L2PARSE_TRUNCATED;
	return 0;
}

static inline size_t l2cursor_malformed(struct l2cursor *c)
{
	c->stop = L2PARSE_MALFORMED;
	return 0;
}

/* The protocol that follows, by one of the two lists of numbers. */
static inline void l2cursor_next(struct l2cursor *c, uint8_t proto)
{
	c->next = proto;
	c->stop = proto ? L2PARSE_END : L2PARSE_UNKNOWN;
}

/* Payload that is nobody's header. */
static inline void l2cursor_payload(struct l2cursor *c)
{
	c->next = L2PROTO_NONE;
	c->stop = L2PARSE_END;
}

/* The protocol that follows a header of "len" bytes by its IP number. */
static inline void l2cursor_next_ip(struct l2cursor *c, uint8_t number)
{
	l2cursor_next(c, l2proto_by_ip_number(number));
	if (number == L2IP_NO_NEXT)
		l2cursor_payload(c);
}

/* Behind a header of "len" bytes stands the beginning of a packet. */
static inline void l2cursor_quote(struct l2cursor *c, size_t len, uint8_t proto)
{
	l2cursor_payload(c);
	if (l2cursor_left(c) == len)
		return;
	c->next = proto;
	c->quoted = 1;
	c->fragment = 1;
}

/* routing.c: where the packet goes in the end; NULL where the routing header does not tell. */
const uint8_t *l2routing_destination(const uint8_t *h, size_t len);

/* What the header's length field says: the packet ends n bytes behind the header's start. */
static inline void l2cursor_cut(struct l2cursor *c, struct l2layer *layer, size_t n)
{
	size_t left = l2cursor_left(c);

	if (n > left) {
		layer->flags |= L2LAYER_CUT;
		c->lie |= n - left > c->missing && !c->fragment;
		c->missing = (uint32_t)(n - left);
	} else {
		if (!c->cut)
			c->trailer = (uint32_t)(left - n);
		c->end = c->at + n;
		c->missing = 0;
	}
	c->cut = 1;
}

#endif /* L2SOCK_PARSE_INTERNAL_H */
