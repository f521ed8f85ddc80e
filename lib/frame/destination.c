/* SPDX-License-Identifier: MIT */
/* Addresses and hops that follow from what a frame carries. */
#include <errno.h>

#include "build-internal.h"

#define ADDR_MAX     16
#define TTL_AT       8
#define HLIM_AT      7
#define DEFAULT_HOPS 64

void l2build_leave_destination(struct l2build *b, uint8_t *to, size_t n)
{
	memset(to, 0, n);
	l2build_last(b)->flags |= L2RECORD_OPEN_DST;
	b->open_dst = 1;
}

/* What the headers behind this one say; the first that has a say decides. */
static size_t ask(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	const struct l2record *end = b->records + b->n;

	while (++r < end) {
		const struct l2proto *proto = l2proto_of(r->proto);

		if (proto->destination)
			return proto->destination(b, r, ret);
	}
	return 0;
}

/* Where the destination stands in a header, and how long it is. */
static uint32_t field_of(uint8_t proto)
{
	switch (proto) {
	case L2PROTO_IP4:
		return L2IP4_DST;
	case L2PROTO_IP6:
		return L2IP6_DST;
	default:
		return L2ETH_DST;
	}
}

static void fill(struct l2build *b, const struct l2record *r)
{
	uint32_t field = field_of(r->proto);
	uint32_t n = l2field_width(field) / 8;
	uint8_t addr[ADDR_MAX];

	if (ask(b, r, addr) == n)
		memcpy(l2build_header(b, r) + l2field_bit(field) / 8, addr, n);
	else
		l2build_refuse(b, r, -EDESTADDRREQ,
			       "the destination was left open, and nothing that follows tells it",
			       0, 0);
}

void l2build_destinations(struct l2build *b)
{
	uint8_t i;

	for (i = b->n; i-- > 0;)
		if (b->records[i].flags & L2RECORD_OPEN_DST)
			fill(b, &b->records[i]);
}

void l2build_hops(struct l2build *b, uint8_t hops)
{
	uint8_t i = b->n;

	while (!b->error && i-- > 0) {
		const struct l2record *r = &b->records[i];
		uint8_t *h = l2build_header(b, r);

		if (r->proto != L2PROTO_IP4 && r->proto != L2PROTO_IP6)
			continue;
		h += r->proto == L2PROTO_IP4 ? TTL_AT : HLIM_AT;
		if (*h == DEFAULT_HOPS)
			*h = hops;
		return;
	}
}
