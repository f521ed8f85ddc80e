/* SPDX-License-Identifier: MIT */
/* The counters of a transmit ring: one writer, readers in any thread. */
#include <errno.h>
#include <string.h>

#include "tx-ring-internal.h"

/* The counters of version 0.1: no caller knows fewer. */
#define STATS_LEAST (offsetof(struct l2ring_tx_stats, calls) + sizeof(uint64_t))
#define STATS_MOST  4096

static uint64_t read_counter(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

bool l2tx_stats_fit(const struct l2ring_tx_stats *ret)
{
	return ret->size >= STATS_LEAST && ret->size <= STATS_MOST;
}

/* How frames ended is read before how many there are, so that none is pending less than once. */
static void collect(const struct l2ring_tx_stats *from, struct l2ring_tx_stats *to)
{
	to->completed = read_counter(&from->completed);
	to->uncertain = read_counter(&from->uncertain);
	to->failed = read_counter(&from->failed);
	to->bytes = read_counter(&from->bytes);
	to->failed_length = read_counter(&from->failed_length);
	to->failed_refused = read_counter(&from->failed_refused);
	to->failed_no_room = read_counter(&from->failed_no_room);
	to->failed_gone = read_counter(&from->failed_gone);
	to->no_room = read_counter(&from->no_room);
	to->no_buffer = read_counter(&from->no_buffer);
	to->calls = read_counter(&from->calls);
	to->committed = read_counter(&from->committed);
	to->pending = to->committed - to->completed - to->uncertain - to->failed;
}

void l2tx_stats_copy(const struct l2ring_tx *tx, struct l2ring_tx_stats *ret)
{
	struct l2ring_tx_stats stats = { 0 };
	uint32_t size = ret->size < sizeof(stats) ? ret->size : (uint32_t)sizeof(stats);

	collect(&tx->stats, &stats);
	stats.size = size;
	memset(ret, 0, ret->size);
	memcpy(ret, &stats, size);
}

int l2ring_tx_get_stats(const struct l2ring_tx *tx, struct l2ring_tx_stats *ret)
{
	if (!tx || !ret || !l2tx_stats_fit(ret))
		return -EINVAL;
	l2tx_stats_copy(tx, ret);
	return 0;
}
