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
