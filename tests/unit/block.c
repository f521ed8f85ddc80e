/* SPDX-License-Identifier: MIT */
/* What becomes of the headers that the kernel writes, by each of the ways to read them. */
#include <arpa/inet.h>
#include <string.h>

#include "../../lib/ring/rx-internal.h"
#include "../../lib/sock/kernel-internal.h"
#include "case.h"
#include "random.h"

#define FRAMES  41
#define STRIDE  128
#define DATA_AT 96

/* All bits that the kernel sets, those of what is newer than this machine's headers among them. */
static const uint32_t status_bits[] = { 1u << 2, 1u << 3, 1u << 4,  1u << 5, 1u << 6,
					1u << 7, 1u << 8, 1u << 29, 1u << 31 };

static _Alignas(16) uint8_t memory[FRAMES * STRIDE];
static struct l2pkt expected[FRAMES];

static uint32_t some_status(uint64_t *state)
{
	uint32_t status = TP_STATUS_USER;
	size_t i;

	for (i = 0; i < sizeof(status_bits) / sizeof(status_bits[0]); i++)
		if (random_next(state) % 4 == 0)
			status |= status_bits[i];
	return status;
}

static void put3(uint8_t *at, const struct l2pkt *pkt, uint32_t status, uint32_t step)
{
	struct tpacket3_hdr h = { .tp_next_offset = step,
				  .tp_sec = (uint32_t)(pkt->timestamp / 1000000000),
				  .tp_nsec = (uint32_t)(pkt->timestamp % 1000000000),
				  .tp_snaplen = pkt->len,
				  .tp_len = pkt->wire_len,
				  .tp_status = status,
				  .tp_mac = DATA_AT,
				  .hv1 = { .tp_rxhash = pkt->hash,
					   .tp_vlan_tci = pkt->vlan_tci,
					   .tp_vlan_tpid = pkt->vlan_tpid } };

	memcpy(at, &h, sizeof(h));
}

static void put2(uint8_t *at, struct l2pkt *pkt, uint32_t status, uint32_t step)
{
	struct tpacket2_hdr h = { .tp_status = status,
				  .tp_len = pkt->wire_len,
				  .tp_snaplen = pkt->len,
				  .tp_mac = DATA_AT,
				  .tp_sec = (uint32_t)(pkt->timestamp / 1000000000),
				  .tp_nsec = (uint32_t)(pkt->timestamp % 1000000000),
				  .tp_vlan_tci = pkt->vlan_tci,
				  .tp_vlan_tpid = pkt->vlan_tpid };

	memcpy(h.tp_padding, &step, sizeof(step));
	memcpy(at, &h, sizeof(h));
	pkt->hash = 0; /* it has no place there */
}

/* The address is cut where the kernel's struct ends, whatever length it tells. */
static void put_source(uint8_t *at, struct l2pkt *pkt, uint8_t halen)
{
	struct sockaddr_ll from = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(pkt->protocol),
				    .sll_ifindex = (int)pkt->ifindex,
				    .sll_hatype = pkt->hatype,
				    .sll_pkttype = pkt->pkttype,
				    .sll_halen = halen };

	memcpy(from.sll_addr, pkt->addr, sizeof(from.sll_addr));
	memcpy(at, &from, sizeof(from));
	pkt->addr_len = halen > 8 ? 8 : halen;
}

static void some_facts(uint64_t *state, struct l2pkt *pkt)
{
	uint64_t bytes = random_next(state);

	memset(pkt, 0, sizeof(*pkt));
	pkt->timestamp = random_next(state) % (UINT64_C(1000000000) << 32);
	pkt->len = (uint32_t)random_next(state) % 70000;
	pkt->wire_len = pkt->len + (random_next(state) % 4 ? 0 : 100);
	pkt->hash = (uint32_t)random_next(state);
	pkt->vlan_tci = (uint16_t)random_next(state);
	pkt->vlan_tpid = (uint16_t)random_next(state);
	pkt->ifindex = (uint32_t)random_next(state) >> 1;
	pkt->protocol = (uint16_t)random_next(state);
	pkt->hatype = (uint16_t)random_next(state);
	pkt->pkttype = (uint8_t)random_next(state);
	memcpy(pkt->addr, &bytes, sizeof(bytes));
}

