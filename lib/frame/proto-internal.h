/* SPDX-License-Identifier: MIT */
/* What the engines know of a protocol. */
#ifndef L2SOCK_PROTO_INTERNAL_H
#define L2SOCK_PROTO_INTERNAL_H

#include <l2sock/proto.h>

struct l2build;
struct l2cursor;
struct l2layer;
struct l2line;
struct l2parse;
struct l2pseudo;
struct l2record;

/* The spaces of numbers by which a header names what follows. */
enum l2space {
	L2SPACE_NONE,
	L2SPACE_ETHERTYPE,
	L2SPACE_IP, /* IPv4's protocol, IPv6's next header */
	L2SPACES,
};

#define L2IP_NO_NEXT 59 /* nothing follows */

/* What the checksum of a header covers. */
enum l2sum {
	L2SUM_NONE,
	L2SUM_PSEUDO, /* pseudo-header, header and all that follows */
	L2SUM_PLAIN,  /* header and all that follows */
	L2SUM_HEADER, /* the header */
};

/* A protocol's number in a space: 0 is a number too, but not of a protocol without one. */
#define L2NUMBER(n) (0x10000u | (n))

struct l2proto {
	const char *name;
	const struct l2field *fields;
	uint32_t n_fields;
	uint32_t number[L2SPACES]; /* L2NUMBER, for the header in front */
	uint8_t id;                /* L2PROTO_* */
	uint8_t repeat;            /* not 0: several headers of this length are one record */
	uint8_t options_at;        /* not 0: options begin here and end with the header */
	uint8_t sum;               /* L2SUM_* */

	/*
	 * Building. Fills what the caller left open in the header, given the sum of all behind it;
	 * NULL: there is nothing. l2build_fail() refuses.
	 */
	void (*finish)(struct l2build *b, struct l2record *r, uint64_t behind);
	/*
	 * Building. What this header means to the transport checksum inside it; returns 0 when the
	 * header in front has a say as well. NULL: there is none to take from.
	 */
	int (*pseudo)(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret);
	/*
	 * Building. The address to which this header wants to be sent by one in front: 6, 4 or 16
	 * bytes; returns their number, 0 for none in particular. NULL: the next header is asked.
	 */
	size_t (*destination)(const struct l2build *b, const struct l2record *r, uint8_t *ret);
	/*
	 * Parsing. Of the bytes left, "h" is the first of the header. Notes the layer, then hands
	 * over to what follows, or stops: see parse-internal.h.
	 */
	int (*parse)(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left);
	/* Writes what a person wants to know of the layer. NULL: its name is enough. */
	void (*print)(struct l2line *line, const struct l2parse *p, uint32_t index);
};

/* protos.c: by number, NULL where there is none; L2PROTO_NONE has no name and ends a walk. */
extern const struct l2proto *const l2protos[256];

static inline const struct l2proto *l2proto_of(uint8_t id)
{
	return l2protos[id];
}

extern const struct l2proto l2proto_none;
extern const struct l2proto l2proto_eth;
extern const struct l2proto l2proto_vlan;
extern const struct l2proto l2proto_llc;
extern const struct l2proto l2proto_snap;
extern const struct l2proto l2proto_arp;
extern const struct l2proto l2proto_ip4;
extern const struct l2proto l2proto_ip6;
extern const struct l2proto l2proto_udp;
extern const struct l2proto l2proto_tcp;
extern const struct l2proto l2proto_icmp4;
extern const struct l2proto l2proto_icmp6;
extern const struct l2proto l2proto_rs;
extern const struct l2proto l2proto_ra;
extern const struct l2proto l2proto_ns;
extern const struct l2proto l2proto_na;
extern const struct l2proto l2proto_redirect;
extern const struct l2proto l2proto_ndaddr;
extern const struct l2proto l2proto_ndprefix;
extern const struct l2proto l2proto_ndmtu;
extern const struct l2proto l2proto_ndrdnss;
extern const struct l2proto l2proto_ndoption;
extern const struct l2proto l2proto_igmp;
extern const struct l2proto l2proto_igmpreport;
extern const struct l2proto l2proto_igmprecord;
extern const struct l2proto l2proto_mld;
extern const struct l2proto l2proto_mldreport;
extern const struct l2proto l2proto_mldrecord;
extern const struct l2proto l2proto_hop;
extern const struct l2proto l2proto_dest;
extern const struct l2proto l2proto_routing;
extern const struct l2proto l2proto_fragment;
extern const struct l2proto l2proto_ah;
extern const struct l2proto l2proto_esp;

/* A field of proto.h, taken apart. */
static inline uint8_t l2field_proto(uint32_t field)
{
	return (uint8_t)(field >> 24);
}

#define L2AUTO_CSUM 4

/* What l2frame_finish() fills in: the bits of l2record.set. */
static inline uint8_t l2field_auto(uint32_t field)
{
	return field >> 20 & 0xf;
}

static inline uint32_t l2field_bit(uint32_t field)
{
	return field >> 8 & 0xfff;
}

static inline uint32_t l2field_width(uint32_t field)
{
	return field & 0xff;
}

static inline int l2field_is_bytes(uint32_t field)
{
	return l2field_width(field) && !((l2field_width(field) | l2field_bit(field)) & 7);
}

/* field.c; at most 64 bits. */
uint64_t l2field_read(const uint8_t *header, uint32_t field);
void l2field_write(uint8_t *header, uint32_t field, uint64_t value);

#define L2COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif /* L2SOCK_PROTO_INTERNAL_H */
