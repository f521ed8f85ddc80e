/* SPDX-License-Identifier: MIT */
/* Super-frames cut in memory. That the kernel cuts them likewise: tests/net/segment.c. */
#include <errno.h>
#include <string.h>

#include <l2sock/frame.h>

#include "case.h"
#include "guard.h"
#include "samples.h"

static uint8_t frame[70000];
static uint8_t out[70000];
static struct l2segment s;

static size_t finish(struct l2frame *f, size_t payload)
{
	int64_t n;

	l2frame_payload(f, sample_data, payload);
	n = l2frame_finish(f);
	REQUIRE(n > 0);
	return (size_t)n;
}

static void start_ip(struct l2frame *f, int version)
{
	l2frame_init(f, frame, sizeof(frame));
	l2frame_offload(f, 1000);
	l2frame_eth(f, sample_dst, sample_src);
	if (version == 4)
		l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	else
		l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
}

static size_t tcp(int version, size_t payload)
{
	struct l2frame f;

	start_ip(&f, version);
	l2frame_tcp(&f, 1, 2, 0xfffffff0, 4,
		    L2TCP_FLAG_CWR | L2TCP_FLAG_ACK | L2TCP_FLAG_PSH | L2TCP_FLAG_FIN);
	return finish(&f, payload);
}

static size_t udp(int version, size_t payload)
{
	struct l2frame f;

	start_ip(&f, version);
	l2frame_udp(&f, 1, 2);
	return finish(&f, payload);
}

/* Every segment is strictly right, and their payloads are that of the super-frame. */
static void check_segments(size_t len, uint8_t type, uint16_t size, uint32_t expected)
{
	size_t at = 0;
	struct l2parse p;
	int64_t n;

	REQUIRE_EQ(l2segment_begin(&s, frame, len, type, size), expected);
	while ((n = l2segment_next(&s, out, sizeof(out))) > 0) {
		REQUIRE(l2parse_frame(&p, out, (size_t)n, L2PARSE_STRICT) > 0);
		REQUIRE_EQ(p.trailer_len, 0);
		REQUIRE(p.payload_len <= size);
		REQUIRE(l2parse_verdict(&p, 1) == L2VERDICT_GOOD ||
			p.layer[1].proto == L2PROTO_IP6);
		REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_GOOD);
		REQUIRE(!memcmp(out + p.payload, sample_data + at, p.payload_len));
		at += p.payload_len;
	}
	REQUIRE_EQ(n, 0);
	REQUIRE_EQ(at, s.end - s.hdr_len);
	REQUIRE_EQ(s.index, expected);
}

CASE(segment, sizes)
{
	static const size_t payloads[] = { 0, 1, 999, 1000, 1001, 2000, 2001, 60001 };
	size_t i;

	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		const uint32_t n = payloads[i] ? (uint32_t)(payloads[i] + 999) / 1000 : 1;

		check_segments(tcp(4, payloads[i]), L2_GSO_TCP4, 1000, n);
		check_segments(tcp(6, payloads[i]), L2_GSO_TCP6, 1000, n);
		check_segments(udp(4, payloads[i]), L2_GSO_UDP, 1000, n);
		check_segments(udp(6, payloads[i]), L2_GSO_UDP, 1000, n);
	}
	check_segments(tcp(4, 300), L2_GSO_TCP4, 1, 300);
}

static uint64_t field(const uint8_t *bytes, size_t len, uint32_t id)
{
	struct l2parse p;
	uint64_t value;

	REQUIRE(l2parse_frame(&p, bytes, len, 0) > 0);
	REQUIRE_EQ(l2parse_get(&p, id, &value), 0);
	return value;
}

