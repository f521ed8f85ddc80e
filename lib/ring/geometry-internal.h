/* SPDX-License-Identifier: MIT */
/*
 * What a ring looks like in memory: blocks of pages, each cut into slots of one frame, or filled
 * with frames one behind the other (receiving with TPACKET_V3). Pure arithmetic.
 */
#ifndef L2SOCK_GEOMETRY_INTERNAL_H
#define L2SOCK_GEOMETRY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A virtio-net header, as the kernel puts it in front of a frame. */
#define L2_VNET_LEN 10

/* What the kernel is asked for. */
struct l2geometry {
	uint32_t version;      /* TPACKET_V2 or TPACKET_V3 */
	uint32_t transmit;     /* a transmit ring */
	uint32_t block_size;   /* bytes */
	uint32_t block_nr;     /* how many */
	uint32_t frame_size;   /* bytes of a slot, header included */
	uint32_t frame_nr;     /* slots in all blocks */
	uint32_t reserve;      /* bytes more in front of each received frame */
	uint32_t vnet;         /* frames have a virtio-net header in front */
	uint32_t private_size; /* TPACKET_V3, receiving: bytes in each block for its user */
	uint32_t retire_ms;    /* ... the kernel gives a block up after that time */
	uint32_t features;     /* ... TP_FT_REQ_* */
};

/* What somebody wants of it. Only the first three must be set. */
struct l2wish {
	uint32_t version;
	uint32_t page_size;
	uint32_t frame_len; /* the longest frame that must fit, from its link-layer header on */
	uint32_t transmit;
	uint64_t bytes;      /* memory to spend; the least that works when it is less */
	uint32_t block_size; /* of each block, in place of the solver's choice */
	uint32_t reserve;
	uint32_t vnet;
	uint32_t private_size;
	uint32_t retire_ms;
	uint32_t features;
};

/* A rule of the kernel that a geometry breaks, as l2fail_note() takes it. */
struct l2rule {
	const char *sentence;
	int64_t a;
	int64_t b;
};

/*
 * Makes a geometry of a wish. It may be refused all the same: ask l2geometry_check(). Fewer than
 * L2_CELLS_LEAST blocks or slots are never made.
 */
void l2geometry_solve(const struct l2wish *wish, struct l2geometry *ret);

#define L2_CELLS_LEAST 4

/* Returns 0, or -EINVAL with the rule that the kernel would refuse it for. */
int l2geometry_check(const struct l2geometry *g, uint32_t page_size, struct l2rule *broken);

/* Half the blocks, when memory is short. Returns false when there are too few for that. */
bool l2geometry_halve(struct l2geometry *g);

/* What the ring's user takes and gives back one by one: blocks (receiving, V3), or slots. */
uint32_t l2geometry_cells(const struct l2geometry *g);

/* Bytes of a frame that a slot, or a block with nothing else in it, holds. */
uint32_t l2geometry_room(const struct l2geometry *g);

/* Where a frame's data begins in the slot of a transmit ring: behind the header, and the vnet's. */
uint32_t l2geometry_tx_offset(const struct l2geometry *g);

static inline size_t l2geometry_bytes(const struct l2geometry *g)
{
	return (size_t)g->block_size * g->block_nr;
}

static inline uint32_t l2geometry_slots_per_block(const struct l2geometry *g)
{
	return g->block_size / g->frame_size;
}

/* Where slot @nr of the ring begins: a block's end may be unused. */
static inline size_t l2geometry_slot(const struct l2geometry *g, uint32_t nr)
{
	uint32_t per_block = l2geometry_slots_per_block(g);

	return (size_t)g->block_size * (nr / per_block) + (size_t)g->frame_size * (nr % per_block);
}

#endif /* L2SOCK_GEOMETRY_INTERNAL_H */
