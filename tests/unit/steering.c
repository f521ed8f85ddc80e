/* SPDX-License-Identifier: MIT */
/*
 * Steering programs against a plain reading of what they promise: what counts as one flow gets one
 * value, whatever else differs, and other flows others. That the kernel runs them so is shown in
 * tests/net/fanout.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/fanout.h>

#include "case.h"
#include "packet.h"
#include "random.h"
#include "wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FLOWS_MAX    4096
#define ROOM         (PACKET_MAX + 160)

static struct l2insn insns[L2_FILTER_MAX];
static size_t n_insns;

static void choose(uint32_t kind)
{
	int64_t n = l2group_steering(kind, insns, L2_FILTER_MAX);

	REQUIRE(n > 0);
	REQUIRE_EQ(l2filter_check(insns, (size_t)n, NULL), 0);
	n_insns = (size_t)n;
}

static void know(struct l2filter_facts *facts, int number, uint32_t value)
{
	facts->known |= 1u << number;
	facts->ancillary[number] = value;
}

/* With the tags, if any, in the data. */
static uint32_t run(const uint8_t *frame, size_t len)
{
	struct l2filter_facts facts;
	int64_t r;

	l2filter_facts_init(&facts, NULL);
	know(&facts, L2FILTER_HATYPE, 1);
	know(&facts, L2FILTER_VLAN_PRESENT, 0);
	r = l2filter_run(insns, n_insns, frame, len, &facts);
	REQUIRE(r >= 0);
	return (uint32_t)r;
}

/* The same frame as the kernel has it on the receiving side: the outermost tag beside the data. */
static uint32_t run_received(const uint8_t *frame, size_t len)
{
	struct l2filter_facts facts;
	struct view view;
	struct wire w;
	int64_t r;

	REQUIRE(len <= sizeof(w.bytes));
	memcpy(w.bytes, frame, len);
	w.len = (uint32_t)len;
	wire_facts(&w, &facts);
	know(&facts, L2FILTER_HATYPE, 1);
	wire_view(&w, &facts, false, &view);
	r = view_run(&view, insns, n_insns);
	REQUIRE(r >= 0);
	return (uint32_t)r;
}

/* The packet in an untagged frame, on a device without link-layer headers. */
static uint32_t run_bare(const uint8_t *frame, size_t len)
{
	struct l2filter_facts facts;
	int64_t r;

	l2filter_facts_init(&facts, NULL);
	know(&facts, L2FILTER_HATYPE, 0xfffe);
	know(&facts, L2FILTER_PROTOCOL, (uint32_t)(frame[12] << 8 | frame[13]));
	facts.net_offset = 0;
	r = l2filter_run(insns, n_insns, frame + L2_ETH_HEADER_LEN, len - L2_ETH_HEADER_LEN,
			 &facts);
	REQUIRE(r >= 0);
	return (uint32_t)r;
}

/* A flow, and whether all that it consists of was there. */
struct flow {
	uint8_t addrs[2][16]; /* the lesser first */
	uint16_t ports[2];
	uint32_t kind;
	bool cut;
};

struct reader {
	const uint8_t *bytes;
	size_t len;
	struct flow *flow;
};

static uint32_t get(struct reader *r, size_t at, size_t size)
{
	uint32_t value = 0;

	if (at + size > r->len) {
		r->flow->cut = true;
		return 0;
	}
	while (size--)
		value = value << 8 | r->bytes[at++];
	return value;
}

static void read_addrs(struct reader *r, size_t at, size_t size)
{
	struct flow *f = r->flow;
	int swap;

	get(r, at, 2 * size);
	if (f->cut)
		return;
	swap = memcmp(r->bytes + at, r->bytes + at + size, size) > 0;
	memcpy(f->addrs[swap], r->bytes + at, size);
	memcpy(f->addrs[!swap], r->bytes + at + size, size);
}

static bool has_ports(uint32_t proto)
{
	return proto == 6 || proto == 17 || proto == 132;
}

static void read_ports(struct reader *r, uint32_t proto, size_t at)
{
	uint32_t src = get(r, at, 2);
	uint32_t dst = get(r, at + 2, 2);

	if (!has_ports(proto))
		return;
	r->flow->ports[src > dst] = (uint16_t)src;
	r->flow->ports[src <= dst] = (uint16_t)dst;
}

static void read_ip4(struct reader *r, size_t at)
{
	read_addrs(r, at + 12, 4);
	if (!(get(r, at + 6, 2) & 0x3fff) && has_ports(get(r, at + 9, 1)))
		read_ports(r, get(r, at + 9, 1), at + 4 * (get(r, at, 1) & 0xf));
}

