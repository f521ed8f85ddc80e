/* SPDX-License-Identifier: MIT */
/* The builder: what finishing fills in, what it leaves alone, and errors that stick. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "guard.h"
#include "samples.h"

static uint8_t buf[GUARD_MAX];

static uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* RFC 1071 byte by byte. */
static uint32_t sum(uint32_t before, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		before += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (before >> 16)
		before = (before & 0xffff) + (before >> 16);
	return before;
}

/* The sum of a transport packet with its pseudo-header: 0xffff is right. */
static uint32_t transport_sum(const uint8_t *addresses, size_t n, uint8_t number, const uint8_t *p,
			      size_t len)
{
	uint32_t before = sum((uint32_t)len + number, addresses, n);

	return sum(before, p, len);
}

static void start(struct l2frame *f)
{
	l2frame_init(f, buf, sizeof(buf));
	l2frame_eth(f, sample_dst, sample_src);
}

static void start_udp4(struct l2frame *f)
{
	start(f);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(f, 4000, 5000);
}

static void require_error(const struct l2frame *f, int code, const char *text)
{
	struct l2err err;

	REQUIRE_EQ(l2frame_error(f, &err), code);
	REQUIRE_EQ(err.code, code);
	REQUIRE(!strcmp(err.text, text));
}

CASE(build, storage_is_frozen)
{
	REQUIRE_EQ(sizeof(struct l2frame), 512);
	REQUIRE_EQ(sizeof(struct l2offload), 12);
}

CASE(build, udp_to_the_byte)
{
	static const uint8_t expected[] = {
		0x02, 0,    0,    0,    0,    0xbb, 0x02, 0,    0,    0,    0,    0xaa,
		0x81, 0x00, 0x60, 0x64,                                                 /* tag */
		0x08, 0x00, 0x45, 0x00, 0x00, 0x21, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, /* IPv4 */
		0x4e, 0x95, 192,  0,    2,    1,    198,  51,   100,  2,    0x0f, 0xa0,
		0x13, 0x88, /* ports */
		0x00, 0x0d, 0xac, 0xa2, 'h',  'e',  'l',  'l',  'o',
	};
	struct l2frame f;

	start(&f);
	l2frame_vlan(&f, L2_TPID_8021Q, l2frame_tci(3, 0, 100));
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, "hello", 5);
	REQUIRE_EQ(l2frame_finish(&f), sizeof(expected));
	REQUIRE(!memcmp(buf, expected, sizeof(expected)));
	REQUIRE_EQ(l2frame_size(&f), sizeof(expected));
	REQUIRE_EQ(l2frame_finish(&f), sizeof(expected));
	REQUIRE(!memcmp(buf, expected, sizeof(expected)));
}

CASE(build, tci)
{
	REQUIRE_EQ(l2frame_tci(3, 0, 100), 0x6064);
	REQUIRE_EQ(l2frame_tci(7, 1, 4095), 0xffff);
	REQUIRE_EQ(l2frame_tci(8, 2, 4096), 0);
}

/* With any room less than that, nothing is written beyond it, and the size is told. */
CASE(build, every_room)
{
	struct l2frame f;
	size_t room;
	size_t i;
	size_t n;

	for (i = 0; i < n_samples; i++) {
		n = sample_build(&samples[i], buf, sizeof(buf));
		REQUIRE_EQ(sample_build(&samples[i], guard_end(n), n), n);
		REQUIRE(!memcmp(buf, guard_end(n), n));
		for (room = 0; room < n; room += room < 200 ? 1 : 37) {
			l2frame_init(&f, guard_end(room), room);
			samples[i].add(&f);
			REQUIRE_EQ(l2frame_finish(&f), -ENOSPC);
			REQUIRE_EQ(l2frame_size(&f), n);
		}
	}
}

CASE(build, counting)
{
	struct l2frame f;
	size_t i;

	for (i = 0; i < n_samples; i++) {
		l2frame_init(&f, NULL, 0);
		samples[i].add(&f);
		REQUIRE_EQ(l2frame_size(&f), sample_build(&samples[i], buf, sizeof(buf)));
		REQUIRE_EQ(l2frame_finish(&f), -ENOSPC);
	}
}

