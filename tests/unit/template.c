/* SPDX-License-Identifier: MIT */
/* Templates: what is stamped is what the builder makes of the same values. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "guard.h"
#include "random.h"
#include "samples.h"

static uint8_t source[4096];
static uint8_t stamped[4096];
static uint8_t built[4096];

struct vary {
	uint32_t field;
	uint32_t nth;
};

static uint64_t random_value(uint64_t *state, uint32_t width)
{
	/* Small ones and the ends more often than chance has them. */
	switch (random_next(state) % 4) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX >> (64 - width);
	default:
		return random_next(state) & UINT64_MAX >> (64 - width);
	}
}

/* Varies the fields of a frame at random, and requires that stamping and building agree. */
static void agree(void (*add)(struct l2frame *f), const struct vary *fields, size_t n,
		  uint64_t rounds)
{
	uint64_t values[L2TEMPLATE_VALUES] = { 0 };
	uint64_t state = random_seed();
	struct l2template t;
	struct l2frame f;
	int64_t len;
	size_t i;

	l2frame_init(&f, source, sizeof(source));
	add(&f);
	len = l2template_init(&t, &f);
	REQUIRE(len > 0);
	for (i = 0; i < n; i++)
		REQUIRE_EQ(l2template_vary(&t, fields[i].field, fields[i].nth), i);
	while (rounds--) {
		for (i = 0; i < n; i++)
			values[i] = random_value(&state, fields[i].field & 0xff);
		memset(stamped, 0xaa, (size_t)len + 1);
		REQUIRE_EQ(l2template_stamp(&t, stamped, (size_t)len, values), len);
		REQUIRE_EQ(stamped[len], 0xaa);

		l2frame_init(&f, built, sizeof(built));
		add(&f);
		for (i = 0; i < n; i++)
			l2frame_set(&f, fields[i].field, values[i]);
		REQUIRE_EQ(l2frame_finish(&f), len);
		REQUIRE(!memcmp(stamped, built, (size_t)len));
	}
}

static void start(struct l2frame *f)
{
	l2frame_eth(f, sample_dst, sample_src);
	l2frame_vlan(f, 0, l2frame_tci(1, 0, 7));
}

static void add_udp4(struct l2frame *f)
{
	start(f);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(f, 4000, 5000);
	l2frame_payload(f, sample_data, 63);
	l2frame_pad(f, 120);
}

static void add_tcp6(struct l2frame *f)
{
	start(f);
	l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
	l2frame_tcp(f, 1, 2, 3, 4, L2TCP_FLAG_ACK);
	l2frame_payload(f, sample_data, 100);
}

/* UDP in IPv6 in UDP in IPv4, behind an odd number of bytes. */
static void add_tunnel(struct l2frame *f)
{
	start(f);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(f, 1, 2);
	l2frame_payload(f, "odd", 3);
	l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
	l2frame_tcp(f, 3, 4, 5, 6, 0);
	l2frame_payload(f, sample_data, 33);
}

static void add_two_ip4(struct l2frame *f)
{
	start(f);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(f, 3, 4);
}

static void add_left(struct l2frame *f)
{
	add_udp4(f);
	l2frame_offload(f, 0);
}

static void add_left_tunnel(struct l2frame *f)
{
	add_tunnel(f);
	l2frame_offload(f, 0);
}

static void add_sums_of_the_caller(struct l2frame *f)
{
	add_udp4(f);
	l2frame_set(f, L2UDP_CSUM, 0);
	l2frame_set(f, L2IP4_CSUM, 0x1234);
}

CASE(template, storage_is_frozen)
{
	REQUIRE_EQ(sizeof(struct l2template), 1024);
}