static void read_ip6(struct reader *r, size_t at)
{
	uint32_t type = get(r, at + 6, 1);
	int i;

	read_addrs(r, at + 8, 16);
	at += 40;
	for (i = 0; i < 3 && (type == 0 || type == 43 || type == 60); i++) {
		type = get(r, at, 1);
		at += 8 * (get(r, at + 1, 1) + 1);
	}
	if (has_ports(type))
		read_ports(r, type, at);
}

static bool is_tag(uint32_t type)
{
	return type == L2_TPID_8021Q || type == L2_TPID_8021AD || type == L2_TPID_QINQ;
}

static void read_flow(const uint8_t *frame, size_t len, struct flow *ret)
{
	struct reader r = { frame, len, ret };
	size_t at = 12;
	uint32_t type = get(&r, at, 2);

	memset(ret, 0, sizeof(*ret));
	ret->cut = len < 14;
	for (; at < 24 && is_tag(type); type = get(&r, at, 2))
		at += 4;
	if (type == L2_ETHERTYPE_IP4 || type == L2_ETHERTYPE_IP6)
		ret->kind = type;
	if (type == L2_ETHERTYPE_IP4)
		read_ip4(&r, at + 2);
	else if (type == L2_ETHERTYPE_IP6)
		read_ip6(&r, at + 2);
	else
		read_addrs(&r, 0, 6);
}

/* All flows seen, with their values. */
static struct {
	struct flow flow;
	uint32_t value;
} seen[FLOWS_MAX];
static size_t n_seen;

/* Returns whether the flow is new. */
static bool remember(const struct flow *flow, uint32_t value)
{
	size_t i;

	for (i = 0; i < n_seen; i++)
		if (!memcmp(&seen[i].flow, flow, sizeof(*flow))) {
			REQUIRE_EQ(value, seen[i].value);
			return false;
		}
	REQUIRE(n_seen < FLOWS_MAX);
	seen[n_seen].flow = *flow;
	seen[n_seen++].value = value;
	return true;
}

static size_t count_values(void)
{
	size_t distinct = 0;
	size_t i;
	size_t k;

	for (i = 0; i < n_seen; i++) {
		for (k = 0; k < i && seen[k].value != seen[i].value; k++)
			;
		distinct += k == i;
	}
	return distinct;
}

static bool is_ip(const uint8_t *frame)
{
	uint32_t type = (uint32_t)(frame[12] << 8 | frame[13]);

	return type == L2_ETHERTYPE_IP4 || type == L2_ETHERTYPE_IP6;
}

CASE(steering, one_flow_one_value)
{
	const uint32_t rounds = (uint32_t)random_rounds(20000);
	static uint8_t packet[PACKET_MAX];
	uint32_t cut = 0;
	struct flow flow;
	struct dice d;
	uint32_t i;

	choose(L2GROUP_BY_FLOW);
	for (i = 0; i < rounds; i++) {
		size_t len;

		dice_start(&d, i);
		len = packet_random(&d, packet, PACKET_ALL);
		read_flow(packet, len, &flow);
		cut += flow.cut;
		if (flow.cut)
			REQUIRE_EQ(run(packet, len), 0);
		else
			remember(&flow, run(packet, len));
		if (len > 14 && is_ip(packet))
			REQUIRE_EQ(run_bare(packet, len), run(packet, len));
		if (!flow.cut && len <= WIRE_ROOM && len >= 20)
			REQUIRE_EQ(run_received(packet, len), run(packet, len));
	}
	fprintf(stderr, "# %zu flows, %zu values, %" PRIu32 " cut short\n", n_seen, count_values(),
		cut);
	REQUIRE(cut > 0);
	REQUIRE(n_seen > 200);
	REQUIRE(count_values() > n_seen * 95 / 100);
}

static void put32(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 24);
	at[1] = (uint8_t)(v >> 16);
	at[2] = (uint8_t)(v >> 8);
	at[3] = (uint8_t)v;
}

/* TCP over IPv4. */
static uint32_t value_of(uint32_t src, uint32_t dst, uint32_t src_port, uint32_t dst_port)
{
	uint8_t frame[54] = { [12] = 0x08, [14] = 0x45, [23] = 6 };

	put32(frame + 26, src);
	put32(frame + 30, dst);
	put32(frame + 34, src_port << 16 | dst_port);
	return run(frame, sizeof(frame));
}

/* Each member gets its share of flows that differ in one thing only. */
static void require_shares(const uint32_t *values, uint32_t n)
{
	uint32_t shares[16];
	uint32_t members;
	uint32_t i;

	for (members = 2; members <= COUNT(shares); members++) {
		memset(shares, 0, sizeof(shares));
		for (i = 0; i < n; i++)
			shares[values[i] % members]++;
		for (i = 0; i < members; i++) {
			REQUIRE(shares[i] > n / members * 3 / 4);
			REQUIRE(shares[i] < n / members * 5 / 4);
		}
	}
}