/* Numbers go on, also around their end; flags stand where they belong. */
CASE(segment, fields)
{
	const size_t len = tcp(4, 2500);
	const uint64_t id = field(frame, len, L2IP4_ID);
	uint32_t i;
	int64_t n;

	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP4, 1000), 3);
	for (i = 0; i < 3; i++) {
		const uint64_t flags = L2TCP_FLAG_ACK | (i == 0 ? L2TCP_FLAG_CWR : 0) |
				       (i == 2 ? L2TCP_FLAG_PSH | L2TCP_FLAG_FIN : 0);

		n = l2segment_next(&s, out, sizeof(out));
		REQUIRE(n > 0);
		REQUIRE_EQ(field(out, (size_t)n, L2IP4_ID), (uint16_t)(id + i));
		REQUIRE_EQ(field(out, (size_t)n, L2TCP_SEQ), (uint32_t)(0xfffffff0 + 1000 * i));
		REQUIRE_EQ(field(out, (size_t)n, L2TCP_FLAGS), flags);
	}
}

/* BIG TCP has no length in its IP header: the frame's end is the payload's. */
CASE(segment, without_length)
{
	const size_t len = tcp(4, 3000);

	memset(frame + 16, 0, 2);
	check_segments(len, L2_GSO_TCP4, 1000, 3);
}

CASE(segment, trailer)
{
	const size_t len = udp(4, 1500);

	memset(frame + len, 0xee, 20);
	check_segments(len + 20, L2_GSO_UDP, 1000, 2);
}

CASE(segment, room)
{
	const size_t len = udp(4, 1500);

	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_UDP, 1000), 2);
	REQUIRE_EQ(l2segment_next(&s, out, 1041), -EMSGSIZE);
	REQUIRE_EQ(l2segment_next(&s, guard_end(1042), 1042), 1042);
	REQUIRE_EQ(l2segment_next(&s, out, 541), -EMSGSIZE);
	REQUIRE_EQ(l2segment_next(&s, guard_end(542), 542), 542);
	REQUIRE_EQ(l2segment_next(&s, out, 0), 0);
	REQUIRE_EQ(l2segment_next(&s, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2segment_next(NULL, out, 0), -EINVAL);
}

CASE(segment, refused)
{
	struct l2frame f;
	size_t len = tcp(4, 1500);

	REQUIRE_EQ(l2segment_begin(NULL, frame, len, L2_GSO_TCP4, 1000), -EINVAL);
	REQUIRE_EQ(l2segment_begin(&s, NULL, len, L2_GSO_TCP4, 1000), -EINVAL);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP4, 0), -EINVAL);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_NONE, 1000), -EINVAL);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, 3, 1000), -EINVAL);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP6, 1000), -EBADMSG);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_UDP, 1000), -EBADMSG);
	frame[20] |= 0x20; /* more fragments */
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP4, 1000), -EBADMSG);

	start_ip(&f, 6);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 1, 2);
	len = finish(&f, 3000);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_UDP, 1000), -EBADMSG);

	start_ip(&f, 6);
	l2frame_ip6_hop(&f);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	len = finish(&f, 3000);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP6, 1000), 3);
	memset(frame + 18, 0, 2);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_TCP6, 1000), -EOPNOTSUPP);
}

/* IP counts 65535 bytes: its own header in version 4, without it in version 6. */
CASE(segment, longest)
{
	size_t len = udp(4, 65507);

	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_UDP, 65507), 1);
	REQUIRE_EQ(l2segment_next(&s, out, sizeof(out)), 14 + 65535);
	memset(frame + 16, 0, 2);
	REQUIRE_EQ(l2segment_begin(&s, frame, len + 1, L2_GSO_UDP, 65508), -EMSGSIZE);
	REQUIRE_EQ(l2segment_begin(&s, frame, len + 1, L2_GSO_UDP, 65507), 2);
	len = udp(6, 65527);
	REQUIRE_EQ(l2segment_begin(&s, frame, len, L2_GSO_UDP, 65527), 1);
	REQUIRE_EQ(l2segment_next(&s, out, sizeof(out)), 54 + 65535);
}

/* No part of a frame is read further than it goes, and none of them is cut into wrong frames. */
CASE(segment, prefixes)
{
	const size_t len = tcp(4, 1200);
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t *part = guard_end(i);

		memcpy(part, frame, i);
		REQUIRE_EQ(l2segment_begin(&s, part, i, L2_GSO_TCP4, 1000), -ENODATA);
	}
}
