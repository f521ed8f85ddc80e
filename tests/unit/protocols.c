/* SPDX-License-Identifier: MIT */
/* What single protocols fill in, refuse, and find. What other programs say: see tests/oracle. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "samples.h"

static const uint8_t group4[4] = { 233, 252, 0, 7 };
static const uint8_t group6[16] = { 0xff, 0x35, [12] = 1, 2, 3, 4 };
static uint8_t buf[4096];

static struct l2parse parsed;

static void start4(struct l2frame *f)
{
	l2frame_init(f, buf, sizeof(buf));
	l2frame_eth(f, NULL, sample_src);
	l2frame_ip4(f, sample_ip4_src, NULL);
}

static void start6(struct l2frame *f)
{
	l2frame_init(f, buf, sizeof(buf));
	l2frame_eth(f, NULL, sample_src);
	l2frame_ip6(f, sample_ip6_src, NULL);
}

static void finish(struct l2frame *f)
{
	int64_t n = l2frame_finish(f);

	REQUIRE(n > 0);
	REQUIRE(l2parse_frame(&parsed, buf, (size_t)n, L2PARSE_STRICT) > 0);
}

static uint64_t get(uint32_t field)
{
	uint64_t value;

	REQUIRE_EQ(l2parse_get(&parsed, field, &value), 0);
	return value;
}

static bool has(uint32_t field, const void *bytes, size_t n)
{
	int index = l2parse_find(&parsed, field >> 24, 0);
	const uint8_t *found;

	REQUIRE(index >= 0);
	found = l2parse_bytes(&parsed, (uint32_t)index, field);
	REQUIRE(found != NULL);
	return !memcmp(found, bytes, n);
}

static void require_destination4(const char *mac, const char *addr)
{
	REQUIRE(has(L2ETH_DST, mac, 6));
	REQUIRE(has(L2IP4_DST, addr, 4));
	REQUIRE_EQ(get(L2IP4_TTL), 1);
}

CASE(protocols, igmp_defaults)
{
	struct l2option o;
	struct l2frame f;

	start4(&f);
	l2frame_igmp(&f, L2IGMP_REPORT_2, 0, group4);
	finish(&f);
	require_destination4("\x01\x00\x5e\x7c\x00\x07", "\xe9\xfc\x00\x07");
	REQUIRE_EQ(get(L2IP4_IHL), 6);
	REQUIRE_EQ(l2parse_find_option(&parsed, 1, L2IP4OPT_ROUTER_ALERT, &o), 0);
	REQUIRE_EQ(o.len, 2);

	start4(&f);
	l2frame_igmp(&f, L2IGMP_LEAVE, 0, group4);
	finish(&f);
	require_destination4("\x01\x00\x5e\x00\x00\x02", "\xe0\x00\x00\x02");

	start4(&f);
	l2frame_igmp_query(&f, 100, NULL, 2, 125);
	finish(&f);
	require_destination4("\x01\x00\x5e\x00\x00\x01", "\xe0\x00\x00\x01");

	start4(&f);
	l2frame_igmp_report(&f);
	finish(&f);
	require_destination4("\x01\x00\x5e\x00\x00\x16", "\xe0\x00\x00\x16");

	start4(&f); /* IGMPv1 knows no router alert */
	l2frame_igmp(&f, L2IGMP_REPORT_1, 0, group4);
	finish(&f);
	require_destination4("\x01\x00\x5e\x7c\x00\x07", "\xe9\xfc\x00\x07");
	REQUIRE_EQ(get(L2IP4_IHL), 5);
}

static void require_destination6(const void *mac, const void *addr, uint64_t hlim)
{
	REQUIRE(has(L2ETH_DST, mac, 6));
	REQUIRE(has(L2IP6_DST, addr, 16));
	REQUIRE_EQ(get(L2IP6_HLIM), hlim);
}

static const uint8_t all_nodes[16] = { 0xff, 2, [15] = 1 };
static const uint8_t all_routers[16] = { 0xff, 2, [15] = 2 };
static const uint8_t mld_routers[16] = { 0xff, 2, [15] = 0x16 };

