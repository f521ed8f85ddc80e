/* SPDX-License-Identifier: MIT */
/* Checksums as protocols want them: where the words lie, what 0 means, what changes. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include <l2sock/csum.h>

#include "case.h"

static uint32_t seed = 1;

static uint32_t draw(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static void fill_randomly(uint8_t *bytes, size_t n)
{
	while (n--)
		*bytes++ = (uint8_t)draw();
}

static uint16_t at16(const uint8_t *bytes)
{
	uint16_t n;

	memcpy(&n, bytes, sizeof(n));
	return n;
}

static uint32_t at32(const uint8_t *bytes)
{
	uint32_t n;

	memcpy(&n, bytes, sizeof(n));
	return n;
}

static uint16_t folded(const uint8_t *data, size_t len)
{
	struct l2csum c = { 0 };

	l2csum_add(&c, data, len);
	return l2csum_fold(&c);
}

CASE(csum_rules, layouts)
{
	REQUIRE_EQ(sizeof(struct l2csum), 16);
	REQUIRE_EQ(sizeof(struct l2piece), sizeof(struct iovec));
	REQUIRE_EQ(offsetof(struct l2piece, data), offsetof(struct iovec, iov_base));
	REQUIRE_EQ(offsetof(struct l2piece, len), offsetof(struct iovec, iov_len));
}

/* The example of RFC 1071, section 3, and what an odd byte is. */
CASE(csum_rules, order_of_bytes)
{
	static const uint8_t example[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	static const uint8_t single[] = { 0x12 };

	REQUIRE_EQ(folded(example, sizeof(example)), htons(0xddf2));
	REQUIRE_EQ(folded(single, sizeof(single)), htons(0x1200));
	REQUIRE_EQ(l2csum_compute(example, sizeof(example)), htons(0x220d));
}

/* A header of a ping to 8.8.8.8 that a Linux host sent, and one with a router alert. */
CASE(csum_rules, ip4_header)
{
	static const uint8_t plain[] = {
		0x45, 0x00, 0x00, 0x54, 0x1b, 0x62, 0x40, 0x00, 0x40, 0x01,
		0x00, 0x00, 0xc0, 0xa8, 0x01, 0x64, 0x08, 0x08, 0x08, 0x08
	};
	uint8_t header[24] = { 0x46, 0xc0, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00,
			       0x01, 0x02, 0x00, 0x00, 0x0a, 0x01, 0x01, 0x01,
			       0xe0, 0x00, 0x00, 0x16, 0x94, 0x04, 0x00, 0x00 };
	uint8_t good[20];
	uint16_t check = l2csum_ip4(plain, sizeof(plain));

	REQUIRE_EQ(check, htons(0x4d2b));
	memcpy(good, plain, sizeof(good));
	memcpy(good + 10, &check, sizeof(check));
	REQUIRE_EQ(l2csum_ip4(good, sizeof(good)), 0);
	good[19]++;
	REQUIRE(l2csum_ip4(good, sizeof(good)) != 0);

	check = l2csum_ip4(header, sizeof(header));
	memcpy(header + 10, &check, sizeof(check));
	REQUIRE_EQ(l2csum_ip4(header, sizeof(header)), 0);
	REQUIRE_EQ(check, htons(0xf8f7));
}

static const uint8_t src4[4] = { 192, 0, 2, 1 };
static const uint8_t dst4[4] = { 198, 51, 100, 7 };
static const uint8_t src6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const uint8_t dst6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };

/* As RFC 768 and RFC 8200 draw them. */
CASE(csum_rules, pseudo_headers)
{
	static const uint8_t drawn4[12] = { 192, 0, 2, 1, 198, 51, 100, 7, 0, 17, 0x12, 0x34 };
	uint8_t drawn6[40] = { [32] = 0x00, 0x01, 0x12, 0x34, 0, 0, 0, 58 };
	struct l2csum four = { 0 };
	struct l2csum six = { 0 };

	memcpy(drawn6, src6, 16);
	memcpy(drawn6 + 16, dst6, 16);
	l2csum_add_pseudo4(&four, src4, dst4, 17, 0x1234);
	l2csum_add_pseudo6(&six, src6, dst6, 58, 0x11234);
	REQUIRE_EQ(l2csum_fold(&four), folded(drawn4, sizeof(drawn4)));
	REQUIRE_EQ(l2csum_fold(&six), folded(drawn6, sizeof(drawn6)));
}

