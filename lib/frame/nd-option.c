/* SPDX-License-Identifier: MIT */
/* Options of neighbour discovery, each a layer of its own. */
#include <errno.h>
#include <l2sock/icmp.h>

#include "icmp6-internal.h"
#include "text-internal.h"

#define UNIT        8
#define ADDR_LEN    16
#define PREFIX_LEN  32
#define RDNSS_LEN   8 /* and addresses */
#define OPTION_LEN  2 /* type and length */
#define LEN_MAX     (255 * UNIT)
#define ADDRS_MAX   ((LEN_MAX - RDNSS_LEN) / ADDR_LEN)
#define PREFIX_BITS 128
#define QUOTE_AT    8
#define QUOTE_MAX   (1280 - 40 - 40 - QUOTE_AT - UNIT) /* the redirect and an address beside it */

static const struct l2field addr_fields[] = {
	{ "type", L2ND_SOURCE, L2NDADDR_TYPE, L2FIELD_NUMBER },
	{ "len", 1, L2NDADDR_LEN, L2FIELD_NUMBER },
	{ "mac", 0, L2NDADDR_MAC, L2FIELD_MAC },
};

static const struct l2field prefix_fields[] = {
	{ "type", L2ND_PREFIX, L2NDPREFIX_TYPE, L2FIELD_NUMBER },
	{ "len", 4, L2NDPREFIX_LEN, L2FIELD_NUMBER },
	{ "bits", 0, L2NDPREFIX_BITS, L2FIELD_NUMBER },
	{ "flags", 0, L2NDPREFIX_FLAGS, L2FIELD_HEX },
	{ "valid", 0, L2NDPREFIX_VALID, L2FIELD_NUMBER },
	{ "preferred", 0, L2NDPREFIX_PREFERRED, L2FIELD_NUMBER },
	{ "prefix", 0, L2NDPREFIX_PREFIX, L2FIELD_IP6 },
};

static const struct l2field mtu_fields[] = {
	{ "type", L2ND_MTU, L2NDMTU_TYPE, L2FIELD_NUMBER },
	{ "len", 1, L2NDMTU_LEN, L2FIELD_NUMBER },
	{ "mtu", 0, L2NDMTU_MTU, L2FIELD_NUMBER },
};

static const struct l2field rdnss_fields[] = {
	{ "type", L2ND_RDNSS, L2NDRDNSS_TYPE, L2FIELD_NUMBER },
	{ "len", 3, L2NDRDNSS_LEN, L2FIELD_NUMBER },
	{ "lifetime", 0, L2NDRDNSS_LIFETIME, L2FIELD_NUMBER },
	{ "addr", 0, L2NDRDNSS_ADDR, L2FIELD_IP6 },
};

static const struct l2field option_fields[] = {
	{ "type", 0, L2NDOPTION_TYPE, L2FIELD_NUMBER },
	{ "len", 1, L2NDOPTION_LEN, L2FIELD_NUMBER },
};

/* The protocol of an option that has the length its type asks for. */
static uint8_t proto_of(uint8_t type, size_t len)
{
	if ((type == L2ND_SOURCE || type == L2ND_TARGET) && len == UNIT)
		return L2PROTO_NDADDR;
	if (type == L2ND_PREFIX && len == PREFIX_LEN)
		return L2PROTO_NDPREFIX;
	if (type == L2ND_MTU && len == UNIT)
		return L2PROTO_NDMTU;
	if (type == L2ND_RDNSS && len > RDNSS_LEN && len % ADDR_LEN == RDNSS_LEN)
		return L2PROTO_NDRDNSS;
	return L2PROTO_NDOPTION;
}

int l2cursor_nd_option(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	if (!left)
		return l2cursor_payload(c, layer, h, left);
	return l2cursor_next(c, layer, h, left, L2PROTO_NDOPTION);
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len;

	if (left < UNIT)
		return l2cursor_truncated(c, layer, h, left);
	len = UNIT * (uint32_t)h[1];
	if (!len)
		return l2cursor_malformed(c, layer, h, left);
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, proto_of(h[0], len), 0);
	return l2cursor_nd_option(c, layer, h + len, left - len);
}

