/* SPDX-License-Identifier: MIT */
/* A frame in one line. */
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "guard.h"
#include "samples.h"

#define LINK "02:00:00:00:00:aa > 02:00:00:00:00:bb"
#define IP4  "IPv4 192.0.2.1 > 198.51.100.2"
#define IP6  "IPv6 2001:db8::1 > 2001:db8::2"

static uint8_t frame[GUARD_MAX];

/* For the samples of these layers, in their order. */
static const char *const expected[][2] = {
	{ "eth", LINK ", ethertype 0x88b5" },
	{ "eth/vlan/ip4/udp", LINK ", 802.1Q 100 pcp 3, " IP4 ", UDP 4000 > 5000" },
	{ "eth/vlan/vlan/vlan/vlan/ip6/udp",
	  LINK ", 802.1ad 10, QinQ 0x9100 20, 802.1Q 0 pcp 7 dei, 802.1Q 40, " IP6 ", UDP 1 > 2" },
	{ "eth/ip6/tcp", LINK ", " IP6 ", TCP 80 > 40000 syn" },
	{ "eth/arp", LINK ", ARP request who has 198.51.100.2 tell 192.0.2.1" },
	{ "eth/vlan/arp", LINK ", 802.1Q 5, RARP reply" },
	{ "eth/llc", LINK ", 802.3 LLC STP" },
	{ "eth/vlan/llc/snap/ip4/udp",
	  LINK ", 802.1Q 6, 802.3 LLC, SNAP oui 0x000000 type 0x0800, " IP4 ", UDP 7 > 8" },
	{ "eth/ip4", LINK ", " IP4 " fragment at 1008, UDP" },
	{ "eth/ip6", LINK ", " IP6 },
	{ "eth/ip6/hop/dest/routing/fragment/ah/udp",
	  LINK ", " IP6 ", hop-by-hop options, destination options, routing type 4 left 1, "
	       "fragment at 0, AH spi 0x00000001, UDP 1 > 2" },
	{ "eth/ip4/esp", LINK ", " IP4 ", ESP spi 0x00000001" },
	{ "eth/ip6/fragment", LINK ", " IP6 ", fragment at 800, UDP" },
	{ "eth/ip4/icmp4", LINK ", " IP4 ", ICMP echo request" },
	{ "eth/ip4/icmp4/ip4/tcp",
	  LINK ", " IP4 ", ICMP unreachable code 4, " IP4 ", TCP 1 > 2 ack" },
	{ "eth/ip6/icmp6/ip6/tcp",
	  LINK ", " IP6 ", ICMPv6 packet too big code 0, " IP6 ", TCP 1 > 2 ack" },
	{ "eth/ip6/icmp6", LINK ", " IP6 ", ICMPv6 echo reply" },
	{ "eth/ip6/ns/ndaddr",
	  "02:00:00:00:00:aa > 33:33:ff:00:00:02, IPv6 2001:db8::1 > ff02::1:ff00:2, neighbour "
	  "solicitation who has 2001:db8::2, source 02:00:00:00:00:aa" },
	{ "eth/ip4/igmp", "02:00:00:00:00:aa > 01:00:5e:7c:00:07, IPv4 192.0.2.1 > 233.252.0.7, "
			  "IGMPv2 report 233.252.0.7" },
	{ "eth/ip4/igmpreport/igmprecord/igmprecord",
	  "02:00:00:00:00:aa > 01:00:5e:00:00:16, IPv4 192.0.2.1 > 224.0.0.22, IGMPv3 report, "
	  "to exclude 233.252.0.7 sources 0, allow 233.252.0.7 sources 1" },
	{ "eth/ip6/hop/mld",
	  "02:00:00:00:00:aa > 33:33:00:00:00:02, IPv6 2001:db8::1 > ff02::2, hop-by-hop options, "
	  "MLD done ff35::7" },
};

static const struct sample *sample_of(const char *layers)
{
	size_t i;

	for (i = 0; i < n_samples; i++)
		if (!strcmp(samples[i].layers, layers))
			return &samples[i];
	REQUIRE(false); /* there is such a sample */
	return NULL;
}