/* A buffer without alignment makes no difference. */
CASE(build, every_alignment)
{
	static uint8_t aligned[2000];
	size_t shift;
	size_t i;
	size_t n;

	for (i = 0; i < n_samples; i++) {
		n = sample_build(&samples[i], aligned, sizeof(aligned));
		for (shift = 1; shift < 16; shift++) {
			memset(buf, 0xff, sizeof(aligned) + 16);
			REQUIRE_EQ(sample_build(&samples[i], buf + shift, n), n);
			REQUIRE(!memcmp(aligned, buf + shift, n));
			REQUIRE(buf[shift + n] == 0xff && buf[shift - 1] == 0xff);
		}
	}
}

CASE(build, sums_of_every_length)
{
	struct l2frame f;
	int64_t len;
	size_t n;

	for (n = 0; n <= 1500; n++) {
		start_udp4(&f);
		l2frame_payload(&f, sample_data + n % 8, n);
		len = l2frame_finish(&f);
		REQUIRE_EQ(len, 42 + (int64_t)n);
		REQUIRE_EQ(sum(0, buf + 14, 20), 0xffff);
		REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 8 + n), 0xffff);
	}
}

CASE(build, sums_of_pieces)
{
	struct l2frame f;
	size_t first;
	size_t second;

	for (first = 0; first < 40; first++) {
		for (second = 0; second < 40; second++) {
			start(&f);
			l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
			l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
			l2frame_payload(&f, sample_data, first);
			l2frame_payload(&f, sample_data + 100, second);
			l2frame_payload(&f, sample_data + 200, 101 - first);
			REQUIRE(l2frame_finish(&f) > 0);
			REQUIRE_EQ(transport_sum(buf + 22, 32, 6, buf + 54, 121 + second), 0xffff);
		}
	}
}

CASE(build, payload_written_by_the_caller)
{
	struct l2frame f;
	uint8_t *to;

	start_udp4(&f);
	l2frame_payload(&f, "abc", 3);
	to = l2frame_reserve(&f, 100);
	REQUIRE(to == buf + 45);
	l2frame_payload(&f, "defg", 4);
	memcpy(to, sample_data, 100);
	REQUIRE_EQ(l2frame_finish(&f), 149);
	REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 115), 0xffff);
	REQUIRE(l2frame_reserve(&f, sizeof(buf)) == NULL);
	REQUIRE_EQ(l2frame_finish(&f), -ENOSPC);
}

/* Raw bytes in front of a header, and headers of an odd length: words move. */
CASE(build, sums_behind_odd_bytes)
{
	struct l2frame f;

	start_udp4(&f);
	l2frame_payload(&f, "odd", 3);
	l2frame_llc(&f, 1, 2, 3);
	l2frame_payload(&f, sample_data, 50);
	l2frame_ip4(&f, sample_ip4_dst, sample_ip4_src);
	l2frame_udp(&f, 1, 2);
	l2frame_payload(&f, sample_data, 33);
	REQUIRE_EQ(l2frame_finish(&f), 42 + 3 + 3 + 50 + 28 + 33);
	REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 8 + 3 + 3 + 50 + 28 + 33), 0xffff);
	REQUIRE_EQ(transport_sum(buf + 98 + 12, 8, 17, buf + 118, 8 + 33), 0xffff);
}

/* The datagram whose sum comes out as 0: 0xffff is sent, 0 would say that there is none. */
CASE(build, udp_sum_of_zero)
{
	uint8_t fill[2] = { 0, 0 };
	struct l2frame f;
	int i;

	for (i = 0; i < 2; i++) {
		start(&f);
		if (i)
			l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
		else
			l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
		l2frame_udp(&f, 4000, 5000);
		l2frame_payload(&f, fill, 2);
		REQUIRE(l2frame_finish(&f) > 0);
		/* What makes the sum 0 is what the sum was. */
		memcpy(fill, buf + (i ? 60 : 40), 2);
		l2frame_init(&f, buf, sizeof(buf));
		l2frame_eth(&f, sample_dst, sample_src);
		if (i)
			l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
		else
			l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
		l2frame_udp(&f, 4000, 5000);
		l2frame_payload(&f, fill, 2);
		REQUIRE(l2frame_finish(&f) > 0);
		REQUIRE_EQ(be16(buf + (i ? 60 : 40)), 0xffff);
		fill[0] = fill[1] = 0;
	}
}

