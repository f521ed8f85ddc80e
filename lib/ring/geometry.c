/* SPDX-License-Identifier: MIT */
/* Rings that the kernel accepts: its rules, and a choice within them. */
#include <errno.h>

#include "../sock/kernel-internal.h"
#include "geometry-internal.h"

/* Slots begin on cache lines: two frames share none. */
#define SLOT_ALIGNMENT 64

/* A block is large enough when no more than 1/16 of it is left over behind its slots. */
#define MOST_WASTE      16
#define SLOT_BLOCK_MOST (1u << 20)

/* Blocks of this size make waking up and going on to the next as rare as it pays. */
#define FILLED_BLOCK (1u << 20)
#define MANY_BLOCKS  8

/* In front of a block's first frame, and in front of its user's own bytes. */
#define BLOCK_HEADER (sizeof(struct tpacket_block_desc))

/* Frames in a block begin at multiples of this, and the kernel keeps one such step free. */
#define FRAME_ALIGNMENT 8

/* The kernel looks for no link-layer header shorter than this. */
#define LINK_HEADER_LEAST 16

/* A frame's place is a 16-bit number. */
#define MOST_OFFSET 65535

static uint32_t align(uint32_t n, uint32_t to)
{
	return (n + to - 1) / to * to;
}

/* A slot's header in the kernel's sense: with the address behind it. */
static uint32_t header_len(uint32_t version)
{
	uint32_t own = version == TPACKET_V3 ? sizeof(struct tpacket3_hdr)
					     : sizeof(struct tpacket2_hdr);

	return align(own, TPACKET_ALIGNMENT) + (uint32_t)sizeof(struct sockaddr_ll);
}

/* From a header to the end of a received frame's link-layer header, at most. */
static uint32_t rx_offset(uint32_t version, uint32_t reserve, uint32_t vnet)
{
	return align(header_len(version) + LINK_HEADER_LEAST, TPACKET_ALIGNMENT) + reserve +
	       (vnet ? L2_VNET_LEN : 0);
}

/* The data of a frame to send begins where the address of a received one would. */
static uint32_t tx_offset(uint32_t version, uint32_t vnet)
{
	return header_len(version) - (uint32_t)sizeof(struct sockaddr_ll) +
	       (vnet ? L2_VNET_LEN : 0);
}

static uint64_t private_room(uint32_t private_size)
{
	return ((uint64_t)private_size + FRAME_ALIGNMENT - 1) / FRAME_ALIGNMENT * FRAME_ALIGNMENT;
}

static bool is_filled(const struct l2geometry *g)
{
	return g->version == TPACKET_V3 && !g->transmit;
}

/* The smallest power of two of pages with that many bytes: the kernel takes no less of memory. */
static uint32_t whole_pages(uint64_t bytes, uint32_t page_size)
{
	uint64_t n = page_size;

	while (n < bytes)
		n *= 2;
	return n > INT32_MAX ? INT32_MAX / page_size * page_size : (uint32_t)n;
}

/* As many blocks as the memory holds, within the kernel's counters. */
static uint32_t count_blocks(uint64_t bytes, uint32_t block_size, uint32_t least, uint32_t most)
{
	uint64_t n = bytes / block_size;

	if (n < least)
		n = least;
	return n > most ? most : (uint32_t)n;
}

/* The smallest block that wastes little on slots that do not fit. */
static uint32_t block_of_slots(const struct l2wish *wish, uint32_t slot)
{
	uint32_t size = whole_pages(slot, wish->page_size);

	while (size < SLOT_BLOCK_MOST && size % slot > size / MOST_WASTE)
		size *= 2;
	return size;
}

/* A frame across two pages is two pieces to the kernel that sends it. */
static uint32_t keep_within_page(uint32_t slot, uint32_t page_size)
{
	uint32_t size = SLOT_ALIGNMENT;

	if (slot > page_size)
		return slot;
	while (size < slot)
		size *= 2;
	return size;
}

/* Slots of one frame each. */
static void solve_slots(const struct l2wish *wish, uint32_t header, struct l2geometry *g)
{
	uint64_t slot = (uint64_t)header + wish->frame_len + SLOT_ALIGNMENT - 1;
	uint32_t per_block;

	g->frame_size = slot < INT32_MAX ? (uint32_t)slot / SLOT_ALIGNMENT * SLOT_ALIGNMENT
					 : INT32_MAX / SLOT_ALIGNMENT * SLOT_ALIGNMENT;
	if (g->transmit)
		g->frame_size = keep_within_page(g->frame_size, wish->page_size);
	g->block_size = wish->block_size ? wish->block_size : block_of_slots(wish, g->frame_size);
	per_block = g->block_size / g->frame_size;
	if (!per_block)
		return; /* a choice of the caller's that check() refuses */
	g->block_nr = count_blocks(wish->bytes, g->block_size,
				   align(L2_CELLS_LEAST, per_block) / per_block,
				   UINT32_MAX / per_block);
	g->frame_nr = per_block * g->block_nr;
}

/* Blocks that the kernel fills: of some size, unless memory or the longest frame speak against. */
static uint32_t block_to_fill(const struct l2wish *wish, uint32_t header)
{
	uint64_t least = BLOCK_HEADER + private_room(wish->private_size) + header +
			 (uint64_t)wish->frame_len + FRAME_ALIGNMENT;
	uint32_t size = whole_pages(FILLED_BLOCK, wish->page_size);

	while (size > wish->page_size && size > wish->bytes / MANY_BLOCKS)
		size /= 2;
	return size < least ? whole_pages(least, wish->page_size) : size;
}

