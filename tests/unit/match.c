/* SPDX-License-Identifier: MIT */
/*
 * Matches against a plain reading of what they promise, over random packets. What tcpdump's
 * expressions can say is compared in libpcap.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/filter.h>
#include <l2sock/match.h>

#include "case.h"
#include "packet.h"
#include "random.h"

static struct l2insn insns[L2_FILTER_MAX];

/* A packet, and whether all that was asked of it was there. */
struct view {
	const uint8_t *bytes;
	size_t len;
	bool cut;
};

static uint32_t get(struct view *v, size_t at, size_t size)
{
	uint32_t value = 0;

	if (at + size > v->len) {
		v->cut = true;
		return 0;
	}
	while (size--)
		value = value << 8 | v->bytes[at++];
	return value;
}

static bool is_tag(uint32_t type)
{
	return type == L2_TPID_8021Q || type == L2_TPID_8021AD || type == L2_TPID_QINQ;
}

static bool has_mac(struct view *v, size_t at, const uint8_t *mac)
{
	get(v, at, 6);
	return !v->cut && !memcmp(v->bytes + at, mac, 6);
}

/* An address is there in words of four bytes or not at all. */
static bool has_prefix(struct view *v, size_t at, const uint8_t *ip, uint32_t bits)
{
	uint32_t i;

	for (i = 0; i < bits; i += 32)
		get(v, at + i / 8, 4);
	for (i = 0; i < bits; i++)
		if (((get(v, at + i / 8, 1) ^ ip[i / 8]) >> (7 - i % 8)) & 1)
			return false;
	return true;
}

static bool has_proto(const struct l2match *m, uint32_t proto)
{
	if (m->fields & L2MATCH_PROTO)
		return proto == m->proto;
	return proto == 6 || proto == 17 || proto == 132;
}

static bool in_range(uint32_t port, uint32_t first, uint32_t last)
{
	return port == first || (port > first && port <= last);
}

static bool has_ports(const struct l2match *m, struct view *v, size_t at)
{
	if ((m->fields & L2MATCH_SRC_PORT) &&
	    !in_range(get(v, at, 2), m->src_port, m->src_port_last))
		return false;
	return !(m->fields & L2MATCH_DST_PORT) ||
	       in_range(get(v, at + 2, 2), m->dst_port, m->dst_port_last);
}

static bool wants_ports(const struct l2match *m)
{
	return m->fields & (L2MATCH_SRC_PORT | L2MATCH_DST_PORT);
}

static bool has_ips(const struct l2match *m, struct view *v, size_t at, uint32_t bits)
{
	uint32_t src = m->src_prefix ? m->src_prefix : bits;
	uint32_t dst = m->dst_prefix ? m->dst_prefix : bits;

	return (!(m->fields & L2MATCH_SRC_IP) || has_prefix(v, at, m->src_ip, src)) &&
	       (!(m->fields & L2MATCH_DST_IP) || has_prefix(v, at + bits / 8, m->dst_ip, dst));
}

static bool is_ip4(const struct l2match *m, struct view *v, size_t at)
{
	if (!has_ips(m, v, at + 12, 32))
		return false;
	if (!wants_ports(m))
		return !(m->fields & L2MATCH_PROTO) || has_proto(m, get(v, at + 9, 1));
	return has_proto(m, get(v, at + 9, 1)) && !(get(v, at + 6, 2) & 0x1fff) &&
	       has_ports(m, v, at + 4 * (get(v, at, 1) & 0xf));
}

static bool is_ip6(const struct l2match *m, struct view *v, size_t at)
{
	size_t next = at + 40;
	int extensions;
	uint32_t type;

	if (!has_ips(m, v, at + 8, 128))
		return false;
	if (!wants_ports(m) && !(m->fields & L2MATCH_PROTO))
		return true;
	type = get(v, at + 6, 1);
	for (extensions = 0; !has_proto(m, type); extensions++) {
		size_t from = next;

		if (extensions == L2MATCH_EXTENSIONS)
			return false;
		if (type == 44 && get(v, next + 2, 2) >> 3)
			return !wants_ports(m) && has_proto(m, get(v, next, 1));
		if (type == 0 || type == 43 || type == 60)
			next += 8 * (get(v, next + 1, 1) + 1);
		else if (type == 51)
			next += 4 * (get(v, next + 1, 1) + 2);
		else if (type == 44)
			next += 8;
		else
			return false;
		type = get(v, from, 1);
	}
	return has_ports(m, v, next);
}

