/* SPDX-License-Identifier: MIT */
/* The transmit descriptor: pieces, addresses, and everything in it that cannot be. */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

#include "case.h"
#include "handle.h"
#include "netns.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };
static uint8_t large[66000];
static struct frame f;

static struct l2sock *open_type(const char *ifname, uint32_t type)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .type = type };
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	return s;
}

CASE(tx, size_is_frozen)
{
	REQUIRE_EQ(sizeof(struct l2tx), 128);
	REQUIRE_EQ(offsetof(struct l2tx, data), 8);
}

/* However a frame is cut into pieces, empty ones among them, it arrives whole. */
CASE(tx, pieces)
{
	static struct l2piece pieces[L2_PIECES_MAX];
	static const size_t sizes[] = { 1, 2, 7, 13, 14, 100, 1514 };
	struct l2tx tx = { .pieces = pieces };
	struct l2sock *far;
	struct l2sock *s;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_ALL);
	s = handle_open("va");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t size = sizes[i];
		size_t at = 0;

		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, i ? 1514 : 900, (uint8_t)i);
		tx.n_pieces = 0;
		while (at < f.len) {
			if (f.len - at < size)
				size = f.len - at;
			pieces[tx.n_pieces++] = (struct l2piece) { f.bytes + at, size };
			if (i > 2)
				pieces[tx.n_pieces++] = (struct l2piece) { NULL, 0 };
			at += size;
		}
		REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
		handle_expect(far, &f);
	}
	for (i = 0; i < L2_PIECES_MAX; i++)
		pieces[i] = (struct l2piece) { f.bytes + i, 1 };
	f.len = tx.n_pieces = L2_PIECES_MAX;
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	handle_expect(far, &f);
	l2sock_close(far);
	l2sock_close(s);
}

/* An 802.1Q tag is found wherever the pieces have it: it decides on four bytes of length. */
CASE(tx, tag_across_pieces)
{
	static const struct tag tag = { L2_TPID_8021Q, 5 };
	struct l2sock *s;
	size_t at;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 1518, 0);
	for (at = 0; at < 20; at++) {
		const struct l2piece pieces[3] = { { f.bytes, at },
						   { f.bytes + at, 1 },
						   { f.bytes + at + 1, f.len - at - 1 } };
		const struct l2tx tx = { .pieces = pieces, .n_pieces = 3 };

		REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	}
	f.bytes[13] = 1;
	for (at = 0; at < 20; at++) {
		const struct l2piece pieces[2] = { { f.bytes, at }, { f.bytes + at, f.len - at } };
		const struct l2tx tx = { .pieces = pieces, .n_pieces = 2 };

		REQUIRE_EQ(l2sock_send_to(s, &tx, 0), -EMSGSIZE);
	}
	l2sock_close(s);
}

/* What the sender declares is what the others see as the protocol. */
CASE(tx, protocol_of_a_raw_frame)
{
	struct l2tx tx = { .data = f.bytes, .len = 60, .protocol = 0x1234 };
	struct l2sock *tap;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[128];

	netns_enter();
	netns_veth("va", "vb");
	tap = handle_listen("va", L2_ETHERTYPE_ALL);
	s = handle_open("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	REQUIRE_EQ(l2sock_recv(tap, buf, sizeof(buf), &pkt, L2_SEC), 60);
	REQUIRE_EQ(pkt.protocol, 0x1234);
	tx.protocol = 0;
	tx.ifindex = if_nametoindex("va");
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	REQUIRE_EQ(l2sock_recv(tap, buf, sizeof(buf), &pkt, L2_SEC), 60);
	REQUIRE_EQ(pkt.protocol, L2_ETHERTYPE_EXP1);
	l2sock_close(tap);
	l2sock_close(s);
}

/* The header that the kernel makes for a cooked frame, down to a frame without any byte. */
CASE(tx, cooked)
{
	struct l2tx tx = { .protocol = L2_ETHERTYPE_EXP1, .addr_len = 6 };
	struct l2sock *far;
	struct l2sock *s;
	size_t len;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev va address 02:00:00:00:00:aa");
	far = handle_listen("vb", L2_ETHERTYPE_ALL);
	s = open_type("va", L2SOCK_TYPE_COOKED);
	for (len = 0; len <= 1500; len += 250) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 14 + len, 0);
		memcpy(tx.addr, f.bytes, 6);
		tx.data = len ? f.bytes + 14 : NULL;
		tx.len = (uint32_t)len;
		REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
		handle_expect(far, &f);
	}
	l2sock_close(far);
	l2sock_close(s);
}

