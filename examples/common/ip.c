/* SPDX-License-Identifier: MIT */
/* IPv4, IPv6 and the protocols above them. */
#include "describe.h"

enum {
	HOP_BY_HOP = 0,
	ICMP4 = 1,
	TCP = 6,
	UDP = 17,
	ROUTING = 43,
	FRAGMENT = 44,
	ICMP6 = 58,
	DESTINATION = 60,
	SCTP = 132,
};

#define IP4_HEADER_LEN 20
#define IP6_HEADER_LEN 40

/* A packet's facts, the same for both versions. */
struct packet {
	const uint8_t *src;
	const uint8_t *dst;
	void (*text_addr)(struct text *t, const uint8_t *addr);
	uint8_t protocol;
	bool later_fragment;
	bool six;
};

struct name {
	uint8_t number;
	const char *text;
};

static const struct name transports[] = {
	{ 2, "IGMP" },   { 4, "IPv4" },    { TCP, "TCP" },    { UDP, "UDP" },      { 41, "IPv6" },
	{ 47, "GRE" },   { 50, "ESP" },    { 51, "AH" },      { 59, "no header" }, { 89, "OSPF" },
	{ 112, "VRRP" }, { SCTP, "SCTP" }, { ICMP4, "ICMP" }, { ICMP6, "ICMPv6" },
};

static const struct name icmp4_types[] = {
	{ 0, "echo reply" },     { 3, "unreachable" },          { 5, "redirect" },
	{ 8, "echo request" },   { 9, "router advertisement" }, { 10, "router solicitation" },
	{ 11, "time exceeded" }, { 12, "parameter problem" },
};

static const struct name icmp6_types[] = {
	{ 1, "unreachable" },
	{ 2, "packet too big" },
	{ 3, "time exceeded" },
	{ 4, "parameter problem" },
	{ 128, "echo request" },
	{ 129, "echo reply" },
	{ 130, "multicast listener query" },
	{ 131, "multicast listener report" },
	{ 132, "multicast listener done" },
	{ 133, "router solicitation" },
	{ 134, "router advertisement" },
	{ 135, "neighbour solicitation" },
	{ 136, "neighbour advertisement" },
	{ 137, "redirect" },
	{ 143, "multicast listener report v2" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The number's name in the table, else the word and the number. */
static void describe_number(struct text *t, uint8_t number, const struct name *names, size_t n,
			    const char *otherwise)
{
	size_t i;

	text_str(t, " ");
	for (i = 0; i < n; i++) {
		if (names[i].number == number) {
			text_str(t, names[i].text);
			return;
		}
	}
	text_str(t, otherwise);
	text_dec(t, number);
}

static void describe_endpoint(struct text *t, const struct packet *p, const uint8_t *addr,
			      const uint8_t *port)
{
	bool bracket = p->six && port;

	text_str(t, bracket ? "[" : "");
	p->text_addr(t, addr);
	text_str(t, bracket ? "]" : "");
	if (port) {
		text_str(t, ":");
		text_dec(t, bytes_be16(port));
	}
}

static void describe_endpoints(struct text *t, const struct packet *p, const uint8_t *ports)
{
	text_str(t, " ");
	describe_endpoint(t, p, p->src, ports);
	text_str(t, " > ");
	describe_endpoint(t, p, p->dst, ports ? ports + 2 : NULL);
}

static bool has_ports(const struct packet *p)
{
	return p->protocol == TCP || p->protocol == UDP || p->protocol == SCTP;
}

static bool has_icmp(const struct packet *p)
{
	return p->protocol == (p->six ? ICMP6 : ICMP4);
}

/* The protocol's name, its type or ports, and who talks to whom. */
static void describe_payload(struct text *t, const struct packet *p, struct bytes *b)
{
	const uint8_t *ports = NULL;
	const uint8_t *icmp = NULL;
	bool expected = !p->later_fragment && (has_ports(p) || has_icmp(p));

	if (expected && has_icmp(p))
		icmp = bytes_take(b, 1);
	else if (expected)
		ports = bytes_take(b, 4);
	describe_number(t, p->protocol, transports, COUNT(transports), "protocol ");
	if (p->later_fragment)
		text_str(t, " fragment");
	if (icmp && p->six)
		describe_number(t, *icmp, icmp6_types, COUNT(icmp6_types), "type ");
	else if (icmp)
		describe_number(t, *icmp, icmp4_types, COUNT(icmp4_types), "type ");
	describe_endpoints(t, p, ports);
	if (expected && !icmp && !ports)
		describe_incomplete(t, b);
}

/* What lies behind the length that the header tells is padding. */
static void limit(struct bytes *b, size_t n)
{
	if (b->left <= n)
		return;
	b->left = n;
	b->cut = false;
}

void describe_ip4(struct text *t, struct bytes *b)
{
	const uint8_t *h = bytes_take(b, IP4_HEADER_LEN);
	struct packet p = { .text_addr = text_ip4 };
	size_t header_len = h ? 4 * (h[0] & 0xfu) : 0;
	size_t total;

	if (!h) {
		describe_incomplete(t, b);
		return;
	}
	total = bytes_be16(h + 2);
	/* 0: larger than 16 bits can tell, with segmentation left to the device */
	if (h[0] >> 4 != 4 || header_len < IP4_HEADER_LEN || (total && total < header_len)) {
		text_str(t, " (bad header)");
		return;
	}
	if (!bytes_take(b, header_len - IP4_HEADER_LEN)) {
		describe_incomplete(t, b);
		return;
	}
	if (total)
		limit(b, total - header_len);
	p.src = h + 12;
	p.dst = h + 16;
	p.protocol = h[9];
	p.later_fragment = bytes_be16(h + 6) & 0x1fff;
	describe_payload(t, &p, b);
}

/* Walks the extension headers; false when the bytes end inside them. */
static bool skip_extensions(struct packet *p, struct bytes *b)
{
	while (p->protocol == HOP_BY_HOP || p->protocol == ROUTING || p->protocol == FRAGMENT ||
	       p->protocol == DESTINATION) {
		const uint8_t *h = bytes_take(b, 8);

		if (!h)
			return false;
		if (p->protocol == FRAGMENT)
			p->later_fragment = bytes_be16(h + 2) >> 3;
		else if (!bytes_take(b, 8u * h[1]))
			return false;
		p->protocol = h[0];
		if (p->later_fragment)
			break;
	}
	return true;
}

void describe_ip6(struct text *t, struct bytes *b)
{
	const uint8_t *h = bytes_take(b, IP6_HEADER_LEN);
	struct packet p = { .text_addr = text_ip6, .six = true };

	if (!h) {
		describe_incomplete(t, b);
		return;
	}
	if (h[0] >> 4 != 6) {
		text_str(t, " (bad header)");
		return;
	}
	if (bytes_be16(h + 4)) /* 0: a jumbogram */
		limit(b, bytes_be16(h + 4));
	p.src = h + 8;
	p.dst = h + 24;
	p.protocol = h[6];
	if (skip_extensions(&p, b)) {
		describe_payload(t, &p, b);
		return;
	}
	describe_endpoints(t, &p, NULL);
	describe_incomplete(t, b);
}