static bool matches(const struct l2match *m, struct view *v)
{
	const uint32_t fields = m->fields;
	uint32_t type = 0;
	size_t at = 12;

	if (((fields & L2MATCH_ETH_DST) && !has_mac(v, 0, m->eth_dst)) ||
	    ((fields & L2MATCH_ETH_SRC) && !has_mac(v, 6, m->eth_src)) ||
	    ((fields & L2MATCH_NOT_FROM) && has_mac(v, 6, m->eth_not_from)))
		return false;
	if (fields & L2MATCH_VLAN) {
		if (!is_tag(get(v, 12, 2)) || (get(v, 14, 2) & 0xfff) != m->vlan_id)
			return false;
		at += 4;
	}
	if (!(fields & ~(L2MATCH_ETH_DST | L2MATCH_ETH_SRC | L2MATCH_NOT_FROM | L2MATCH_VLAN |
			 L2MATCH_SKIP_TAGS)))
		return true;
	type = get(v, at, 2);
	while ((fields & L2MATCH_SKIP_TAGS) && is_tag(type) && at < 20)
		type = get(v, at += 4, 2);
	if (fields & L2MATCH_ETHERTYPE)
		return type == m->ethertype;
	if (type == L2_ETHERTYPE_IP4)
		return fields & L2MATCH_IP4 && is_ip4(m, v, at + 2);
	return type == L2_ETHERTYPE_IP6 && fields & L2MATCH_IP6 && is_ip6(m, v, at + 2);
}

static void random_ip(struct dice *d, struct l2match *m)
{
	const uint32_t versions[] = { L2MATCH_IP4, L2MATCH_IP6, L2MATCH_IP4 | L2MATCH_IP6 };
	uint32_t bits;

	m->fields |= versions[dice_below(d, 3)];
	bits = m->fields & L2MATCH_IP6 ? 128 : 32;
	if ((m->fields & L2MATCH_IP4) == 0 || (m->fields & L2MATCH_IP6) == 0)
		m->fields |= dice_word(d) & dice_word(d) & (L2MATCH_SRC_IP | L2MATCH_DST_IP);
	m->fields |= dice_word(d) & (L2MATCH_PROTO | L2MATCH_SRC_PORT | L2MATCH_DST_PORT);
	m->proto = packet_proto(d);
	if (wants_ports(m) && m->proto != 6 && m->proto != 132)
		m->proto = 17;
	else if (dice_below(d, 6) == 0 && !wants_ports(m))
		m->proto = dice_below(d, 2) ? 44 : 0;
	memcpy(m->src_ip, packet_ip(d), 16);
	memcpy(m->dst_ip, packet_ip(d), 16);
	m->src_prefix = (uint8_t)(dice_below(d, 2) * dice_below(d, bits + 1));
	m->dst_prefix = (uint8_t)(dice_below(d, 2) * dice_below(d, bits + 1));
	m->src_port = packet_port(d);
	m->dst_port = packet_port(d);
	if (dice_below(d, 2))
		m->dst_port_last = (uint16_t)(m->dst_port + dice_below(d, 40));
}

static void random_match(struct dice *d, struct l2match *m)
{
	l2match_init(m, sizeof(*m));
	m->fields = dice_word(d) & dice_word(d) & dice_word(d) &
		    (L2MATCH_ETH_DST | L2MATCH_ETH_SRC | L2MATCH_NOT_FROM | L2MATCH_VLAN);
	m->fields |= (dice_word(d) | dice_word(d)) & L2MATCH_SKIP_TAGS;
	memcpy(m->eth_dst, packet_mac(d), 6);
	memcpy(m->eth_src, packet_mac(d), 6);
	memcpy(m->eth_not_from, packet_mac(d), 6);
	m->vlan_id = packet_vlan(d);
	m->ethertype = packet_ethertype(d);
	if (dice_below(d, 6) == 0)
		m->fields |= L2MATCH_ETHERTYPE;
	else
		random_ip(d, m);
}

CASE(match, random_packets)
{
	const uint32_t rounds = (uint32_t)random_rounds(4000);
	static uint8_t packet[PACKET_MAX];
	uint32_t accepted = 0;
	uint32_t rejected = 0;
	struct l2match m;
	struct dice d;
	uint32_t i;
	int k;

	for (i = 0; i < rounds; i++) {
		int64_t n;

		dice_start(&d, i);
		random_match(&d, &m);
		n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);
		REQUIRE(n > 0);
		REQUIRE_EQ(l2filter_check(insns, (size_t)n, NULL), 0);
		for (k = 0; k < 20; k++) {
			size_t len = packet_random(&d, packet, PACKET_ALL);
			struct view v = { packet, len, false };
			bool expected = matches(&m, &v) && !v.cut;
			int64_t r = l2filter_run(insns, (size_t)n, packet, len, NULL);

			if (r != (expected ? UINT32_MAX : 0))
				fprintf(stderr, "round %d fields 0x%x\n", (int)i, m.fields);
			REQUIRE_EQ(r, expected ? UINT32_MAX : 0);
			accepted += expected;
			rejected += !expected;
		}
	}
	fprintf(stderr, "# %d accepted, %d rejected\n", (int)accepted, (int)rejected);
	REQUIRE(accepted > rounds && rejected > rounds);
}

