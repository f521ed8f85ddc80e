/* SPDX-License-Identifier: MIT */
/* Neighbour discovery: router and neighbour solicitations and advertisements, redirects. */
#include <errno.h>
#include <l2sock/icmp.h>

#include "icmp6-internal.h"
#include "text-internal.h"

#define RS_LEN       8
#define RA_LEN       16
#define NS_LEN       24
#define REDIRECT_LEN 40
#define ADDR_LEN     16
#define HOPS         255 /* whoever is not on the link cannot send it so */

static const struct l2field rs_fields[] = {
	{ "type", L2ICMP6_RS, L2RS_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2RS_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2RS_CSUM, L2FIELD_HEX },
	{ "reserved", 0, L2RS_RESERVED, L2FIELD_HEX },
};

static const struct l2field ra_fields[] = {
	{ "type", L2ICMP6_RA, L2RA_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2RA_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2RA_CSUM, L2FIELD_HEX },
	{ "hlim", 0, L2RA_HLIM, L2FIELD_NUMBER },
	{ "flags", 0, L2RA_FLAGS, L2FIELD_HEX },
	{ "lifetime", 0, L2RA_LIFETIME, L2FIELD_NUMBER },
	{ "reachable", 0, L2RA_REACHABLE, L2FIELD_NUMBER },
	{ "retrans", 0, L2RA_RETRANS, L2FIELD_NUMBER },
};

static const struct l2field ns_fields[] = {
	{ "type", L2ICMP6_NS, L2NS_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2NS_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2NS_CSUM, L2FIELD_HEX },
	{ "reserved", 0, L2NS_RESERVED, L2FIELD_HEX },
	{ "target", 0, L2NS_TARGET, L2FIELD_IP6 },
};

static const struct l2field na_fields[] = {
	{ "type", L2ICMP6_NA, L2NA_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2NA_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2NA_CSUM, L2FIELD_HEX },
	{ "flags", 0, L2NA_FLAGS, L2FIELD_HEX },
	{ "target", 0, L2NA_TARGET, L2FIELD_IP6 },
};

static const struct l2field redirect_fields[] = {
	{ "type", L2ICMP6_REDIRECT, L2REDIRECT_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2REDIRECT_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2REDIRECT_CSUM, L2FIELD_HEX },
	{ "reserved", 0, L2REDIRECT_RESERVED, L2FIELD_HEX },
	{ "target", 0, L2REDIRECT_TARGET, L2FIELD_IP6 },
	{ "dst", 0, L2REDIRECT_DST, L2FIELD_IP6 },
};

static const uint8_t all_nodes[ADDR_LEN] = { 0xff, 0x02, [15] = 1 };
static const uint8_t all_routers[ADDR_LEN] = { 0xff, 0x02, [15] = 2 };

static size_t to_all_nodes(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	(void)b;
	(void)r;
	memcpy(ret, all_nodes, ADDR_LEN);
	return ADDR_LEN;
}

static size_t to_all_routers(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	(void)b;
	(void)r;
	memcpy(ret, all_routers, ADDR_LEN);
	return ADDR_LEN;
}

/* The group of the target's last three bytes: ff02::1:ff00:0/104. */
static size_t to_solicited_node(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t group[ADDR_LEN] = { 0xff, 0x02, [11] = 1, 0xff };

	memcpy(ret, group, ADDR_LEN);
	memcpy(ret + 13, l2build_header(b, r) + NS_LEN - 3, 3);
	return ADDR_LEN;
}

static const struct l2name names[] = {
	{ L2ICMP6_RS, "router solicitation" },
	{ L2ICMP6_RA, "router advertisement" },
	{ L2ICMP6_NS, "neighbour solicitation who has " },
	{ L2ICMP6_NA, "neighbour advertisement " },
	{ L2ICMP6_REDIRECT, "redirect to " },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_name(line, h[0], names, L2COUNT(names), "type ");
	if (p->layer[index].len >= NS_LEN)
		l2line_ip6(line, h + 8);
}