/* What the program shall read of it, spelled out bit by bit. */
static void tell(struct l2pkt *pkt, uint32_t status, uint32_t facts)
{
	if (pkt->len < pkt->wire_len)
		pkt->flags |= L2_FLAG_TRUNCATED;
	if (status & TP_STATUS_LOSING)
		pkt->flags |= L2_FLAG_LOSING;
	if (status & TP_STATUS_VLAN_VALID) {
		pkt->flags |= L2_FLAG_TAGGED;
		pkt->wire_len += facts & L2BLOCK_COOKED ? 0 : 4;
	}
	if (!(status & TP_STATUS_VLAN_TPID_VALID))
		pkt->vlan_tpid = status & TP_STATUS_VLAN_VALID ? L2_TPID_8021Q : 0;
	if (!(status & (TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID)))
		pkt->vlan_tci = 0;
	if (status & 1u << 7)
		pkt->csum |= L2_CSUM_VALID;
	if (status & TP_STATUS_CSUMNOTREADY)
		pkt->csum |= L2_CSUM_NOT_READY;
	pkt->timestamp_source = status & 1u << 31 ? L2_TIME_NIC : L2_TIME_SOFTWARE;
}

static struct l2block make_block(uint64_t *state, uint32_t facts)
{
	const struct l2places *in = l2block_places(facts);
	struct l2block b = { .facts = (uint16_t)facts,
			     .valid = 0x7f,
			     .frames = FRAMES,
			     .next_at = in->next,
			     .base = memory,
			     .first = memory };
	uint32_t i;

	for (i = 0; i < FRAMES; i++) {
		uint8_t *at = memory + i * STRIDE;
		uint32_t status = some_status(state);
		uint32_t step = i + 1 < FRAMES ? STRIDE : 0;
		struct l2pkt *pkt = &expected[i];

		some_facts(state, pkt);
		if (facts & L2BLOCK_SLOTS)
			put2(at, pkt, status, step);
		else
			put3(at, pkt, status, step);
		put_source(at + in->from, pkt, (uint8_t)(random_next(state) % 33));
		tell(pkt, status, facts);
		pkt->valid = b.valid;
		pkt->data = at + DATA_AT;
		pkt->headroom = (uint16_t)(DATA_AT - in->from - sizeof(struct sockaddr_ll));
	}
	return b;
}

static void require_batches(const struct l2block *b, uint64_t *state)
{
	const void *by_pkt = l2block_first(b);
	const void *by_spot = by_pkt;
	struct l2spot spots[FRAMES];
	struct l2pkt pkts[FRAMES];
	size_t seen = 0;

	while (by_pkt) {
		size_t n = (size_t)(random_next(state) % (FRAMES + 1));
		size_t got = l2block_pkts(b, &by_pkt, pkts, n);
		size_t i;

		REQUIRE_EQ(got, n < FRAMES - seen ? n : FRAMES - seen);
		REQUIRE_EQ(l2block_spots(b, &by_spot, spots, n), got);
		for (i = 0; i < got; i++, seen++) {
			REQUIRE(!memcmp(&pkts[i], &expected[seen], sizeof(pkts[i])));
			REQUIRE_EQ(spots[i].timestamp, expected[seen].timestamp);
			REQUIRE(memory + spots[i].offset == expected[seen].data);
			REQUIRE_EQ(spots[i].len, expected[seen].len);
			REQUIRE_EQ(spots[i].wire_len, expected[seen].wire_len);
			REQUIRE_EQ(spots[i].flags, expected[seen].flags);
		}
		REQUIRE(by_pkt == by_spot);
	}
	REQUIRE_EQ(seen, FRAMES);
}

CASE(block, every_bit_means_what_it_says)
{
	static const uint32_t kinds[] = { 0, L2BLOCK_SLOTS, L2BLOCK_COOKED,
					  L2BLOCK_SLOTS | L2BLOCK_COOKED };
	uint64_t state = random_seed();
	uint64_t rounds = random_rounds(2000);

	while (rounds--) {
		const struct l2block b = make_block(&state, kinds[rounds % 4]);

		require_batches(&b, &state);
	}
}

CASE(block, layouts_are_frozen)
{
	REQUIRE_EQ(sizeof(struct l2block), 128);
	REQUIRE_EQ(sizeof(struct l2spot), 24);
}