static const struct l2name names[] = {
	{ L2ND_SOURCE, "source " },    { L2ND_TARGET, "target " }, { L2ND_PREFIX, "prefix " },
	{ L2ND_REDIRECTED, "packet" }, { L2ND_MTU, "mtu " },       { L2ND_RDNSS, "dns " },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_name(line, h[0], names, L2COUNT(names), "option ");
	switch (p->layer[index].proto) {
	case L2PROTO_NDADDR:
		l2line_mac(line, h + OPTION_LEN);
		break;
	case L2PROTO_NDPREFIX:
		l2line_ip6(line, h + 16);
		l2line_str(line, "/");
		l2line_dec(line, h[2]);
		break;
	case L2PROTO_NDMTU:
		l2line_dec(line, l2bytes_get32(h + 4));
		break;
	case L2PROTO_NDRDNSS:
		l2line_ip6(line, h + RDNSS_LEN);
		break;
	default:
		break;
	}
}

#define OPTION(name_, id_, fields_)                                                        \
	{                                                                                  \
		.name = name_, .fields = fields_, .n_fields = L2COUNT(fields_), .id = id_, \
		.print = print, .parse = parse,                                            \
	}

const struct l2proto l2proto_ndaddr = OPTION("ndaddr", L2PROTO_NDADDR, addr_fields);
const struct l2proto l2proto_ndprefix = OPTION("ndprefix", L2PROTO_NDPREFIX, prefix_fields);
const struct l2proto l2proto_ndmtu = OPTION("ndmtu", L2PROTO_NDMTU, mtu_fields);
const struct l2proto l2proto_ndrdnss = OPTION("ndrdnss", L2PROTO_NDRDNSS, rdnss_fields);
const struct l2proto l2proto_ndoption = OPTION("ndoption", L2PROTO_NDOPTION, option_fields);

/* An option of zeros but for type and length; NULL when it only counts, or an argument is bad. */
static uint8_t *push(struct l2frame *f, const struct l2proto *proto, uint8_t type, size_t len,
		     int arguments)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	if (!arguments || len > LEN_MAX) {
		l2build_fail(b, -EINVAL, proto->id,
			     "an address is NULL, or a number is out of range", 0, 0);
		return NULL;
	}
	h = l2build_push(b, proto, (uint32_t)len);
	if (!h)
		return NULL;
	memset(h, 0, len);
	h[0] = type;
	h[1] = (uint8_t)(len / UNIT);
	return h;
}

void l2frame_nd_addr(struct l2frame *f, uint8_t type, const void *mac)
{
	uint8_t *h = push(f, &l2proto_ndaddr, type, UNIT, mac != NULL);

	if (h)
		memcpy(h + OPTION_LEN, mac, L2_MAC_LEN);
}

void l2frame_nd_prefix(struct l2frame *f, const void *prefix, uint8_t bits, uint8_t flags,
		       uint32_t valid, uint32_t preferred)
{
	uint8_t *h = push(f, &l2proto_ndprefix, L2ND_PREFIX, PREFIX_LEN,
			  prefix && bits <= PREFIX_BITS);

	if (!h)
		return;
	h[2] = bits;
	h[3] = flags;
	l2bytes_put32(h + 4, valid);
	l2bytes_put32(h + 8, preferred);
	memcpy(h + 16, prefix, ADDR_LEN);
}

void l2frame_nd_mtu(struct l2frame *f, uint32_t mtu)
{
	uint8_t *h = push(f, &l2proto_ndmtu, L2ND_MTU, UNIT, 1);

	if (h)
		l2bytes_put32(h + 4, mtu);
}

void l2frame_nd_rdnss(struct l2frame *f, uint32_t lifetime, const void *addrs, size_t n)
{
	int good = addrs && n && n <= ADDRS_MAX;
	uint8_t *h = push(f, &l2proto_ndrdnss, L2ND_RDNSS, good ? RDNSS_LEN + n * ADDR_LEN : 0,
			  good);

	if (!h)
		return;
	l2bytes_put32(h + 4, lifetime);
	memcpy(h + RDNSS_LEN, addrs, n * ADDR_LEN);
}

void l2frame_nd_option(struct l2frame *f, uint8_t type, const void *data, size_t n)
{
	int good = n <= LEN_MAX && (data || !n);
	size_t len = good ? (OPTION_LEN + n + UNIT - 1) / UNIT * UNIT : 0;
	uint8_t *h = push(f, &l2proto_ndoption, type, len, good);

	if (h && n)
		memcpy(h + OPTION_LEN, data, n);
}

void l2frame_nd_redirected(struct l2frame *f, const void *packet, size_t n)
{
	/* Padding would be taken for a part of the packet. */
	size_t quoted = (n < QUOTE_MAX ? n : QUOTE_MAX) / UNIT * UNIT;
	uint8_t *h = push(f, &l2proto_ndoption, L2ND_REDIRECTED, QUOTE_AT + quoted, packet != NULL);

	if (h)
		memcpy(h + QUOTE_AT, packet, quoted);
}