CASE(steering, shares_are_even)
{
	static uint32_t values[8192];
	struct dice d;
	uint32_t i;

	choose(L2GROUP_BY_FLOW);
	dice_start(&d, 0);
	for (i = 0; i < COUNT(values); i++)
		values[i] = value_of(dice_word(&d), dice_word(&d), dice_below(&d, 65536), 443);
	require_shares(values, COUNT(values));
	for (i = 0; i < COUNT(values); i++)
		values[i] = value_of(0x0a000001, 0x0a000002, 32768 + i, 80);
	require_shares(values, COUNT(values));
	for (i = 0; i < COUNT(values); i++)
		values[i] = value_of(0x0a000000 + i, 0xc0a80001, 5000, 80);
	require_shares(values, COUNT(values));
}

/* A tunnel's headers from the outer IP packet's payload on, and what they announce. */
struct tunnel {
	uint8_t proto;
	bool bridged; /* a frame in it; otherwise a packet */
	uint8_t len;
	uint8_t bytes[24];
	uint8_t type_at; /* of the ethertype of a packet; 0: there is none */
};

static const struct tunnel tunnels[] = {
	{ 4, false, 0, { 0 }, 0 },
	{ 47, true, 4, { 0, 0, 0x65, 0x58 }, 2 },
	{ 47, false, 4, { 0 }, 2 },
	{ 47, true, 8, { 0x20, 0, 0x65, 0x58, 0, 0, 7, 1 }, 2 },
	{ 47, false, 16, { 0xb0, 0 }, 2 },
	{ 17, true, 16, { 0xc0, 0x01, 18, 181, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 42, 0 }, 0 },
	{ 17, true, 16, { 0xc0, 0x02, 23, 193, 0, 0, 0, 0, 0, 0, 0x65, 0x58 }, 0 },
	{ 17, false, 24, { 0xc0, 0x02, 23, 193, 0, 0, 0, 0, 2, 0 }, 10 },
};

static size_t append(uint8_t *to, size_t at, const void *bytes, size_t n)
{
	memcpy(to + at, bytes, n);
	return at + n;
}

static size_t put_outer(struct dice *d, const struct tunnel *t, uint8_t *frame)
{
	static const uint8_t tag[] = { 0x81, 0, 0, 5 };
	uint8_t ip4[20] = { 0x45, [8] = 64, [9] = t->proto };
	uint8_t ip6[40] = { 0x60, [6] = t->proto, [7] = 64 };
	const uint8_t limit[8] = { t->proto, 0, 4, 1, 4, 1, 0, 0 };
	const bool six = dice_below(d, 2);
	const uint8_t type[2] = { six ? 0x86 : 0x08, six ? 0xdd : 0x00 };
	uint32_t tags = dice_below(d, 4);
	size_t at = 12;

	put32(frame, dice_word(d));
	put32(frame + 4, dice_word(d));
	put32(frame + 8, dice_word(d));
	put32(ip4 + 12, dice_word(d));
	put32(ip6 + 20, dice_word(d));
	while (tags--)
		at = append(frame, at, tag, sizeof(tag));
	at = append(frame, at, type, 2);
	if (!six)
		return append(frame, at, ip4, sizeof(ip4));
	if (dice_below(d, 2))
		return append(frame, at, ip6, sizeof(ip6));
	ip6[6] = 60; /* as Linux does: a limit to encapsulation */
	at = append(frame, at, ip6, sizeof(ip6));
	return append(frame, at, limit, sizeof(limit));
}

/* Puts a frame, or the packet that is in it, into a tunnel. Returns 0 where that cannot be. */
static size_t wrap(struct dice *d, const struct tunnel *t, const uint8_t *inner, size_t len,
		   uint8_t *frame)
{
	struct tunnel own = *t;
	size_t at;

	if (!own.bridged) {
		bool six = inner[12] == 0x86;

		if (!six && (inner[12] != 0x08 || inner[13] != 0x00))
			return 0;
		if (own.type_at)
			memcpy(own.bytes + own.type_at, inner + 12, 2);
		else if (six)
			own.proto = 41;
		inner += 14;
		len -= 14;
	}
	at = put_outer(d, &own, frame);
	at = append(frame, at, own.bytes, own.len);
	return append(frame, at, inner, len);
}

