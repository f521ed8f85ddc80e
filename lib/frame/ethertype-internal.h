/* SPDX-License-Identifier: MIT */
/* The field that is an ethertype or, below 0x600, an 802.3 length. */
#ifndef L2SOCK_ETHERTYPE_INTERNAL_H
#define L2SOCK_ETHERTYPE_INTERNAL_H

#include "parse-internal.h"

#define L2_8023_LEN_MAX 1500 /* from here to 0x600 the field means nothing */

/* parse.c: a header of "len" bytes that ends with a length, or with what means nothing. */
int l2cursor_length(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		    uint32_t len, uint8_t proto);

/* parse.c: the tag that the kernel took out, in front of what has this type or length. */
int l2cursor_tag(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		 uint16_t type);

/* A header of "len" bytes, of which the last two are the field. */
static inline int l2cursor_ethertype(struct l2cursor *c, struct l2layer *layer, const uint8_t *h,
				     uint32_t left, uint32_t len, uint8_t proto)
{
	uint16_t type = l2bytes_get16(h + len - 2);

	if (__builtin_expect(type < L2_ETHERTYPE_MIN, 0))
		return l2cursor_length(c, layer, h, left, len, proto);
	layer = l2cursor_layer(c, layer, h, left, len, proto, 0);
	if (proto == L2PROTO_ETH && __builtin_expect(c->tagged, 0))
		return l2cursor_tag(c, layer, h + len, left - len, type);
	return l2cursor_next(c, layer, h + len, left - len, l2proto_by_ethertype(type));
}

#endif /* L2SOCK_ETHERTYPE_INTERNAL_H */
