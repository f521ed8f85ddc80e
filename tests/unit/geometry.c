/* SPDX-License-Identifier: MIT */
/* The shape of rings: whatever is wished for is legal, holds its frames, and wastes little. */
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>

#include "../../lib/ring/geometry-internal.h"
#include "case.h"
#include "random.h"

#define MIB (1u << 20)

static const uint32_t page_sizes[] = { 4096, 16384, 65536 };

#define N_PAGE_SIZES (sizeof(page_sizes) / sizeof(page_sizes[0]))

/* The kernel's rules, as tests/net/geometry.c sees them enforced. */
static bool is_legal(const struct l2geometry *g, uint32_t page)
{
	uint64_t header = g->version == TPACKET_V3 ? 68 : 52;
	uint64_t least = header + g->reserve;
	uint64_t per_block;

	if (!g->block_nr || !g->block_size || g->block_size > INT32_MAX || g->block_size % page)
		return false;
	if (g->version == TPACKET_V3 &&
	    g->block_size < 48 + (g->private_size + UINT64_C(7)) / 8 * 8 + least)
		return false;
	if (g->frame_size < least || g->frame_size % 16)
		return false;
	per_block = g->block_size / g->frame_size;
	if (!per_block || per_block * g->block_nr > UINT32_MAX ||
	    per_block * g->block_nr != g->frame_nr)
		return false;
	if (g->transmit || g->version == TPACKET_V2)
		return !g->private_size && !g->retire_ms && !g->features;
	return true;
}

/* Bytes that the kernel puts in front of an Ethernet frame's end, at most. */
static uint64_t in_front(const struct l2wish *w)
{
	uint64_t vnet = w->vnet ? 10 : 0;

	if (w->transmit)
		return (w->version == TPACKET_V3 ? 48 : 32) + vnet;
	return (w->version == TPACKET_V3 ? 96 : 80) + w->reserve + vnet;
}

static void require_good(const struct l2wish *w)
{
	struct l2geometry g;
	struct l2rule broken;

	l2geometry_solve(w, &g);
	REQUIRE_EQ(l2geometry_check(&g, w->page_size, &broken), 0);
	REQUIRE(is_legal(&g, w->page_size));
	REQUIRE(l2geometry_cells(&g) >= L2_CELLS_LEAST);
	REQUIRE(l2geometry_room(&g) >= w->frame_len);
	if (w->version == TPACKET_V3 && !w->transmit)
		REQUIRE(g.block_size >=
			48 + (w->private_size + 7) / 8 * 8 + 8 + in_front(w) + w->frame_len);
	else
		REQUIRE(g.frame_size >= in_front(w) + w->frame_len);
}

CASE(geometry, every_mtu)
{
	struct l2wish w = { .bytes = 16 * MIB };
	size_t page;
	uint32_t mtu;

	for (page = 0; page < N_PAGE_SIZES; page++)
		for (mtu = 68; mtu <= 65535; mtu++) {
			w.page_size = page_sizes[page];
			w.frame_len = mtu + 18;
			for (w.version = TPACKET_V2; w.version <= TPACKET_V3; w.version++)
				for (w.transmit = 0; w.transmit <= 1; w.transmit++)
					require_good(&w);
		}
}

CASE(geometry, every_wish)
{
	uint64_t state = random_seed();
	uint64_t rounds = random_rounds(200000);

	while (rounds--) {
		struct l2wish w = {
			.version = random_next(&state) & 1 ? TPACKET_V2 : TPACKET_V3,
			.page_size = page_sizes[random_next(&state) % N_PAGE_SIZES],
			.frame_len = (uint32_t)random_next(&state) % 300000,
			.transmit = random_next(&state) & 1,
			.bytes = random_next(&state) >> random_next(&state) % 64,
			.vnet = random_next(&state) & 1,
		};

		if (!w.transmit)
			w.reserve = (uint32_t)random_next(&state) % 4096 / 16 * 16;
		if (!w.transmit && w.version == TPACKET_V3) {
			w.private_size = (uint32_t)random_next(&state) % 5000;
			w.retire_ms = 8;
		}
		require_good(&w);
	}
}

/* What was asked for is used, and not exceeded. */
CASE(geometry, memory)
{
	struct l2wish w = { .page_size = 4096, .frame_len = 1518, .bytes = 64 * MIB };
	struct l2geometry g;

	w.version = TPACKET_V3;
	l2geometry_solve(&w, &g);
	REQUIRE_EQ(g.block_size, MIB);
	REQUIRE_EQ(g.block_nr, 64);
	w.version = TPACKET_V2;
	l2geometry_solve(&w, &g);
	REQUIRE(l2geometry_bytes(&g) <= 64 * MIB);
	REQUIRE((uint64_t)g.frame_nr * g.frame_size > 60 * MIB); /* 1/16 is wasted at most */
}