CASE(steering, what_is_in_a_tunnel_counts)
{
	const uint32_t rounds = (uint32_t)random_rounds(10000);
	static uint8_t inner[PACKET_MAX];
	static uint8_t frame[ROOM];
	uint32_t wrapped = 0;
	struct dice d;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		const struct tunnel *t = &tunnels[i % COUNT(tunnels)];
		uint32_t wanted;
		size_t inner_len;
		size_t len;

		dice_start(&d, i);
		inner_len = packet_random(&d, inner, PACKET_ALL);
		if (inner_len < 14)
			continue;
		choose(L2GROUP_BY_FLOW);
		wanted = run(inner, inner_len);
		len = wrap(&d, t, inner, inner_len, frame);
		choose(L2GROUP_BY_INNER_FLOW);
		REQUIRE_EQ(run(inner, inner_len), wanted);
		if (!len)
			continue;
		REQUIRE_EQ(run(frame, len), wanted);
		wrapped++;
	}
	fprintf(stderr, "# %" PRIu32 " of %" PRIu32 " in a tunnel\n", wrapped, rounds);
	REQUIRE(wrapped > rounds / 2);
}

/* Neither a fragment, nor what only looks like a tunnel. */
CASE(steering, what_is_no_tunnel_counts_itself)
{
	static const struct tunnel others[] = {
		{ 47, true, 4, { 0, 1, 0x65, 0x58 }, 0 },    /* another version of GRE */
		{ 47, true, 4, { 0x40, 0, 0x65, 0x58 }, 0 }, /* with a route */
		{ 47, true, 4, { 0, 0, 0x88, 0xbe }, 0 },
		{ 17, true, 16, { 18, 181, 0xc0, 0x01 }, 0 }, /* from that port, not to it */
		{ 17, true, 16, { 0xc0, 0x02, 23, 193, 0, 0, 0, 0, 0, 0, 0x88, 0x47 }, 0 },
		{ 50, true, 8, { 0 }, 0 },
	};
	static uint8_t inner[PACKET_MAX];
	static uint8_t frame[ROOM];
	struct dice d;
	uint32_t i;

	for (i = 0; i < 600; i++) {
		uint32_t wanted;
		size_t len;

		dice_start(&d, i);
		packet_random(&d, inner, 0);
		len = wrap(&d, &others[i % COUNT(others)], inner, 60, frame);
		choose(L2GROUP_BY_FLOW);
		wanted = run(frame, len);
		choose(L2GROUP_BY_INNER_FLOW);
		REQUIRE_EQ(run(frame, len), wanted);
	}
}

CASE(steering, fragments_of_a_tunnel_stay_together)
{
	uint8_t frame[100] = { [12] = 0x08, [14] = 0x45, [23] = 4, [34] = 0x45, [43] = 6 };
	uint32_t first;

	put32(frame + 26, 0x0a000001);
	put32(frame + 46, 0xc0a80001);
	choose(L2GROUP_BY_INNER_FLOW);
	first = run(frame, sizeof(frame));
	frame[20] = 0x20; /* more of them follow */
	REQUIRE(run(frame, sizeof(frame)) != first);
	first = run(frame, sizeof(frame));
	frame[20] = 0;
	frame[21] = 9; /* the last; it has other bytes where headers were */
	frame[50] = 1;
	REQUIRE_EQ(run(frame, sizeof(frame)), first);
}

CASE(steering, vlan_identifiers)
{
	static const uint16_t tpids[] = { L2_TPID_8021Q, L2_TPID_8021AD, L2_TPID_QINQ };
	static const uint32_t none[] = { 0 };
	struct wire w;
	uint32_t vlan;
	size_t i;

	choose(L2GROUP_BY_VLAN);
	wire_make(&w, none, L2_ETHERTYPE_IP4, 60);
	REQUIRE_EQ(run(w.bytes, w.len), 0);
	REQUIRE_EQ(run_received(w.bytes, w.len), 0);
	for (i = 0; i < COUNT(tpids); i++)
		for (vlan = 0; vlan < 4096; vlan += 13) {
			const uint32_t tags[] = { WIRE_TAG(tpids[i], 0xb000 | vlan),
						  WIRE_TAG(L2_TPID_8021Q, 7), 0 };

			wire_make(&w, tags, L2_ETHERTYPE_IP4, 60);
			REQUIRE_EQ(run(w.bytes, w.len), vlan);
			REQUIRE_EQ(run_received(w.bytes, w.len), vlan);
		}
}

CASE(steering, arguments)
{
	uint32_t kind;

	for (kind = L2GROUP_BY_FLOW; kind <= L2GROUP_BY_INNER_FLOW; kind++) {
		int64_t n = l2group_steering(kind, insns, L2_FILTER_MAX);

		REQUIRE(n > 0);
		REQUIRE_EQ(l2group_steering(kind, insns, (size_t)n), n);
		REQUIRE_EQ(l2group_steering(kind, insns, (size_t)n - 1), -ENOSPC);
		REQUIRE_EQ(l2group_steering(kind, NULL, 0), -EINVAL);
	}
	REQUIRE_EQ(l2group_steering(0, insns, L2_FILTER_MAX), -EINVAL);
	REQUIRE_EQ(l2group_steering(kind, insns, L2_FILTER_MAX), -EINVAL);
}