/* It is a header of its own, with words of its own, wherever it comes. */
CASE(csum_rules, pseudo_header_after_odd_data)
{
	static const uint8_t data[] = { 1, 2, 3, 4, 5 };
	struct l2csum before = { 0 };
	struct l2csum after = { 0 };

	l2csum_add_pseudo6(&before, src6, dst6, 17, sizeof(data));
	l2csum_add_pseudo4(&before, src4, dst4, 17, sizeof(data));
	l2csum_add(&before, data, 3);
	l2csum_add(&before, data + 3, 2);
	l2csum_add(&after, data, 3);
	l2csum_add_pseudo4(&after, src4, dst4, 17, sizeof(data));
	l2csum_add_pseudo6(&after, src6, dst6, 17, sizeof(data));
	l2csum_add(&after, data + 3, 2);
	REQUIRE_EQ(l2csum_fold(&after), l2csum_fold(&before));
	REQUIRE_EQ(after.odd, before.odd);
}

/* The most that one IPv6 packet can bring: more than an int holds, with carries all the way. */
CASE(csum_rules, largest_packet)
{
	static uint8_t data[65535];
	uint8_t ones[16];
	struct l2csum c = { 0 };
	uint64_t sum = 0;
	size_t i;

	memset(data, 0xff, sizeof(data));
	memset(ones, 0xff, sizeof(ones));
	l2csum_add_pseudo6(&c, ones, ones, 255, 65535);
	l2csum_add(&c, data, sizeof(data));
	for (i = 0; i < 16 + sizeof(data) / 2; i++)
		sum += 0xffff;
	sum += 0xff00 + 255 + 65535;
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	REQUIRE_EQ(l2csum_fold(&c), htons((uint16_t)sum));
}

/* Only nothing but zeros sums up to 0; what sums up to zero otherwise is 0xffff. */
CASE(csum_rules, two_zeros)
{
	static const uint8_t zeros[40];
	static const uint8_t other[] = { 0x12, 0x34, 0xed, 0xcb };

	REQUIRE_EQ(folded(zeros, sizeof(zeros)), 0);
	REQUIRE_EQ(l2csum_compute(zeros, sizeof(zeros)), 0xffff);
	REQUIRE_EQ(folded(other, sizeof(other)), 0xffff);
	REQUIRE_EQ(l2csum_compute(other, sizeof(other)), 0);
	REQUIRE_EQ(l2csum_nonzero(0), 0xffff);
	REQUIRE_EQ(l2csum_nonzero(0xffff), 0xffff);
	REQUIRE_EQ(l2csum_nonzero(1), 1);
}

/* Every port once: for one of them the sum comes to 0, which must be sent as 0xffff. */
CASE(csum_rules, udp_is_never_0)
{
	uint8_t datagram[8] = { 0, 0, 0x13, 0x88, 0, 8, 0, 0 };
	unsigned int zeros = 0;
	uint32_t port;

	for (port = 0; port < 65536; port++) {
		struct l2csum made = { 0 };
		struct l2csum seen = { 0 };
		uint16_t check;

		datagram[0] = (uint8_t)(port >> 8);
		datagram[1] = (uint8_t)port;
		memset(datagram + 6, 0, 2);
		l2csum_add_pseudo4(&made, src4, dst4, 17, sizeof(datagram));
		l2csum_add(&made, datagram, sizeof(datagram));
		zeros += l2csum_finish(&made) == 0;
		check = l2csum_nonzero(l2csum_finish(&made));
		REQUIRE(check != 0);
		memcpy(datagram + 6, &check, sizeof(check));
		l2csum_add_pseudo4(&seen, src4, dst4, 17, sizeof(datagram));
		l2csum_add(&seen, datagram, sizeof(datagram));
		REQUIRE_EQ(l2csum_finish(&seen), 0);
	}
	REQUIRE_EQ(zeros, 1);
}

/* The example of RFC 1624, section 4: equation 3 of three gets it right. */
CASE(csum_rules, rfc_1624_example)
{
	REQUIRE_EQ(l2csum_replace16(htons(0xdd2f), htons(0x5555), htons(0x3285)), 0);
}

/* Every word a field can become, beside data that are 0 but for one bit. */
CASE(csum_rules, replace_is_exact)
{
	uint8_t words[4] = { 0, 1, 0, 0 };
	uint32_t from, to;

	for (from = 0; from < 65536; from += 4369) {
		for (to = 0; to < 65536; to++) {
			const uint16_t old = htons((uint16_t)from);
			const uint16_t new = htons((uint16_t)to);
			uint16_t check;

			memcpy(words + 2, &old, 2);
			check = l2csum_compute(words, 4);
			memcpy(words + 2, &new, 2);
			REQUIRE_EQ(l2csum_replace16(check, old, new), l2csum_compute(words, 4));
		}
	}
}