/* PcapPlusPlus writes 0xffff there, and takes whatever stands in front for IPv6. */
CASE(build, no_sum_without_addresses)
{
	struct l2frame f;

	start(&f);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, "odd", 3);
	REQUIRE_EQ(l2frame_finish(&f), 14 + 8 + 3);
	REQUIRE_EQ(be16(buf + 14 + 4), 8 + 3);
	REQUIRE_EQ(be16(buf + 14 + 6), 0);

	start(&f);
	l2frame_icmp6_echo(&f, L2ICMP6_ECHO_REQUEST, 1, 2);
	REQUIRE_EQ(l2frame_finish(&f), 14 + 8);
	REQUIRE_EQ(be16(buf + 14 + 2), 0);
}

/* PcapPlusPlus sums up the header of IGMP alone, trafgen forgets the last byte of an odd number. */
CASE(build, messages_are_summed_up_whole)
{
	struct l2frame f;

	start(&f);
	l2frame_ip4(&f, sample_ip4_src, NULL);
	l2frame_igmp(&f, L2IGMP_REPORT_1, 0, "\xe9\xfc\x00\x07");
	l2frame_payload(&f, sample_data, 101);
	REQUIRE_EQ(l2frame_finish(&f), 34 + 8 + 101);
	REQUIRE_EQ(sum(0, buf + 34, 8 + 101), 0xffff);

	start(&f);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_icmp4_echo(&f, L2ICMP4_ECHO_REQUEST, 1, 2);
	l2frame_payload(&f, sample_data, 51);
	REQUIRE_EQ(l2frame_finish(&f), 34 + 8 + 51);
	REQUIRE_EQ(sum(0, buf + 34, 8 + 51), 0xffff);
}

CASE(build, set_values_survive)
{
	struct l2frame f;

	start(&f);
	l2frame_set(&f, L2ETH_TYPE, 0x1234);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_LEN, 7);
	l2frame_set(&f, L2IP4_CSUM, 0xdead);
	l2frame_set(&f, L2IP4_PROTO, 200);
	l2frame_set(&f, L2IP4_TTL, 1);
	l2frame_set(&f, L2IP4_IHL, 3);
	l2frame_udp(&f, 4000, 5000);
	l2frame_set(&f, L2UDP_LEN, 0);
	l2frame_set(&f, L2UDP_CSUM, 0);
	l2frame_payload(&f, "x", 1);
	REQUIRE_EQ(l2frame_finish(&f), 43);
	REQUIRE_EQ(be16(buf + 12), 0x1234);
	REQUIRE_EQ(buf[14], 0x43);
	REQUIRE_EQ(be16(buf + 16), 7);
	REQUIRE_EQ(buf[22], 1);
	REQUIRE_EQ(buf[23], 200);
	REQUIRE_EQ(be16(buf + 24), 0xdead);
	REQUIRE_EQ(be16(buf + 38), 0);
	REQUIRE_EQ(be16(buf + 40), 0);
}

/* Also where the value is set only when all else is there. */
CASE(build, set_values_survive_late)
{
	struct l2frame f;

	start(&f);
	l2frame_vlan(&f, 0, 1);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_set(&f, L2ETH_TYPE, 0x9999);
	l2frame_set(&f, L2VLAN_TYPE, 0x8888);
	l2frame_set(&f, L2VLAN_PCP, 5);
	l2frame_set(&f, L2IP6_NEXT, 0);
	l2frame_set(&f, L2IP6_LEN, 0xffff);
	l2frame_set(&f, L2IP6_FLOW, 0xabcde);
	l2frame_set_bytes(&f, L2IP6_DST, sample_ip6_src);
	l2frame_set(&f, L2TCP_CSUM, 0);
	l2frame_set(&f, L2TCP_DOFF, 15);
	l2frame_set(&f, L2TCP_FLAGS, L2TCP_FLAG_AE | L2TCP_FLAG_FIN);
	REQUIRE_EQ(l2frame_finish(&f), 78);
	REQUIRE_EQ(be16(buf + 12), 0x9999);
	REQUIRE_EQ(be16(buf + 14), 0xa001);
	REQUIRE_EQ(be16(buf + 16), 0x8888);
	REQUIRE_EQ(be16(buf + 18), 0x600a);
	REQUIRE_EQ(be16(buf + 20), 0xbcde);
	REQUIRE_EQ(be16(buf + 22), 0xffff);
	REQUIRE_EQ(buf[24], 0);
	REQUIRE(!memcmp(buf + 42, sample_ip6_src, 16));
	REQUIRE_EQ(be16(buf + 70), 0xf101);
	REQUIRE_EQ(be16(buf + 74), 0);
}

