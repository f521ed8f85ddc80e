/* SPDX-License-Identifier: MIT */
/*
 * VLAN tags: what the descriptor says and what the bytes are, for every kind of tag, for each way
 * to bind, on the receiving and on the sending side. The table in l2sock(7) says the same.
 */
#define _GNU_SOURCE
#include <stdlib.h>
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

/* A tag that the kernel adds itself lies beside the data on its way out too. */
CASE(vlan, sent_by_a_vlan_interface)
{
	static const struct row row = { { { L2_TPID_8021Q, 5 } }, 1, true };
	static struct frame untagged;
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];

	netns_enter();
	netns_veth("va", "vb");
	if (system("ip link add link va name va.5 type vlan id 5 2>/dev/null"))
		SKIP("no VLAN interfaces in this kernel");
	netns_run("ip link set dev va.5 up");
	s = handle_listen("va", L2_ETHERTYPE_ALL);
	frame_make(&untagged, NULL, 0, INNER, 86, 0);
	frame_make(&f, row.tags, 1, INNER, 90, 0);
	flood_send(flood_socket("va.5"), untagged.bytes, untagged.len);
	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
	REQUIRE_EQ(pkt.pkttype, L2_PKTTYPE_OUTGOING);
	check_facts(&row, &pkt, true);
	check_bytes(&pkt, &f, true);
	l2sock_close(s);
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
