/* SPDX-License-Identifier: MIT */
/*
 * VLAN tags: what the descriptor says and what the bytes are, for every kind of tag, for each way
 * to bind, on the receiving and on the sending side. The table in l2sock(7) says the same.
 */
#define _GNU_SOURCE
#include <string.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define INNER L2_ETHERTYPE_EXP1

struct row {
	struct tag tags[2];
	size_t n_tags;
	bool taken_out; /* the outermost one, on the receiving side */
};

static const struct row rows[] = {
	{ { { 0, 0 } }, 0, false },
	{ { { L2_TPID_8021Q, 0x0064 } }, 1, true },
	{ { { L2_TPID_8021Q, 0xe000 } }, 1, true }, /* a priority without a VLAN */
	{ { { L2_TPID_8021Q, 0x0000 } }, 1, true },
	{ { { L2_TPID_8021Q, 0xffff } }, 1, true },
	{ { { L2_TPID_8021AD, 0x1064 } }, 1, true },
	{ { { L2_TPID_QINQ, 0x0064 } }, 1, false },
	{ { { L2_TPID_8021AD, 0x0005 }, { L2_TPID_8021Q, 0x6007 } }, 2, true },
	{ { { L2_TPID_8021Q, 0x0005 }, { L2_TPID_8021Q, 0x0006 } }, 2, true },
	{ { { L2_TPID_8021Q, 0x0005 }, { L2_TPID_8021AD, 0x0006 } }, 2, true },
	{ { { L2_TPID_QINQ, 0x0005 }, { L2_TPID_8021Q, 0x0006 } }, 2, false },
	{ { { L2_TPID_8021Q, 0x0005 }, { L2_TPID_QINQ, 0x0006 } }, 2, true },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const uint32_t binds[] = { L2_ETHERTYPE_ALL, INNER, L2_TPID_8021Q, L2_TPID_8021AD,
				  L2_TPID_QINQ };

/* The field behind the addresses. */
static uint16_t type_on_the_wire(const struct row *row)
{
	return row->n_tags ? row->tags[0].tpid : INNER;
}

static uint16_t type_behind_the_first_tag(const struct row *row)
{
	return row->n_tags == 2 ? row->tags[1].tpid : INNER;
}

static void make(struct frame *f, const struct row *row)
{
	frame_make(f, row->tags, row->n_tags, INNER, 90, (uint8_t)(row - rows));
}

static void check_facts(const struct row *row, const struct l2pkt *pkt, bool taken_out)
{
	REQUIRE(pkt->valid & L2_VALID_VLAN);
	REQUIRE_EQ(pkt->flags, taken_out ? L2_FLAG_TAGGED : 0);
	REQUIRE_EQ(pkt->vlan_tpid, taken_out ? row->tags[0].tpid : 0);
	REQUIRE_EQ(pkt->vlan_tci, taken_out ? row->tags[0].tci : 0);
	REQUIRE_EQ(pkt->wire_len, 90);
	REQUIRE_EQ(pkt->len, taken_out ? 86 : 90);
	if (taken_out)
		REQUIRE_EQ(pkt->protocol, type_behind_the_first_tag(row));
	else
		REQUIRE_EQ(pkt->protocol, type_on_the_wire(row));
}

static void check_bytes(struct l2pkt *pkt, const struct frame *f, bool taken_out)
{
	REQUIRE_EQ(l2pkt_restore_tag(pkt), taken_out);
	REQUIRE_EQ(pkt->len, f->len);
	REQUIRE(!memcmp(pkt->data, f->bytes, f->len));
	REQUIRE_EQ(l2pkt_restore_tag(pkt), 0);
}

/* All frames once through a handle bound like this: those with its type come, no others. */
static void received_by(uint32_t ethertype)
{
	static struct frame f;
	struct l2sock *s = handle_listen("vb", ethertype);
	int fd = flood_socket("va");
	struct l2pkt pkt;
	uint8_t buf[256];
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		flood_send(fd, f.bytes, f.len);
	}
	for (i = 0; i < N_ROWS; i++) {
		if (ethertype != L2_ETHERTYPE_ALL && ethertype != type_on_the_wire(&rows[i]))
			continue;
		make(&f, &rows[i]);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
		check_facts(&rows[i], &pkt, rows[i].taken_out);
		check_bytes(&pkt, &f, rows[i].taken_out);
	}
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}

CASE(vlan, receiving_side)
{
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	for (i = 0; i < sizeof(binds) / sizeof(binds[0]); i++)
		received_by(binds[i]);
}

/* Another handle on the sender's side: the tags are in the data, where the sender wrote them. */
CASE(vlan, sending_side)
{
	static struct frame f;
	struct l2sock *s;
	struct l2sock *sender;
	struct l2pkt pkt;
	uint8_t buf[256];
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("va", L2_ETHERTYPE_ALL);
	sender = handle_open("va");
	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		REQUIRE_EQ(l2sock_send(sender, f.bytes, f.len, 0), 0);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
		REQUIRE_EQ(pkt.pkttype, L2_PKTTYPE_OUTGOING);
		check_facts(&rows[i], &pkt, false);
		check_bytes(&pkt, &f, false);
	}
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(sender);
	l2sock_close(s);
}