/* The latest header of the protocol is meant, the innermost tag too. */
CASE(build, set_the_latest)
{
	struct l2frame f;

	start(&f);
	l2frame_vlan(&f, L2_TPID_8021AD, 1);
	l2frame_set(&f, L2VLAN_VID, 100);
	l2frame_vlan(&f, 0, 2);
	l2frame_set(&f, L2VLAN_VID, 200);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_TTL, 1);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_TTL, 2);
	REQUIRE_EQ(l2frame_finish(&f), 62);
	REQUIRE_EQ(be16(buf + 12), 0x88a8);
	REQUIRE_EQ(be16(buf + 14), 100);
	REQUIRE_EQ(be16(buf + 16), 0x8100);
	REQUIRE_EQ(be16(buf + 18), 200);
	REQUIRE_EQ(buf[22 + 8], 1);
	REQUIRE_EQ(buf[42 + 8], 2);
	REQUIRE_EQ(sum(0, buf + 22, 20), 0xffff);
	REQUIRE_EQ(sum(0, buf + 42, 20), 0xffff);
}

CASE(build, hundreds_of_tags)
{
	struct l2frame f;
	int i;

	start(&f);
	for (i = 0; i < 1000; i++)
		l2frame_vlan(&f, (uint16_t)(0x9000 + i), (uint16_t)i);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	REQUIRE_EQ(l2frame_finish(&f), 14 + 4000 + 20);
	for (i = 0; i < 1000; i++) {
		REQUIRE_EQ(be16(buf + 12 + 4 * i), 0x9000 + i);
		REQUIRE_EQ(be16(buf + 14 + 4 * i), i);
	}
	REQUIRE_EQ(be16(buf + 4012), 0x0800);
}

CASE(build, length_or_type)
{
	struct l2frame f;

	start(&f);
	l2frame_llc(&f, 0x42, 0x42, 3);
	l2frame_payload(&f, sample_data, 1497);
	REQUIRE_EQ(l2frame_finish(&f), 1514);
	REQUIRE_EQ(be16(buf + 12), 1500);

	l2frame_payload(&f, sample_data, 1);
	REQUIRE_EQ(l2frame_finish(&f), -EMSGSIZE);
	require_error(&f, -EMSGSIZE,
		      "llc (layer 2): 1501 bytes exceed what an 802.3 length can tell, 1500");

	start(&f);
	l2frame_set(&f, L2ETH_TYPE, 1535);
	l2frame_llc(&f, 0x42, 0x42, 3);
	l2frame_payload(&f, sample_data, 2000);
	REQUIRE_EQ(l2frame_finish(&f), 2017);
	REQUIRE_EQ(be16(buf + 12), 1535);
}

/* Raw bytes between the two: the length has no place, and they stay. */
CASE(build, no_length_behind_raw_bytes)
{
	struct l2frame f;

	start_udp4(&f);
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_payload(&f, sample_data, 8);
	l2frame_llc(&f, 1, 2, 3);
	REQUIRE_EQ(l2frame_finish(&f), 67);
	REQUIRE(!memcmp(buf + 56, sample_data, 8));
	REQUIRE_EQ(be16(buf + 54), 0);
	REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 33), 0xffff);
}

/* Padding is in no length and no sum. */
CASE(build, padding)
{
	struct l2frame f;

	memset(buf, 0xff, 200);
	start_udp4(&f);
	l2frame_payload(&f, "abc", 3);
	REQUIRE_EQ(l2frame_finish(&f), 45);
	l2frame_pad(&f, 100);
	REQUIRE_EQ(l2frame_size(&f), 100);
	REQUIRE_EQ(l2frame_finish(&f), 100);
	REQUIRE_EQ(be16(buf + 16), 31);
	REQUIRE_EQ(be16(buf + 38), 11);
	REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 11), 0xffff);
	REQUIRE_EQ(buf[45], 0);
	REQUIRE_EQ(buf[99], 0);
	REQUIRE_EQ(buf[100], 0xff);
	l2frame_pad(&f, 20);
	REQUIRE_EQ(l2frame_finish(&f), 45);
}

