/* SPDX-License-Identifier: MIT */
/* Waiting: for a free slot, or for all frames to be done with. */
#include <errno.h>
#include <poll.h>

#include "tx-ring-internal.h"

/*
 * A frame that comes back ends a sleep, room in a queue does not: so sleeps end by themselves, soon
 * at first.
 */
#define SLICE_LEAST_NS L2_MSEC
#define SLICE_MOST_NS  (32 * L2_MSEC)

static bool has_room(const struct l2ring_tx *tx)
{
	return l2tx_free(tx) > 0;
}

static bool is_drained(const struct l2ring_tx *tx)
{
	return l2tx_pending(tx) == 0;
}

/* Slots that were cancelled come back when none is reserved behind them: by the program's calls. */
static bool is_stuck(const struct l2ring_tx *tx)
{
	return !l2tx_free(tx) && !l2tx_pending(tx);
}

/* Sleeps again and again, flushing in between, until it is so. */
static int wait_until(struct l2ring_tx *tx, bool (*done)(const struct l2ring_tx *tx),
		      int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns, .slice_ns = SLICE_LEAST_NS };

	if (timeout_ns < L2_FOREVER)
		return l2fail_note(tx->s, -EINVAL,
				   "ring: a timeout of %a ns; the least is %b, forever", timeout_ns,
				   L2_FOREVER);
	for (;;) {
		uint64_t before = tx->harvested.count;
		int64_t taken = l2ring_tx_flush(tx);
		int r;

		if (taken < 0)
			return (int)taken;
		if (done(tx))
			return l2wait_take(tx->s);
		if (is_stuck(tx))
			return l2fail_note(tx->s, -EDEADLK,
					   "ring: all slots are reserved or were cancelled", 0, 0);
		r = l2wait_for(tx->s, POLLIN, &deadline);
		if (r < 0)
			return r;
		if (taken || tx->harvested.count != before)
			deadline.slice_ns = SLICE_LEAST_NS;
		else if (deadline.slice_ns < SLICE_MOST_NS)
			deadline.slice_ns *= 2;
	}
}

int64_t l2ring_tx_wait(struct l2ring_tx *tx, int64_t timeout_ns)
{
	int r;

	if (!tx)
		return -EINVAL;
	r = wait_until(tx, has_room, timeout_ns);
	l2wait_exclude(tx->s);
	return r < 0 ? r : (int64_t)l2tx_free(tx);
}

int l2ring_tx_drain(struct l2ring_tx *tx, int64_t timeout_ns)
{
	int r;

	if (!tx)
		return -EINVAL;
	r = wait_until(tx, is_drained, timeout_ns);
	l2wait_exclude(tx->s);
	return r;
}

int l2ring_tx_wake(struct l2ring_tx *tx)
{
	return tx ? l2sock_wake(tx->s) : -EINVAL;
}

int l2ring_tx_pollfd(struct l2ring_tx *tx)
{
	return tx ? l2sock_pollfd(tx->s) : -EINVAL;
}
