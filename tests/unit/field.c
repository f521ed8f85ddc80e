/* SPDX-License-Identifier: MIT */
/* Fields: what a number means is where the header has it, and nothing else of the frame. */
#include <string.h>

#include "case.h"
#include "samples.h"

#define ROOM 64

static uint8_t buf[ROOM];

static void add_extension(struct l2frame *f, uint32_t proto)
{
	switch (proto) {
	case L2PROTO_HOP:
		l2frame_ip6_hop(f);
		break;
	case L2PROTO_DEST:
		l2frame_ip6_dest(f);
		break;
	case L2PROTO_ROUTING:
		l2frame_ip6_segments(f, 0, sample_ip6_dst, 1);
		break;
	case L2PROTO_FRAGMENT:
		l2frame_ip6_fragment(f, 1, 8, 1);
		break;
	case L2PROTO_AH:
		l2frame_ah(f, 1, 2, sample_data, 12);
		break;
	case L2PROTO_ESP:
		l2frame_esp(f, 1, 2);
		break;
	case L2PROTO_NDADDR:
		l2frame_nd_addr(f, L2ND_SOURCE, sample_src);
		break;
	case L2PROTO_NDPREFIX:
		l2frame_nd_prefix(f, sample_ip6_dst, 64, 1, 2, 3);
		break;
	case L2PROTO_NDMTU:
		l2frame_nd_mtu(f, 1500);
		break;
	case L2PROTO_NDRDNSS:
		l2frame_nd_rdnss(f, 1, sample_ip6_dst, 1);
		break;
	case L2PROTO_NDOPTION:
		l2frame_nd_option(f, 1, sample_data, 6);
		break;
	default:
		REQUIRE_EQ(proto, UINT32_MAX); /* one that this test does not know */
	}
}

static void add_header(struct l2frame *f, uint32_t proto)
{
	switch (proto) {
	case L2PROTO_ETH:
		l2frame_eth(f, sample_dst, sample_src);
		break;
	case L2PROTO_VLAN:
		l2frame_eth(f, sample_dst, sample_src);
		l2frame_vlan(f, 0, 0x5555);
		break;
	case L2PROTO_LLC:
		l2frame_llc(f, 1, 2, 3);
		break;
	case L2PROTO_SNAP:
		l2frame_snap(f, 0x123456, 0x789a);
		break;
	case L2PROTO_ARP:
		l2frame_arp(f, 1, sample_src, sample_ip4_src, sample_dst, sample_ip4_dst);
		break;
	case L2PROTO_IP4:
		l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
		break;
	case L2PROTO_IP6:
		l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
		break;
	case L2PROTO_UDP:
		l2frame_udp(f, 1, 2);
		break;
	case L2PROTO_TCP:
		l2frame_tcp(f, 1, 2, 3, 4, 5);
		break;
	case L2PROTO_ICMP4:
		l2frame_icmp4_timestamp(f, L2ICMP4_TIMESTAMP, 1, 2, 3, 4, 5);
		break;
	case L2PROTO_ICMP6:
		l2frame_icmp6(f, L2ICMP6_TOO_BIG, 1, 1500);
		break;
	case L2PROTO_RS:
		l2frame_rs(f);
		break;
	case L2PROTO_RA:
		l2frame_ra(f, 1, 2, 3);
		break;
	case L2PROTO_NS:
		l2frame_ns(f, sample_ip6_src);
		break;
	case L2PROTO_NA:
		l2frame_na(f, sample_ip6_src, 1);
		break;
	case L2PROTO_REDIRECT:
		l2frame_redirect(f, sample_ip6_src, sample_ip6_dst);
		break;
	case L2PROTO_IGMP:
		l2frame_igmp_query(f, 1, sample_ip4_dst, 3, 4);
		break;
	case L2PROTO_IGMPREPORT:
		l2frame_igmp_report(f);
		break;
	case L2PROTO_IGMPRECORD:
		l2frame_igmp_record(f, 1, sample_ip4_dst);
		break;
	case L2PROTO_MLD:
		l2frame_mld_query(f, 1, sample_ip6_dst, 3, 4);
		break;
	case L2PROTO_MLDREPORT:
		l2frame_mld_report(f);
		break;
	case L2PROTO_MLDRECORD:
		l2frame_mld_record(f, 1, sample_ip6_dst);
		break;
	default:
		add_extension(f, proto);
	}
}

static bool bit_of(const uint8_t *p, size_t bit)
{
	return p[bit / 8] >> (7 - bit % 8) & 1;
}

/* Fills a field with ones or zeros: these bits change, and no other of the frame. */
static void check_field(uint32_t proto, uint32_t field, bool ones)
{
	static const uint8_t pattern[2][16] = { { 0 },
						{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						  0xff } };
	uint32_t from = field >> 8 & 0xfff;
	uint32_t width = field & 0xff;
	uint8_t before[ROOM] = { 0 };
	struct l2frame f;
	size_t header = 0;
	size_t bit;

	memset(buf, 0, sizeof(before));
	l2frame_init(&f, buf, sizeof(before));
	add_header(&f, proto);
	if (proto == L2PROTO_VLAN)
		header = 14;
	if (proto == L2PROTO_SNAP)
		header = 3;
	memcpy(before, buf, sizeof(before));
	if (width > 64)
		l2frame_set_bytes(&f, field, pattern[ones]);
	else
		l2frame_set(&f, field, ones ? UINT64_MAX >> (64 - width) : 0);
	REQUIRE_EQ(l2frame_error(&f, &(struct l2err) { 0 }), 0);
	for (bit = 0; bit < 8 * sizeof(before); bit++) {
		bool inside = bit >= 8 * header + from && bit < 8 * header + from + width;

		REQUIRE_EQ(bit_of(buf, bit), inside ? ones : bit_of(before, bit));
	}
}

CASE(field, every_one)
{
	const struct l2field *fields;
	uint32_t proto;
	uint32_t n;
	uint32_t i;

	for (proto = 1; l2proto_name(proto); proto++) {
		fields = l2proto_fields(proto, &n);
		REQUIRE(n > 0);
		for (i = 0; i < n; i++) {
			REQUIRE_EQ(fields[i].id >> 24, proto);
			REQUIRE(i == 0 || (fields[i].id & 0xfff00) > (fields[i - 1].id & 0xfff00));
			check_field(proto, fields[i].id, true);
			check_field(proto, fields[i].id, false);
		}
	}
	REQUIRE(l2proto_name(0) == NULL);
	REQUIRE(l2proto_fields(proto, &n) == NULL);
	REQUIRE_EQ(n, 0);
}
