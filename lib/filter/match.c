/* SPDX-License-Identifier: MIT */
/* Programs from a struct. Each part goes on when it is true, and to "drop" when not. */
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/asm.h>
#include <l2sock/match.h>

#include "../types/opts-internal.h"

#define MATCH_LEAST 80 /* the size that version 0.1 had */
#define ITEMS       512
#define ANY_PORT    (L2MATCH_SRC_PORT | L2MATCH_DST_PORT)
#define ANY_IP      (L2MATCH_SRC_IP | L2MATCH_DST_IP)
#define ANY_VERSION (L2MATCH_IP4 | L2MATCH_IP6)
#define ALL_FIELDS  0x1fffu

enum { TCP = 6, UDP = 17, SCTP = 132 };
enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION = 60 };

struct compiler {
	struct l2asm a;
	struct l2match m;
	uint32_t accept;
	uint32_t drop;
	uint32_t net; /* where the network header is ... */
	int relative; /* ... counted from X, which has the length of the tags skipped */
};

static void add(struct compiler *c, uint32_t code, uint32_t k)
{
	l2asm_add(&c->a, code, k);
}

static void equal(struct compiler *c, uint32_t k, uint32_t yes, uint32_t no)
{
	l2asm_branch(&c->a, BPF_JMP | BPF_JEQ | BPF_K, k, yes, no);
}

/* Loads from the frame, from the network header, and from X. */
static void load(struct compiler *c, uint32_t size, uint32_t k)
{
	add(c, BPF_LD | size | BPF_ABS, k);
}

static void load_x(struct compiler *c, uint32_t size, uint32_t k)
{
	add(c, BPF_LD | size | BPF_IND, k);
}

static void load_net(struct compiler *c, uint32_t size, uint32_t k)
{
	add(c, BPF_LD | size | (c->relative ? BPF_IND : BPF_ABS), c->net + k);
}

static uint32_t get32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* The last four bytes differ most: they come first. */
static void match_mac(struct compiler *c, uint32_t at, const uint8_t *mac, uint32_t yes,
		      uint32_t no)
{
	load(c, BPF_W, at + 2);
	equal(c, get32(mac + 2), L2ASM_NEXT, no);
	load(c, BPF_H, at);
	equal(c, get32(mac) >> 16, yes, no);
}

static void match_macs(struct compiler *c)
{
	if (c->m.fields & L2MATCH_ETH_DST)
		match_mac(c, 0, c->m.eth_dst, L2ASM_NEXT, c->drop);
	if (c->m.fields & L2MATCH_ETH_SRC)
		match_mac(c, L2_MAC_LEN, c->m.eth_src, L2ASM_NEXT, c->drop);
	if (c->m.fields & L2MATCH_NOT_FROM) {
		uint32_t other = l2asm_label(&c->a);

		match_mac(c, L2_MAC_LEN, c->m.eth_not_from, c->drop, other);
		l2asm_place(&c->a, other);
	}
}

static void match_tag(struct compiler *c, uint32_t at, uint32_t no)
{
	uint32_t yes = l2asm_label(&c->a);

	load(c, BPF_H, at);
	equal(c, L2_TPID_8021Q, yes, L2ASM_NEXT);
	equal(c, L2_TPID_8021AD, yes, L2ASM_NEXT);
	equal(c, L2_TPID_QINQ, yes, no);
	l2asm_place(&c->a, yes);
}

static void match_vlan(struct compiler *c)
{
	match_tag(c, 12, c->drop);
	load(c, BPF_H, 14);
	add(c, BPF_ALU | BPF_AND | BPF_K, 0xfff);
	equal(c, c->m.vlan_id, L2ASM_NEXT, c->drop);
}

/* Up to two tags; with a VLAN asked for, the first has been seen. */
static void skip_tags(struct compiler *c)
{
	uint32_t done = l2asm_label(&c->a);
	uint32_t tags = c->m.fields & L2MATCH_VLAN ? 1 : 0;

	for (; tags < 2; tags++) {
		add(c, BPF_LDX | BPF_IMM, tags * L2_VLAN_TAG_LEN);
		match_tag(c, 12 + tags * L2_VLAN_TAG_LEN, done);
	}
	add(c, BPF_LDX | BPF_IMM, tags * L2_VLAN_TAG_LEN);
	l2asm_place(&c->a, done);
	c->relative = 1;
	c->net = L2_ETH_HEADER_LEN;
}

