/* SPDX-License-Identifier: MIT */
/* Checksums of parsed frames: judged, put right. What tshark says of them is in tests/oracle. */
#include <errno.h>
#include <string.h>

#include <l2sock/csum.h>
#include <l2sock/frame.h>

#include "case.h"
#include "guard.h"
#include "random.h"
#include "samples.h"

#define FRAME_MAX 4096
#define ETH_LEN   14

static uint8_t buf[FRAME_MAX];

static void start4(struct l2frame *f)
{
	l2frame_init(f, buf, sizeof(buf));
	l2frame_eth(f, sample_dst, sample_src);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
}

static void start6(struct l2frame *f)
{
	l2frame_init(f, buf, sizeof(buf));
	l2frame_eth(f, sample_dst, sample_src);
	l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
}

static size_t finish(struct l2frame *f)
{
	int64_t n = l2frame_finish(f);

	REQUIRE(n > 0);
	return (size_t)n;
}

/* The verdict on the first layer of a protocol, however the frame was cut. */
static int verdict_of(size_t len, uint32_t proto)
{
	struct l2parse p;
	int index;

	l2parse_frame(&p, buf, len, 0);
	index = l2parse_find(&p, proto, 0);
	return index < 0 ? index : l2parse_verdict(&p, (uint32_t)index);
}

static size_t udp4(uint16_t port)
{
	struct l2frame f;

	start4(&f);
	l2frame_udp(&f, port, 53);
	l2frame_payload(&f, sample_data, 5);
	return finish(&f);
}

CASE(verdict, builder_makes_good_ones)
{
	struct l2parse p;
	size_t good = 0;
	size_t i, n;
	uint32_t k;

	for (i = 0; i < n_samples; i++) {
		n = sample_build(&samples[i], buf, sizeof(buf));
		l2parse_frame(&p, buf, n, 0);
		for (k = 0; k < p.n; k++) {
			const int v = l2parse_verdict(&p, k);

			REQUIRE(v == L2VERDICT_GOOD || v == L2VERDICT_NONE ||
				v == L2VERDICT_FRAGMENT);
			good += v == L2VERDICT_GOOD;
		}
	}
	REQUIRE(good > n_samples);
}

/* Any bit of what a checksum covers. */
CASE(verdict, every_flipped_bit_is_noticed)
{
	const size_t len = udp4(4000);
	size_t bit;

	for (bit = 8 * (ETH_LEN + 20); bit < 8 * len; bit++) {
		const size_t at = bit / 8 - ETH_LEN - 20;
		int v;

		buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		v = verdict_of(len, L2PROTO_UDP);
		/* A length says what there is to add up, or that it makes no sense. */
		if (at != 4 && at != 5)
			REQUIRE_EQ(v, L2VERDICT_BAD);
		else
			REQUIRE(v != L2VERDICT_GOOD);
		buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
}

/* libdnet and libnet take the length from the buffer, and padding for data. */
CASE(verdict, padding_does_not_count)
{
	size_t len = udp4(4000);

	memset(buf + len, 0x5a, 100);
	for (; len < 150; len++) {
		REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	}
}

CASE(verdict, udp_without_a_checksum)
{
	struct l2frame f;
	size_t len;

	start4(&f);
	l2frame_udp(&f, 4000, 53);
	l2frame_set(&f, L2UDP_CSUM, 0);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_ABSENT);
}

/* RFC 8200, 8.1; smoltcp and lwIP let it pass. */
CASE(verdict, udp_without_a_checksum_in_ipv6)
{
	struct l2frame f;
	size_t len;

	start6(&f);
	l2frame_udp(&f, 4000, 53);
	l2frame_set(&f, L2UDP_CSUM, 0);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
}

/* Nor where 0 is what it would come to: there 0xffff is due. libnet sends 0. */
CASE(verdict, udp_that_comes_to_0)
{
	uint16_t field = 0;
	uint32_t port = 0;
	struct l2frame f;
	size_t len = 0;

	while (field != 0xffff) {
		REQUIRE(port < 65536);
		start6(&f);
		l2frame_udp(&f, (uint16_t)port++, 53);
		len = finish(&f);
		memcpy(&field, buf + ETH_LEN + 46, sizeof(field));
		REQUIRE(field != 0);
	}
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	memset(buf + ETH_LEN + 46, 0, 2);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
}

/* Both spellings of zero are right in the header of IPv4. */
CASE(verdict, zero_of_ip4)
{
	uint32_t id;

	for (id = 0; id < 65536; id++) {
		const uint16_t none = 0;
		size_t len = udp4(1);
		uint16_t check;

		buf[ETH_LEN + 4] = (uint8_t)(id >> 8);
		buf[ETH_LEN + 5] = (uint8_t)id;
		memcpy(buf + ETH_LEN + 10, &none, 2);
		check = l2csum_ip4(buf + ETH_LEN, 20);
		if (check)
			continue;
		REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
		memset(buf + ETH_LEN + 10, 0xff, 2);
		REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
		return;
	}
	REQUIRE(id < 65536);
}