/* Programs are small, and smaller the less is asked for. */
CASE(match, lengths)
{
	static const struct {
		uint32_t fields;
		int64_t most;
	} rows[] = {
		{ 0, 2 },
		{ L2MATCH_ETHERTYPE, 4 },
		{ L2MATCH_ETH_DST, 6 },
		{ L2MATCH_IP4 | L2MATCH_PROTO, 6 },
		{ L2MATCH_IP4 | L2MATCH_PROTO | L2MATCH_DST_PORT, 11 },
		{ L2MATCH_IP6 | L2MATCH_SRC_IP, 12 },
		{ 0x1fdf & ~(L2MATCH_IP4 | L2MATCH_ETHERTYPE), 300 },
	};
	struct l2match m = { .size = sizeof(m), .proto = 17, .src_port = 53, .dst_port = 53 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t n;

		m.fields = rows[i].fields;
		n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);
		if (n > rows[i].most)
			fprintf(stderr, "row %d: %d\n", (int)i, (int)n);
		REQUIRE(n > 0 && n <= rows[i].most);
		REQUIRE_EQ(l2match_compile(&m, insns, (size_t)n, NULL), n);
		REQUIRE_EQ(l2match_compile(&m, insns, (size_t)n - 1, NULL), -ENOSPC);
	}
}

CASE(match, snaplen)
{
	static const uint8_t packet[60];
	struct l2match m = { .size = sizeof(m), .snaplen = 96 };
	int64_t n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);

	REQUIRE_EQ(l2filter_run(insns, (size_t)n, packet, sizeof(packet), NULL), 96);
}

static void refuse(const struct l2match *m, int64_t code, const char *words)
{
	struct l2err err = { 0 };

	REQUIRE_EQ(l2match_compile(m, insns, L2_FILTER_MAX, &err), code);
	REQUIRE_EQ(l2match_compile(m, insns, L2_FILTER_MAX, NULL), code);
	REQUIRE_EQ(err.code, code);
	if (!strstr(err.text, words))
		fprintf(stderr, "%s\n", err.text);
	REQUIRE(strstr(err.text, words));
}

CASE(match, refusals)
{
	static const struct {
		struct l2match m;
		const char *words;
	} rows[] = {
		{ { .size = 79 }, "size" },
		{ { .size = 4097 }, "size" },
		{ { .size = 80, .fields = 0x2000 }, "unknown" },
		{ { .size = 80, .reserved = { 0, 0, 1 } }, "reserved" },
		{ { .size = 80, .fields = L2MATCH_VLAN, .vlan_id = 4096 }, "4095" },
		{ { .size = 80, .fields = L2MATCH_ETHERTYPE | L2MATCH_IP4 }, "at once" },
		{ { .size = 80, .fields = L2MATCH_ETHERTYPE | L2MATCH_PROTO }, "at once" },
		{ { .size = 80, .fields = L2MATCH_SRC_IP }, "one version" },
		{ { .size = 80, .fields = L2MATCH_DST_IP | L2MATCH_IP4 | L2MATCH_IP6 }, "one" },
		{ { .size = 80, .fields = L2MATCH_IP4 | L2MATCH_SRC_IP, .src_prefix = 33 },
		  "prefix" },
		{ { .size = 80, .fields = L2MATCH_IP6 | L2MATCH_DST_IP, .dst_prefix = 129 },
		  "prefix" },
		{ { .size = 80, .fields = L2MATCH_PROTO | L2MATCH_SRC_PORT, .proto = 1 }, "TCP" },
		{ { .size = 80, .fields = L2MATCH_SRC_PORT, .src_port = 2, .src_port_last = 1 },
		  "range" },
		{ { .size = 80, .fields = L2MATCH_DST_PORT, .dst_port = 2, .dst_port_last = 1 },
		  "range" },
	};
	struct {
		struct l2match m;
		uint8_t more[8];
	} longer = { .m = { .size = sizeof(longer) } };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuse(&rows[i].m, -EINVAL, rows[i].words);
	refuse(NULL, -EINVAL, "nothing");
	REQUIRE_EQ(l2match_compile(&rows[0].m, NULL, 5, NULL), -EINVAL);
	REQUIRE_EQ(l2match_compile(&longer.m, insns, L2_FILTER_MAX, NULL), 2);
	longer.more[7] = 1;
	refuse(&longer.m, -E2BIG, "does not know");
}

CASE(match, init)
{
	struct l2match m;

	memset(&m, 0xff, sizeof(m));
	l2match_init(&m, 3);
	REQUIRE_EQ(m.size, UINT32_MAX);
	l2match_init(&m, sizeof(m));
	REQUIRE_EQ(m.size, 80);
	REQUIRE_EQ(m.fields, 0);
	REQUIRE_EQ(m.dst_ip[15], 0);
}