CASE(protocols, mld_defaults)
{
	struct l2option o;
	struct l2frame f;

	start6(&f);
	l2frame_mld(&f, L2MLD_REPORT_1, 0, group6);
	finish(&f);
	require_destination6("\x33\x33\x01\x02\x03\x04", group6, 1);
	REQUIRE_EQ(l2parse_find_option(&parsed, 2, L2IP6OPT_ROUTER_ALERT, &o), 0);
	REQUIRE(o.len == 2 && o.data[0] == 0 && o.data[1] == 0);

	start6(&f);
	l2frame_mld(&f, L2MLD_DONE, 0, group6);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x02", all_routers, 1);

	start6(&f);
	l2frame_mld_query(&f, 10000, NULL, 2, 125);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x01", all_nodes, 1);

	start6(&f);
	l2frame_mld_report(&f);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x16", mld_routers, 1);
}

CASE(protocols, ndp_defaults)
{
	static const uint8_t solicited[16] = { 0xff, 2, [11] = 1, 0xff, 0x12, 0x34, 0x56 };
	static const uint8_t target[16] = { 0x20, 1, [12] = 0x99, 0x12, 0x34, 0x56 };
	struct l2frame f;

	start6(&f);
	l2frame_ns(&f, target);
	finish(&f);
	require_destination6("\x33\x33\xff\x12\x34\x56", solicited, 255);

	start6(&f);
	l2frame_na(&f, target, 0);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x01", all_nodes, 255);

	start6(&f);
	l2frame_rs(&f);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x02", all_routers, 255);

	start6(&f);
	l2frame_ra(&f, 64, 0, 1800);
	finish(&f);
	require_destination6("\x33\x33\x00\x00\x00\x01", all_nodes, 255);
}

/* Wrong as it may be. */
CASE(protocols, what_was_set_survives)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_TTL, 7);
	l2frame_igmp_report(&f);
	l2frame_set(&f, L2IGMPREPORT_CSUM, 0x1234);
	l2frame_set(&f, L2IGMPREPORT_NREC, 9);
	l2frame_igmp_record(&f, L2GROUP_ALLOW, group4);
	l2frame_set(&f, L2IGMPRECORD_NSRC, 0);
	l2frame_group_source(&f, sample_ip4_src);
	REQUIRE(l2frame_finish(&f) > 0);
	l2parse_frame(&parsed, buf, l2frame_size(&f), 0);
	REQUIRE(has(L2ETH_DST, sample_dst, 6));
	REQUIRE(has(L2IP4_DST, sample_ip4_dst, 4));
	REQUIRE_EQ(get(L2IP4_TTL), 7);
	REQUIRE_EQ(get(L2IGMPREPORT_CSUM), 0x1234);
	REQUIRE_EQ(get(L2IGMPREPORT_NREC), 9);
	REQUIRE_EQ(get(L2IGMPRECORD_NSRC), 0);

	start6(&f);
	l2frame_rs(&f);
	l2frame_set(&f, L2IP6_HLIM, 64);
	l2frame_set(&f, L2RS_CSUM, 0);
	finish(&f);
	REQUIRE_EQ(get(L2IP6_HLIM), 64);
	REQUIRE_EQ(get(L2RS_CSUM), 0);
}

CASE(protocols, lengths_of_headers_survive)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_set(&f, L2TCP_DOFF, 15);
	l2frame_tcp_mss(&f, 1460);
	REQUIRE_EQ(l2frame_finish(&f), 24);
	REQUIRE_EQ(buf[12] >> 4, 15);
}

CASE(protocols, open_destinations)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct l2frame f;
	struct l2err err;

	start4(&f);
	l2frame_udp(&f, 1, 2);
	REQUIRE_EQ(l2frame_finish(&f), -EDESTADDRREQ);
	l2frame_error(&f, &err);
	REQUIRE(!strcmp(err.text, "ip4 (layer 2): the destination was left open, and nothing that "
				  "follows tells it"));

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	REQUIRE_EQ(l2frame_finish(&f), -EDESTADDRREQ);

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, sample_src);
	l2frame_vlan(&f, 0, 5);
	l2frame_ip4(&f, sample_ip4_src, "\xff\xff\xff\xff");
	finish(&f);
	REQUIRE(has(L2ETH_DST, broadcast, 6));

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, sample_src);
	l2frame_arp(&f, L2ARP_REQUEST, sample_src, sample_ip4_src, NULL, sample_ip4_dst);
	finish(&f);
	REQUIRE(has(L2ETH_DST, broadcast, 6));

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, sample_src);
	l2frame_arp(&f, L2ARP_REPLY, sample_src, sample_ip4_src, sample_dst, sample_ip4_dst);
	finish(&f);
	REQUIRE(has(L2ETH_DST, sample_dst, 6));
}

