/* SPDX-License-Identifier: MIT */
/*
 * Bytes choose calls of the builder, in any order. What it says must hold: nothing beyond the room,
 * the same size whatever the room, the same frame when finished again, and templates that agree.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/frame.h>

#define ROOM 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

/* The bytes as they are used up; zeros behind them. */
struct script {
	const uint8_t *at;
	size_t left;
};

static uint32_t take(struct script *s, size_t n)
{
	uint32_t value = 0;

	while (n--) {
		value = value << 8 | (s->left ? *s->at : 0);
		s->at += s->left != 0;
		s->left -= s->left != 0;
	}
	return value;
}

static void set(struct l2frame *f, struct script *s)
{
	uint32_t proto = 1 + take(s, 1) % 40;
	const struct l2field *fields;
	uint32_t n;

	fields = l2proto_fields(proto, &n);
	if (n)
		l2frame_set(f, fields[take(s, 1) % n].id, take(s, 2));
	else
		l2frame_set(f, take(s, 4), take(s, 4));
}

static void call(struct l2frame *f, struct script *s)
{
	static const uint8_t addr[16] = {
		0x20, 1, 0xd, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	};

	switch (take(s, 1) % 14) {
	case 0:
		l2frame_eth(f, addr, addr + 6);
		break;
	case 1:
		l2frame_vlan(f, (uint16_t)take(s, 2), (uint16_t)take(s, 2));
		break;
	case 2:
		l2frame_llc(f, (uint8_t)take(s, 1), (uint8_t)take(s, 1), (uint8_t)take(s, 1));
		break;
	case 3:
		l2frame_snap(f, take(s, 1) % 2, (uint16_t)take(s, 1));
		break;
	case 4:
		l2frame_arp(f, (uint16_t)take(s, 1), addr, addr, NULL, addr);
		break;
	case 5:
		l2frame_ip4(f, addr, addr + 4);
		break;
	case 6:
		l2frame_ip4_fragment(f, (uint16_t)take(s, 2), take(s, 2), (int)take(s, 1));
		break;
	case 7:
		l2frame_ip6(f, addr, addr);
		break;
	case 8:
		l2frame_udp(f, (uint16_t)take(s, 2), (uint16_t)take(s, 2));
		break;
	case 9:
		l2frame_tcp(f, (uint16_t)take(s, 2), (uint16_t)take(s, 2), take(s, 4), take(s, 4),
			    take(s, 2));
		break;
	case 10:
		l2frame_payload(f, addr, take(s, 1) % sizeof(addr));
		break;
	case 11:
		l2frame_pad(f, take(s, 1));
		break;
	case 12:
		l2frame_offload(f, (uint16_t)take(s, 1));
		break;
	default:
		set(f, s);
	}
}

static int64_t build(struct l2frame *f, void *buf, size_t room, struct script s)
{
	l2frame_init(f, buf, room);
	while (s.left && l2frame_size(f) < ROOM / 2)
		call(f, &s);
	return l2frame_finish(f);
}

static void check_rooms(const uint8_t *frame, int64_t len, struct script s)
{
	size_t room = (size_t)len;
	uint8_t *buf = malloc(room + 1);
	struct l2frame f;

	check(build(&f, buf, room, s) == len);
	check(!memcmp(buf, frame, room));
	check(l2frame_finish(&f) == len);
	check(!memcmp(buf, frame, room));
	if (room) {
		buf = realloc(buf, room);
		check(build(&f, buf, room - 1, s) == -ENOSPC);
		check(l2frame_size(&f) == room);
	}
	free(buf);
}

/* A template of which the first field of some protocol varies, against setting that field. */
static void check_template(uint32_t proto, uint64_t value, struct script s)
{
	static uint8_t stamped[ROOM];
	static uint8_t built[ROOM];
	static uint8_t buf[ROOM];
	const struct l2field *fields;
	struct l2template t;
	struct l2frame f;
	int64_t len;
	uint32_t n;

	fields = l2proto_fields(proto, &n);
	if (!n || build(&f, buf, sizeof(buf), s) < 0 || l2template_init(&t, &f) < 0 ||
	    l2template_vary(&t, fields[0].id, 0) < 0)
		return;
	value &= UINT64_MAX >> (64 - (fields[0].id & 0xff) % 65);
	len = l2template_stamp(&t, stamped, sizeof(stamped), (const uint64_t[]) { value, 0 });
	if (len < 0 || l2template_vary(&t, fields[0].id, 1) != -ENOENT)
		return;
	build(&f, built, sizeof(built), s);
	l2frame_set(&f, fields[0].id, value);
	if (l2frame_finish(&f) != len)
		return;
	check(!memcmp(stamped, built, (size_t)len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buf[ROOM];
	struct script s = { data, size };
	struct l2offload left;
	struct l2frame f;
	struct l2parse p;
	struct l2err err;
	int64_t len = build(&f, buf, sizeof(buf), s);

	check(l2frame_error(&f, &err) == (len < 0 ? len : 0));
	check(memchr(err.text, '\0', sizeof(err.text)) != NULL);
	if (len < 0)
		return 0;
	check(l2frame_size(&f) == (size_t)len);
	l2frame_get_offload(&f, &left);
	check(left.csum_start + left.csum_offset + (left.flags ? 2 : 0) <= len);
	check(l2parse_frame(&p, buf, (size_t)len, 0) >= 0);
	check_rooms(buf, len, s);
	if (size > 3)
		check_template(L2PROTO_ETH + data[size - 1] % 9u, data[size - 2] * 257u, s);
	return 0;
}