#if SIZE_MAX > UINT32_MAX
CASE(geometry, beyond_four_gib)
{
	struct l2wish w = { .version = TPACKET_V3,
			    .page_size = 4096,
			    .frame_len = 1518,
			    .bytes = UINT64_C(1) << 40 };
	struct l2geometry g;
	struct l2rule broken;

	l2geometry_solve(&w, &g);
	REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), 0);
	REQUIRE_EQ(l2geometry_bytes(&g), UINT64_C(1) << 40);
	w.version = TPACKET_V2;
	l2geometry_solve(&w, &g);
	REQUIRE(l2geometry_slot(&g, g.frame_nr - 1) > UINT64_C(15) << 36);
	REQUIRE(l2geometry_slot(&g, g.frame_nr - 1) + g.frame_size <= l2geometry_bytes(&g));
}
#endif

/* Slots follow each other within a block, and the next block begins behind what is left over. */
CASE(geometry, slots)
{
	const struct l2geometry g = { .version = TPACKET_V2,
				      .block_size = 4096,
				      .block_nr = 3,
				      .frame_size = 1600,
				      .frame_nr = 6 };
	const size_t expected[] = { 0, 1600, 4096, 5696, 8192, 9792 };
	uint32_t i;

	for (i = 0; i < 6; i++)
		REQUIRE_EQ(l2geometry_slot(&g, i), expected[i]);
}

CASE(geometry, halving)
{
	struct l2wish w = {
		.version = TPACKET_V3, .page_size = 4096, .frame_len = 1518, .bytes = 64 * MIB
	};
	struct l2geometry g;
	struct l2rule broken;
	int halved = 0;

	l2geometry_solve(&w, &g);
	while (l2geometry_halve(&g)) {
		REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), 0);
		halved++;
	}
	REQUIRE_EQ(halved, 4);
	REQUIRE_EQ(g.block_nr, L2_CELLS_LEAST);
}

static uint32_t some_size(uint64_t *state)
{
	static const uint32_t usual[] = { 0, 1, 4096, 8192, 12288, 65536, 1u << 31, UINT32_MAX };
	uint64_t word = random_next(state);

	if (word & 1)
		return usual[(word >> 1) % 8];
	return (uint32_t)(word >> 32) >> (word >> 1) % 32 / 16 * 16;
}

/* Every refusal has a rule, and none is missing. */
CASE(geometry, rules)
{
	uint64_t state = random_seed();
	uint64_t rounds = random_rounds(500000);
	uint64_t legal = 0;

	while (rounds--) {
		struct l2geometry g = {
			.version = random_next(&state) & 1 ? TPACKET_V2 : TPACKET_V3,
			.transmit = random_next(&state) & 1,
			.block_size = some_size(&state),
			.block_nr = some_size(&state),
			.frame_size = some_size(&state),
		};
		struct l2rule broken = { 0 };

		if (random_next(&state) % 4)
			g.frame_size = g.frame_size / 16 * 16;
		if (g.frame_size && random_next(&state) % 8)
			g.frame_nr = g.block_size / g.frame_size * g.block_nr;
		if (random_next(&state) % 4 == 0)
			g.private_size = some_size(&state);
		if (random_next(&state) % 4 == 0)
			g.reserve = some_size(&state) % 60000;
		if (is_legal(&g, 4096)) {
			REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), 0);
			legal++;
		} else {
			REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), -EINVAL);
			REQUIRE(broken.sentence && !strncmp(broken.sentence, "ring: ", 6));
		}
	}
	REQUIRE(legal > 100);
}

/* Where the kernel would drop every frame, or knows no such ring. */
CASE(geometry, beyond_the_kernels_rules)
{
	struct l2geometry g = {
		.version = 0, .block_size = 4096, .block_nr = 4, .frame_size = 2048, .frame_nr = 8
	};
	struct l2rule broken;

	REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), -EINVAL); /* TPACKET_V1 */
	g.version = TPACKET_V2;
	REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), 0);
	g.block_size = 1 << 20;
	g.frame_size = 1 << 20;
	g.frame_nr = 4;
	g.reserve = 65535 - 80;
	REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), 0);
	g.reserve++;
	REQUIRE_EQ(l2geometry_check(&g, 4096, &broken), -EINVAL);
}