CASE(template, fields_of_every_width)
{
	static const struct vary fields[] = { { L2ETH_SRC, 0 },  { L2VLAN_VID, 0 },
					      { L2IP4_TOS, 0 },  { L2IP4_ID, 0 },
					      { L2IP4_TTL, 0 },  { L2IP4_SRC, 0 },
					      { L2IP4_DST, 0 },  { L2UDP_SPORT, 0 },
					      { L2UDP_DPORT, 0 } };

	agree(add_udp4, fields, sizeof(fields) / sizeof(fields[0]), random_rounds(20000));
	agree(add_left, fields, sizeof(fields) / sizeof(fields[0]), random_rounds(5000));
	agree(add_sums_of_the_caller, fields, sizeof(fields) / sizeof(fields[0]),
	      random_rounds(5000));
}

CASE(template, nothing_varies)
{
	agree(add_udp4, NULL, 0, 1);
	agree(add_tunnel, NULL, 0, 1);
}

CASE(template, tcp)
{
	static const struct vary fields[] = { { L2IP6_FLOW, 0 },  { L2TCP_SEQ, 0 },
					      { L2TCP_ACK, 0 },   { L2TCP_WINDOW, 0 },
					      { L2TCP_SPORT, 0 }, { L2TCP_URGENT, 0 } };

	agree(add_tcp6, fields, sizeof(fields) / sizeof(fields[0]), random_rounds(20000));
}

/* The inner sums are part of the outer ones; words begin at odd places. */
CASE(template, sums_within_sums)
{
	static const struct vary inner[] = { { L2TCP_SEQ, 0 }, { L2TCP_FLAGS, 0 } };
	static const struct vary all[] = { { L2IP4_SRC, 0 },
					   { L2UDP_SPORT, 0 },
					   { L2IP6_HLIM, 0 },
					   { L2IP6_FLOW, 0 },
					   { L2TCP_SEQ, 0 } };

	agree(add_tunnel, inner, 1, random_rounds(10000));
	agree(add_tunnel, inner, 2, random_rounds(10000));
	agree(add_tunnel, all, sizeof(all) / sizeof(all[0]), random_rounds(10000));
	agree(add_left_tunnel, all, sizeof(all) / sizeof(all[0]), random_rounds(10000));
}

/* A checksum can be a value itself: it is nobody's to compute then. */
CASE(template, checksum_as_a_value)
{
	static const struct vary fields[] = { { L2UDP_CSUM, 0 }, { L2UDP_SPORT, 0 } };

	agree(add_udp4, fields, 2, random_rounds(1000));
}

/* 65536 ports: some of them make a UDP sum of 0. */
CASE(template, udp_sum_of_zero)
{
	const struct vary port = { L2UDP_SPORT, 0 };
	struct l2template t;
	struct l2frame f;
	uint64_t value;
	int found = 0;

	l2frame_init(&f, source, sizeof(source));
	add_udp4(&f);
	REQUIRE(l2template_init(&t, &f) > 0);
	REQUIRE_EQ(l2template_vary(&t, port.field, port.nth), 0);
	for (value = 0; value < 65536; value++) {
		REQUIRE(l2template_stamp(&t, stamped, sizeof(stamped), &value) > 0);
		REQUIRE(stamped[44] || stamped[45]);
		found += stamped[44] == 0xff && stamped[45] == 0xff;
	}
	REQUIRE(found > 0);
}