/* A field at an even place in data that are not all zeros: as if all were summed up anew. */
CASE(csum_rules, replace_fields)
{
	uint8_t data[64];
	uint8_t old[16];
	int round;

	for (round = 0; round < 20000; round++) {
		const size_t at = draw() % 24 * 2;
		uint16_t check;

		fill_randomly(data, sizeof(data));
		data[0] |= 1;
		data[63] |= 1;
		check = l2csum_compute(data, sizeof(data));
		memcpy(old, data + at, 16);

		fill_randomly(data + at, 2);
		check = l2csum_replace16(check, at16(old), at16(data + at));
		REQUIRE_EQ(check, l2csum_compute(data, sizeof(data)));
		memcpy(old, data + at, 2);
		fill_randomly(data + at, 4);
		check = l2csum_replace32(check, at32(old), at32(data + at));
		REQUIRE_EQ(check, l2csum_compute(data, sizeof(data)));
		memcpy(old, data + at, 4);
		fill_randomly(data + at, 16);
		check = l2csum_replace128(check, old, data + at);
		REQUIRE_EQ(check, l2csum_compute(data, sizeof(data)));
	}
}

/* Bytes at any place, odd ones too, in data of any length. */
CASE(csum_rules, replace_bytes)
{
	uint8_t data[200];
	uint8_t old[200];
	int round;

	for (round = 0; round < 20000; round++) {
		const size_t len = 2 + draw() % 198;
		const size_t at = draw() % len;
		const size_t n = draw() % (len - at + 1);
		uint16_t check;

		fill_randomly(data, len);
		data[0] |= 1;
		memcpy(old, data, len);
		check = l2csum_compute(data, len);
		fill_randomly(data + at, n);
		data[0] |= 1;
		check = l2csum_replace(check, old + at, data + at, n, at);
		REQUIRE_EQ(check, l2csum_compute(data, len));
	}
}

/* A wrong checksum stays wrong by as much: a router does not heal what it did not see. */
CASE(csum_rules, replace_keeps_errors)
{
	const uint16_t good = htons(0x1234);
	const uint16_t bad = htons(0x1235);

	REQUIRE_EQ(l2csum_replace16(good, htons(7), htons(9)), htons(0x1232));
	REQUIRE_EQ(l2csum_replace16(bad, htons(7), htons(9)), htons(0x1233));
}

/* A UDP sender without checksum stays one; 0 as a result is 0xffff. */
CASE(csum_rules, udp_after_a_change)
{
	const uint16_t from = htons(0x0001);
	const uint16_t check = htons(0x1000);
	const uint16_t to = htons(0x1001);

	REQUIRE_EQ(l2csum_replace16(check, from, to), 0);
	REQUIRE_EQ(l2csum_udp(check, l2csum_replace16(check, from, to)), 0xffff);
	REQUIRE_EQ(l2csum_udp(0, l2csum_replace16(0, from, to)), 0);
	REQUIRE_EQ(l2csum_udp(check, htons(5)), htons(5));
}

/* A ping of zeros, answered by changing the type: what is left is 0 all over. */
CASE(csum_rules, icmp_of_zeros)
{
	uint8_t message[32] = { 8 };
	uint16_t check = l2csum_compute(message, sizeof(message));

	check = l2csum_nonzero(l2csum_replace16(check, htons(0x0800), 0));
	message[0] = 0;
	memcpy(message + 2, &check, sizeof(check));
	REQUIRE_EQ(l2csum_compute(message, sizeof(message)), 0);
}

/* An option behind a single NOP: its value is at an odd place, in two words. */
CASE(csum_rules, mss_at_an_odd_place)
{
	uint8_t segment[28] = { [2] = 1, [20] = 1, 2, 4, 0x05, 0xb4, 1, 1, 1 };
	const uint8_t mss[2] = { 0x05, 0x50 };
	uint16_t check = l2csum_compute(segment, sizeof(segment));

	check = l2csum_replace(check, segment + 23, mss, 2, 23);
	memcpy(segment + 23, mss, 2);
	REQUIRE_EQ(check, l2csum_compute(segment, sizeof(segment)));
}