static void require_error(struct l2frame *f, int code)
{
	REQUIRE_EQ(l2frame_finish(f), code);
	l2frame_init(f, buf, sizeof(buf));
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
}

CASE(protocols, option_errors)
{
	static const uint8_t data[256];
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_ip4_option(&f, 200, data, 39);
	require_error(&f, -EMSGSIZE);
	l2frame_ip4_option(&f, 200, data, 254);
	require_error(&f, -EINVAL);
	l2frame_ip4_option(&f, 200, data, SIZE_MAX);
	require_error(&f, -EINVAL);
	l2frame_ip4_option(&f, 200, NULL, 1);
	require_error(&f, -EINVAL);
	l2frame_tcp_mss(&f, 1460);
	require_error(&f, -ENOENT);
	l2frame_payload(&f, data, 1);
	l2frame_ip4_router_alert(&f);
	require_error(&f, -ENOENT);
	l2frame_ip4_record_route(&f, 0);
	require_error(&f, -EINVAL);
	l2frame_ip4_record_route(&f, 10);
	require_error(&f, -EINVAL);
	l2frame_ip4_timestamp(&f, 16, 1);
	require_error(&f, -EINVAL);
	l2frame_ip4_timestamp(&f, 1, 5);
	require_error(&f, -EMSGSIZE);
	l2frame_ip6_router_alert(&f, 0);
	require_error(&f, -ENOENT);
	l2frame_ip6_hop(&f);
	l2frame_ip6_option(&f, 9, data, 256);
	require_error(&f, -EINVAL);
	l2frame_ip6_routing(&f, 0, 0, data, 8);
	require_error(&f, -EINVAL);
	l2frame_ip6_segments(&f, 2, data, 2);
	require_error(&f, -EINVAL);
	l2frame_ip6_fragment(&f, 1, 4, 0);
	require_error(&f, -EINVAL);
	l2frame_ah(&f, 1, 2, data, 3);
	require_error(&f, -EINVAL);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_tcp_sack(&f, (const uint32_t *)(const void *)data, 5);
	require_error(&f, -EINVAL);
	l2frame_igmp(&f, L2IGMP_QUERY, 1, NULL);
	l2frame_group_source(&f, data);
	require_error(&f, -ENOENT);
	l2frame_igmp_query(&f, 1, NULL, 2, 3);
	l2frame_group_source(&f, NULL);
	require_error(&f, -EINVAL);
	l2frame_ns(&f, NULL);
	require_error(&f, -EINVAL);
	l2frame_nd_addr(&f, L2ND_SOURCE, NULL);
	require_error(&f, -EINVAL);
	l2frame_nd_prefix(&f, data, 129, 0, 0, 0);
	require_error(&f, -EINVAL);
	l2frame_nd_rdnss(&f, 1, data, 128);
	require_error(&f, -EINVAL);
	l2frame_nd_option(&f, 1, data, 2039);
	require_error(&f, -EINVAL);
	l2frame_nd_redirected(&f, NULL, 8);
	require_error(&f, -EINVAL);
	l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, 0, 0, NULL, 8);
	require_error(&f, -EINVAL);
}

/* Padding gives way to the next option, and is PadN where IPv6 wants it. */
CASE(protocols, padding_of_options)
{
	static const uint8_t hop[16] = { 59, 1, 5, 2, 0, 1, 0x3e, 3, 0xa, 0xb, 0xc, 1, 3 };
	static const uint8_t data[3] = { 0xa, 0xb, 0xc };
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_ip6_hop(&f);
	l2frame_ip6_router_alert(&f, 1);
	REQUIRE_EQ(l2frame_size(&f), 8);
	l2frame_ip6_option(&f, 0x3e, data, sizeof(data));
	REQUIRE_EQ(l2frame_finish(&f), sizeof(hop));
	REQUIRE(!memcmp(buf, hop, sizeof(hop)));

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_tcp_wscale(&f, 7);
	l2frame_tcp_wscale(&f, 8);
	l2frame_tcp_option(&f, L2TCPOPT_NOP, NULL, 0);
	REQUIRE_EQ(l2frame_finish(&f), 28);
	REQUIRE(!memcmp(buf + 20, "\x03\x03\x07\x03\x03\x08\x01\x00", 8));
}

