/* SPDX-License-Identifier: MIT */
/* Many frames by one call. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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

static struct l2tx txs[3 * L2SOCK_BATCH_MAX];

/* A batch of frames that each tell their number. */
static void make_batch(size_t n)
{
	static uint8_t bytes[3 * L2SOCK_BATCH_MAX][64];
	size_t i;

	memset(txs, 0, sizeof(txs));
	for (i = 0; i < n; i++) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, (uint8_t)i);
		memcpy(bytes[i], f.bytes, f.len);
		txs[i].data = bytes[i];
		txs[i].len = 60;
		txs[i].result = 1;
	}
}

/* What the frames from first to end bring to the far end: all but those refused, in order. */
static void expect_all(struct l2sock *far, size_t first, size_t end)
{
	size_t i;

	for (i = first; i < end; i++) {
		if (txs[i].result)
			continue;
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, (uint8_t)i);
		handle_expect(far, &f);
	}
	REQUIRE_EQ(handle_drain(far), 0);
}

CASE(send_batch, every_count)
{
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");
	static const size_t counts[] = { 0, 1, 63, 64, 65, 192 };
	uint64_t sent = 0;
	size_t i;
	size_t k;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		make_batch(counts[i]);
		REQUIRE_EQ(l2sock_send_batch(s, txs, counts[i], L2_FOREVER), counts[i]);
		for (k = 0; k < counts[i]; k++)
			REQUIRE_EQ(txs[k].result, 0);
		expect_all(far, 0, counts[i]);
		sent += counts[i];
	}
	REQUIRE_EQ(handle_stats(s).sent, sent);
	REQUIRE_EQ(handle_stats(s).failed, 0);
	l2sock_close(s);
	l2sock_close(far);
}

/* Bad ones of every kind, at every place: each is told, all others go. */
CASE(send_batch, bad_frames)
{
	static uint8_t huge[2000];
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");
	size_t bad;

	for (bad = 0; bad < 70; bad += 9) {
		make_batch(70);
		txs[bad].len = 13;
		txs[69 - bad] = (struct l2tx) { .data = huge, .len = sizeof(huge) };
		txs[(bad + 10) % 70].flags = 1;
		REQUIRE_EQ(l2sock_send_batch(s, txs, 70, 0), 70);
		REQUIRE_EQ(txs[(bad + 10) % 70].result, -EINVAL);
		if (bad != 69 - bad && 69 - bad != (bad + 10) % 70)
			REQUIRE_EQ(txs[69 - bad].result, -EMSGSIZE);
		expect_all(far, 0, 70);
	}
	REQUIRE_EQ(handle_stats(s).sent + handle_stats(s).failed, 8 * 70);
	l2sock_close(s);
	l2sock_close(far);
}

/* Frames that only the kernel can refuse: the ones behind go on. */
CASE(send_batch, refused_by_the_kernel)
{
	static uint8_t large[1500];
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");
	size_t i;

	netns_run("ip link set dev vb mtu 1000");
	make_batch(40);
	memcpy(large, txs[0].data, 60);
	for (i = 5; i < 40; i += 5)
		txs[i] = (struct l2tx) { .data = large, .len = sizeof(large) };
	REQUIRE_EQ(l2sock_send_batch(s, txs, 40, 0), 40);
	for (i = 0; i < 40; i++)
		REQUIRE_EQ(txs[i].result, i && i % 5 == 0 ? -ENOBUFS : 0);
	expect_all(far, 0, 40);
	REQUIRE_EQ(handle_stats(s).sent, 33);
	REQUIRE_EQ(handle_stats(s).failed, 7);
	l2sock_close(s);
	l2sock_close(far);
}

/* The MTU is lowered behind the library's back: the kernel refuses, and what fits goes. */
CASE(send_batch, mtu_lowered_meanwhile)
{
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");
	static uint8_t large[1500];

	make_batch(3);
	memcpy(large, txs[1].data, 60);
	txs[1] = (struct l2tx) { .data = large, .len = sizeof(large) };
	REQUIRE_EQ(l2sock_send_to(s, &txs[1], 0), 0);
	REQUIRE_EQ(handle_drain(far), 1);
	netns_run("ip link set dev va mtu 1000");
	REQUIRE_EQ(l2sock_send_batch(s, txs, 3, 0), 3);
	REQUIRE_EQ(txs[1].result, -EMSGSIZE);
	REQUIRE(strstr(l2sock_errmsg(s), "1500 bytes exceed the MTU of va, 1000"));
	expect_all(far, 0, 3);
	netns_run("ip link set dev va mtu 1500");
	REQUIRE_EQ(l2sock_send_batch(s, txs, 3, 0), 3);
	REQUIRE_EQ(txs[1].result, 0);
	l2sock_close(s);
	l2sock_close(far);
}

