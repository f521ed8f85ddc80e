/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "packet.h"

struct writer {
	uint8_t *bytes;
	size_t len;
};

static void put8(struct writer *w, uint32_t v)
{
	w->bytes[w->len++] = (uint8_t)v;
}

static void put16(struct writer *w, uint32_t v)
{
	put8(w, v >> 8);
	put8(w, v);
}

static void put(struct writer *w, const void *bytes, size_t n)
{
	memcpy(w->bytes + w->len, bytes, n);
	w->len += n;
}

static void put_zeros(struct writer *w, size_t n)
{
	memset(w->bytes + w->len, 0, n);
	w->len += n;
}

const uint8_t *packet_mac(struct dice *d)
{
	static const uint8_t pool[3][6] = { { 2, 0, 0, 0, 0, 1 },
					    { 2, 0, 0, 0, 0, 2 },
					    { 2, 1, 0, 0, 0, 1 } };

	return pool[dice_below(d, 3)];
}

const uint8_t *packet_ip(struct dice *d)
{
	static const uint8_t pool[4][16] = {
		{ 10, 0, 0, 1, 0xab, 0xcd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		{ 10, 0, 0, 2, 0xab, 0xcd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8 },
		{ 10, 0, 1, 1, 0xab, 0xce, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		{ 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	};

	return pool[dice_below(d, 4)];
}

uint16_t packet_port(struct dice *d)
{
	static const uint16_t pool[] = { 53, 80, 81, 4000 };

	return pool[dice_below(d, 4)];
}

uint16_t packet_vlan(struct dice *d)
{
	static const uint16_t pool[] = { 0, 5, 100 };

	return pool[dice_below(d, 3)];
}

uint8_t packet_proto(struct dice *d)
{
	static const uint8_t pool[] = { 6, 17, 132, 1, 58 };

	return pool[dice_below(d, 5)];
}

uint16_t packet_ethertype(struct dice *d)
{
	static const uint16_t pool[] = { L2_ETHERTYPE_IP4, L2_ETHERTYPE_IP6, L2_ETHERTYPE_IP4,
					 L2_ETHERTYPE_IP6, L2_ETHERTYPE_ARP };

	return pool[dice_below(d, 5)];
}

static void put_tags(struct dice *d, struct writer *w)
{
	static const uint16_t tpids[] = { L2_TPID_8021Q, L2_TPID_8021AD, L2_TPID_QINQ };
	uint32_t n = dice_below(d, 2) * dice_below(d, 4);

	while (n--) {
		put16(w, tpids[dice_below(d, 3)]);
		put16(w, dice_below(d, 16) << 12 | packet_vlan(d));
	}
}

static void put_transport(struct dice *d, struct writer *w)
{
	put16(w, packet_port(d));
	put16(w, packet_port(d));
	put_zeros(w, 16);
}

static void put_ip4(struct dice *d, struct writer *w)
{
	uint32_t words = dice_below(d, 3) ? 5 : 5 + dice_below(d, 11);

	put8(w, 0x40 | words);
	put_zeros(w, 5);
	put16(w, dice_below(d, 4) ? 0x4000 : dice_below(d, 0x10000));
	put8(w, 64);
	put8(w, packet_proto(d));
	put16(w, 0);
	put(w, packet_ip(d), 4);
	put(w, packet_ip(d), 4);
	put_zeros(w, (words - 5) * 4);
	put_transport(d, w);
}

static void put_extension(struct dice *d, struct writer *w, uint8_t type, uint8_t next)
{
	uint32_t units = dice_below(d, 3);

	put8(w, next);
	if (type == 44) {
		put8(w, 0);
		put16(w, dice_below(d, 2) ? dice_below(d, 8) : dice_below(d, 0x10000));
		put_zeros(w, 4);
	} else if (type == 51) {
		put8(w, 1 + units);
		put_zeros(w, 10 + 4 * units);
	} else {
		put8(w, units);
		put_zeros(w, 6 + 8 * units);
	}
}

static void put_ip6(struct dice *d, struct writer *w, int may)
{
	static const uint8_t pool[] = { 0, 43, 60, 51, 44 };
	uint8_t types[9];
	uint32_t n = may & PACKET_EXTENSIONS && dice_below(d, 2) ? dice_below(d, 9) : 0;
	uint32_t i;

	for (i = 0; i < n; i++)
		types[i] = pool[dice_below(d, 5)];
	types[n] = packet_proto(d);
	put8(w, 0x60);
	put_zeros(w, 5);
	put8(w, types[0]);
	put8(w, 64);
	put(w, packet_ip(d), 16);
	put(w, packet_ip(d), 16);
	for (i = 0; i < n; i++)
		put_extension(d, w, types[i], types[i + 1]);
	put_transport(d, w);
}

size_t packet_random(struct dice *d, uint8_t packet[PACKET_MAX], int may)
{
	struct writer w = { packet, 0 };
	uint16_t type = packet_ethertype(d);

	put(&w, packet_mac(d), 6);
	put(&w, packet_mac(d), 6);
	if (may & PACKET_TAGS)
		put_tags(d, &w);
	put16(&w, type);
	if (type == L2_ETHERTYPE_IP4)
		put_ip4(d, &w);
	else if (type == L2_ETHERTYPE_IP6)
		put_ip6(d, &w, may);
	else
		put_zeros(&w, 28);
	if (may & PACKET_CUT && dice_below(d, 4) == 0)
		w.len = dice_below(d, (uint32_t)w.len + 1);
	return w.len;
}