/* The outer and the inner header of a protocol, and one tag of several. */
CASE(template, which_header)
{
	const uint64_t values[] = { 0x11, 0x22, 0x333 };
	struct l2template t;
	struct l2frame f;
	struct l2parse p;
	uint64_t got;

	l2frame_init(&f, source, sizeof(source));
	l2frame_eth(&f, sample_dst, sample_src);
	l2frame_vlan(&f, 0, 1);
	l2frame_vlan(&f, 0, 2);
	l2frame_vlan(&f, 0, 3);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
	l2frame_udp(&f, 3, 4);
	REQUIRE(l2template_init(&t, &f) > 0);
	REQUIRE_EQ(l2template_vary(&t, L2IP4_TTL, 1), 0);
	REQUIRE_EQ(l2template_vary(&t, L2IP4_TTL, 0), 1);
	REQUIRE_EQ(l2template_vary(&t, L2VLAN_VID, 2), 2);
	REQUIRE_EQ(l2template_vary(&t, L2IP4_TTL, 2), -ENOENT);
	REQUIRE_EQ(l2template_vary(&t, L2VLAN_VID, 3), -ENOENT);
	REQUIRE_EQ(l2template_stamp(&t, stamped, sizeof(stamped), values), 74);
	REQUIRE_EQ(l2parse_frame(&p, stamped, 74, L2PARSE_STRICT), 7);
	REQUIRE(l2parse_get_at(&p, 4, L2IP4_TTL, &got) == 0 && got == 0x22);
	REQUIRE(l2parse_get_at(&p, 5, L2IP4_TTL, &got) == 0 && got == 0x11);
	REQUIRE(l2parse_get_at(&p, 2, L2VLAN_VID, &got) == 0 && got == 2);
	REQUIRE(l2parse_get_at(&p, 3, L2VLAN_VID, &got) == 0 && got == 0x333);
}

/* Two values, the higher one first. */
CASE(template, addresses_of_ipv6)
{
	const uint64_t values[] = { 0x20010db800000000, 0x0123456789abcdef };
	uint8_t addr[16];
	struct l2template t;
	struct l2frame f;
	int64_t len;
	int i;

	l2frame_init(&f, source, sizeof(source));
	add_tcp6(&f);
	len = l2template_init(&t, &f);
	REQUIRE_EQ(l2template_vary(&t, L2IP6_SRC, 0), 0);
	REQUIRE_EQ(l2template_vary(&t, L2TCP_SEQ, 0), 2);
	REQUIRE_EQ(l2template_stamp(&t, stamped, sizeof(stamped),
				    (const uint64_t[]) { values[0], values[1], 3 }),
		   len);
	for (i = 0; i < 16; i++)
		addr[i] = (uint8_t)(values[i / 8] >> (56 - i % 8 * 8));
	l2frame_init(&f, built, sizeof(built));
	add_tcp6(&f);
	l2frame_set_bytes(&f, L2IP6_SRC, addr);
	REQUIRE_EQ(l2frame_finish(&f), len);
	REQUIRE(!memcmp(stamped, built, (size_t)len));
}

/* Bytes of the payload, at every place, of every number. */
CASE(template, bytes)
{
	uint64_t state = random_seed();
	struct l2template t;
	struct l2frame f;
	uint8_t data[63];
	uint64_t value;
	int64_t len;
	uint32_t at;
	uint32_t n;
	uint32_t i;

	for (at = 0; at < 63; at++) {
		for (n = 1; n <= 8 && at + n <= 63; n++) {
			l2frame_init(&f, source, sizeof(source));
			add_udp4(&f);
			len = l2template_init(&t, &f);
			REQUIRE_EQ(l2template_vary_bytes(&t, 46 + at, n), 0);
			value = random_value(&state, 8 * n);
			REQUIRE_EQ(l2template_stamp(&t, stamped, sizeof(stamped), &value), len);
			memcpy(data, sample_data, sizeof(data));
			for (i = 0; i < n; i++)
				data[at + i] = (uint8_t)(value >> 8 * (n - 1 - i));
			l2frame_init(&f, built, sizeof(built));
			start(&f);
			l2frame_ip4(&f, sample_ip4_src, sample_ip4_dst);
			l2frame_udp(&f, 4000, 5000);
			l2frame_payload(&f, data, sizeof(data));
			l2frame_pad(&f, 120);
			REQUIRE_EQ(l2frame_finish(&f), len);
			REQUIRE(!memcmp(stamped, built, (size_t)len));
		}
	}
}