/* The kernel lays no slots out here: one to a block satisfies its rules about them. */
static void solve_filled(const struct l2wish *wish, uint32_t header, struct l2geometry *g)
{
	g->block_size = wish->block_size ? wish->block_size : block_to_fill(wish, header);
	g->block_nr = count_blocks(wish->bytes, g->block_size, L2_CELLS_LEAST, UINT32_MAX);
	g->frame_size = g->block_size;
	g->frame_nr = g->block_nr;
}

void l2geometry_solve(const struct l2wish *wish, struct l2geometry *ret)
{
	struct l2geometry g = {
		.version = wish->version,
		.transmit = wish->transmit,
		.reserve = wish->reserve,
		.vnet = wish->vnet,
		.private_size = wish->private_size,
		.retire_ms = wish->retire_ms,
		.features = wish->features,
	};

	if (is_filled(&g))
		solve_filled(wish, rx_offset(g.version, g.reserve, g.vnet), &g);
	else if (g.transmit)
		solve_slots(wish, tx_offset(g.version, g.vnet), &g);
	else
		solve_slots(wish, rx_offset(g.version, g.reserve, g.vnet), &g);
	*ret = g;
}

static int broken_rule(struct l2rule *broken, const char *sentence, int64_t a, int64_t b)
{
	*broken = (struct l2rule) { sentence, a, b };
	return -EINVAL;
}

static int check_block(const struct l2geometry *g, uint32_t page_size, struct l2rule *broken)
{
	uint64_t least = BLOCK_HEADER + private_room(g->private_size) + header_len(g->version) +
			 g->reserve;

	if (!g->block_nr)
		return broken_rule(broken, "ring: no blocks", 0, 0);
	if (!g->block_size || g->block_size > INT32_MAX)
		return broken_rule(broken, "ring: a block of %a bytes is not between 1 and %b",
				   g->block_size, INT32_MAX);
	if (g->block_size % page_size)
		return broken_rule(broken,
				   "ring: a block of %a bytes is no multiple of a page's %b",
				   g->block_size, page_size);
	if (g->version == TPACKET_V3 && g->block_size < least)
		return broken_rule(broken,
				   "ring: a block of %a bytes does not hold the %b of its headers",
				   g->block_size, (int64_t)least);
	return 0;
}

static int check_slots(const struct l2geometry *g, struct l2rule *broken)
{
	uint64_t least = (uint64_t)header_len(g->version) + g->reserve;
	uint64_t slots;

	if (g->frame_size < least)
		return broken_rule(broken,
				   "ring: a slot of %a bytes does not hold the %b of its header",
				   g->frame_size, (int64_t)least);
	if (g->frame_size % TPACKET_ALIGNMENT)
		return broken_rule(broken, "ring: a slot of %a bytes is no multiple of %b",
				   g->frame_size, TPACKET_ALIGNMENT);
	if (g->frame_size > g->block_size)
		return broken_rule(broken, "ring: a slot of %a bytes exceeds a block's %b",
				   g->frame_size, g->block_size);
	slots = (uint64_t)l2geometry_slots_per_block(g) * g->block_nr;
	if (slots > UINT32_MAX)
		return broken_rule(broken, "ring: %a slots exceed %b", (int64_t)slots, UINT32_MAX);
	if (slots != g->frame_nr)
		return broken_rule(broken, "ring: %a slots, but the blocks hold %b", g->frame_nr,
				   (int64_t)slots);
	return 0;
}

/* What one direction or version does not have. */
static int check_kind(const struct l2geometry *g, struct l2rule *broken)
{
	if (g->version != TPACKET_V2 && g->version != TPACKET_V3)
		return broken_rule(broken, "ring: TPACKET version %a is neither %b nor 2",
				   g->version, TPACKET_V2);
	if (!is_filled(g) && (g->private_size || g->retire_ms || g->features))
		return broken_rule(broken,
				   "ring: only receive rings of TPACKET_V3 have private bytes, a "
				   "time to retire, features",
				   0, 0);
	if (!g->transmit && rx_offset(g->version, 0, g->vnet) + (uint64_t)g->reserve > MOST_OFFSET)
		return broken_rule(broken, "ring: %a bytes in front of each frame; the most is %b",
				   g->reserve, MOST_OFFSET - rx_offset(g->version, 0, g->vnet));
	return 0;
}

int l2geometry_check(const struct l2geometry *g, uint32_t page_size, struct l2rule *broken)
{
	int r = check_kind(g, broken);

	if (r == 0)
		r = check_block(g, page_size, broken);
	return r < 0 ? r : check_slots(g, broken);
}

uint32_t l2geometry_cells(const struct l2geometry *g)
{
	return is_filled(g) ? g->block_nr : g->frame_nr;
}

bool l2geometry_halve(struct l2geometry *g)
{
	struct l2geometry half = *g;

	half.block_nr /= 2;
	half.frame_nr = l2geometry_slots_per_block(&half) * half.block_nr;
	if (l2geometry_cells(&half) < L2_CELLS_LEAST)
		return false;
	*g = half;
	return true;
}

uint32_t l2geometry_room(const struct l2geometry *g)
{
	uint64_t used;

	if (g->transmit)
		used = tx_offset(g->version, g->vnet);
	else
		used = rx_offset(g->version, g->reserve, g->vnet);
	if (is_filled(g))
		used += BLOCK_HEADER + private_room(g->private_size) + FRAME_ALIGNMENT;
	return g->frame_size > used ? (uint32_t)(g->frame_size - used) : 0;
}

uint32_t l2geometry_tx_offset(const struct l2geometry *g)
{
	return tx_offset(g->version, g->vnet);
}
