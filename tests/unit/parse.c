/* SPDX-License-Identifier: MIT */
/* The parser: layers, lengths that lie, bytes that are missing. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "guard.h"
#include "samples.h"

static uint8_t buf[GUARD_MAX];

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* As in "eth/vlan/ip4/udp". */
static const char *layers_of(const struct l2parse *p)
{
	static char text[512];
	uint32_t i;

	text[0] = '\0';
	for (i = 0; i < p->n; i++) {
		strcat(text, i ? "/" : "");
		strcat(text, l2proto_name(p->layer[i].proto));
	}
	return text;
}

/* What must hold of any frame whatever. */
static void check_bounds(const struct l2parse *p)
{
	uint32_t end = 0;
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		REQUIRE(p->layer[i].at + p->layer[i].len <= p->layer[i].end);
		REQUIRE(p->layer[i].end <= p->len);
		REQUIRE(p->layer[i].at >= end || p->layer[i].flags & L2LAYER_MERGED);
		if (!(p->layer[i].flags & L2LAYER_MERGED))
			end = p->layer[i].at + p->layer[i].len;
	}
	REQUIRE(p->payload + p->payload_len + p->trailer_len <= p->len);
}

static uint64_t get(const struct l2parse *p, uint32_t field)
{
	uint64_t value;

	REQUIRE_EQ(l2parse_get(p, field, &value), 0);
	return value;
}

/* A UDP datagram of IPv4 with 20 bytes of payload: IPv4 at 14, UDP at 34, payload at 42. */
static size_t make_udp4(void)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, sample_data, 20);
	return (size_t)l2frame_finish(&f);
}

CASE(parse, structs_are_frozen)
{
	REQUIRE_EQ(sizeof(struct l2layer), 12);
	REQUIRE_EQ(sizeof(struct l2parse) - sizeof(void *), 32 + 32 * 12);
}

CASE(parse, every_sample)
{
	struct l2parse p;
	size_t i;
	size_t n;

	for (i = 0; i < n_samples; i++) {
		n = sample_build(&samples[i], buf, sizeof(buf));
		REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), p.n);
		REQUIRE(!strcmp(layers_of(&p), samples[i].layers));
		REQUIRE_EQ(p.payload_len, samples[i].payload);
		REQUIRE_EQ(p.trailer_len, samples[i].trailer);
		REQUIRE_EQ(p.payload + p.payload_len + p.trailer_len, n);
		REQUIRE(!memcmp(buf + p.payload, sample_data, p.payload_len < 40 ? 0 : 1));
		check_bounds(&p);
	}
}

/* Not one byte beyond the end is read, and what is left has a result. */
CASE(parse, every_prefix)
{
	const struct l2field *fields;
	struct l2parse whole;
	struct l2parse p;
	uint64_t value;
	uint32_t proto;
	uint32_t n;
	uint32_t i;
	size_t sample;
	size_t len;
	size_t cut;

	for (sample = 0; sample < n_samples; sample++) {
		len = sample_build(&samples[sample], buf, sizeof(buf));
		l2parse_frame(&whole, buf, len, 0);
		for (cut = 0; cut < len; cut++) {
			memcpy(guard_end(cut), buf, cut);
			REQUIRE(l2parse_frame(&p, guard_end(cut), cut, 0) >= 0);
			check_bounds(&p);
			REQUIRE(p.n <= whole.n);
			for (proto = 1; l2proto_name(proto); proto++) {
				fields = l2proto_fields(proto, &n);
				for (i = 0; i < n; i++)
					l2parse_get(&p, fields[i].id, &value);
			}
			REQUIRE_EQ(l2parse_frame(&p, guard_end(cut), cut, L2PARSE_STRICT) < 0,
				   cut < (whole.n == 1 ? 14 : whole.payload + whole.payload_len));
		}
	}
}

/* A capture that kept less than there was: what is missing is no error, and is told. */
CASE(parse, captured_in_part)
{
	struct l2pkt pkt = { .data = buf, .valid = L2_VALID_WIRE_LEN };
	struct l2parse p;

	pkt.wire_len = (uint32_t)make_udp4();
	pkt.len = 50;
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.wire_len, 62);
	REQUIRE_EQ(p.payload_len, 8);
	REQUIRE_EQ(p.trailer_len, 0);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_CUT);
	REQUIRE_EQ(p.layer[2].flags, L2LAYER_CUT);
	pkt.wire_len--;
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, L2PARSE_STRICT), -ENODATA);
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, 0), 3);
}

