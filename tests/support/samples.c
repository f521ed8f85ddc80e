/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "samples.h"

const uint8_t sample_dst[6] = { 0x02, 0, 0, 0, 0, 0xbb };
const uint8_t sample_src[6] = { 0x02, 0, 0, 0, 0, 0xaa };
const uint8_t sample_ip4_src[4] = { 192, 0, 2, 1 };
const uint8_t sample_ip4_dst[4] = { 198, 51, 100, 2 };
const uint8_t sample_ip6_src[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
const uint8_t sample_ip6_dst[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
uint8_t sample_data[70000];

__attribute__((constructor)) static void fill_data(void)
{
	size_t i;

	for (i = 0; i < sizeof(sample_data); i++)
		sample_data[i] = (uint8_t)(i * 167 + (i >> 8));
}

static void eth(struct l2frame *f)
{
	l2frame_eth(f, sample_dst, sample_src);
}

static void ip4(struct l2frame *f)
{
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
}

static void ip6(struct l2frame *f)
{
	l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
}

static void data(struct l2frame *f, size_t n)
{
	l2frame_payload(f, sample_data, n);
}

static void add_plain(struct l2frame *f)
{
	eth(f);
	l2frame_set(f, L2ETH_TYPE, L2_ETHERTYPE_EXP1);
	data(f, 46);
}

static void add_udp4(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_udp(f, 4000, 5000);
	data(f, 64);
}

static void add_udp4_odd(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_udp(f, 4000, 5000);
	data(f, 1);
	data(f, 3);
	data(f, 1400);
	data(f, 5);
}

static void add_udp4_empty(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_udp(f, 4000, 5000);
	l2frame_pad(f, L2FRAME_PAD);
}

static void add_tagged(struct l2frame *f)
{
	eth(f);
	l2frame_vlan(f, L2_TPID_8021Q, l2frame_tci(3, 0, 100));
	ip4(f);
	l2frame_udp(f, 4000, 5000);
	data(f, 64);
}

static void add_four_tags(struct l2frame *f)
{
	eth(f);
	l2frame_vlan(f, L2_TPID_8021AD, 10);
	l2frame_vlan(f, L2_TPID_QINQ, 20);
	l2frame_vlan(f, 0, l2frame_tci(7, 1, 0));
	l2frame_vlan(f, L2_TPID_8021Q, 40);
	ip6(f);
	l2frame_udp(f, 1, 2);
	data(f, 7);
}

static void add_tcp4(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_tcp(f, 80, 40000, 0x01020304, 0xfffefdfc, L2TCP_FLAG_ACK | L2TCP_FLAG_PSH);
	data(f, 333);
}

static void add_tcp6(struct l2frame *f)
{
	eth(f);
	ip6(f);
	l2frame_tcp(f, 80, 40000, 1, 0, L2TCP_FLAG_SYN);
}

static void add_arp(struct l2frame *f)
{
	eth(f);
	l2frame_arp(f, L2ARP_REQUEST, sample_src, sample_ip4_src, NULL, sample_ip4_dst);
	l2frame_pad(f, L2FRAME_PAD);
}

static void add_rarp(struct l2frame *f)
{
	eth(f);
	l2frame_vlan(f, 0, 5);
	l2frame_arp(f, L2RARP_REPLY, sample_src, sample_ip4_src, sample_dst, sample_ip4_dst);
}

static void add_llc(struct l2frame *f)
{
	eth(f);
	l2frame_llc(f, 0x42, 0x42, 0x03);
	data(f, 35);
	l2frame_pad(f, L2FRAME_PAD);
}

static void add_snap(struct l2frame *f)
{
	eth(f);
	l2frame_vlan(f, 0, 6);
	l2frame_snap(f, 0, 0);
	ip4(f);
	l2frame_udp(f, 7, 8);
	data(f, 3);
	l2frame_pad(f, 100);
}

static void add_ip4_in_ip4(struct l2frame *f)
{
	eth(f);
	ip4(f);
	ip4(f);
	l2frame_udp(f, 9, 10);
	data(f, 31);
}

static void add_ip6_in_ip4_in_ip6(struct l2frame *f)
{
	eth(f);
	ip6(f);
	ip4(f);
	ip6(f);
	l2frame_tcp(f, 9, 10, 11, 12, L2TCP_FLAG_FIN);
	data(f, 30);
}

static void add_first_fragment(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_ip4_fragment(f, 77, 0, 1);
	l2frame_udp(f, 9, 10);
	l2frame_set(f, L2UDP_LEN, 2000);
	l2frame_set(f, L2UDP_CSUM, 0x1234);
	data(f, 1000);
}

static void add_last_fragment(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_ip4_fragment(f, 77, 1008, 0);
	l2frame_set(f, L2IP4_PROTO, 17);
	data(f, 992);
}

static void add_no_next(struct l2frame *f)
{
	eth(f);
	ip6(f);
	l2frame_pad(f, L2FRAME_PAD);
}

static const uint8_t group4[4] = { 233, 252, 0, 7 };
static const uint8_t group6[16] = { 0xff, 0x35, [15] = 7 };

static void add_ip4_options(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_ip4_router_alert(f);
	l2frame_ip4_option(f, L2IP4OPT_NOP, NULL, 0);
	l2frame_ip4_record_route(f, 3);
	l2frame_ip4_timestamp(f, 0, 1);
	l2frame_udp(f, 1, 2);
	data(f, 5);
}

static void add_tcp_options(struct l2frame *f)
{
	static const uint32_t edges[] = { 1, 2, 3, 4 };

	eth(f);
	ip6(f);
	l2frame_tcp(f, 1, 2, 3, 4, L2TCP_FLAG_SYN);
	l2frame_tcp_mss(f, 1460);
	l2frame_tcp_sack_permitted(f);
	l2frame_tcp_wscale(f, 7);
	l2frame_tcp_timestamps(f, 5, 6);
	l2frame_tcp_sack(f, edges, 2);
	data(f, 9);
}

static void add_extensions(struct l2frame *f)
{
	eth(f);
	ip6(f);
	l2frame_ip6_hop(f);
	l2frame_ip6_router_alert(f, 1);
	l2frame_ip6_dest(f);
	l2frame_ip6_option(f, 0x1e, sample_data, 13);
	l2frame_ip6_option(f, L2IP6OPT_HOME_ADDRESS, sample_data + 99, 16);
	l2frame_ip6_segments(f, 1, sample_data, 2);
	l2frame_ip6_fragment(f, 7, 0, 0);
	l2frame_ah(f, 1, 2, sample_data, 12);
	l2frame_udp(f, 1, 2);
	data(f, 3);
}

static void add_esp(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_esp(f, 1, 2);
	data(f, 30);
}

static void add_middle_fragment6(struct l2frame *f)
{
	eth(f);
	ip6(f);
	l2frame_ip6_fragment(f, 7, 800, 1);
	l2frame_set(f, L2FRAGMENT_NEXT, 17);
	data(f, 80);
}

static void add_echo4(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_icmp4_echo(f, L2ICMP4_ECHO_REQUEST, 1, 2);
	data(f, 57);
}

static void add_timestamp4(struct l2frame *f)
{
	eth(f);
	ip4(f);
	l2frame_icmp4_timestamp(f, L2ICMP4_TIMESTAMP, 1, 2, 3, 4, 5);
}

/* The packet that was sent from here, as an error quotes it. */
static size_t quoted(uint8_t *packet, size_t room, bool six)
{
	struct l2frame f;

	l2frame_init(&f, packet, room);
	if (six)
		ip6(&f);
	else
		ip4(&f);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	data(&f, 12);
	return (size_t)l2frame_finish(&f);
}

static void add_error4(struct l2frame *f)
{
	uint8_t packet[100];
	size_t n = quoted(packet, sizeof(packet), false);

	eth(f);
	ip4(f);
	l2frame_icmp4_error(f, L2ICMP4_UNREACHABLE, 4, 1400, packet, n);
}

static void add_error6(struct l2frame *f)
{
	uint8_t packet[100];
	size_t n = quoted(packet, sizeof(packet), true);

	eth(f);
	ip6(f);
	l2frame_icmp6_error(f, L2ICMP6_TOO_BIG, 0, 1400, packet, n);
}

static void add_echo6(struct l2frame *f)
{
	eth(f);
	ip6(f);
	l2frame_icmp6_echo(f, L2ICMP6_ECHO_REPLY, 1, 2);
	data(f, 56);
}

/* Destinations follow from the message. */
static void open4(struct l2frame *f)
{
	l2frame_eth(f, NULL, sample_src);
	l2frame_ip4(f, sample_ip4_src, NULL);
}

static void open6(struct l2frame *f)
{
	l2frame_eth(f, NULL, sample_src);
	l2frame_ip6(f, sample_ip6_src, NULL);
}

static void add_rs(struct l2frame *f)
{
	open6(f);
	l2frame_rs(f);
	l2frame_nd_addr(f, L2ND_SOURCE, sample_src);
}

static void add_ra(struct l2frame *f)
{
	open6(f);
	l2frame_ra(f, 64, L2RA_FLAG_OTHER, 1800);
	l2frame_nd_prefix(f, sample_ip6_dst, 64, L2NDPREFIX_FLAG_ON_LINK, 7200, 3600);
	l2frame_nd_mtu(f, 1500);
	l2frame_nd_rdnss(f, 600, sample_data, 2);
	l2frame_nd_option(f, 200, sample_data, 7);
}

static void add_ns(struct l2frame *f)
{
	open6(f);
	l2frame_ns(f, sample_ip6_dst);
	l2frame_nd_addr(f, L2ND_SOURCE, sample_src);
}

static void add_na(struct l2frame *f)
{
	open6(f);
	l2frame_na(f, sample_ip6_src, L2NA_FLAG_OVERRIDE);
	l2frame_nd_addr(f, L2ND_TARGET, sample_src);
}

static void add_redirect(struct l2frame *f)
{
	uint8_t packet[100];
	size_t n = quoted(packet, sizeof(packet), true);

	eth(f);
	ip6(f);
	l2frame_redirect(f, sample_ip6_src, sample_ip6_dst);
	l2frame_nd_addr(f, L2ND_TARGET, sample_src);
	l2frame_nd_redirected(f, packet, n);
}

static void add_igmp(struct l2frame *f)
{
	open4(f);
	l2frame_igmp(f, L2IGMP_REPORT_2, 0, group4);
	l2frame_pad(f, L2FRAME_PAD);
}

static void add_igmp_query(struct l2frame *f)
{
	open4(f);
	l2frame_igmp_query(f, 100, group4, 2, 125);
	l2frame_group_source(f, sample_ip4_src);
	l2frame_group_source(f, sample_ip4_dst);
}

static void add_igmp_report(struct l2frame *f)
{
	open4(f);
	l2frame_igmp_report(f);
	l2frame_igmp_record(f, L2GROUP_TO_EXCLUDE, group4);
	l2frame_igmp_record(f, L2GROUP_ALLOW, group4);
	l2frame_group_source(f, sample_ip4_src);
}

static void add_mld(struct l2frame *f)
{
	open6(f);
	l2frame_mld(f, L2MLD_DONE, 0, group6);
}

static void add_mld_query(struct l2frame *f)
{
	open6(f);
	l2frame_mld_query(f, 1000, NULL, 2, 125);
	l2frame_group_source(f, sample_ip6_src);
}

static void add_mld_report(struct l2frame *f)
{
	open6(f);
	l2frame_mld_report(f);
	l2frame_mld_record(f, L2GROUP_BLOCK, group6);
	l2frame_group_source(f, sample_ip6_src);
	l2frame_group_source(f, sample_ip6_dst);
	l2frame_mld_record(f, L2GROUP_IS_EXCLUDE, group6);
}

const struct sample samples[] = {
	{ "eth", 46, 0, add_plain },
	{ "eth/ip4/udp", 64, 0, add_udp4 },
	{ "eth/ip4/udp", 1409, 0, add_udp4_odd },
	{ "eth/ip4/udp", 0, 18, add_udp4_empty },
	{ "eth/vlan/ip4/udp", 64, 0, add_tagged },
	{ "eth/vlan/vlan/vlan/vlan/ip6/udp", 7, 0, add_four_tags },
	{ "eth/ip4/tcp", 333, 0, add_tcp4 },
	{ "eth/ip6/tcp", 0, 0, add_tcp6 },
	{ "eth/arp", 0, 18, add_arp },
	{ "eth/vlan/arp", 0, 0, add_rarp },
	{ "eth/llc", 35, 8, add_llc },
	{ "eth/vlan/llc/snap/ip4/udp", 3, 43, add_snap },
	{ "eth/ip4/ip4/udp", 31, 0, add_ip4_in_ip4 },
	{ "eth/ip6/ip4/ip6/tcp", 30, 0, add_ip6_in_ip4_in_ip6 },
	{ "eth/ip4/udp", 1000, 0, add_first_fragment },
	{ "eth/ip4", 992, 0, add_last_fragment },
	{ "eth/ip6", 0, 6, add_no_next },
	{ "eth/ip4/udp", 5, 0, add_ip4_options },
	{ "eth/ip6/tcp", 9, 0, add_tcp_options },
	{ "eth/ip6/hop/dest/routing/fragment/ah/udp", 3, 0, add_extensions },
	{ "eth/ip4/esp", 30, 0, add_esp },
	{ "eth/ip6/fragment", 80, 0, add_middle_fragment6 },
	{ "eth/ip4/icmp4", 57, 0, add_echo4 },
	{ "eth/ip4/icmp4", 0, 0, add_timestamp4 },
	{ "eth/ip4/icmp4/ip4/tcp", 12, 0, add_error4 },
	{ "eth/ip6/icmp6/ip6/tcp", 12, 0, add_error6 },
	{ "eth/ip6/icmp6", 56, 0, add_echo6 },
	{ "eth/ip6/rs/ndaddr", 0, 0, add_rs },
	{ "eth/ip6/ra/ndprefix/ndmtu/ndrdnss/ndoption", 0, 0, add_ra },
	{ "eth/ip6/ns/ndaddr", 0, 0, add_ns },
	{ "eth/ip6/na/ndaddr", 0, 0, add_na },
	{ "eth/ip6/redirect/ndaddr/ndoption", 0, 0, add_redirect },
	{ "eth/ip4/igmp", 0, 14, add_igmp },
	{ "eth/ip4/igmp", 0, 0, add_igmp_query },
	{ "eth/ip4/igmpreport/igmprecord/igmprecord", 0, 0, add_igmp_report },
	{ "eth/ip6/hop/mld", 0, 0, add_mld },
	{ "eth/ip6/hop/mld", 0, 0, add_mld_query },
	{ "eth/ip6/hop/mldreport/mldrecord/mldrecord", 0, 0, add_mld_report },
};
const size_t n_samples = sizeof(samples) / sizeof(samples[0]);

size_t sample_build(const struct sample *sample, uint8_t *buf, size_t cap)
{
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, cap);
	sample->add(&f);
	n = l2frame_finish(&f);
	REQUIRE(n > 0);
	return (size_t)n;
}
