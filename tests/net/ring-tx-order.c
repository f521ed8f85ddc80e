/* SPDX-License-Identifier: MIT */
/* Very many frames through a small ring: every one arrives once, in order, intact. */
#include <string.h>

#include "case.h"
#include "handle.h"
#include "netns.h"
#include "program.h"
#include "random.h"
#include "txring.h"

#define SLOTS 32

/* Bytes that follow from the frame's number alone. */
static void write_frame(uint8_t *frame, uint32_t len, uint64_t number)
{
	static const uint8_t header[14] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	uint32_t i;

	memcpy(frame, header, sizeof(header));
	memcpy(frame + 14, &number, sizeof(number));
	for (i = 22; i < len; i++)
		frame[i] = (uint8_t)(number * 7 + i);
}

static uint32_t length_of(uint64_t number)
{
	return number % 1000 ? 60 + (uint32_t)(number % 67) : 1514;
}

static void check(const struct l2pkt *pkt, uint64_t number)
{
	uint8_t wanted[1514];

	REQUIRE_EQ(pkt->len, length_of(number));
	write_frame(wanted, pkt->len, number);
	REQUIRE(!memcmp(pkt->data, wanted, pkt->len));
}

/* Takes what is there, at least one frame; returns the number of the frame behind. */
static uint64_t receive(struct l2sock *far, uint64_t number)
{
	static uint8_t slab[L2SOCK_BATCH_MAX][1600];
	struct l2pkt pkts[L2SOCK_BATCH_MAX];
	int64_t n = l2sock_recv_batch(far, slab, sizeof(slab[0]), pkts, L2SOCK_BATCH_MAX, L2_SEC);
	int64_t i;

	REQUIRE(n > 0);
	for (i = 0; i < n; i++)
		check(&pkts[i], number++);
	return number;
}

static void through_the_ring(uint32_t hand_over, uint64_t total)
{
	const struct l2ring_tx_opts opts = {
		.size = sizeof(opts), .slots = SLOTS, .frame_max = 2006, .hand_over = hand_over
	};
	struct l2ring_tx_info info = { .size = sizeof(info) };
	struct l2sock *far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	struct l2sock *s;
	struct l2ring_tx *tx = txring_open(&s, "va", &opts);
	struct dice d;
	uint64_t seen = 0;
	uint64_t i = 0;

	REQUIRE_EQ(l2ring_tx_get_info(tx, &info), 0);
	REQUIRE_EQ(info.slots, SLOTS);
	dice_start(&d, 0);
	while (i < total) {
		uint64_t burst = 1 + dice_below(&d, 2 * SLOTS);

		for (; burst && i < total; burst--, i++) {
			void *slot;

			while (l2ring_tx_reserve(tx, 1514, &slot) < 0)
				REQUIRE(l2ring_tx_wait(tx, L2_SEC) > 0);
			write_frame(slot, length_of(i), i);
			REQUIRE_EQ(l2ring_tx_commit(tx, length_of(i)), 0);
		}
		REQUIRE(l2ring_tx_flush(tx) >= 0);
		REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
		while (seen < i)
			seen = receive(far, seen);
		REQUIRE_EQ(seen, i);
	}
	REQUIRE_EQ(txring_close(tx, s, 0).completed, total);
	REQUIRE_EQ(handle_drain(far), 0);
	l2sock_close(far);
}

/* A million in all; ten million in long. */
static uint64_t how_many(void)
{
	return random_share(500000);
}

CASE(ring_tx_order, linear)
{
	netns_enter();
	netns_veth("va", "vb");
	through_the_ring(L2RING_TX_LINEAR, how_many());
}

CASE(ring_tx_order, pages)
{
	netns_enter();
	netns_veth("va", "vb");
	through_the_ring(L2RING_TX_PAGES, how_many());
}