CASE(parse, padding_is_no_payload)
{
	struct l2parse p;
	size_t n = make_udp4();

	memset(buf + n, 0xee, 30);
	REQUIRE_EQ(l2parse_frame(&p, buf, n + 30, L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.payload, 42);
	REQUIRE_EQ(p.payload_len, 20);
	REQUIRE_EQ(p.trailer_len, 30);
	REQUIRE_EQ(p.layer[0].end, n + 30);
	REQUIRE_EQ(p.layer[1].end, n);
	/* A datagram shorter than its packet: the rest is neither payload nor trailer. */
	put16(buf + 38, 18);
	REQUIRE_EQ(l2parse_frame(&p, buf, n + 30, L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.payload_len, 10);
	REQUIRE_EQ(p.trailer_len, 30);
	REQUIRE_EQ(p.layer[2].end, n - 10);
}

CASE(parse, lengths_that_lie)
{
	struct l2parse p;
	size_t n = make_udp4();

	put16(buf + 16, 49);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -ENODATA);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, 0), 3);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_CUT);
	REQUIRE_EQ(p.payload_len, 20);

	make_udp4();
	put16(buf + 16, 19);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -EBADMSG);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, 0), 1);
	REQUIRE_EQ(p.stop, L2PARSE_MALFORMED);
	REQUIRE_EQ(p.payload, 14);

	make_udp4();
	put16(buf + 16, 27);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -ENODATA);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, 0), 2);
	REQUIRE_EQ(p.stop, L2PARSE_TRUNCATED);

	make_udp4();
	buf[14] = 0x44;
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -EBADMSG);
	buf[14] = 0x55;
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -EBADMSG);
	buf[14] = 0x4f;
	put16(buf + 16, 60);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, 0), 1);

	make_udp4();
	put16(buf + 38, 7);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), -EBADMSG);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, 0), 2);
}

/* Length 0 is what the kernel writes into a frame that the device is to cut. */
CASE(parse, super_frame)
{
	struct l2parse p;
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_LEN, 0);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_payload(&f, sample_data, 70000);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)l2frame_finish(&f), L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.payload_len, 70000);
	REQUIRE_EQ(p.trailer_len, 0);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_NO_LEN);

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip6(&f, sample_ip6_src, sample_ip6_dst);
	l2frame_set(&f, L2IP6_LEN, 0);
	l2frame_tcp(&f, 1, 2, 3, 4, 0);
	l2frame_payload(&f, sample_data, 70000);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)l2frame_finish(&f), L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.payload_len, 70000);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_NO_LEN);
}

/* The same layers and values as with the tag in the bytes, and no byte has moved. */
CASE(parse, tag_from_the_descriptor)
{
	struct l2pkt pkt = { .flags = L2_FLAG_TAGGED, .vlan_tci = 0x6064, .vlan_tpid = 0x88a8 };
	uint8_t inband[100];
	struct l2parse tagged;
	struct l2parse p;
	size_t n = make_udp4();

	memcpy(inband, buf, 12);
	memcpy(inband + 12, "\x88\xa8\x60\x64", 4);
	memcpy(inband + 16, buf + 12, n - 12);
	REQUIRE_EQ(l2parse_frame(&tagged, inband, n + 4, L2PARSE_STRICT), 4);

	pkt.data = buf;
	pkt.len = (uint32_t)n;
	pkt.wire_len = (uint32_t)n + 4;
	pkt.valid = L2_VALID_WIRE_LEN | L2_VALID_VLAN;
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, L2PARSE_STRICT), 4);
	REQUIRE(!strcmp(layers_of(&p), "eth/vlan/ip4/udp"));
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_MERGED);
	REQUIRE_EQ(p.layer[1].len, 0);
	REQUIRE_EQ(p.layer[2].at, 14);
	REQUIRE_EQ(get(&p, L2ETH_TYPE), get(&tagged, L2ETH_TYPE));
	REQUIRE_EQ(get(&p, L2VLAN_VID), 100);
	REQUIRE_EQ(get(&p, L2VLAN_PCP), 3);
	REQUIRE_EQ(get(&p, L2VLAN_DEI), 0);
	REQUIRE_EQ(get(&p, L2VLAN_TCI), 0x6064);
	REQUIRE_EQ(get(&p, L2VLAN_TYPE), 0x0800);
	REQUIRE_EQ(get(&p, L2ETH_SRC), 0x0200000000aa);
	REQUIRE_EQ(get(&p, L2UDP_DPORT), 5000);
	pkt.flags = 0;
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, 0), 3);
}