/* A receiver finds 0 wrong where all else is 0, too. */
CASE(verdict, icmp_of_zeros)
{
	struct l2frame f;
	struct l2parse p;
	size_t len;

	start4(&f);
	l2frame_icmp4_echo(&f, L2ICMP4_ECHO_REPLY, 0, 0);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_ICMP4), L2VERDICT_GOOD);
	memset(buf + ETH_LEN + 22, 0, 2);
	REQUIRE_EQ(verdict_of(len, L2PROTO_ICMP4), L2VERDICT_BAD);
	l2parse_frame(&p, buf, len, 0);
	REQUIRE_EQ(l2parse_fix(&p, buf), 1);
	REQUIRE_EQ(buf[ETH_LEN + 22], 0xff);
	REQUIRE_EQ(buf[ETH_LEN + 23], 0xff);
}

CASE(verdict, fragments)
{
	struct l2frame f;
	size_t len;

	start4(&f);
	l2frame_ip4_fragment(&f, 7, 0, 1);
	l2frame_udp(&f, 4000, 53);
	l2frame_set(&f, L2UDP_CSUM, 0x1234);
	l2frame_payload(&f, sample_data, 24);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_FRAGMENT);

	start4(&f);
	l2frame_ip4_fragment(&f, 7, 24, 0);
	l2frame_payload(&f, sample_data, 24);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), -ENOENT);

	start6(&f);
	l2frame_ip6_fragment(&f, 7, 0, 1);
	l2frame_udp(&f, 4000, 53);
	l2frame_payload(&f, sample_data, 24);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_FRAGMENT);
}

/* A fragment header around a whole packet is no reason not to check. libdnet sums all of them. */
CASE(verdict, atomic_fragment)
{
	struct l2frame f;
	size_t len;

	start6(&f);
	l2frame_ip6_fragment(&f, 7, 0, 0);
	l2frame_udp(&f, 4000, 53);
	l2frame_payload(&f, sample_data, 24);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	buf[len - 1]++;
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
}

/* Cut anywhere: what is left of the header may be right, what is missing is never bad. */
CASE(verdict, truncated)
{
	const size_t whole = udp4(4000);
	size_t len;

	for (len = 0; len < whole; len++) {
		int ip = verdict_of(len, L2PROTO_IP4);
		int udp = verdict_of(len, L2PROTO_UDP);

		REQUIRE_EQ(ip, len < ETH_LEN + 20 ? -ENOENT : L2VERDICT_GOOD);
		REQUIRE_EQ(udp, len < ETH_LEN + 28 ? -ENOENT : L2VERDICT_TRUNCATED);
	}
}

/* The whole datagram is there, although the packet around it, a liar, is not. */
CASE(verdict, whole_inside_a_cut_packet)
{
	const size_t len = udp4(4000);

	buf[ETH_LEN + 3]++;
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
}

/* A super-frame: no length in the header, the descriptor says whether all of it is there. */
CASE(verdict, without_a_length)
{
	struct l2pkt pkt = { .data = buf, .valid = L2_VALID_WIRE_LEN };
	struct l2frame f;
	struct l2parse p;

	start4(&f);
	l2frame_set(&f, L2IP4_LEN, 0);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_payload(&f, sample_data, 2000);
	pkt.len = (uint32_t)finish(&f);
	pkt.wire_len = pkt.len;
	l2parse_pkt(&p, &pkt, 0);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_GOOD);
	pkt.wire_len++;
	l2parse_pkt(&p, &pkt, 0);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_TRUNCATED);
}

/* What the kernel has left to a device is no error, and is made so by fixing it. */
CASE(verdict, not_ready)
{
	struct l2pkt pkt = { .data = buf, .csum = L2_CSUM_NOT_READY };
	struct l2frame f;
	struct l2parse p;

	start4(&f);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_payload(&f, sample_data, 100);
	l2frame_offload(&f, 0);
	pkt.len = (uint32_t)finish(&f);
	l2parse_pkt(&p, &pkt, 0);
	REQUIRE_EQ(l2parse_verdict(&p, 1), L2VERDICT_GOOD);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_NOT_READY);
	REQUIRE_EQ(verdict_of(pkt.len, L2PROTO_TCP), L2VERDICT_BAD);
	REQUIRE_EQ(l2parse_fix(&p, buf), 1);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_GOOD);
	REQUIRE_EQ(verdict_of(pkt.len, L2PROTO_TCP), L2VERDICT_GOOD);
}