/* Back-pressure: what did not go can be given again, and in the end each frame arrived once. */
CASE(send_batch, back_pressure)
{
	const int small = 4096;
	struct l2sock *far = start();
	struct l2sock *s;
	size_t done = 0;
	int waits = 0;

	netns_run("tc qdisc add dev va root tbf rate 200kbit burst 1600 limit 1000000");
	s = handle_open("va");
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	make_batch(192);
	while (done < 192) {
		int64_t r = l2sock_send_batch(s, txs + done, 192 - done, 0);
		size_t two = 192 - done < 2 ? 1 : 2;

		if (r >= 0) {
			done += (size_t)r;
			REQUIRE(done == 192 || txs[done].result == -EAGAIN);
			REQUIRE(done == 192 || txs[191].result == -EAGAIN);
			continue;
		}
		REQUIRE_EQ(r, -EAGAIN);
		REQUIRE_EQ(txs[done].result, -EAGAIN);
		if (!waits++) {
			REQUIRE_EQ(l2sock_wake(s), 0);
			/* Room that has come meanwhile goes before the wake. */
			while ((r = l2sock_send_batch(s, txs + done, 192 - done, L2_FOREVER)) > 0)
				done += (size_t)r;
			REQUIRE_EQ(r, -ECANCELED);
			REQUIRE_EQ(txs[191].result, -ECANCELED);
			continue;
		}
		REQUIRE_EQ(l2sock_send_batch(s, txs + done, two, L2_FOREVER), two);
		done += two;
	}
	REQUIRE(waits > 0);
	expect_all(far, 0, 192);
	REQUIRE_EQ(handle_stats(s).sent, 192);
	REQUIRE_EQ(handle_stats(s).failed, 0);
	l2sock_close(s);
	l2sock_close(far);
}

/* Room that does not come in time. */
CASE(send_batch, times_out)
{
	const int small = 4096;
	struct l2sock *far = start();
	struct l2sock *s;
	int64_t done;

	netns_run("tc qdisc add dev va root tbf rate 8kbit burst 1600 limit 1000000");
	s = handle_open("va");
	REQUIRE_EQ(setsockopt(l2sock_fd(s), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	make_batch(192);
	done = l2sock_send_batch(s, txs, 192, 0);
	REQUIRE(done > 0 && done < 192);
	REQUIRE_EQ(l2sock_send_batch(s, txs + done, 1, 1), -ETIMEDOUT);
	REQUIRE_EQ(txs[done].result, -ETIMEDOUT);
	REQUIRE_EQ(l2sock_send_to(s, &txs[done], 0), -EAGAIN);
	l2sock_close(s);
	l2sock_close(far);
}

/* A queue that is full drops, frame by frame: each is told, and the call ends all the same. */
CASE(send_batch, queue_full)
{
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");
	size_t i;
	size_t sent = 0;

	netns_run("tc qdisc add dev va root tbf rate 8kbit burst 2000 limit 3000");
	make_batch(192);
	REQUIRE_EQ(l2sock_send_batch(s, txs, 192, L2_FOREVER), 192);
	for (i = 0; i < 192; i++) {
		REQUIRE(txs[i].result == 0 || txs[i].result == -ENOBUFS);
		sent += txs[i].result == 0;
	}
	REQUIRE(sent > 0 && sent < 192);
	REQUIRE_EQ(handle_stats(s).sent, sent);
	REQUIRE_EQ(handle_stats(s).failed, 192 - sent);
	l2sock_close(s);
	l2sock_close(far);
}

CASE(send_batch, link_down_and_gone)
{
	struct l2sock *far = start();
	struct l2sock *s = handle_open("va");

	make_batch(192);
	netns_run("ip link set dev va down");
	REQUIRE_EQ(l2sock_send_batch(s, txs, 192, L2_FOREVER), -ENETDOWN);
	REQUIRE_EQ(txs[0].result, -ENETDOWN);
	REQUIRE_EQ(txs[191].result, -ENETDOWN);
	netns_run("ip link set dev va up");
	netns_await("va");
	txs[0].len = 13; /* refused before the link is asked */
	netns_run("ip link set dev va down");
	REQUIRE_EQ(l2sock_send_batch(s, txs, 192, L2_FOREVER), 1);
	REQUIRE_EQ(txs[0].result, -EINVAL);
	REQUIRE_EQ(txs[1].result, -ENETDOWN);
	netns_run("ip link del dev va");
	REQUIRE_EQ(l2sock_send_batch(s, txs + 1, 191, L2_FOREVER), -ENODEV);
	REQUIRE_EQ(txs[191].result, -ENODEV);
	REQUIRE(strstr(l2sock_errmsg(s), "va is gone"));
	l2sock_close(s);
	l2sock_close(far);
}

CASE(send_batch, arguments)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	make_batch(1);
	REQUIRE_EQ(l2sock_send_batch(NULL, txs, 1, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send_batch(s, NULL, 1, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send_batch(s, NULL, 0, 0), 0);
	REQUIRE_EQ(l2sock_send_batch(s, txs, 1, -2), -EINVAL);
	REQUIRE_EQ(l2sock_send_batch(s, txs, 1, INT64_MIN), -EINVAL);
	REQUIRE_EQ(l2sock_send_to(NULL, txs, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send_to(s, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send_to(s, txs, -2), -EINVAL);
	REQUIRE_EQ(handle_stats(s).sent, 0);
	l2sock_close(s);
}