CASE(template, many)
{
	uint64_t values[2 * 50];
	struct l2template t;
	struct l2frame f;
	struct l2parse p;
	uint64_t got;
	int i;

	for (i = 0; i < 50; i++) {
		values[2 * i] = (uint64_t)i;
		values[2 * i + 1] = 1000 + (uint64_t)i;
	}
	l2frame_init(&f, source, sizeof(source));
	add_two_ip4(&f);
	REQUIRE_EQ(l2template_init(&t, &f), 66);
	REQUIRE_EQ(l2template_vary(&t, L2IP4_ID, 1), 0);
	REQUIRE_EQ(l2template_vary(&t, L2UDP_DPORT, 0), 1);
	REQUIRE_EQ(l2template_stamp_many(&t, stamped, 66, 50, values), 50);
	for (i = 0; i < 50; i++) {
		REQUIRE_EQ(l2parse_frame(&p, stamped + 66 * i, 66, L2PARSE_STRICT), 5);
		REQUIRE(l2parse_get_at(&p, 3, L2IP4_ID, &got) == 0 && got == (uint64_t)i);
		REQUIRE(l2parse_get(&p, L2UDP_DPORT, &got) == 0 && got == 1000 + (uint64_t)i);
	}
	REQUIRE_EQ(l2template_stamp_many(&t, stamped, 65, 50, values), -ENOSPC);
	values[7] = 65536;
	REQUIRE_EQ(l2template_stamp_many(&t, stamped, 66, 50, values), 3);
	values[0] = 65536;
	REQUIRE_EQ(l2template_stamp_many(&t, stamped, 66, 50, values), -ERANGE);
}

CASE(template, refusals)
{
	uint64_t value = 0x10000;
	struct l2template t;
	struct l2frame f;
	uint8_t *end = guard_end(50);
	uint32_t i;

	l2frame_init(&f, source, 20);
	add_udp4(&f);
	REQUIRE_EQ(l2template_init(&t, &f), -ENOSPC);

	l2frame_init(&f, source, sizeof(source));
	add_udp4(&f);
	REQUIRE_EQ(l2template_init(&t, &f), 120);
	REQUIRE_EQ(l2template_vary(&t, 0, 0), -EINVAL);
	REQUIRE_EQ(l2template_vary(&t, 0xff000010u, 0), -EINVAL);
	REQUIRE_EQ(l2template_vary(&t, L2TCP_SEQ, 0), -ENOENT);
	REQUIRE_EQ(l2template_vary(&t, 0x08003820u, 0), -ENOENT);
	REQUIRE_EQ(l2template_vary(&t, 0x01000440u, 0), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, 119, 2), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, SIZE_MAX, 1), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, 0, 0), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, 0, 9), -EINVAL);
	/* Half in the IPv4 header, half in UDP's; half of the padding; half of a checksum. */
	REQUIRE_EQ(l2template_vary_bytes(&t, 37, 2), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, 108, 2), -EINVAL);
	REQUIRE_EQ(l2template_vary_bytes(&t, 45, 2), -EINVAL);
	REQUIRE_EQ(l2template_vary(&t, L2UDP_SPORT, 0), 0);
	REQUIRE_EQ(l2template_vary(&t, L2UDP_SPORT, 0), -EEXIST);
	REQUIRE_EQ(l2template_vary_bytes(&t, 39, 1), -EEXIST);
	REQUIRE_EQ(l2template_stamp(&t, end, 50, &value), -ENOSPC);
	memset(stamped, 0x55, 120);
	REQUIRE_EQ(l2template_stamp(&t, stamped, sizeof(stamped), &value), -ERANGE);
	for (i = 0; i < 120; i++)
		REQUIRE_EQ(stamped[i], 0x55);
	for (i = 1; i < L2TEMPLATE_VALUES; i++)
		REQUIRE_EQ(l2template_vary_bytes(&t, 46 + i, 1), i);
	REQUIRE_EQ(l2template_vary_bytes(&t, 80, 1), -ENOSPC);
}