/* Fixing cannot help where bytes are missing: it stays as the device would have found it. */
CASE(verdict, not_ready_and_truncated)
{
	struct l2pkt pkt = { .data = buf, .csum = L2_CSUM_NOT_READY };
	uint8_t kept[FRAME_MAX];
	struct l2frame f;
	struct l2parse p;

	start4(&f);
	l2frame_tcp(&f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_payload(&f, sample_data, 100);
	l2frame_offload(&f, 0);
	pkt.len = (uint32_t)finish(&f) - 1;
	memcpy(kept, buf, pkt.len);
	l2parse_pkt(&p, &pkt, 0);
	REQUIRE_EQ(l2parse_fix(&p, buf), 0);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_NOT_READY);
	REQUIRE(memcmp(kept, buf, pkt.len) == 0);
}

/* libnet counts AH in units of 8; DPDK and libdnet do not follow it at all. */
CASE(verdict, behind_an_authentication_header)
{
	struct l2frame f;
	size_t n, len;

	for (n = 4; n <= 32; n += 4) {
		start6(&f);
		l2frame_ah(&f, 1, 2, sample_data, n);
		l2frame_udp(&f, 4000, 53);
		len = finish(&f);
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
		buf[len - 1]++;
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
	}
}

/* What ESP hides is nobody's header. */
CASE(verdict, nothing_behind_esp)
{
	struct l2frame f;
	size_t len;

	start4(&f);
	l2frame_esp(&f, 1, 2);
	l2frame_payload(&f, sample_data, 64);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_ESP), L2VERDICT_NONE);
	REQUIRE_EQ(verdict_of(len, L2PROTO_IP4), L2VERDICT_GOOD);
}

/* The checksum of a datagram to somebody else than the IPv6 header says, by hand. */
static void sum_to(size_t at, const uint8_t *src, const uint8_t *dst, size_t len)
{
	struct l2csum c = { 0 };
	uint16_t check;

	memset(buf + at + 6, 0, 2);
	l2csum_add_pseudo6(&c, src, dst, 17, (uint32_t)(len - at));
	l2csum_add(&c, buf + at, len - at);
	check = l2csum_nonzero(l2csum_finish(&c));
	memcpy(buf + at + 6, &check, sizeof(check));
}

static const uint8_t far[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x99 };

/* The final destination counts as long as segments are left: the last address of type 0, the home
   address of type 2, the first segment of type 4. */
CASE(verdict, routing_headers)
{
	static const uint8_t types[] = { 0, 2, 4 };
	uint8_t data[4 + 32] = { 0 };
	struct l2frame f;
	size_t i, n, len, at;

	for (i = 0; i < sizeof(types); i++) {
		n = types[i] == 2 ? 16 : 32;
		memcpy(data + 4, sample_ip6_dst, 16);
		memcpy(data + 4 + n - 16, sample_ip6_dst, 16);
		memcpy(data + 4 + (types[i] == 0 ? n - 16 : 0), far, 16);
		start6(&f);
		l2frame_ip6_routing(&f, types[i], 1, data, 4 + n);
		l2frame_udp(&f, 4000, 53);
		len = finish(&f);
		at = len - 8;
		sum_to(at, sample_ip6_src, far, len);
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
		sum_to(at, sample_ip6_src, sample_ip6_dst, len);
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
		buf[ETH_LEN + 40 + 3] = 0; /* arrived */
		REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	}
}

CASE(verdict, routing_of_an_unknown_type)
{
	struct l2frame f;
	struct l2parse p;
	size_t len;

	start6(&f);
	l2frame_ip6_routing(&f, 3, 1, sample_data, 20);
	l2frame_udp(&f, 4000, 53);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_UNKNOWN);
	l2parse_frame(&p, buf, len, 0);
	REQUIRE_EQ(l2parse_fix(&p, buf), 0);
}

/* RFC 6275: a mobile host's home address is its source. */
CASE(verdict, home_address)
{
	struct l2frame f;
	size_t len;

	start6(&f);
	l2frame_ip6_dest(&f);
	l2frame_ip6_option(&f, L2IP6OPT_PADN, sample_data, 2);
	l2frame_ip6_option(&f, L2IP6OPT_HOME_ADDRESS, far, 16);
	l2frame_udp(&f, 4000, 53);
	len = finish(&f);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	sum_to(len - 8, far, sample_ip6_dst, len);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_GOOD);
	sum_to(len - 8, sample_ip6_src, sample_ip6_dst, len);
	REQUIRE_EQ(verdict_of(len, L2PROTO_UDP), L2VERDICT_BAD);
}