/* Bound to one ethertype, a handle sees nothing of what leaves. */
CASE(vlan, sending_side_one_ethertype)
{
	static struct frame f;
	struct l2sock *s[sizeof(binds) / sizeof(binds[0])];
	struct l2sock *sender;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	for (i = 1; i < sizeof(binds) / sizeof(binds[0]); i++)
		s[i] = handle_listen("va", binds[i]);
	sender = handle_open("va");
	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		REQUIRE_EQ(l2sock_send(sender, f.bytes, f.len, 0), 0);
	}
	for (i = 1; i < sizeof(binds) / sizeof(binds[0]); i++) {
		REQUIRE_EQ(handle_drain(s[i]), 0);
		l2sock_close(s[i]);
	}
	l2sock_close(sender);
}

/* A tag that the kernel took out on the way in lies beside the data on the way out as well. */
CASE(vlan, forwarded_by_a_bridge)
{
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];
	size_t i;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	netns_veth("vc", "vd");
	netns_run("ip link add dev br0 type bridge && ip link set dev br0 up");
	netns_run("ip link set dev vb master br0 && ip link set dev vc master br0");
	netns_await("br0");
	s = handle_listen("vc", L2_ETHERTYPE_ALL);
	handle_drain(s);
	fd = flood_socket("va");
	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		flood_send(fd, f.bytes, f.len);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
		REQUIRE_EQ(pkt.pkttype, L2_PKTTYPE_OUTGOING);
		check_facts(&rows[i], &pkt, rows[i].taken_out);
		check_bytes(&pkt, &f, rows[i].taken_out);
	}
	l2sock_close(s);
}

static struct l2sock *listen_hooked(uint32_t ethertype, bool promiscuous)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_KERNEL_HOOK };
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	if (promiscuous)
		REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(l2sock_bind(s, ethertype), 0);
	return s;
}

/* Whether the kernel's hook for this ethertype gets a frame: it looks behind the tag taken out. */
static bool hooked(const struct row *row, uint32_t ethertype, bool promiscuous)
{
	if (!row->taken_out)
		return type_on_the_wire(row) == ethertype;
	if (type_behind_the_first_tag(row) != ethertype)
		return false;
	return promiscuous || !(row->tags[0].tci & 0xfff); /* of a VLAN: for somebody else */
}

static void received_by_hook(uint32_t ethertype, bool promiscuous)
{
	static struct frame f;
	struct l2sock *s = listen_hooked(ethertype, promiscuous);
	int fd = flood_socket("va");
	struct l2pkt pkt;
	uint8_t buf[256];
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		memcpy(f.bytes, "\2\0\0\0\0\1", 6);
		flood_send(fd, f.bytes, f.len);
		if (!hooked(&rows[i], ethertype, promiscuous))
			continue;
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
		REQUIRE(!(pkt.valid & L2_VALID_VLAN));
		REQUIRE(!(pkt.flags & L2_FLAG_TAGGED));
		REQUIRE_EQ(pkt.len, rows[i].taken_out ? 86 : 90);
		REQUIRE_EQ(pkt.data[12] << 8 | pkt.data[13], ethertype);
		REQUIRE_EQ(pkt.data[pkt.len - 1], f.bytes[89]);
	}
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}

/* By the kernel's hook the tag is lost, and so is that there was one. */
CASE(vlan, kernel_hook)
{
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb address 02:00:00:00:00:01");
	for (i = 1; i < sizeof(binds) / sizeof(binds[0]); i++) {
		received_by_hook(binds[i], false);
		received_by_hook(binds[i], true);
	}
}

static struct l2sock *listen_restoring(const char *ifname)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_RESTORE_TAGS };
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	return s;
}

/* On request the tags are back when the call returns, of single frames and of batches. */
CASE(vlan, restored_on_request)
{
	static struct frame f;
	static uint8_t slab[N_ROWS * 256];
	struct l2pkt pkts[N_ROWS];
	struct l2sock *one;
	struct l2sock *many;
	uint8_t buf[256];
	size_t i;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	one = listen_restoring("vb");
	many = listen_restoring("vb");
	fd = flood_socket("va");
	for (i = 0; i < N_ROWS; i++) {
		make(&f, &rows[i]);
		flood_send(fd, f.bytes, f.len);
	}
	REQUIRE_EQ(l2sock_recv_batch(many, slab, 256, pkts, N_ROWS, L2_SEC), N_ROWS);
	for (i = 0; i < N_ROWS; i++) {
		struct l2pkt pkt;

		make(&f, &rows[i]);
		REQUIRE_EQ(l2sock_recv(one, buf, sizeof(buf), &pkt, L2_SEC), 90);
		REQUIRE_EQ(pkt.flags, 0);
		REQUIRE_EQ(pkt.vlan_tci, rows[i].taken_out ? rows[i].tags[0].tci : 0);
		check_bytes(&pkt, &f, false);
		REQUIRE_EQ(pkts[i].flags, 0);
		REQUIRE_EQ(pkts[i].wire_len, 90);
		check_bytes(&pkts[i], &f, false);
	}
	l2sock_close(one);
	l2sock_close(many);
}
