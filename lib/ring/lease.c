/* SPDX-License-Identifier: MIT */
/*
 * Leases: blocks go out in order, come back in any, and go to the kernel in order again. It fills
 * them in turn and waits for each; and it reports input as long as the last that it filled is not
 * back, whatever became of those before.
 */
#include <errno.h>

#include "rx-internal.h"

#define LEASE_RELEASED (UINT32_C(1) << 31)
#define LEASE_CELLS    (LEASE_RELEASED - 1)

static uint32_t around(const struct l2ring_rx *rx, uint32_t cell, uint32_t n)
{
	cell += n; /* no more than twice the cells, of which there are less than 2^31 */
	return cell >= rx->cells ? cell - rx->cells : cell;
}

/* Gives the kernel all that nobody before it holds. */
static void give_back(struct l2ring_rx *rx)
{
	while (rx->tail != rx->head && rx->leases[rx->tail_cell] & LEASE_RELEASED) {
		uint32_t n = rx->leases[rx->tail_cell] & LEASE_CELLS;

		rx->leases[rx->tail_cell] = 0;
		for (; n; n--) {
			rx->format->give(rx, rx->tail_cell);
			rx->tail++;
			rx->tail_cell = around(rx, rx->tail_cell, 1);
		}
	}
	if (rx->refused && rx->s->disarmed) /* there may be more than could be held */
		l2wait_rearm(rx->s);
	rx->refused = false;
}

static void lease(struct l2ring_rx *rx, uint32_t n)
{
	rx->leases[rx->head_cell] = n;
	rx->head += n;
	rx->head_cell = around(rx, rx->head_cell, n);
}

static void release(struct l2ring_rx *rx, uint32_t cell)
{
	rx->leases[cell] |= LEASE_RELEASED;
	if (cell == rx->tail_cell)
		give_back(rx);
}

/* Nothing is held, and the kernel begins with the first cell. */
void l2lease_restart(struct l2ring_rx *rx)
{
	rx->head_cell = rx->tail_cell = 0;
	rx->skip_frames = 0;
}

/*
 * Leases what is there in at most @most cells that the kernel does not wait for. Returns how many
 * frames, or 0. Cells without any go back at once, unless older ones are held: then they count.
 */
uint32_t l2lease_take(struct l2ring_rx *rx, uint32_t most, struct l2block *ret)
{
	uint32_t held = l2lease_held(rx);
	struct l2block b;
	uint32_t cell;
	uint32_t n;

	while (most && rx->format->ready(rx)) {
		b = rx->plain;
		b.lease = rx->head;
		n = rx->format->take(rx, most, &b);
		cell = rx->head_cell;
		lease(rx, n);
		if (b.frames) {
			*ret = b;
			return b.frames;
		}
		release(rx, cell);
		most -= l2lease_held(rx) - held;
		held = l2lease_held(rx);
	}
	return 0;
}

/* A lease by its number: NULL unless it is one. */
static uint32_t *find(struct l2ring_rx *rx, uint64_t number, uint32_t *cell)
{
	if (number - rx->tail >= l2lease_held(rx))
		return NULL;
	*cell = around(rx, rx->tail_cell, (uint32_t)(number - rx->tail));
	return &rx->leases[*cell];
}

int l2ring_rx_release(struct l2ring_rx *rx, const struct l2block *b)
{
	uint32_t *found;
	uint32_t cell;

	if (!rx)
		return -EINVAL;
	if (!b)
		return l2fail_note(rx->s, -EINVAL, "rx: no block to release", 0, 0);
	found = find(rx, b->lease, &cell);
	if (!found || !*found || *found & LEASE_RELEASED)
		return l2fail_note(rx->s, -EINVAL, "rx: the block is not on lease", 0, 0);
	release(rx, cell);
	return 0;
}
