/* SPDX-License-Identifier: MIT */
/* Failures: frames are taken out of the ring, and those behind them move up. */
#include <errno.h>

#include "tx-ring-internal.h"

/* Which frames fail, with which code, and where they are counted. */
struct sieve {
	bool (*stops)(struct l2ring_tx *tx, const struct l2slot *slot);
	int code;
	uint64_t *counter;
};

static void note(struct l2ring_tx *tx, const struct l2slot *slot, const struct sieve *sieve)
{
	tx->failures[tx->failures_noted++ % tx->n] = (struct l2ring_tx_failure) {
		.number = slot->number,
		.code = sieve->code,
		.len = slot->len,
	};
	if (tx->failures_noted - tx->failures_told > tx->n)
		tx->failures_told = tx->failures_noted - tx->n;
	l2counter_add(sieve->counter, 1);
	l2tx_publish(&tx->stats.failed, 1);
}

/*
 * The kernel stops at the first slot without a frame, so none may be left between frames. It only
 * looks at them during a flush, so that all it has not taken may be moved.
 */
static void sift(struct l2ring_tx *tx, const struct sieve *sieve)
{
	struct l2place end = tx->armed;
	struct l2place at = tx->taken;

	tx->armed = tx->taken;
	for (; at.count != end.count; l2place_advance(tx, &at)) {
		const struct l2slot *slot = &tx->slots[at.slot];

		if (sieve->stops(tx, slot))
			note(tx, slot, sieve);
		else if (at.count == tx->armed.count)
			l2place_advance(tx, &tx->armed);
		else
			l2tx_move(tx, slot, slot->len, slot->number);
	}
	tx->gaps += (uint32_t)(end.count - tx->armed.count);
	for (at = tx->armed; at.count != end.count; l2place_advance(tx, &at))
		l2slot_set_status(&tx->slots[at.slot], TP_STATUS_AVAILABLE);
	l2tx_close_gaps(tx);
}

static bool is_first(struct l2ring_tx *tx, const struct l2slot *slot)
{
	return slot == &tx->slots[tx->taken.slot];
}

static bool is_any(struct l2ring_tx *tx, const struct l2slot *slot)
{
	(void)tx;
	(void)slot;
	return true;
}

static bool is_long(struct l2ring_tx *tx, const struct l2slot *slot)
{
	return l2limits_exceeded(tx->s, slot->len, l2slot_type(tx, slot));
}

/* The frame that the kernel comes to next. */
void l2tx_fail_first(struct l2ring_tx *tx, int code, uint64_t *counter)
{
	const struct sieve sieve = { is_first, code, counter };

	sift(tx, &sieve);
}

void l2tx_fail_all(struct l2ring_tx *tx, int code, uint64_t *counter)
{
	const struct sieve sieve = { is_any, code, counter };

	sift(tx, &sieve);
}

/* Those that the interface does not take any more. */
void l2tx_fail_long(struct l2ring_tx *tx)
{
	const struct sieve sieve = { is_long, -EMSGSIZE, &tx->stats.failed_length };

	sift(tx, &sieve);
}

int l2ring_tx_next_failure(struct l2ring_tx *tx, struct l2ring_tx_failure *ret)
{
	if (!tx)
		return -EINVAL;
	if (!ret)
		return l2fail_note(tx->s, -EINVAL, "ring: no place for the failure", 0, 0);
	if (tx->failures_told == tx->failures_noted)
		return 0;
	*ret = tx->failures[tx->failures_told++ % tx->n];
	return 1;
}
