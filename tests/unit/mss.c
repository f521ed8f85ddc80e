/* SPDX-License-Identifier: MIT */
/* The segment size of a TCP SYN, lowered in a frame that passes by. */
#include <errno.h>
#include <string.h>

#include <l2sock/frame.h>

#include "case.h"
#include "samples.h"

#define TCP_AT 34

static uint8_t buf[2048];

/* A SYN with so many NOPs in front of the option. */
static size_t syn(uint16_t flags, unsigned int nops, uint16_t mss)
{
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_tcp(&f, 1024, 80, 7, 8, flags);
	while (nops--)
		l2frame_tcp_option(&f, L2TCPOPT_NOP, NULL, 0);
	l2frame_tcp_mss(&f, mss);
	l2frame_payload(&f, sample_data, 11);
	n = l2frame_finish(&f);
	REQUIRE(n > 0);
	return (size_t)n;
}

static int clamp(size_t len, uint16_t mss)
{
	struct l2parse p;

	REQUIRE(l2parse_frame(&p, buf, len, 0) > 0);
	return l2parse_clamp_mss(&p, buf, mss);
}

static uint16_t announced(size_t len)
{
	struct l2tcpopts o;
	struct l2parse p;

	REQUIRE_EQ(l2parse_frame(&p, buf, len, 0), 3);
	REQUIRE_EQ(l2parse_tcp_options(&p, 2, &o), 0);
	return o.mss;
}

static int verdict(size_t len)
{
	struct l2parse p;

	l2parse_frame(&p, buf, len, 0);
	return l2parse_verdict(&p, 2);
}

/* At even and at odd places; both directions of the handshake. */
CASE(mss, is_lowered)
{
	unsigned int nops;
	size_t len;

	for (nops = 0; nops < 4; nops++) {
		len = syn(nops % 2 ? L2TCP_FLAG_SYN : L2TCP_FLAG_SYN | L2TCP_FLAG_ACK, nops, 1460);
		REQUIRE_EQ(clamp(len, 1360), 1);
		REQUIRE_EQ(announced(len), 1360);
		REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
		REQUIRE_EQ(clamp(len, 1360), 0);
	}
}

/* All sizes: the sum passes both its zeros. */
CASE(mss, any_size)
{
	uint32_t mss;
	size_t len;

	for (mss = 65535; mss > 1; mss -= 7) {
		len = syn(L2TCP_FLAG_SYN, mss & 1, (uint16_t)mss);
		REQUIRE_EQ(clamp(len, (uint16_t)(mss / 2)), 1);
		REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
	}
}

CASE(mss, is_never_raised)
{
	size_t len = syn(L2TCP_FLAG_SYN, 0, 536);

	REQUIRE_EQ(clamp(len, 1460), 0);
	REQUIRE_EQ(clamp(len, 536), 0);
	REQUIRE_EQ(announced(len), 536);
}

CASE(mss, only_of_a_syn)
{
	size_t len = syn(L2TCP_FLAG_ACK | L2TCP_FLAG_PSH, 0, 1460);

	REQUIRE_EQ(clamp(len, 500), 0);
	REQUIRE_EQ(announced(len), 1460);
}

CASE(mss, without_the_option)
{
	struct l2frame f;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_tcp(&f, 1024, 80, 7, 8, L2TCP_FLAG_SYN);
	REQUIRE_EQ(clamp((size_t)l2frame_finish(&f), 500), 0);
	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 1024, 80);
	REQUIRE_EQ(clamp((size_t)l2frame_finish(&f), 500), 0);
}

/* Options that would make a careless loop run on, or beyond the header. */
CASE(mss, broken_options)
{
	size_t len = syn(L2TCP_FLAG_SYN, 0, 1460);
	uint8_t *option = buf + TCP_AT + 20;

	option[1] = 0;
	REQUIRE_EQ(clamp(len, 500), -EBADMSG);
	option[1] = 1;
	REQUIRE_EQ(clamp(len, 500), -EBADMSG);
	option[1] = 3;
	REQUIRE_EQ(clamp(len, 500), -EBADMSG);
	option[1] = 5;
	REQUIRE_EQ(clamp(len, 500), -EBADMSG);
	memcpy(option, "\1\1\1\2", 4);
	REQUIRE_EQ(clamp(len, 500), -EBADMSG);
	memcpy(option, "\0\2\4\5", 4);
	REQUIRE_EQ(clamp(len, 500), 0);
}

/* The header is there, the rest is not: the difference is enough. */
CASE(mss, truncated)
{
	size_t len = syn(L2TCP_FLAG_SYN, 1, 1460);

	REQUIRE_EQ(clamp(len - 11, 1000), 1);
	REQUIRE_EQ(verdict(len - 11), L2VERDICT_TRUNCATED);
	REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
	REQUIRE_EQ(clamp(len - 5, 900), 1);
	REQUIRE_EQ(clamp(TCP_AT + 27, 800), 0);
	REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
}

/* A first fragment is clamped, the checksum stays that of the whole packet. */
CASE(mss, fragments)
{
	size_t len = syn(L2TCP_FLAG_SYN, 1, 1460);

	buf[14 + 6] = 0x20;
	REQUIRE_EQ(clamp(len, 1000), 1);
	buf[14 + 6] = 0x40;
	REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
	buf[14 + 6] = 0x20;
	buf[14 + 7] = 1;
	REQUIRE_EQ(clamp(len, 500), 0);
}

CASE(mss, a_wrong_checksum_stays_wrong)
{
	size_t len = syn(L2TCP_FLAG_SYN, 0, 1460);

	buf[TCP_AT + 16] ^= 1;
	REQUIRE_EQ(clamp(len, 1000), 1);
	REQUIRE_EQ(verdict(len), L2VERDICT_BAD);
	buf[TCP_AT + 16] ^= 1;
	REQUIRE_EQ(verdict(len), L2VERDICT_GOOD);
}

/* The device will add the options up as it finds them. */
CASE(mss, checksum_left_to_the_device)
{
	struct l2pkt pkt = { .data = buf, .csum = L2_CSUM_NOT_READY };
	size_t len = syn(L2TCP_FLAG_SYN, 0, 1460);
	uint8_t field[2];
	struct l2parse p;

	pkt.len = (uint32_t)len;
	memcpy(field, buf + TCP_AT + 16, 2);
	l2parse_pkt(&p, &pkt, 0);
	REQUIRE_EQ(l2parse_clamp_mss(&p, buf, 1000), 1);
	REQUIRE_EQ(announced(len), 1000);
	REQUIRE(memcmp(field, buf + TCP_AT + 16, 2) == 0);
}

CASE(mss, quoted_by_an_error)
{
	uint8_t packet[100];
	size_t n = syn(L2TCP_FLAG_SYN, 0, 1460) - 14;
	struct l2frame f;

	memcpy(packet, buf + 14, n);
	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, 4, 1000, packet, n);
	REQUIRE_EQ(clamp((size_t)l2frame_finish(&f), 500), 0);
}
