/* SPDX-License-Identifier: MIT */
/* The field that is an ethertype or, below 0x600, an 802.3 length. */
#ifndef L2SOCK_ETHERTYPE_INTERNAL_H
#define L2SOCK_ETHERTYPE_INTERNAL_H

#include "parse-internal.h"

#define L2_8023_LEN_MAX 1500 /* from here to 0x600 the field means nothing */

/* What follows the header of "len" bytes, of which the last two are the field. */
static inline void l2cursor_ethertype(struct l2cursor *c, struct l2layer *layer, size_t len)
{
	uint16_t type = l2bytes_get16(c->at + len - 2);

	if (type >= L2_ETHERTYPE_MIN) {
		l2cursor_next(c, l2proto_by_ethertype(type));
	} else if (type <= L2_8023_LEN_MAX) {
		l2cursor_cut(c, layer, len + type);
		l2cursor_next(c, L2PROTO_LLC);
	} else {
		l2cursor_payload(c);
		c->stop = L2PARSE_MALFORMED;
	}
}

#endif /* L2SOCK_ETHERTYPE_INTERNAL_H */
