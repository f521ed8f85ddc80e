/* SPDX-License-Identifier: MIT */
/* Many frames by one call. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define STRIDE 256

static uint8_t slab[2 * L2SOCK_BATCH_MAX * STRIDE];
static struct l2pkt pkts[2 * L2SOCK_BATCH_MAX];
static struct frame f;

static struct l2sock *start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	return handle_listen("vb", L2_ETHERTYPE_ALL);
}

/* Frames of growing length, tagged in turns. */
static void make_nth(size_t i)
{
	static const struct tag tag = { L2_TPID_8021Q, 100 };

	frame_make(&f, &tag, i % 2, L2_ETHERTYPE_EXP1, 60 + i, (uint8_t)i);
}

static void send_some(size_t n)
{
	static int fd = -1;
	size_t i;

	if (fd < 0)
		fd = flood_socket("va");
	for (i = 0; i < n; i++) {
		make_nth(i);
		flood_send(fd, f.bytes, f.len);
	}
}

/* The frame in the slab's nth place, and its descriptor, are those of a frame received alone. */
static void check_nth(size_t place, size_t nth)
{
	struct l2pkt *pkt = &pkts[place];

	make_nth(nth);
	REQUIRE(pkt->data == slab + place * STRIDE + L2_HEADROOM);
	REQUIRE_EQ(pkt->headroom, L2_HEADROOM);
	REQUIRE_EQ(pkt->wire_len, f.len);
	REQUIRE_EQ(pkt->flags, nth % 2 ? L2_FLAG_TAGGED : 0);
	REQUIRE(pkt->valid & L2_VALID_TIMESTAMP);
	REQUIRE_EQ(pkt->pkttype, L2_PKTTYPE_OTHERHOST);
	REQUIRE_EQ(l2pkt_restore_tag(pkt), nth % 2);
	REQUIRE_EQ(pkt->len, f.len);
	REQUIRE(!memcmp(pkt->data, f.bytes, f.len));
}

/* Never more than are there, never more than asked for, in order, none twice. */
CASE(recv_batch, every_count)
{
	static const size_t counts[] = { 1, 2, 63, 64, 65, 128 };
	struct l2sock *s = start();
	size_t sent;
	size_t asked;

	for (sent = 1; sent <= 130; sent += 43) {
		for (asked = 0; asked < sizeof(counts) / sizeof(counts[0]); asked++) {
			size_t done = 0;

			send_some(sent);
			while (done < sent) {
				size_t n = counts[asked] < L2SOCK_BATCH_MAX ? counts[asked]
									    : L2SOCK_BATCH_MAX;
				size_t i;

				if (n > sent - done)
					n = sent - done;
				REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, counts[asked],
							     L2_SEC),
					   n);
				for (i = 0; i < n; i++)
					check_nth(i, done + i);
				done += n;
			}
			REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 1, 0), -EAGAIN);
		}
	}
	REQUIRE_EQ(handle_stats(s).received, (1 + 44 + 87 + 130) * 6);
	REQUIRE_EQ(handle_stats(s).truncated, 0);
	l2sock_close(s);
}

/* Each frame has its stride and no byte of its neighbour's. */
CASE(recv_batch, frames_that_do_not_fit)
{
	struct l2sock *s = start();
	size_t stride;
	size_t i;

	for (stride = 0; stride <= 80; stride += 8) {
		size_t room = stride < L2_HEADROOM ? 0 : stride - L2_HEADROOM;

		send_some(8);
		memset(slab, 0xee, sizeof(slab));
		REQUIRE_EQ(l2sock_recv_batch(s, stride ? slab : NULL, stride, pkts, 8, L2_SEC), 8);
		for (i = 0; i < 8; i++) {
			size_t len = 60 + i - (i % 2 ? L2_VLAN_TAG_LEN : 0);

			REQUIRE_EQ(pkts[i].len, len < room ? len : room);
			REQUIRE_EQ(pkts[i].wire_len, 60 + i);
			REQUIRE_EQ(!!(pkts[i].flags & L2_FLAG_TRUNCATED), len > room);
		}
		REQUIRE_EQ(slab[8 * stride], 0xee);
	}
	l2sock_close(s);
}

CASE(recv_batch, waits_for_the_first_only)
{
	struct l2sock *s = start();
	pid_t flood;

	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, 0), -EAGAIN);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, L2_MSEC), -ETIMEDOUT);
	REQUIRE_EQ(l2sock_wake(s), 0);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, L2_FOREVER), -ECANCELED);
	make_nth(0);
	flood = flood_start("va", f.bytes, f.len, 100000);
	handle_drain(s);
	REQUIRE(l2sock_recv_batch(s, slab, STRIDE, pkts, L2SOCK_BATCH_MAX, L2_FOREVER) <
		L2SOCK_BATCH_MAX);
	flood_stop(flood);
	handle_drain(s);
	netns_run("ip link del dev va");
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, L2_FOREVER), -ENODEV);
	l2sock_close(s);
}

CASE(recv_batch, arguments)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, 0), -ENOTCONN);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_recv_batch(NULL, slab, STRIDE, pkts, 8, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, NULL, STRIDE, pkts, 8, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, NULL, 8, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 0, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, SIZE_MAX, pkts, 1, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, 8, -2), -EINVAL);
	REQUIRE_EQ(l2sock_recv_batch(s, slab, STRIDE, pkts, SIZE_MAX, 0), -EAGAIN);
	l2sock_close(s);
}