/*
 * Received cooked, a frame begins behind its header, and can be empty: without a filter the kernel
 * loses such a one, because it takes the length for the verdict.
 */
CASE(tx, cooked_to_cooked)
{
	static const struct l2insn accept_all[] = { { 0x06, 0, 0, 0xffffffff } };
	static const struct tag tag = { L2_TPID_8021Q, 5 };
	struct l2tx tx = { .data = f.bytes, .protocol = L2_ETHERTYPE_EXP1, .addr_len = 6 };
	struct l2sock *far;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[128];

	netns_enter();
	netns_veth("va", "vb");
	far = open_type("vb", L2SOCK_TYPE_COOKED);
	REQUIRE_EQ(l2sock_set_filter(far, accept_all, 1), 0);
	REQUIRE_EQ(l2sock_bind(far, L2_ETHERTYPE_ALL), 0);
	s = open_type("va", L2SOCK_TYPE_COOKED);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	memcpy(tx.addr, mac, 6);
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	REQUIRE_EQ(l2sock_next_size(far, L2_SEC), 0);
	REQUIRE_EQ(l2sock_recv(far, buf, sizeof(buf), &pkt, L2_SEC), 0);
	REQUIRE_EQ(pkt.wire_len, 0);
	REQUIRE_EQ(pkt.flags, 0);
	REQUIRE_EQ(l2sock_next_size(far, 0), -EAGAIN);
	tx.len = 60;
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), 0);
	REQUIRE_EQ(l2sock_next_size(far, L2_SEC), 60);
	REQUIRE_EQ(l2sock_recv(far, buf, sizeof(buf), &pkt, L2_SEC), 60);
	REQUIRE(pkt.data == buf && pkt.headroom == 0);
	REQUIRE(!memcmp(buf, f.bytes, 60));
	REQUIRE_EQ(pkt.protocol, L2_ETHERTYPE_EXP1);
	l2sock_close(s);
	/* A tag has no place in the data then. */
	s = handle_open("va");
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 60, 0);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	REQUIRE_EQ(l2sock_recv(far, buf, sizeof(buf), &pkt, L2_SEC), 60 - 18);
	REQUIRE_EQ(pkt.flags, L2_FLAG_TAGGED);
	REQUIRE_EQ(pkt.vlan_tci, 5);
	REQUIRE_EQ(pkt.wire_len, 60 - 18);
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), -ENOSPC);
	l2sock_close(far);
	l2sock_close(s);
}

/* A descriptor that is refused, why, and on which handle. */
struct refusal {
	struct l2tx tx;
	int code;
	const char *words;
};

static void refused(struct l2sock *s, const struct refusal *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct l2tx tx = rows[i].tx;

		REQUIRE_EQ(l2sock_send_to(s, &tx, 0), rows[i].code);
		REQUIRE(strstr(l2sock_errmsg(s), rows[i].words));
		REQUIRE_EQ(l2sock_send_batch(s, &tx, 1, 0), 1);
		REQUIRE_EQ(tx.result, rows[i].code);
	}
	REQUIRE_EQ(handle_stats(s).failed, 2 * n);
	REQUIRE_EQ(handle_stats(s).sent, 0);
	l2sock_close(s);
}

#define REFUSED(s, rows) refused(s, rows, sizeof(rows) / sizeof((rows)[0]))

CASE(tx, refused_on_any_handle)
{
	const struct l2piece good = { f.bytes, 60 };
	const struct l2piece bad = { NULL, 60 };
	const struct refusal rows[] = {
		{ { .len = 60 }, -EINVAL, "no frame" },
		{ { .data = f.bytes, .len = 60, .flags = 2 }, -EINVAL, "flags 0x0002" },
		{ { .data = f.bytes, .pieces = &good, .n_pieces = 1 }, -EINVAL, "data or pieces" },
		{ { .len = 1, .pieces = &good, .n_pieces = 1 }, -EINVAL, "data or pieces" },
		{ { .n_pieces = 1 }, -EINVAL, "data or pieces" },
		{ { .pieces = &good, .n_pieces = L2_PIECES_MAX + 1 }, -EINVAL, "1025 pieces" },
		{ { .pieces = &bad, .n_pieces = 1 }, -EINVAL, "piece 0" },
		{ { .data = f.bytes, .len = 60, .ifindex = 1u << 31 }, -EINVAL, "2147483648" },
	};

	netns_enter();
	REFUSED(open_type("lo", L2SOCK_TYPE_RAW), rows);
	REFUSED(open_type("lo", L2SOCK_TYPE_COOKED), rows);
}

