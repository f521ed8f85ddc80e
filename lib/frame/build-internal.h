/* SPDX-License-Identifier: MIT */
/* The builder's state, and what a protocol uses to append its header. */
#ifndef L2SOCK_BUILD_INTERNAL_H
#define L2SOCK_BUILD_INTERNAL_H

#include <l2sock/build.h>

#include "bytes-internal.h"
#include "proto-internal.h"
#include "sum-internal.h"

/* l2record.set: what the caller has set, so that finishing leaves it alone. */
#define L2SET_NEXT 1u
#define L2SET_LEN  2u
#define L2SET_CSUM 4u
#define L2SET_HLEN 8u

/* l2record.flags */
#define L2RECORD_SUMS     1u  /* finishing needs the sum of all behind the header */
#define L2RECORD_UNSUMMED 2u  /* "sum" lacks bytes */
#define L2RECORD_OPEN_DST 4u  /* what follows tells the destination */
#define L2RECORD_SUMMED   8u  /* finishing has filled in the checksum */
#define L2RECORD_PSEUDO   16u /* with a pseudo-header */
#define L2RECORD_FINISH   32u /* the protocol has something to fill in */

/* One header, and the raw bytes between it and the next. */
struct l2record {
	uint16_t len;
	uint16_t sum;  /* of the raw bytes */
	uint8_t proto; /* L2PROTO_* */
	uint8_t set;   /* L2SET_* */
	uint8_t flags; /* L2RECORD_* */
	uint8_t pad;   /* bytes at the header's end that the next option takes */
	uint32_t at;
};

struct l2build {
	uint8_t *buf;
	uint8_t *open_at; /* where the header in front names what follows */
	uint32_t room;    /* bytes there */
	uint32_t cap;     /* likewise; 0 after an error, so that one comparison finds both */
	uint32_t len;     /* bytes written, or that would be */
	uint32_t pad;     /* the least length of the frame */
	uint8_t open;     /* the space of the name at open_at, L2SPACE_NONE where nothing is open */
	uint8_t n;        /* records */
	uint8_t sums;     /* of these with L2RECORD_SUMS */
	uint8_t finished; /* once at least */
	uint8_t offload;  /* the innermost transport checksum is left to others */
	uint8_t open_dst; /* there are records with L2RECORD_OPEN_DST */
	uint16_t gso_size;
	uint8_t error_proto; /* the first error, and where it was */
	uint8_t error_layer;
	int32_t error;
	uint32_t error_values[2];
	const char *error_text; /* with %a and %b for the values */
	struct l2offload left;  /* the description of what is left to others */
	struct l2record records[L2FRAME_LAYERS];
} __attribute__((__may_alias__));

_Static_assert(sizeof(struct l2build) <= sizeof(struct l2frame), "the builder fits its storage");

/* What the headers in front contribute to a transport checksum. */
struct l2pseudo {
	const uint8_t *src;
	const uint8_t *dst; /* the final one, as a routing header tells it */
	uint8_t addr_len;   /* bytes of each; 0: there is no IP header */
	uint8_t fragment;   /* the packet is not whole */
};

static inline struct l2build *l2build_of(struct l2frame *f)
{
	return (struct l2build *)(void *)f;
}

static inline const struct l2build *l2build_of_const(const struct l2frame *f)
{
	return (const struct l2build *)(const void *)f;
}

/* build.c. The first error sticks; %a and %b in the text stand for the values. */
void l2build_fail(struct l2build *b, int code, uint8_t proto, const char *text, uint32_t first,
		  uint32_t second);
/* Likewise, with the layer that is to blame. */
void l2build_refuse(struct l2build *b, const struct l2record *r, int code, const char *text,
		    uint32_t first, uint32_t second);
/* Notes a header that cannot be written. */
void l2build_push_none(struct l2build *b, const struct l2proto *proto, uint32_t len);
/* More bytes at the end of the latest header, for options; NULL when they cannot be written. */
uint8_t *l2build_extend(struct l2build *b, uint32_t len);
/* The latest record of a protocol or NULL, which sticks. */
struct l2record *l2build_find(struct l2build *b, uint8_t proto);

/* option.c: room for an option of n bytes in the latest header; NULL when it cannot be written. */
uint8_t *l2build_option(struct l2build *b, uint8_t proto, uint32_t n);
/* A whole one: type, length, data. */
void l2build_plain_option(struct l2build *b, uint8_t proto, uint8_t type, const void *data,
			  size_t n);