#define MESSAGE(name_, id_, fields_, destination_)                                          \
	{                                                                                   \
		.name = name_, .fields = fields_, .n_fields = L2COUNT(fields_),             \
		.number = { [L2SPACE_IP] = L2NUMBER(L2ICMP6_NUMBER) }, .id = id_,           \
		.sum = L2SUM_PSEUDO, .finish = l2icmp6_finish, .destination = destination_, \
		.print = print, .parse = l2icmp6_parse,                                     \
	}

const struct l2proto l2proto_rs = MESSAGE("rs", L2PROTO_RS, rs_fields, to_all_routers);
const struct l2proto l2proto_ra = MESSAGE("ra", L2PROTO_RA, ra_fields, to_all_nodes);
const struct l2proto l2proto_ns = MESSAGE("ns", L2PROTO_NS, ns_fields, to_solicited_node);
const struct l2proto l2proto_na = MESSAGE("na", L2PROTO_NA, na_fields, to_all_nodes);
const struct l2proto l2proto_redirect = MESSAGE("redirect", L2PROTO_REDIRECT, redirect_fields,
						NULL);

int l2ndp_is(uint8_t type)
{
	return type >= L2ICMP6_RS && type <= L2ICMP6_REDIRECT;
}

int l2ndp_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	static const struct {
		uint8_t proto;
		uint8_t len;
	} messages[] = {
		{ L2PROTO_RS, RS_LEN },
		{ L2PROTO_RA, RA_LEN },
		{ L2PROTO_NS, NS_LEN },
		{ L2PROTO_NA, NS_LEN },
		{ L2PROTO_REDIRECT, REDIRECT_LEN },
	};
	uint32_t len = messages[h[0] - L2ICMP6_RS].len;

	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, messages[h[0] - L2ICMP6_RS].proto, 0);
	return l2cursor_nd_option(c, layer, h + len, left - len);
}

static uint8_t *push(struct l2frame *f, const struct l2proto *proto, uint8_t type, uint32_t len)
{
	struct l2build *b = l2build_of(f);

	l2build_hops(b, HOPS);
	return l2icmp6_push(b, proto, type, len);
}

/* An address behind the first 8 bytes, or the error of one that is NULL. */
static void put_addr(struct l2frame *f, uint8_t *to, const struct l2proto *proto, const void *addr)
{
	if (addr)
		memcpy(to, addr, ADDR_LEN);
	else
		l2build_fail(l2build_of(f), -EINVAL, proto->id, "an address is NULL", 0, 0);
}

void l2frame_rs(struct l2frame *f)
{
	push(f, &l2proto_rs, L2ICMP6_RS, RS_LEN);
}

void l2frame_ra(struct l2frame *f, uint8_t hlim, uint8_t flags, uint16_t lifetime)
{
	uint8_t *h = push(f, &l2proto_ra, L2ICMP6_RA, RA_LEN);

	if (!h)
		return;
	h[4] = hlim;
	h[5] = flags;
	l2bytes_put16(h + 6, lifetime);
}

void l2frame_ns(struct l2frame *f, const void *target)
{
	uint8_t *h = push(f, &l2proto_ns, L2ICMP6_NS, NS_LEN);

	if (h)
		put_addr(f, h + 8, &l2proto_ns, target);
}

void l2frame_na(struct l2frame *f, const void *target, uint8_t flags)
{
	uint8_t *h = push(f, &l2proto_na, L2ICMP6_NA, NS_LEN);

	if (!h)
		return;
	h[4] = flags;
	put_addr(f, h + 8, &l2proto_na, target);
}

void l2frame_redirect(struct l2frame *f, const void *target, const void *dst)
{
	uint8_t *h = push(f, &l2proto_redirect, L2ICMP6_REDIRECT, REDIRECT_LEN);

	if (!h)
		return;
	put_addr(f, h + 8, &l2proto_redirect, target);
	put_addr(f, h + 8 + ADDR_LEN, &l2proto_redirect, dst);
}
