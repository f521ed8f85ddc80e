/* SPDX-License-Identifier: MIT */
/* Harvest: what the kernel has taken, what it has given back, and what that is worth. */
#include "tx-ring-internal.h"

#define IN_FLIGHT (TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING)

static bool is_taken(const struct l2ring_tx *tx, uint32_t slot)
{
	return !(l2slot_status(&tx->slots[slot]) &
		 (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT));
}

/* The kernel takes frames in their order: with the last one it has all. */
void l2tx_count_taken(struct l2ring_tx *tx)
{
	const uint32_t last = (tx->armed.slot ? tx->armed.slot : tx->n) - 1;

	if (tx->taken.count != tx->armed.count && is_taken(tx, last))
		tx->taken = tx->armed;
	while (tx->taken.count != tx->armed.count && is_taken(tx, tx->taken.slot))
		l2place_advance(tx, &tx->taken);
}

/*
 * What is in the kernel's hands when the link changes comes back, sent or dropped. Changes before
 * a flush are seen by it, so that frames of after the change are not in doubt.
 */
static void note_changes(struct l2ring_tx *tx)
{
	if (tx->s->link_turns == tx->link_turns)
		return;
	tx->link_turns = tx->s->link_turns;
	tx->doubt = tx->taken.count;
}

/*
 * The state first, then the messages: a link that is going down is not "running" before the first
 * frame is dropped, and of one that was down and is up again there is a message.
 */
void l2tx_see_link(struct l2ring_tx *tx)
{
	if (l2link_peek(tx->s) != tx->s->link)
		l2link_ask(tx->s);
	if (tx->s->linkfd >= 0)
		l2watch_read(tx->s);
	note_changes(tx);
}

/* Cheaper, for a flush: messages alone, where there are any. */
void l2tx_hear_of_link(struct l2ring_tx *tx)
{
	l2link_update(tx->s);
	note_changes(tx);
}

/* Where the oldest frame is that has not come back, and the bytes of those before it. */
static struct l2place find_end(const struct l2ring_tx *tx, uint64_t *bytes)
{
	const struct l2slot *slot = &tx->slots[tx->harvested.slot];
	const struct l2slot *end = &tx->slots[tx->n];
	uint64_t count = tx->harvested.count;

	for (; count != tx->taken.count && !(l2slot_status(slot) & IN_FLIGHT); count++) {
		*bytes += slot->len;
		if (++slot == end)
			slot = tx->slots;
	}
	return (struct l2place) { count, (uint32_t)(slot - tx->slots) };
}

/*
 * Frames that came back at once cannot have waited anywhere: only those that did not are worth
 * asking about the link.
 */
void l2tx_harvest(struct l2ring_tx *tx)
{
	const uint64_t start = tx->harvested.count;
	uint64_t uncertain = 0;
	uint64_t bytes = 0;
	const struct l2place end = find_end(tx, &bytes);

	if (end.count == start)
		return;
	if (start < tx->late)
		l2tx_see_link(tx);
	if (tx->doubt > start)
		uncertain = (tx->doubt < end.count ? tx->doubt : end.count) - start;
	tx->harvested = end;
	l2counter_add(&tx->stats.bytes, bytes);
	l2tx_publish(&tx->stats.uncertain, uncertain);
	l2tx_publish(&tx->stats.completed, end.count - start - uncertain);
}