CASE(parse, ethertype_or_length)
{
	struct l2parse p;
	unsigned int type;

	memset(buf, 0, 2000);
	for (type = 1501; type < 0x600; type++) {
		put16(buf + 12, type);
		REQUIRE_EQ(l2parse_frame(&p, buf, 2000, L2PARSE_STRICT), -EBADMSG);
		REQUIRE_EQ(l2parse_frame(&p, buf, 2000, 0), 1);
		REQUIRE_EQ(p.stop, L2PARSE_MALFORMED);
	}
	put16(buf + 12, 1500);
	REQUIRE_EQ(l2parse_frame(&p, buf, 2000, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.trailer_len, 486);
	put16(buf + 12, 0x600);
	REQUIRE_EQ(l2parse_frame(&p, buf, 2000, L2PARSE_STRICT), 1);
	REQUIRE_EQ(p.stop, L2PARSE_UNKNOWN);
	REQUIRE_EQ(p.payload_len, 1986);
	/* The length ends inside the 802.2 header. */
	put16(buf + 12, 2);
	REQUIRE_EQ(l2parse_frame(&p, buf, 2000, L2PARSE_STRICT), -ENODATA);
}

CASE(parse, llc_with_numbers)
{
	struct l2parse p;

	memset(buf, 0, 64);
	put16(buf + 12, 10);
	buf[16] = 0x00;
	REQUIRE_EQ(l2parse_frame(&p, buf, 64, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.layer[1].len, 4);
	buf[16] = 0x01;
	REQUIRE_EQ(l2parse_frame(&p, buf, 64, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.layer[1].len, 4);
	buf[16] = 0x73;
	REQUIRE_EQ(l2parse_frame(&p, buf, 64, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.layer[1].len, 3);
	REQUIRE_EQ(p.payload_len, 7);
}

CASE(parse, arp_of_other_addresses)
{
	struct l2parse p;
	struct l2frame f;
	uint64_t value;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_arp(&f, L2ARP_REPLY, sample_src, sample_ip4_src, sample_dst, sample_ip4_dst);
	l2frame_set(&f, L2ARP_HLEN, 8);
	l2frame_pad(&f, 60);
	n = l2frame_finish(&f);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.layer[1].len, 8);
	REQUIRE_EQ(p.payload_len, 24);
	REQUIRE_EQ(get(&p, L2ARP_OP), 2);
	REQUIRE_EQ(l2parse_get(&p, L2ARP_SHA, &value), -ENODATA);
	REQUIRE(l2parse_bytes(&p, 1, L2ARP_SPA) == NULL);
	buf[18] = 255;
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, L2PARSE_STRICT), -ENODATA);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, 0), 2);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_CUT);
}

CASE(parse, later_fragment)
{
	struct l2parse p;
	size_t n = make_udp4();

	put16(buf + 20, 3);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), 2);
	REQUIRE_EQ(p.stop, L2PARSE_FRAGMENT);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_FRAGMENT);
	REQUIRE_EQ(p.payload, 34);
	put16(buf + 20, 0x2000);
	REQUIRE_EQ(l2parse_frame(&p, buf, n, L2PARSE_STRICT), 3);
	REQUIRE_EQ(p.stop, L2PARSE_END);
	REQUIRE_EQ(p.layer[1].flags, L2LAYER_FRAGMENT);
}

CASE(parse, too_deep)
{
	struct l2parse p;
	struct l2frame f;
	int64_t n;
	int i;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	for (i = 0; i < 31; i++)
		l2frame_vlan(&f, 0, (uint16_t)i);
	n = l2frame_finish(&f);
	put16(buf + n - 2, L2_ETHERTYPE_EXP1);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, 0), 32);
	REQUIRE_EQ(p.stop, L2PARSE_UNKNOWN);
	l2frame_vlan(&f, 0, 31);
	n = l2frame_finish(&f);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, L2PARSE_STRICT), -E2BIG);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)n, 0), 32);
	REQUIRE_EQ(p.stop, L2PARSE_DEEP);
	REQUIRE_EQ(p.payload_len, 4);
}

