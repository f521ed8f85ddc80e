/* SPDX-License-Identifier: MIT */
/* Harvest: what the kernel has taken, what it has given back, and what that is worth. */
#include "tx-ring-internal.h"

#define IN_FLIGHT (TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING)

/* Goes over the frames that are on their way or back. */
void l2tx_count_taken(struct l2ring_tx *tx)
{
	while (tx->taken.count != tx->armed.count &&
	       !(l2slot_status(&tx->slots[tx->taken.slot]) &
		 (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT)))
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

static uint64_t sum_up(struct l2ring_tx *tx, struct l2place end)
{
	uint64_t bytes = 0;

	for (; tx->harvested.count != end.count; l2place_advance(tx, &tx->harvested))
		bytes += tx->slots[tx->harvested.slot].len;
	return bytes;
}

/*
 * Frames that came back at once cannot have waited anywhere: only those that did not are worth
 * asking about the link.
 */
void l2tx_harvest(struct l2ring_tx *tx)
{
	const uint64_t start = tx->harvested.count;
	struct l2place end = tx->harvested;
	uint64_t uncertain = 0;

	while (end.count != tx->taken.count && !(l2slot_status(&tx->slots[end.slot]) & IN_FLIGHT))
		l2place_advance(tx, &end);
	if (end.count == start)
		return;
	if (start < tx->late)
		l2tx_see_link(tx);
	if (tx->doubt > start)
		uncertain = (tx->doubt < end.count ? tx->doubt : end.count) - start;
	l2counter_add(&tx->stats.bytes, sum_up(tx, end));
	l2tx_publish(&tx->stats.uncertain, uncertain);
	l2tx_publish(&tx->stats.completed, end.count - start - uncertain);
}