/* Nothing in front that has addresses. */
CASE(verdict, no_addresses)
{
	struct l2parse p;
	const size_t len = udp4(4000);

	REQUIRE(l2parse_packet(&p, L2PROTO_UDP, buf + ETH_LEN + 20, len - ETH_LEN - 20, 0) > 0);
	REQUIRE_EQ(l2parse_verdict(&p, 0), L2VERDICT_UNKNOWN);
}

/* Whoever quotes a packet is not answerable for it. */
CASE(verdict, quoted_by_an_error)
{
	uint8_t packet[FRAME_MAX];
	const size_t n = udp4(4000) - ETH_LEN;
	struct l2frame f;
	struct l2parse p;

	memcpy(packet, buf + ETH_LEN, n);
	packet[n - 1]++;
	packet[10]++;
	start4(&f);
	l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, 3, 0, packet, n);
	l2parse_frame(&p, buf, finish(&f), 0);
	REQUIRE_EQ(p.n, 5);
	REQUIRE_EQ(l2parse_verdict(&p, 1), L2VERDICT_GOOD);
	REQUIRE_EQ(l2parse_verdict(&p, 2), L2VERDICT_GOOD);
	REQUIRE_EQ(l2parse_verdict(&p, 3), L2VERDICT_NONE);
	REQUIRE_EQ(l2parse_verdict(&p, 4), L2VERDICT_NONE);
	REQUIRE_EQ(l2parse_fix(&p, buf), 0);
}

CASE(verdict, names)
{
	REQUIRE(strcmp(l2verdict_name(L2VERDICT_NOT_READY), "not ready") == 0);
	REQUIRE(l2verdict_name(L2VERDICT_UNKNOWN) != NULL);
	REQUIRE(l2verdict_name(L2VERDICT_UNKNOWN + 1) == NULL);
}

CASE(verdict, arguments)
{
	const size_t len = udp4(4000);
	struct l2parse p;

	l2parse_frame(&p, buf, len, 0);
	REQUIRE_EQ(l2parse_verdict(NULL, 0), -ENOENT);
	REQUIRE_EQ(l2parse_verdict(&p, p.n), -ENOENT);
	REQUIRE_EQ(l2parse_fix(NULL, buf), -EINVAL);
	REQUIRE_EQ(l2parse_fix(&p, NULL), -EINVAL);
	REQUIRE_EQ(l2parse_fix(&p, buf + 1), -EINVAL);
	REQUIRE_EQ(l2parse_clamp_mss(NULL, buf, 1), -EINVAL);
	REQUIRE_EQ(l2parse_clamp_mss(&p, NULL, 1), -EINVAL);
	REQUIRE_EQ(l2parse_clamp_mss(&p, buf + 1, 1), -EINVAL);
	REQUIRE_EQ(l2parse_clamp_mss(&p, buf, 0), -EINVAL);
	REQUIRE_EQ(l2parse_clamp_mss(&p, buf, 1), 0);
}

/* Every checksum of every sample made wrong: fixing restores the frame to the bit. */
CASE(verdict, fix_restores_what_was_built)
{
	uint8_t good[FRAME_MAX];
	struct l2parse p;
	size_t i, n;
	uint32_t k;

	for (i = 0; i < n_samples; i++) {
		int wrong = 0;

		n = sample_build(&samples[i], buf, sizeof(buf));
		memcpy(good, buf, n);
		l2parse_frame(&p, buf, n, 0);
		for (k = 0; k < p.n; k++) {
			uint32_t count, j;
			const struct l2field *fields = l2proto_fields(p.layer[k].proto, &count);

			if (l2parse_verdict(&p, k) != L2VERDICT_GOOD)
				continue;
			for (j = 0; j < count; j++)
				if (strcmp(fields[j].name, "csum") == 0)
					buf[p.layer[k].at + (fields[j].id >> 8 & 0xfff) / 8] ^=
						0x55;
			wrong++;
		}
		REQUIRE_EQ(l2parse_fix(&p, buf), wrong);
		REQUIRE(memcmp(buf, good, n) == 0);
		REQUIRE_EQ(l2parse_fix(&p, buf), 0);
	}
}

/* Every prefix of every sample, beside memory that is nobody's. */
CASE(verdict, nothing_beyond_the_frame)
{
	struct l2parse p;
	size_t i, n, len;
	uint32_t k;

	for (i = 0; i < n_samples; i++) {
		n = sample_build(&samples[i], buf, sizeof(buf));
		for (len = 1; len <= n; len++) {
			uint8_t *frame = guard_end(len);

			memcpy(frame, buf, len);
			l2parse_frame(&p, frame, len, 0);
			for (k = 0; k < p.n; k++)
				REQUIRE(l2parse_verdict(&p, k) != L2VERDICT_BAD);
			REQUIRE_EQ(l2parse_fix(&p, frame), 0);
			l2parse_clamp_mss(&p, frame, 500);
		}
	}
}