/* Leads to "no" behind the last of the protocols in A that are wanted. */
static void match_protos(struct compiler *c, uint32_t yes, uint32_t no)
{
	if (c->m.fields & L2MATCH_PROTO) {
		equal(c, c->m.proto, yes, no);
		return;
	}
	equal(c, TCP, yes, L2ASM_NEXT);
	equal(c, UDP, yes, L2ASM_NEXT);
	equal(c, SCTP, yes, no);
}

static void match_ip(struct compiler *c, uint32_t at, const uint8_t *ip, uint32_t bits)
{
	for (; bits > 0; at += 4, ip += 4) {
		uint32_t here = bits < 32 ? bits : 32;
		uint32_t mask = UINT32_MAX << (32 - here);

		load_net(c, BPF_W, at);
		if (here < 32)
			add(c, BPF_ALU | BPF_AND | BPF_K, mask);
		equal(c, get32(ip) & mask, L2ASM_NEXT, c->drop);
		bits -= here;
	}
}

static void match_port(struct compiler *c, uint32_t at, uint32_t first, uint32_t last)
{
	load_x(c, BPF_H, at);
	if (last <= first) {
		equal(c, first, L2ASM_NEXT, c->drop);
		return;
	}
	l2asm_branch(&c->a, BPF_JMP | BPF_JGE | BPF_K, first, L2ASM_NEXT, c->drop);
	l2asm_branch(&c->a, BPF_JMP | BPF_JGT | BPF_K, last, c->drop, L2ASM_NEXT);
}

/* The transport header is at X + k. */
static void match_ports(struct compiler *c, uint32_t k)
{
	if (c->m.fields & L2MATCH_SRC_PORT)
		match_port(c, k, c->m.src_port, c->m.src_port_last);
	if (c->m.fields & L2MATCH_DST_PORT)
		match_port(c, k + 2, c->m.dst_port, c->m.dst_port_last);
}