CASE(tx, refused_on_raw_handles)
{
	const struct refusal rows[] = {
		{ { .data = f.bytes, .len = 60, .addr_len = 6 }, -EINVAL, "in the frame" },
		{ { .data = f.bytes, .len = 60, .ifindex = 77 }, -EINVAL, "interface 77" },
		{ { .data = f.bytes, .len = 13 }, -EINVAL, "13 bytes" },
		{ { .data = large, .len = 65551 }, -EMSGSIZE, "MTU of lo, 65536, and" },
	};

	netns_enter();
	REFUSED(open_type("lo", L2SOCK_TYPE_RAW), rows);
}

CASE(tx, refused_on_cooked_handles)
{
	const struct refusal rows[] = {
		{ { .data = f.bytes, .len = 60, .protocol = 1 }, -EDESTADDRREQ, "address" },
		{ { .data = f.bytes, .len = 60, .protocol = 1, .addr_len = 5 },
		  -EINVAL,
		  "5 bytes" },
		{ { .data = f.bytes, .len = 60, .protocol = 1, .addr_len = 33 },
		  -EINVAL,
		  "33 bytes" },
		{ { .data = f.bytes, .len = 60, .addr_len = 6 }, -EINVAL, "protocol" },
		{ { .data = large, .len = 65537, .protocol = 1, .addr_len = 6 },
		  -EMSGSIZE,
		  "MTU of lo, 65536" },
	};
	struct l2sock *s;

	netns_enter();
	s = open_type("lo", L2SOCK_TYPE_COOKED);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 60, 0), -EDESTADDRREQ);
	l2sock_close(s);
	REFUSED(open_type("lo", L2SOCK_TYPE_COOKED), rows);
}

CASE(tx, refused_on_all_interfaces)
{
	const struct refusal raw[] = {
		{ { .data = f.bytes, .len = 60 }, -EDESTADDRREQ, "index" },
		{ { .data = f.bytes, .len = 60, .ifindex = 99 }, -ENODEV, "interface 99" },
		{ { .data = f.bytes, .len = 13, .ifindex = 1 }, -EINVAL, "13 bytes" },
		{ { .data = large, .len = 65551, .ifindex = 1 }, -EMSGSIZE, "65536" },
	};
	const struct refusal cooked[] = {
		{ { .data = f.bytes, .len = 60, .protocol = 1 }, -EDESTADDRREQ, "index" },
		{ { .data = f.bytes, .len = 60, .ifindex = 1 }, -EINVAL, "protocol" },
		{ { .data = f.bytes, .len = 60, .ifindex = 99, .protocol = 1 }, -ENODEV, "99" },
	};
	struct l2sock *s;

	netns_enter();
	s = open_type(NULL, L2SOCK_TYPE_RAW);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 60, 0), -EDESTADDRREQ);
	l2sock_close(s);
	REFUSED(open_type(NULL, L2SOCK_TYPE_RAW), raw);
	REFUSED(open_type(NULL, L2SOCK_TYPE_COOKED), cooked);
}

/* One interface that is down or missing does not stop a handle on all of them. */
CASE(tx, all_interfaces_one_down)
{
	struct l2tx tx[4];
	struct l2sock *s;
	size_t i;

	netns_enter();
	netns_veth("va", "vb");
	netns_veth("vc", "vd");
	netns_run("ip link set dev vc down");
	s = open_type(NULL, L2SOCK_TYPE_RAW);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	for (i = 0; i < 4; i++)
		tx[i] = (struct l2tx) { .data = f.bytes,
					.len = 60,
					.ifindex = if_nametoindex("va") };
	tx[1].ifindex = if_nametoindex("vc");
	tx[2].ifindex = 99;
	REQUIRE_EQ(l2sock_send_batch(s, tx, 4, 0), 4);
	REQUIRE_EQ(tx[0].result, 0);
	REQUIRE_EQ(tx[1].result, -ENETDOWN);
	REQUIRE_EQ(tx[2].result, -ENODEV);
	REQUIRE_EQ(tx[3].result, 0);
	REQUIRE_EQ(handle_stats(s).sent, 2);
	l2sock_close(s);
}
