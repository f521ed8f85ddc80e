/* SPDX-License-Identifier: MIT */
/*
 * The transmit ring, and what its files offer each other.
 *
 * Three places go round the ring, none of which ever passes the one before it:
 *
 *	armed       the next frame's slot
 *	taken       the oldest frame that the kernel has not taken; it goes on there
 *	harvested   the oldest frame that the kernel has not given back
 *
 * Behind "armed" are the slots that were cancelled while others were reserved, "gaps" of them, then
 * those that the program holds, then the next to be given out.
 */
#ifndef L2SOCK_TX_RING_INTERNAL_H
#define L2SOCK_TX_RING_INTERNAL_H

#include <l2sock/tx.h>

#include "../sock/kernel-internal.h"
#include "map-internal.h"

/* A place in the ring: how many slots came before it since opening, and which slot it is. */
struct l2place {
	uint64_t count;
	uint32_t slot;
};

/* What is known of a slot beside what the kernel sees. */
struct l2slot {
	struct tpacket2_hdr *header;
	uint64_t number; /* of the frame */
	uint32_t len;
};

struct l2ring_tx {
	struct l2sock *s;
	struct l2map map;
	struct l2slot *slots;
	uint32_t n;          /* slots */
	uint32_t offset;     /* from a slot's header to its frame */
	uint32_t room;       /* bytes of the longest frame */
	uint32_t linear_max; /* bytes of the longest frame that the kernel copies */
	uint32_t sndbuf;     /* of the handle before, where it was enlarged; else 0 */
	uint32_t vnet_len;   /* bytes in front of a frame that are counted with it */
	uint32_t held;       /* slots that the program has */
	uint32_t gaps;       /* slots cancelled in front of them */
	uint32_t next;       /* slot to be given out */
	struct l2place armed;
	struct l2place taken;
	struct l2place harvested;
	uint64_t late;       /* frames before that place were not given back at once */
	uint64_t doubt;      /* frames before that place were on their way when the link changed */
	uint32_t link_turns; /* of the handle, as far as they are in "doubt" */
	uint32_t link_news;  /* of the handle, when the limits were looked at */
	uint32_t ifindex;    /* whose limits that were */
	uint32_t span;       /* ... and what they were */
	uint32_t hand_over;  /* L2RING_TX_* */
	bool unfit;          /* the interface takes no virtio-net headers */
	int64_t looked_at;   /* when a flush asked for news */
	int64_t patience_ns;
	int64_t refused_since;              /* when the frame at "taken" was refused first */
	int64_t refused_last;               /* ... and when last */
	uint64_t refused_number;            /* which frame that was */
	uint32_t refused_times;             /* 0: none was */
	struct l2ring_tx_failure *failures; /* the last ones, as many as slots */
	uint64_t failures_noted;
	uint64_t failures_told;
	struct l2ring_tx_stats stats; /* without "pending"; read from any thread */
};

static inline uint32_t l2slot_behind(const struct l2ring_tx *tx, uint32_t slot)
{
	return slot + 1 == tx->n ? 0 : slot + 1;
}

static inline void l2place_advance(const struct l2ring_tx *tx, struct l2place *place)
{
	place->count++;
	place->slot = l2slot_behind(tx, place->slot);
}

static inline uint64_t l2tx_pending(const struct l2ring_tx *tx)
{
	return tx->armed.count - tx->harvested.count;
}

static inline uint64_t l2tx_free(const struct l2ring_tx *tx)
{
	return tx->n - l2tx_pending(tx) - tx->gaps - tx->held;
}

/* When the program has no slot any more, the gaps that it left are behind all frames. */
static inline void l2tx_close_gaps(struct l2ring_tx *tx)
{
	if (tx->held)
		return;
	tx->gaps = 0;
	tx->next = tx->armed.slot;
}

static inline uint8_t *l2slot_frame(const struct l2ring_tx *tx, const struct l2slot *slot)
{
	return (uint8_t *)slot->header + tx->offset;
}

static inline uint16_t l2slot_type(const struct l2ring_tx *tx, const struct l2slot *slot)
{
	const uint8_t *type = l2slot_frame(tx, slot) + 2 * ETH_ALEN;

	return (uint16_t)(type[0] << 8 | type[1]);
}

/* The kernel writes the slot before it changes the status, and reads it after. */
static inline uint32_t l2slot_status(const struct l2slot *slot)
{
	return __atomic_load_n(&slot->header->tp_status, __ATOMIC_ACQUIRE);
}

static inline void l2slot_set_status(const struct l2slot *slot, uint32_t status)
{
	__atomic_store_n(&slot->header->tp_status, status, __ATOMIC_RELEASE);
}

/* Counted after what it counts, for readers in other threads. */
static inline void l2tx_publish(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + n, __ATOMIC_RELEASE);
}

/* tx-slot.c: puts a frame that lies in another slot into the one at "armed". */
void l2tx_move(struct l2ring_tx *tx, const struct l2slot *from, uint32_t len, uint64_t number);

/* tx-fail.c: frames that the kernel has not taken and never will. */
void l2tx_fail_first(struct l2ring_tx *tx, int code, uint64_t *counter);
void l2tx_fail_all(struct l2ring_tx *tx, int code, uint64_t *counter);
void l2tx_fail_long(struct l2ring_tx *tx);

/* tx-harvest.c: what the kernel has taken and given back. */
void l2tx_count_taken(struct l2ring_tx *tx);
void l2tx_harvest(struct l2ring_tx *tx);
void l2tx_see_link(struct l2ring_tx *tx);
void l2tx_hear_of_link(struct l2ring_tx *tx);

/* tx-stats.c */
bool l2tx_stats_fit(const struct l2ring_tx_stats *ret);
void l2tx_stats_copy(const struct l2ring_tx *tx, struct l2ring_tx_stats *ret);

/* hand-over.c: the length up to which the device had better get a copy; 0: none. */
uint32_t l2handover_choose(const struct l2sock *s, uint32_t hand_over);
bool l2handover_can_copy(const struct l2sock *s);

#endif /* L2SOCK_TX_RING_INTERNAL_H */