CASE(build, lengths_are_not_cut)
{
	struct l2frame f;

	start_udp4(&f);
	l2frame_payload(&f, sample_data, 65507);
	REQUIRE_EQ(l2frame_finish(&f), 14 + 65535);
	REQUIRE_EQ(be16(buf + 16), 65535);
	l2frame_payload(&f, "x", 1);
	REQUIRE_EQ(l2frame_finish(&f), -EMSGSIZE);
	require_error(&f, -EMSGSIZE,
		      "ip4 (layer 2): a packet of 65536 bytes exceeds what its length can tell, "
		      "65535");

	start(&f);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_udp(&f, 1, 2);
	l2frame_payload(&f, sample_data, 65528);
	REQUIRE_EQ(l2frame_finish(&f), -EMSGSIZE);
	require_error(&f, -EMSGSIZE,
		      "udp (layer 3): a datagram of 65536 bytes exceeds what its length can tell, "
		      "65535");

	start(&f);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_set(&f, L2IP6_LEN, 0);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_payload(&f, sample_data, 66000);
	REQUIRE_EQ(l2frame_finish(&f), 14 + 40 + 20 + 66000);
	REQUIRE_EQ(transport_sum(buf + 22, 32, 6, buf + 54, 66020), 0xffff);
}

/* A checksum of the whole packet cannot be known from a part; that of an atomic one can. */
CASE(build, fragments)
{
	static const struct {
		uint32_t offset;
		int more;
		uint16_t field;
	} rows[] = { { 0, 1, 0x2000 }, { 8, 1, 0x2001 }, { 65528, 0, 0x1fff }, { 0, 0, 0 } };
	struct l2frame f;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_udp4(&f);
		l2frame_ip4_fragment(&f, 0xabcd, rows[i].offset, rows[i].more);
		l2frame_payload(&f, sample_data, 16);
		REQUIRE_EQ(l2frame_finish(&f), 58);
		REQUIRE_EQ(be16(buf + 18), 0xabcd);
		REQUIRE_EQ(be16(buf + 20), rows[i].field);
		REQUIRE_EQ(sum(0, buf + 14, 20), 0xffff);
		if (rows[i].field)
			REQUIRE_EQ(be16(buf + 40), 0);
		else
			REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 24), 0xffff);
	}
	start_udp4(&f);
	l2frame_ip4_fragment(&f, 1, 12, 0);
	require_error(&f, -EINVAL, "ip4 (layer 2): a fragment cannot begin at byte 12");
}

CASE(build, first_error_sticks)
{
	struct l2frame f;

	start(&f);
	l2frame_set(&f, L2UDP_SPORT, 1);
	l2frame_ip4(&f, NULL, sample_ip4_dst);
	l2frame_udp(&f, 1, 2);
	l2frame_payload(&f, NULL, 5);
	REQUIRE_EQ(l2frame_finish(&f), -ENOENT);
	REQUIRE_EQ(l2frame_finish(&f), -ENOENT);
	require_error(&f, -ENOENT, "udp: the frame has no such layer yet");
	REQUIRE_EQ(l2frame_size(&f), 14);
}

CASE(build, refusals)
{
	struct l2frame f;
	int i;

	start(&f);
	require_error(&f, 0, "success");
	l2frame_set(&f, L2ETH_TYPE, 0x10000);
	require_error(&f, -ERANGE, "eth (layer 1): the value does not fit the field's 16 bits");

	start(&f);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_set(&f, L2IP6_SRC, 1);
	require_error(&f, -EINVAL, "ip6 (layer 2): a field of 128 bits is set as bytes");

	start(&f);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_set_bytes(&f, L2IP6_FLOW, sample_data);
	require_error(
		&f, -EINVAL,
		"ip6 (layer 2): no bytes are given, or the field's 20 bits are no whole ones");

	start(&f);
	l2frame_set(&f, 0xff000008u, 1);
	REQUIRE_EQ(l2frame_finish(&f), -EINVAL);

	start(&f);
	l2frame_set(&f, 0x01000000u, 1);
	REQUIRE_EQ(l2frame_finish(&f), -EINVAL);

	start(&f);
	l2frame_set(&f, 0x01007008u, 1);
	require_error(&f, -ENOENT,
		      "eth (layer 1): the header ends before byte 15, the field's last");

	start(&f);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_vlan(&f, 0, 1);
	require_error(&f, -EINVAL, "vlan: no type is open in front of the tag");

	start(&f);
	for (i = 1; i < L2FRAME_LAYERS; i++)
		l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	REQUIRE(l2frame_finish(&f) > 0);
	l2frame_udp(&f, 1, 2);
	require_error(&f, -E2BIG, "udp: a frame has at most 32 layers");
}

