/* SPDX-License-Identifier: MIT */
/* Slots: given out, filled by the program, and armed for the kernel. */
#include <errno.h>
#include <string.h>

#include "tx-ring-internal.h"

/* Where in the virtio-net header the bytes to copy are told; the rest of it stays 0. */
#define HDR_LEN_OFFSET 2

static int check_room(struct l2ring_tx *tx, uint32_t len)
{
	if (len <= tx->room)
		return 0;
	return l2fail_note(tx->s, -EMSGSIZE, "ring: %a bytes exceed a slot's room, %b", len,
			   tx->room);
}

static void *give_out(struct l2ring_tx *tx)
{
	void *frame = l2slot_frame(tx, &tx->slots[tx->next]);

	tx->next = l2slot_behind(tx, tx->next);
	tx->held++;
	__builtin_prefetch(tx->slots[tx->next].header, 1);
	return frame;
}

/* Where something is wrong, or the ring is full as far as is known. */
static __attribute__((noinline)) int reserve_slowly(struct l2ring_tx *tx, uint32_t len, void **ret)
{
	int r;

	if (!tx)
		return -EINVAL;
	if (!ret)
		return l2fail_note(tx->s, -EINVAL, "ring: no place for the slot", 0, 0);
	r = check_room(tx, len);
	if (r < 0)
		return r;
	l2tx_harvest(tx);
	if (!l2tx_free(tx))
		return l2fail_note(tx->s, -EAGAIN, "ring: all %a slots are in use", tx->n, 0);
	*ret = give_out(tx);
	return 0;
}

L2_HOT int l2ring_tx_reserve(struct l2ring_tx *tx, uint32_t len, void **ret)
{
	if (!tx || !ret || len > tx->room || !l2tx_free(tx))
		return reserve_slowly(tx, len, ret);
	*ret = give_out(tx);
	return 0;
}

int64_t l2ring_tx_reserve_many(struct l2ring_tx *tx, uint32_t len, void **ret, size_t n)
{
	size_t i = 0;
	int r;

	if (!tx)
		return -EINVAL;
	if (!ret || !n)
		return l2fail_note(tx->s, -EINVAL, "ring: no place for slots", 0, 0);
	r = l2ring_tx_reserve(tx, len, &ret[i++]);
	if (r < 0)
		return r;
	if (l2tx_free(tx) < n - i)
		l2tx_harvest(tx);
	while (i < n && l2tx_free(tx))
		ret[i++] = give_out(tx);
	return (int64_t)i;
}

/* Gives the slot at "armed" to the kernel, with the frame that lies in it. */
static inline void arm(struct l2ring_tx *tx, struct l2slot *slot, uint32_t len, uint64_t number)
{
	if (tx->vnet_len) {
		const uint16_t copied = len <= tx->linear_max ? (uint16_t)len : 0;

		memcpy(l2slot_frame(tx, slot) - L2_VNET_LEN + HDR_LEN_OFFSET, &copied,
		       sizeof(copied));
	}
	slot->number = number;
	slot->len = len;
	slot->header->tp_len = len + tx->vnet_len;
	l2slot_set_status(slot, TP_STATUS_SEND_REQUEST);
	l2place_advance(tx, &tx->armed);
}

void l2tx_move(struct l2ring_tx *tx, const struct l2slot *from, uint32_t len, uint64_t number)
{
	struct l2slot *slot = &tx->slots[tx->armed.slot];

	memcpy(l2slot_frame(tx, slot), l2slot_frame(tx, from), len);
	arm(tx, slot, len, number);
}

/* The oldest one that the program holds. */
static struct l2slot *held_slot(const struct l2ring_tx *tx)
{
	const uint32_t slot = tx->armed.slot + tx->gaps;

	return &tx->slots[slot < tx->n ? slot : slot - tx->n];
}

/* Returns 0 when the frame fits the slot and the interface. */
static int check_len(struct l2ring_tx *tx, const struct l2slot *slot, uint32_t len)
{
	int r = check_room(tx, len);

	if (r < 0)
		return r;
	return l2limits_check(tx->s, len, len < ETH_HLEN ? 0 : l2slot_type(tx, slot));
}

static int nothing_reserved(struct l2ring_tx *tx)
{
	return l2fail_note(tx->s, -EINVAL, "ring: no slot is reserved", 0, 0);
}

/* Where something is wrong, may be wrong, or slots were cancelled in front of this one. */
static __attribute__((noinline)) int commit_slowly(struct l2ring_tx *tx, uint32_t len)
{
	struct l2slot *slot;
	int r;

	if (!tx)
		return -EINVAL;
	if (!tx->held)
		return nothing_reserved(tx);
	slot = held_slot(tx);
	r = check_len(tx, slot, len);
	if (r < 0)
		return r;
	if (tx->gaps)
		l2tx_move(tx, slot, len, tx->stats.committed);
	else
		arm(tx, slot, len, tx->stats.committed);
	tx->held--;
	l2tx_close_gaps(tx);
	l2counter_add(&tx->stats.committed, 1);
	return 0;
}

/* Those that can be armed where they lie, until one cannot. Returns how many were. */
static inline size_t arm_many(struct l2ring_tx *tx, const uint32_t *lens, size_t n)
{
	const size_t most = tx->gaps ? 0 : n < tx->held ? n : tx->held;
	size_t i;

	for (i = 0; i < most && lens[i] <= tx->room && l2limits_fit(tx->s, lens[i]); i++)
		arm(tx, &tx->slots[tx->armed.slot], lens[i], tx->stats.committed + i);
	tx->held -= (uint32_t)i;
	l2counter_add(&tx->stats.committed, i);
	return i;
}

L2_HOT int l2ring_tx_commit(struct l2ring_tx *tx, uint32_t len)
{
	if (!tx || !arm_many(tx, &len, 1))
		return commit_slowly(tx, len);
	return 0;
}

int64_t l2ring_tx_commit_many(struct l2ring_tx *tx, const uint32_t *lens, size_t n)
{
	size_t i;
	int r;

	if (!tx)
		return -EINVAL;
	if (!lens)
		return l2fail_note(tx->s, -EINVAL, "ring: no lengths of %a frames", (int64_t)n, 0);
	for (i = arm_many(tx, lens, n); i < n; i++) {
		r = commit_slowly(tx, lens[i]);
		if (r < 0)
			return i ? (int64_t)i : r;
	}
	return (int64_t)n;
}

int l2ring_tx_cancel(struct l2ring_tx *tx)
{
	if (!tx)
		return -EINVAL;
	if (!tx->held)
		return nothing_reserved(tx);
	tx->held--;
	tx->gaps++;
	l2tx_close_gaps(tx);
	return 0;
}
