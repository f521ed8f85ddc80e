/* SPDX-License-Identifier: MIT */
/* Binding: which frames come, by their type on the wire, and that all facts of their tags do. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define SPACING 100 /* ms that a frame not wanted has to show up in */

/* Frames of every shape that a link carries. */
static const struct shape {
	const char *name;
	struct tag tags[3];
	size_t n_tags;
	uint16_t ethertype;
} shapes[] = {
	{ "untagged", { { 0, 0 } }, 0, 0x88b5 },
	{ "other type", { { 0, 0 } }, 0, 0x88b6 },
	{ "802.1Q", { { 0x8100, 0x2064 } }, 1, 0x88b5 },
	{ "802.1Q, DEI", { { 0x8100, 0x1fff } }, 1, 0x88b5 },
	{ "priority tag", { { 0x8100, 0xe000 } }, 1, 0x88b5 },
	{ "tag of zeros", { { 0x8100, 0 } }, 1, 0x88b5 },
	{ "802.1ad", { { 0x88a8, 5 } }, 1, 0x88b5 },
	{ "0x9100", { { 0x9100, 6 } }, 1, 0x88b5 },
	{ "802.1ad, 802.1Q", { { 0x88a8, 7 }, { 0x8100, 8 } }, 2, 0x88b5 },
	{ "802.1Q twice", { { 0x8100, 9 }, { 0x8100, 10 } }, 2, 0x88b5 },
	{ "three tags", { { 0x88a8, 1 }, { 0x8100, 2 }, { 0x9100, 3 } }, 3, 0x88b5 },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void make(struct frame *f, size_t i)
{
	frame_make(f, shapes[i].tags, shapes[i].n_tags, shapes[i].ethertype, 80, (uint8_t)i);
}

static uint16_t type_on_the_wire(const struct shape *shape)
{
	return shape->n_tags ? shape->tags[0].tpid : shape->ethertype;
}

/* Sends every shape; the ones bound to must come, in order and byte by byte, and no other. */
static void send_and_expect(struct l2sock *s, const char *from, uint32_t ethertype)
{
	static struct frame f;
	int fd = flood_socket(from);
	uint8_t buf[16];
	size_t i;

	for (i = 0; i < SHAPES; i++) {
		make(&f, i);
		flood_send(fd, f.bytes, f.len);
	}
	for (i = 0; i < SHAPES; i++) {
		if (ethertype != L2_ETHERTYPE_ALL && type_on_the_wire(&shapes[i]) != ethertype)
			continue;
		make(&f, i);
		handle_expect(s, &f);
	}
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, SPACING * L2_MSEC), -ETIMEDOUT);
}

CASE(bind, every_form_on_the_receiving_side)
{
	static const uint32_t ethertypes[] = { L2_ETHERTYPE_ALL, 0x88b5, 0x88b6, 0x8100,
					       0x88a8,           0x9100, 0x0806, 0xffff };
	struct l2sock *s;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	for (i = 0; i < sizeof(ethertypes) / sizeof(ethertypes[0]); i++) {
		s = handle_listen("vb", ethertypes[i]);
		send_and_expect(s, "va", ethertypes[i]);
		l2sock_close(s);
	}
}

/* The sending side's view: tags in line, all protocols or none. */
CASE(bind, sending_side)
{
	struct l2sock *all;
	struct l2sock *one;
	uint8_t buf[16];

	netns_enter();
	netns_veth("va", "vb");
	all = handle_listen("va", L2_ETHERTYPE_ALL);
	one = handle_listen("va", 0x88b5);
	send_and_expect(all, "va", L2_ETHERTYPE_ALL);
	REQUIRE_EQ(l2sock_recv(one, buf, sizeof(buf), NULL, SPACING * L2_MSEC), -ETIMEDOUT);
	l2sock_close(all);
	l2sock_close(one);
}

/* The descriptor tells the tag that is not in the data, exactly as it was. */
CASE(bind, facts_of_the_tag)
{
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];
	size_t i;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	for (i = 0; i < SHAPES; i++) {
		const struct tag *outer = &shapes[i].tags[0];
		bool taken = shapes[i].n_tags && outer->tpid != 0x9100;

		make(&f, i);
		flood_send(fd, f.bytes, f.len);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) >= 0);
		REQUIRE(pkt.valid & L2_VALID_VLAN);
		REQUIRE_EQ(!!(pkt.flags & L2_FLAG_TAGGED), taken);
		REQUIRE_EQ(pkt.vlan_tpid, taken ? outer->tpid : 0);
		REQUIRE_EQ(pkt.vlan_tci, taken ? outer->tci : 0);
		REQUIRE_EQ(pkt.len, f.len - (taken ? L2_VLAN_TAG_LEN : 0));
		REQUIRE_EQ(pkt.wire_len, f.len);
	}
	l2sock_close(s);
}

CASE(bind, again_changes_the_ethertype)
{
	static struct frame f;
	struct l2sock *s;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", 0x88b6);
	fd = flood_socket("va");
	make(&f, 1);
	flood_send(fd, f.bytes, f.len);
	REQUIRE_EQ(l2sock_bind(s, 0x88b5), 0); /* what was queued for the old one goes */
	REQUIRE_EQ(handle_stats(s).flushed, 1);
	send_and_expect(s, "va", 0x88b5);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	send_and_expect(s, "va", L2_ETHERTYPE_ALL);
	l2sock_close(s);
}

CASE(bind, all_interfaces)
{
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];
	int fd[2];
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_veth("vc", "vd");
	s = handle_listen(NULL, L2_ETHERTYPE_EXP1);
	fd[0] = flood_socket("va");
	fd[1] = flood_socket("vc");
	make(&f, 0);
	for (i = 0; i < 2; i++) {
		flood_send(fd[i], f.bytes, f.len);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) >= 0);
		REQUIRE(pkt.valid & L2_VALID_IFINDEX);
		REQUIRE(pkt.ifindex > 1);
	}
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), -EDESTADDRREQ);
	l2sock_close(s);
}

CASE(bind, refusals)
{
	static const uint32_t wrong[] = { 0, 1, 2, 4, 0x05ff, 0x10000, UINT32_MAX };
	struct l2sock *s;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		REQUIRE_EQ(l2sock_bind(s, wrong[i]), -EINVAL);
		REQUIRE(strstr(l2sock_errmsg(s), "ethertype"));
	}
	netns_run("ip link del dev va");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), -ENODEV);
	REQUIRE(strstr(l2sock_errmsg(s), "vb"));
	l2sock_close(s);
}
