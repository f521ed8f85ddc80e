/* SPDX-License-Identifier: MIT */
/* The receive ring, and what its files offer each other. */
#ifndef L2SOCK_RX_INTERNAL_H
#define L2SOCK_RX_INTERNAL_H

#include <l2sock/rx.h>

#include "map-internal.h"

/* l2block.facts */
#define L2BLOCK_SLOTS  0x1u /* headers of TPACKET_V2 */
#define L2BLOCK_COOKED 0x2u /* frames begin behind their link-layer header */
#define L2BLOCK_VNET   0x4u /* they have a virtio-net header in front */

/* Where a frame's header has what: bytes from its start. */
struct l2places {
	uint16_t next; /* the way to the next header */
	uint16_t status;
	uint16_t len;
	uint16_t wire_len;
	uint16_t time; /* seconds, nanoseconds */
	uint16_t data;
	uint16_t hash; /* 0: it has none */
	uint16_t tci;
	uint16_t tpid;
	uint16_t from; /* struct sockaddr_ll */
};

struct l2ring_rx;

/*
 * What differs between the profiles. A cell is what the kernel hands over by one status word: a
 * block of TPACKET_V3, a slot of TPACKET_V2.
 */
struct l2rx_format {
	/* Is the first cell that was not leased yet the program's? */
	bool (*ready)(const struct l2ring_rx *rx);
	/*
	 * Then describes what is there in at most @most cells: fills in what is not the same for
	 * all blocks of the ring. Returns how many cells it takes, at least 1.
	 */
	uint32_t (*take)(struct l2ring_rx *rx, uint32_t most, struct l2block *b);
	/* Hands a cell to the kernel. */
	void (*give)(struct l2ring_rx *rx, uint32_t cell);
	/* Frames in the first cell that was not leased yet, while the kernel still has it. */
	uint32_t (*pending)(const struct l2ring_rx *rx);
	/* From now on these frames are none. */
	void (*skip)(struct l2ring_rx *rx);
};

extern const struct l2rx_format l2rx_blocks; /* THROUGHPUT */
extern const struct l2rx_format l2rx_slots;  /* LATENCY */

/* A frame that exceeds its slot, and the copy of its header in front of it. */
struct l2rx_giant {
	struct l2rx_giant *next;
	uint64_t lease;
	_Alignas(16) uint8_t bytes[];
};

struct l2ring_rx {
	struct l2sock *s;
	const struct l2rx_format *format;
	struct l2map map;
	struct l2block plain; /* what all blocks have in common */
	uint32_t cells;
	uint32_t held_max;
	uint64_t head;      /* cells leased since opening: the next lease's number */
	uint64_t tail;      /* those of them that the kernel has back */
	uint32_t head_cell; /* the same, counted around */
	uint32_t tail_cell;
	uint32_t *leases;    /* of the lease that begins with a cell: its cells, LEASE_RELEASED */
	uint64_t skip_lease; /* of its frames, these are of a filter that is no longer in force */
	uint32_t skip_frames;
	uint32_t profile;
	uint32_t flags; /* of the options */
	uint64_t spin_ns;
	uint64_t dropped; /* by the handle's counter, when a block was last marked for it */
	int64_t look_at;  /* when a program that never sleeps asks for the socket's errors again */
	bool stopped;
	bool refused; /* a lease, as too many are held */
	struct l2rx_giant *giants;
};

/* block.c: the places for a block's facts; and all its tags. */
const struct l2places *l2block_places(uint32_t facts);
void l2block_restore_tags(const struct l2block *b);

/* rx.c */
int l2rx_renew(void *ring);

/* lease.c */
void l2lease_restart(struct l2ring_rx *rx);
uint32_t l2lease_take(struct l2ring_rx *rx, uint32_t most, struct l2block *ret);

/*
 * Cells that the kernel does not have. The first of them is held by the program, or it would be
 * back.
 */
static inline uint32_t l2lease_held(const struct l2ring_rx *rx)
{
	return (uint32_t)(rx->head - rx->tail);
}

/* next.c: for the handle under the ring; and that a stopped ring is empty, when it is. */
extern const struct l2ring_ops l2rx_ops;
void l2rx_note_end(struct l2ring_rx *rx);

#endif /* L2SOCK_RX_INTERNAL_H */