static void parse(const struct sample *sample, struct l2parse *p)
{
	l2parse_frame(p, frame, sample_build(sample, frame, sizeof(frame)), 0);
}

CASE(summary, samples)
{
	char line[1024];
	struct l2parse p;
	size_t i;

	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		parse(sample_of(expected[i][0]), &p);
		REQUIRE_EQ(l2parse_print(&p, line, sizeof(line)), strlen(line));
		if (strcmp(line, expected[i][1]))
			fprintf(stderr, "# got    \"%s\"\n# wanted \"%s\"\n", line, expected[i][1]);
		REQUIRE(!strcmp(line, expected[i][1]));
	}
}

/* As much as there is room for, and the length of all of it. */
CASE(summary, every_room)
{
	char whole[1024];
	struct l2parse p;
	size_t i;
	size_t len;
	size_t room;

	for (i = 0; i < n_samples; i++) {
		parse(&samples[i], &p);
		len = l2parse_print(&p, whole, sizeof(whole));
		REQUIRE(len > 0 && len < sizeof(whole));
		for (room = 0; room <= len + 1; room++) {
			char *line = (char *)guard_end(room);

			REQUIRE_EQ(l2parse_print(&p, line, room), len);
			REQUIRE(!room || strlen(line) == (room <= len ? room - 1 : len));
			REQUIRE(!room || !strncmp(line, whole, room - 1));
		}
	}
}

/* Whatever is missing, nothing beyond the end is read. */
CASE(summary, every_prefix)
{
	char line[1024];
	struct l2parse p;
	size_t i;
	size_t len;
	size_t cut;

	for (i = 0; i < n_samples; i++) {
		len = sample_build(&samples[i], frame, sizeof(frame));
		for (cut = 0; cut < len && cut < 300; cut++) {
			memcpy(guard_end(cut), frame, cut);
			l2parse_frame(&p, guard_end(cut), cut, 0);
			l2parse_print(&p, line, sizeof(line));
			REQUIRE(p.stop != L2PARSE_TRUNCATED || strstr(line, " (too short)"));
		}
	}
}

CASE(summary, what_is_wrong)
{
	char line[256];
	struct l2parse p;
	struct l2pkt pkt = { .data = frame, .valid = L2_VALID_WIRE_LEN };

	pkt.wire_len = (uint32_t)sample_build(sample_of("eth/arp"), frame, sizeof(frame));
	pkt.len = 20;
	l2parse_pkt(&p, &pkt, 0);
	l2parse_print(&p, line, sizeof(line));
	REQUIRE(!strcmp(line, LINK ", ARP (cut)"));
	pkt.len = 3;
	l2parse_pkt(&p, &pkt, 0);
	l2parse_print(&p, line, sizeof(line));
	REQUIRE(!strcmp(line, "no header (cut)"));

	parse(sample_of("eth/ip4/udp"), &p);
	frame[14] = 0x35;
	l2parse_frame(&p, frame, p.len, 0);
	l2parse_print(&p, line, sizeof(line));
	REQUIRE(!strcmp(line, LINK ", IPv4 (bad header)"));
}

/* The tag is shown where it was, whether it is in the bytes or not. */
CASE(summary, merged_tag)
{
	static const char expected_line[] = LINK ", 802.1ad 5, 802.1Q 100 pcp 3, " IP4
						 ", UDP 4000 > 5000";
	char line[256];
	struct l2parse p;
	struct l2pkt pkt = { .data = frame, .flags = L2_FLAG_TAGGED };

	pkt.len = (uint32_t)sample_build(sample_of("eth/vlan/ip4/udp"), frame, sizeof(frame));
	pkt.vlan_tpid = L2_TPID_8021AD;
	pkt.vlan_tci = 5;
	l2parse_pkt(&p, &pkt, 0);
	l2parse_print(&p, line, sizeof(line));
	REQUIRE(!strcmp(line, expected_line));
}