CASE(protocols, tcp_options)
{
	static const uint32_t edges[] = { 1, 0xffffffff, 3, 4, 5, 6 };
	struct l2tcpopts opts;
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_tcp_timestamps(&f, 0x01020304, 0xfffefdfc);
	l2frame_tcp_sack(&f, edges, 3);
	l2frame_tcp_sack_permitted(&f);
	finish(&f);
	REQUIRE_EQ(l2parse_tcp_options(&parsed, 2, &opts), 0);
	REQUIRE_EQ(opts.valid, L2TCPOPTS_TIMESTAMPS | L2TCPOPTS_SACK | L2TCPOPTS_SACK_PERMITTED);
	REQUIRE(opts.timestamp == 0x01020304 && opts.timestamp_echo == 0xfffefdfc);
	REQUIRE(opts.sack_blocks == 3 && !memcmp(opts.sack, edges, sizeof(edges)));
	REQUIRE_EQ(l2parse_tcp_options(&parsed, 1, &opts), -ENOENT);
	REQUIRE_EQ(l2parse_tcp_options(&parsed, 9, &opts), -ENOENT);
}

/* A TCP header with these options alone. */
static int parse_tcp(const void *options, size_t n, struct l2tcpopts *opts)
{
	memset(buf, 0, 20 + n);
	memcpy(buf + 20, options, n);
	buf[12] = (uint8_t)((20 + n) / 4 << 4);
	l2parse_packet(&parsed, L2PROTO_TCP, buf, 20 + n, 0);
	return l2parse_tcp_options(&parsed, 0, opts);
}

CASE(protocols, bad_tcp_options)
{
	struct l2tcpopts opts;

	REQUIRE_EQ(parse_tcp("\x02\x04\x05\xb4\x03\x00\x07\x00", 8, &opts), -EBADMSG);
	REQUIRE(opts.valid == L2TCPOPTS_MSS && opts.mss == 1460);
	REQUIRE_EQ(parse_tcp("\x03\x01\x07\x00", 4, &opts), -EBADMSG);
	REQUIRE_EQ(parse_tcp("\x01\x01\x02\x04", 4, &opts), -EBADMSG);
	REQUIRE_EQ(parse_tcp("\x01\x01\x01\x02", 4, &opts), -EBADMSG);
	REQUIRE_EQ(parse_tcp("\x01\x02\x04\x05\xb4\x00\x02\x99", 8, &opts), 0);
	REQUIRE(opts.valid == L2TCPOPTS_MSS && opts.mss == 1460);
	REQUIRE_EQ(parse_tcp("\x02\x03\x05\x03\x04\x07\x00\x00", 8, &opts), 0);
	REQUIRE_EQ(opts.valid, 0);
}

/* RFC 3376, 4.1.1 and RFC 3810, 5.1.3, as written there. */
CASE(protocols, coded_times)
{
	uint32_t code;
	uint32_t value;

	for (code = 0; code < 256; code++) {
		value = code < 128 ? code : ((code & 15) | 16) << ((code >> 4 & 7) + 3);
		REQUIRE_EQ(l2group_decode8((uint8_t)code), value);
		REQUIRE_EQ(l2group_encode8(value), code);
		REQUIRE(!value || l2group_encode8(value - 1) == code - 1);
	}
	for (code = 0; code < 65536; code++) {
		value = code < 32768 ? code : ((code & 0xfff) | 0x1000) << ((code >> 12 & 7) + 3);
		REQUIRE_EQ(l2group_decode16((uint16_t)code), value);
		REQUIRE_EQ(l2group_encode16(value), code);
		REQUIRE(!value || l2group_encode16(value - 1) == code - 1);
	}
	REQUIRE_EQ(l2group_encode8(UINT32_MAX), 255);
	REQUIRE_EQ(l2group_encode16(UINT32_MAX), 65535);
}