/* Starts a checksum as a sender does that leaves the rest to the device. */
static void leave_to_device(uint8_t *l4, size_t len, size_t offset, uint8_t proto)
{
	struct l2csum c = { 0 };
	uint16_t partial;

	l2csum_add_pseudo4(&c, src4, dst4, proto, (uint32_t)len);
	partial = l2csum_fold(&c);
	memcpy(l4 + offset, &partial, sizeof(partial));
}

static bool receiver_agrees(const uint8_t *l4, size_t len, uint8_t proto)
{
	struct l2csum c = { 0 };

	l2csum_add_pseudo4(&c, src4, dst4, proto, (uint32_t)len);
	l2csum_add(&c, l4, len);
	return l2csum_finish(&c) == 0;
}

CASE(csum_rules, left_to_the_device)
{
	uint8_t frame[14 + 4 + 20 + 21];
	size_t start;

	fill_randomly(frame, sizeof(frame));
	for (start = 34; start <= 38; start += 4) {
		leave_to_device(frame + start, sizeof(frame) - start, 16, 6);
		REQUIRE_EQ(l2csum_complete(frame, sizeof(frame), start, 16), 0);
		REQUIRE(receiver_agrees(frame + start, sizeof(frame) - start, 6));
	}
}

/* Where it comes to 0, it is the device that has to write 0xffff. */
CASE(csum_rules, device_never_writes_0)
{
	uint8_t frame[4] = { 0x12, 0x34, 0xed, 0xcb };

	REQUIRE_EQ(l2csum_complete(frame, sizeof(frame), 0, 2), 0);
	REQUIRE_EQ(at16(frame + 2), 0xffff);
}

CASE(csum_rules, field_outside_of_the_frame)
{
	uint8_t frame[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	uint8_t kept[10];

	memcpy(kept, frame, sizeof(kept));
	REQUIRE_EQ(l2csum_complete(NULL, 10, 0, 0), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 10, 0, 9), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 10, 9, 0), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 10, 11, 0), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 10, 4, SIZE_MAX - 3), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 10, SIZE_MAX, 0), -EINVAL);
	REQUIRE_EQ(l2csum_complete(frame, 1, 0, 0), -EINVAL);
	REQUIRE(memcmp(frame, kept, sizeof(kept)) == 0);
	REQUIRE_EQ(l2csum_complete(frame, 10, 8, 0), 0);
}

/*
 * Super-frames: the kernel's segmentation takes the full length back and adds that of the segment,
 * so the partial sum must hold all of it, beyond 16 bits too.
 */
CASE(csum_rules, super_frame)
{
	static const uint32_t lens[] = { 1480, 65515, 65536, 70000, 500000 };
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct l2csum whole = { 0 };
		struct l2csum segment = { 0 };
		const uint8_t words[2][4] = { { 0, 0, 0x05, 0xc8 },
					      { (uint8_t)(lens[i] >> 24), (uint8_t)(lens[i] >> 16),
						(uint8_t)(lens[i] >> 8), (uint8_t)lens[i] } };
		uint16_t cut;

		l2csum_add_pseudo4(&whole, src4, dst4, 6, lens[i]);
		l2csum_add_pseudo4(&segment, src4, dst4, 6, 0x05c8);
		cut = l2csum_replace32((uint16_t)~l2csum_fold(&whole), at32(words[1]),
				       at32(words[0]));
		REQUIRE_EQ((uint16_t)~cut, l2csum_fold(&segment));
	}
}

/*
 * A tunnel over a packet whose own checksum is left to the device: once that is done, the inner
 * packet sums up to the complement of its partial sum. So the outer checksum needs no payload.
 */
CASE(csum_rules, tunnel_without_the_payload)
{
	uint8_t outer[8 + 20 + 301]; /* UDP; inner headers; inner UDP */
	const size_t start = 28;
	struct l2csum c = { 0 };
	struct l2csum inner = { 0 };
	uint16_t check;

	fill_randomly(outer, sizeof(outer));
	memset(outer + 6, 0, 2);
	leave_to_device(outer + start, sizeof(outer) - start, 6, 17);
	inner.sum = (uint16_t)~at16(outer + start + 6);
	l2csum_add_pseudo4(&c, src4, dst4, 17, sizeof(outer));
	l2csum_add(&c, outer, start);
	l2csum_append(&c, &inner);
	check = l2csum_nonzero(l2csum_finish(&c));
	memcpy(outer + 6, &check, sizeof(check));
	REQUIRE_EQ(l2csum_complete(outer, sizeof(outer), start, 6), 0);
	REQUIRE(receiver_agrees(outer, sizeof(outer), 17));
}