/* destination.c */
/* The header just pushed: what follows tells the address. */
void l2build_leave_destination(struct l2build *b, uint8_t *to, size_t n);
/* Fills what was left open; innermost first. */
void l2build_destinations(struct l2build *b);
/* The innermost IP header's TTL or hop limit, unless the caller has changed it from the default. */
void l2build_hops(struct l2build *b, uint8_t hops);

/* transport.c */
/* The checksum of a header and all behind it, without a pseudo-header. */
void l2build_plain_sum(struct l2build *b, struct l2record *r, uint64_t behind, uint32_t field);
/*
 * The checksum at "field" of a transport header, given the sum of the header without it and of all
 * behind; the pseudo-header is added.
 */
void l2build_transport_sum(struct l2build *b, struct l2record *r, uint64_t sum, uint32_t field,
			   uint8_t number);
/* What the headers in front of a transport header say to its checksum. */
void l2build_pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret);
/* The sum of a transport header's pseudo-header; 0 where there is none, or only a fragment. */
uint64_t l2build_pseudo_sum(const struct l2build *b, const struct l2record *r, uint8_t number);

static inline uint8_t *l2build_header(const struct l2build *b, const struct l2record *r)
{
	return b->buf + r->at;
}

/* The sum of a header without its checksum. */
static inline uint64_t l2build_header_sum(const struct l2build *b, const struct l2record *r,
					  uint32_t csum)
{
	const uint8_t *h = l2build_header(b, r);

	return l2sum_header(h, r->len) + l2sum_minus(h + l2field_bit(csum) / 8);
}

/* Names the protocol that follows where the header in front has left it open. */
static inline void l2build_name(struct l2build *b, uint32_t ethertype, uint32_t ip_number)
{
	if (b->open == L2SPACE_ETHERTYPE && ethertype)
		l2bytes_put16(b->open_at, (uint16_t)ethertype);
	else if (b->open == L2SPACE_IP && ip_number)
		*b->open_at = (uint8_t)ip_number;
	b->open = L2SPACE_NONE;
}

/* Whether the checksum of a header needs the sum of all behind it. */
static inline uint8_t l2build_sums(const struct l2proto *proto)
{
	return proto->sum == L2SUM_PSEUDO || proto->sum == L2SUM_PLAIN;
}

static inline uint8_t l2build_flags(const struct l2proto *proto)
{
	return (proto->finish ? L2RECORD_FINISH : 0) | (l2build_sums(proto) ? L2RECORD_SUMS : 0);
}

/* One store for all but the place, where the length is known. */
static inline void l2build_record(struct l2record *r, const struct l2proto *proto, uint32_t at,
				  uint32_t len)
{
	r->len = (uint16_t)len;
	r->sum = 0;
	r->proto = proto->id;
	r->set = 0;
	r->flags = l2build_flags(proto);
	r->pad = 0;
	r->at = at;
}

/*
 * Appends a header of a fixed length. Returns where to write it, or NULL when it only counts.
 */
static inline uint8_t *l2build_push(struct l2build *b, const struct l2proto *proto, uint32_t len)
{
	uint32_t at = b->len;
	struct l2record *r;

	if (__builtin_expect((uint64_t)at + len > b->cap || b->n == L2FRAME_LAYERS, 0)) {
		l2build_push_none(b, proto, len);
		return NULL;
	}
	r = &b->records[b->n++];
	l2build_record(r, proto, at, len);
	b->len = at + len;
	b->sums = (uint8_t)(b->sums + l2build_sums(proto));
	l2build_name(b, proto->number[L2SPACE_ETHERTYPE], proto->number[L2SPACE_IP]);
	return b->buf + at;
}

/* The header just pushed names what follows, there. */
static inline void l2build_open(struct l2build *b, enum l2space space, uint8_t *at)
{
	b->open = (uint8_t)space;
	b->open_at = at;
}

/* The header just pushed: an address, or NULL to have what follows tell it. */
static inline void l2build_destination(struct l2build *b, uint8_t *to, const void *dst, size_t n)
{
	if (__builtin_expect(dst != NULL, 1))
		memcpy(to, dst, n);
	else
		l2build_leave_destination(b, to, n);
}

/* The record of the header just pushed. */
static inline struct l2record *l2build_last(struct l2build *b)
{
	return &b->records[b->n - 1];
}

#endif /* L2SOCK_BUILD_INTERNAL_H */