/* What an ICMP error quotes ends early as a rule. */
CASE(protocols, quoted_packets_may_end_early)
{
	struct l2frame f;
	uint8_t packet[200];
	size_t n;
	size_t cut;

	l2frame_init(&f, packet, sizeof(packet));
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_payload(&f, sample_data, 100);
	n = (size_t)l2frame_finish(&f);
	for (cut = 1; cut <= n; cut++) {
		l2frame_init(&f, buf, sizeof(buf));
		l2frame_eth(&f, sample_dst, sample_src);
		l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
		l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, 1, 0, packet, cut);
		finish(&f);
		REQUIRE_EQ(parsed.n, 3 + (cut >= 20) + (cut >= 40));
		REQUIRE_EQ(parsed.payload + parsed.payload_len, l2frame_size(&f));
	}
}

CASE(protocols, errors_quote_no_more_than_fits)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, 1, 0, sample_data, 9000);
	REQUIRE_EQ(l2frame_size(&f), 576);
	l2frame_init(&f, buf, sizeof(buf));
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_icmp6_error(&f, L2ICMP6_TOO_BIG, 0, 1280, sample_data, 9000);
	REQUIRE_EQ(l2frame_size(&f), 1280);
	l2frame_init(&f, buf, sizeof(buf));
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_redirect(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_nd_addr(&f, L2ND_TARGET, sample_src);
	l2frame_nd_redirected(&f, sample_data, 9000);
	REQUIRE_EQ(l2frame_size(&f), 1280);
}

/* RFC 4302: words beyond the first two; and what ESP hides is nobody's header. */
CASE(protocols, ipsec)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_ah(&f, 1, 2, sample_data, 12);
	l2frame_esp(&f, 3, 4);
	l2frame_payload(&f, "\x45\x00", 2);
	finish(&f);
	REQUIRE_EQ(parsed.n, 4);
	REQUIRE_EQ(get(L2AH_LEN), 4);
	REQUIRE_EQ(get(L2AH_NEXT), 50);
	REQUIRE_EQ(parsed.layer[2].len, 24);
	REQUIRE_EQ(parsed.payload_len, 2);
	buf[35] = 0; /* its length: 8 bytes, less than it has itself */
	REQUIRE_EQ(l2parse_frame(&parsed, buf, l2frame_size(&f), L2PARSE_STRICT), -EBADMSG);
}

CASE(protocols, sums_of_fragments)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_ip6_fragment(&f, 1, 0, 1);
	l2frame_udp(&f, 1, 2);
	finish(&f);
	REQUIRE_EQ(get(L2UDP_CSUM), 0);

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_ip4_fragment(&f, 1, 0, 1);
	l2frame_icmp4_echo(&f, L2ICMP4_ECHO_REQUEST, 1, 2);
	finish(&f);
	REQUIRE_EQ(get(L2ICMP4_CSUM), 0);

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_ip6_fragment(&f, 1, 0, 0); /* the whole packet */
	l2frame_udp(&f, 1, 2);
	finish(&f);
	REQUIRE(get(L2UDP_CSUM) != 0);
}

/* Options of neighbour discovery that lie about their length. */
CASE(protocols, bad_nd_options)
{
	struct l2frame f;
	size_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_ns(&f, sample_ip6_dst);
	l2frame_nd_addr(&f, L2ND_SOURCE, sample_src);
	n = (size_t)l2frame_finish(&f);
	buf[n - 7] = 0;
	REQUIRE_EQ(l2parse_frame(&parsed, buf, n, L2PARSE_STRICT), -EBADMSG);
	buf[n - 7] = 2;
	REQUIRE_EQ(l2parse_frame(&parsed, buf, n, L2PARSE_STRICT), -ENODATA);
	REQUIRE_EQ(parsed.n, 3);
	REQUIRE_EQ(parsed.payload_len, 8);
}

/* The message is what its type says, whatever the caller took it for. */
CASE(protocols, type_decides_the_message)
{
	static const uint8_t error[8] = { L2ICMP6_TIME_EXCEEDED };

	REQUIRE_EQ(l2parse_packet(&parsed, L2PROTO_MLD, error, sizeof(error), 0), 1);
	REQUIRE_EQ(parsed.layer[0].proto, L2PROTO_ICMP6);
	REQUIRE_EQ(l2parse_packet(&parsed, L2PROTO_IGMPREPORT, error, sizeof(error), 0), 1);
	REQUIRE_EQ(parsed.layer[0].proto, L2PROTO_IGMP);
}