CASE(parse, from_the_network_header)
{
	struct l2parse p;
	size_t n = make_udp4();

	REQUIRE_EQ(l2parse_packet(&p, L2PROTO_IP4, buf + 14, n - 14, L2PARSE_STRICT), 2);
	REQUIRE_EQ(get(&p, L2UDP_SPORT), 4000);
	REQUIRE_EQ(l2parse_packet(&p, L2PROTO_IP6, buf + 14, n - 14, L2PARSE_STRICT), -EBADMSG);
}

CASE(parse, getters)
{
	struct l2parse p;
	struct l2frame f;
	uint64_t value = 7;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(&f, L2IP4_TTL, 1);
	l2frame_ip4(&f, sample_ip4_dst, sample_ip4_src);
	l2frame_set(&f, L2IP4_DSCP, 46);
	l2frame_set(&f, L2IP4_ECN, 2);
	l2frame_tcp(&f, 1, 2, 0xfedcba98, 4, L2TCP_FLAG_AE | L2TCP_FLAG_SYN);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)l2frame_finish(&f), L2PARSE_STRICT), 4);
	REQUIRE_EQ(l2parse_find(&p, L2PROTO_IP4, 0), 1);
	REQUIRE_EQ(l2parse_find(&p, L2PROTO_IP4, 2), 2);
	REQUIRE_EQ(l2parse_find(&p, L2PROTO_IP4, 3), -ENOENT);
	REQUIRE_EQ(l2parse_find(&p, L2PROTO_IP4, UINT32_MAX), -ENOENT);
	REQUIRE_EQ(get(&p, L2IP4_TTL), 1);
	REQUIRE_EQ(get(&p, L2IP4_DF), 1);
	REQUIRE_EQ(l2parse_get_at(&p, 2, L2IP4_TOS, &value), 0);
	REQUIRE_EQ(value, 46 << 2 | 2);
	REQUIRE_EQ(get(&p, L2TCP_SEQ), 0xfedcba98);
	REQUIRE_EQ(get(&p, L2TCP_FLAGS), 0x102);
	REQUIRE_EQ(get(&p, L2TCP_DOFF), 5);
	REQUIRE(l2parse_bytes(&p, 2, L2IP4_SRC) == buf + 46);
	REQUIRE(l2parse_bytes(&p, 2, L2IP4_OFFSET) == NULL);
	REQUIRE(l2parse_bytes(&p, 3, L2IP4_SRC) == NULL);
	REQUIRE(l2parse_bytes(&p, 4, L2IP4_SRC) == NULL);
	REQUIRE_EQ(l2parse_get(&p, L2UDP_SPORT, &value), -ENOENT);
	REQUIRE_EQ(l2parse_get_at(&p, 3, L2IP4_TTL, &value), -ENOENT);
	REQUIRE_EQ(l2parse_get_at(&p, 99, L2IP4_TTL, &value), -ENOENT);
	REQUIRE_EQ(l2parse_get(&p, L2IP6_SRC, &value), -EINVAL);
	REQUIRE_EQ(l2parse_get(&p, 0, &value), -EINVAL);
	REQUIRE_EQ(l2parse_get(&p, 0x0900a008u, &value), -ENODATA);
}

CASE(parse, refusals)
{
	struct l2pkt pkt = { .len = 20 };
	struct l2parse p;

	REQUIRE_EQ(l2parse_frame(NULL, buf, 60, 0), -EINVAL);
	REQUIRE_EQ(l2parse_frame(&p, NULL, 60, 0), -EINVAL);
	REQUIRE_EQ(l2parse_frame(&p, buf, 60, 2), -EINVAL);
	REQUIRE_EQ(l2parse_frame(&p, buf, (size_t)1 << 31, 0), -EINVAL);
	REQUIRE_EQ(l2parse_packet(&p, 0, buf, 60, 0), -EINVAL);
	REQUIRE_EQ(l2parse_packet(&p, 256 + L2PROTO_IP4, buf, 60, 0), -EINVAL);
	REQUIRE_EQ(l2parse_pkt(&p, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, 0), -EINVAL);
	pkt.data = buf;
	REQUIRE_EQ(l2parse_pkt(&p, &pkt, 4), -EINVAL);
	REQUIRE_EQ(l2parse_frame(&p, buf, 0, 0), 0);
	REQUIRE_EQ(p.stop, L2PARSE_TRUNCATED);
}