/* X becomes the length of the IPv4 header, and of the tags skipped. */
static void skip_ip4(struct compiler *c)
{
	if (!c->relative) {
		add(c, BPF_LDX | BPF_B | BPF_MSH, c->net);
		return;
	}
	load_net(c, BPF_B, 0);
	add(c, BPF_ALU | BPF_AND | BPF_K, 0xf);
	add(c, BPF_ALU | BPF_LSH | BPF_K, 2);
	add(c, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(c, BPF_MISC | BPF_TAX, 0);
}

static void match_ip4(struct compiler *c)
{
	const uint32_t fields = c->m.fields;

	if (fields & L2MATCH_SRC_IP)
		match_ip(c, 12, c->m.src_ip, c->m.src_prefix ? c->m.src_prefix : 32);
	if (fields & L2MATCH_DST_IP)
		match_ip(c, 16, c->m.dst_ip, c->m.dst_prefix ? c->m.dst_prefix : 32);
	if (fields & (L2MATCH_PROTO | ANY_PORT)) {
		uint32_t found = l2asm_label(&c->a);

		load_net(c, BPF_B, 9);
		match_protos(c, found, c->drop);
		l2asm_place(&c->a, found);
	}
	if (fields & ANY_PORT) {
		load_net(c, BPF_H, 6);
		l2asm_branch(&c->a, BPF_JMP | BPF_JSET | BPF_K, 0x1fff, c->drop, L2ASM_NEXT);
		skip_ip4(c);
		match_ports(c, c->net);
	}
	l2asm_jump(&c->a, c->accept);
}

/* M[0] becomes the type of what follows the extension header at X, A its length in bytes. */
static void measure_extension(struct compiler *c, uint32_t more, uint32_t shift)
{
	load_x(c, BPF_B, 0);
	add(c, BPF_ST, 0);
	load_x(c, BPF_B, 1);
	add(c, BPF_ALU | BPF_ADD | BPF_K, more);
	add(c, BPF_ALU | BPF_LSH | BPF_K, shift);
}

/*
 * A is the type of the header at X: goes to the one behind it if it is an extension header. A
 * fragment that is not the first leads to "later", with the type of its content in M[0].
 */
static void skip_extension(struct compiler *c, uint32_t later)
{
	uint32_t options = l2asm_label(&c->a);
	uint32_t authentication = l2asm_label(&c->a);
	uint32_t fragment = l2asm_label(&c->a);
	uint32_t advance = l2asm_label(&c->a);

	equal(c, HOP_BY_HOP, options, L2ASM_NEXT);
	equal(c, ROUTING, options, L2ASM_NEXT);
	equal(c, DESTINATION, options, L2ASM_NEXT);
	equal(c, FRAGMENT, fragment, L2ASM_NEXT);
	equal(c, AUTHENTICATION, authentication, c->drop);
	l2asm_place(&c->a, fragment);
	load_x(c, BPF_B, 0);
	add(c, BPF_ST, 0);
	load_x(c, BPF_H, 2);
	l2asm_branch(&c->a, BPF_JMP | BPF_JSET | BPF_K, 0xfff8, later, L2ASM_NEXT);
	add(c, BPF_LD | BPF_IMM, 8);
	l2asm_jump(&c->a, advance);
	l2asm_place(&c->a, authentication);
	measure_extension(c, 2, 2);
	l2asm_jump(&c->a, advance);
	l2asm_place(&c->a, options);
	measure_extension(c, 1, 3);
	l2asm_place(&c->a, advance);
	add(c, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(c, BPF_MISC | BPF_TAX, 0);
	add(c, BPF_LD | BPF_MEM, 0);
}

/* X becomes the place of the header behind that of IPv6, A its type. */
static void skip_ip6(struct compiler *c)
{
	load_net(c, BPF_B, 6);
	if (!c->relative) {
		add(c, BPF_LDX | BPF_IMM, c->net + 40);
		return;
	}
	add(c, BPF_ST, 0);
	add(c, BPF_MISC | BPF_TXA, 0);
	add(c, BPF_ALU | BPF_ADD | BPF_K, c->net + 40);
	add(c, BPF_MISC | BPF_TAX, 0);
	add(c, BPF_LD | BPF_MEM, 0);
}

static void match_ip6_content(struct compiler *c)
{
	uint32_t found = l2asm_label(&c->a);
	uint32_t later = l2asm_label(&c->a);
	int i;

	skip_ip6(c);
	for (i = 0; i < L2MATCH_EXTENSIONS; i++) {
		match_protos(c, found, L2ASM_NEXT);
		skip_extension(c, c->m.fields & ANY_PORT ? c->drop : later);
	}
	match_protos(c, found, c->drop);
	if (!(c->m.fields & ANY_PORT)) {
		l2asm_place(&c->a, later);
		add(c, BPF_LD | BPF_MEM, 0);
		match_protos(c, found, c->drop);
	}
	l2asm_place(&c->a, found);
	match_ports(c, 0);
}

static void match_ip6(struct compiler *c)
{
	const uint32_t fields = c->m.fields;

	if (fields & L2MATCH_SRC_IP)
		match_ip(c, 8, c->m.src_ip, c->m.src_prefix ? c->m.src_prefix : 128);
	if (fields & L2MATCH_DST_IP)
		match_ip(c, 24, c->m.dst_ip, c->m.dst_prefix ? c->m.dst_prefix : 128);
	if (fields & (L2MATCH_PROTO | ANY_PORT))
		match_ip6_content(c);
	l2asm_jump(&c->a, c->accept);
}

static void match_versions(struct compiler *c)
{
	uint32_t ip4 = l2asm_label(&c->a);
	uint32_t ip6 = l2asm_label(&c->a);
	const uint32_t versions = c->m.fields & ANY_VERSION;

	load_net(c, BPF_H, 0u - 2);
	if (versions & L2MATCH_IP4)
		equal(c, L2_ETHERTYPE_IP4, ip4, versions & L2MATCH_IP6 ? L2ASM_NEXT : c->drop);
	if (versions & L2MATCH_IP6)
		equal(c, L2_ETHERTYPE_IP6, ip6, c->drop);
	l2asm_place(&c->a, ip4);
	if (versions & L2MATCH_IP4)
		match_ip4(c);
	l2asm_place(&c->a, ip6);
	if (versions & L2MATCH_IP6)
		match_ip6(c);
}

static void match_all(struct compiler *c)
{
	const uint32_t fields = c->m.fields;

	match_macs(c);
	c->net = L2_ETH_HEADER_LEN;
	if (fields & L2MATCH_VLAN) {
		match_vlan(c);
		c->net += L2_VLAN_TAG_LEN;
	}
	if ((fields & L2MATCH_SKIP_TAGS) && (fields & (L2MATCH_ETHERTYPE | ANY_VERSION)))
		skip_tags(c);
	if (fields & L2MATCH_ETHERTYPE) {
		load_net(c, BPF_H, 0u - 2);
		equal(c, c->m.ethertype, L2ASM_NEXT, c->drop);
	}
	if (fields & ANY_VERSION)
		match_versions(c);
	l2asm_place(&c->a, c->accept);
	add(c, BPF_RET | BPF_K, c->m.snaplen ? c->m.snaplen : UINT32_MAX);
	l2asm_place(&c->a, c->drop);
	add(c, BPF_RET | BPF_K, 0);
}

static const char *wrong_values(const struct l2match *m)
{
	const uint8_t most = m->fields & L2MATCH_IP6 ? 128 : 32;
	static const uint8_t unused[sizeof(m->reserved)];

	if (memcmp(m->reserved, unused, sizeof(unused)))
		return "reserved bytes are not 0";
	if ((m->fields & L2MATCH_VLAN) && m->vlan_id > 0xfff)
		return "a VLAN identifier is at most 4095";
	if (((m->fields & L2MATCH_SRC_IP) && m->src_prefix > most) ||
	    ((m->fields & L2MATCH_DST_IP) && m->dst_prefix > most))
		return "a prefix is longer than the address";
	if (((m->fields & L2MATCH_SRC_PORT) && m->src_port_last &&
	     m->src_port_last < m->src_port) ||
	    ((m->fields & L2MATCH_DST_PORT) && m->dst_port_last && m->dst_port_last < m->dst_port))
		return "a range of ports ends before it begins";
	return NULL;
}

static const char *wrong_fields(const struct l2match *m)
{
	const uint32_t fields = m->fields;
	const uint32_t versions = fields & ANY_VERSION;

	if (fields & ~ALL_FIELDS)
		return "unknown bits in fields";
	if ((fields & L2MATCH_ETHERTYPE) &&
	    (versions || fields & (ANY_IP | ANY_PORT | L2MATCH_PROTO)))
		return "an ethertype and IP at once";
	if ((fields & ANY_IP) && versions != L2MATCH_IP4 && versions != L2MATCH_IP6)
		return "an address of IP needs one version, L2MATCH_IP4 or L2MATCH_IP6";
	if ((fields & ANY_PORT) && (fields & L2MATCH_PROTO) && m->proto != TCP && m->proto != UDP &&
	    m->proto != SCTP)
		return "ports are those of TCP, UDP or SCTP";
	return wrong_values(m);
}

static int refuse(struct l2err *err, int code, const char *why)
{
	if (err) {
		err->code = code;
		snprintf(err->text, sizeof(err->text), "match: %s", why);
	}
	return code;
}

void l2match_init(struct l2match *m, uint32_t size)
{
	if (size < sizeof(m->size))
		return;
	memset(m, 0, size);
	m->size = size;
}

int64_t l2match_compile(const struct l2match *m, struct l2insn *insns, size_t max,
			struct l2err *err)
{
	struct l2asm_item items[ITEMS];
	struct compiler c = { .relative = 0 };
	const char *why;
	int64_t n;
	int r;

	if (!m || !insns)
		return refuse(err, -EINVAL, "nothing to match, or no room");
	r = l2opts_copy(&c.m, sizeof(c.m), m, MATCH_LEAST);
	if (r < 0)
		return refuse(err, r,
			      r == -E2BIG ? "something set that this library does not know"
					  : "size is not that of struct l2match");
	why = wrong_fields(&c.m);
	if (why)
		return refuse(err, -EINVAL, why);
	if ((c.m.fields & (L2MATCH_PROTO | ANY_PORT)) && !(c.m.fields & ANY_VERSION))
		c.m.fields |= ANY_VERSION;
	l2asm_init(&c.a, items, ITEMS);
	c.accept = l2asm_label(&c.a);
	c.drop = l2asm_label(&c.a);
	match_all(&c);
	n = l2asm_finish(&c.a, insns, max, NULL);
	return n < 0 ? refuse(err, (int)n, "the program does not fit") : n;
}