CASE(build, the_room_needed)
{
	struct l2frame f;

	l2frame_init(&f, buf, 30);
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 1, 2);
	l2frame_payload(&f, sample_data, 100);
	require_error(&f, -ENOSPC,
		      "ip4 (layer 2): the frame needs 142 bytes, there is room for 30");

	l2frame_init(&f, buf, 50);
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_pad(&f, 60);
	REQUIRE_EQ(l2frame_finish(&f), -ENOSPC);
	require_error(&f, -ENOSPC, "frame: the frame needs 60 bytes, there is room for 50");

	start(&f);
	l2frame_payload(&f, buf, SIZE_MAX);
	REQUIRE_EQ(l2frame_finish(&f), -EMSGSIZE);
	REQUIRE_EQ(l2frame_size(&f), 14);
}

/* The field holds the sum of the pseudo-header alone, not complemented. */
CASE(build, offload)
{
	struct l2offload left;
	struct l2frame f;

	start_udp4(&f);
	l2frame_offload(&f, 0);
	l2frame_payload(&f, sample_data, 100);
	REQUIRE_EQ(l2frame_finish(&f), 142);
	REQUIRE_EQ(be16(buf + 40), sum(108 + 17, buf + 26, 8));
	REQUIRE_EQ(sum(0, buf + 14, 20), 0xffff);
	l2frame_get_offload(&f, &left);
	REQUIRE_EQ(left.flags, L2_OFFLOAD_CSUM);
	REQUIRE_EQ(left.csum_start, 34);
	REQUIRE_EQ(left.csum_offset, 6);
	REQUIRE_EQ(left.hdr_len, 42);
	REQUIRE_EQ(left.gso_type, L2_GSO_NONE);
	REQUIRE_EQ(left.gso_size, 0);

	start(&f);
	l2frame_offload(&f, 1400);
	l2frame_vlan(&f, 0, 5);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_payload(&f, sample_data, 60000);
	REQUIRE_EQ(l2frame_finish(&f), 78 + 60000);
	REQUIRE_EQ(be16(buf + 58 + 16), sum(60020 + 6, buf + 26, 32));
	l2frame_get_offload(&f, &left);
	REQUIRE_EQ(left.csum_start, 58);
	REQUIRE_EQ(left.csum_offset, 16);
	REQUIRE_EQ(left.hdr_len, 78);
	REQUIRE_EQ(left.gso_type, L2_GSO_TCP6);
	REQUIRE_EQ(left.gso_size, 1400);

	start_udp4(&f);
	l2frame_set(&f, L2UDP_CSUM, 0x1111);
	l2frame_offload(&f, 0);
	REQUIRE_EQ(l2frame_finish(&f), 42);
	REQUIRE_EQ(be16(buf + 40), 0x1111);
	l2frame_get_offload(&f, &left);
	REQUIRE_EQ(left.flags, 0);
	REQUIRE_EQ(left.hdr_len, 0);
}

/* Once the inner sum has been completed, the outer one is right: nobody touches it again. */
CASE(build, offload_inside_a_sum)
{
	struct l2offload left;
	struct l2frame f;
	uint32_t inner;

	start_udp4(&f);
	l2frame_offload(&f, 0);
	l2frame_payload(&f, "tunnel!", 7);
	l2frame_ip4(&f, sample_ip4_dst, sample_ip4_src);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_payload(&f, sample_data, 77);
	REQUIRE_EQ(l2frame_finish(&f), 49 + 40 + 77);
	l2frame_get_offload(&f, &left);
	REQUIRE_EQ(left.csum_start, 69);
	inner = ~sum(0, buf + 69, 97) & 0xffff;
	buf[69 + 16] = (uint8_t)(inner >> 8);
	buf[69 + 17] = (uint8_t)inner;
	REQUIRE_EQ(transport_sum(buf + 61, 8, 6, buf + 69, 97), 0xffff);
	REQUIRE_EQ(transport_sum(buf + 26, 8, 17, buf + 34, 8 + 7 + 40 + 77), 0xffff);
}
