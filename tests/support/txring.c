/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "handle.h"
#include "txring.h"

struct l2ring_tx *txring_open(struct l2sock **s, const char *ifname,
			      const struct l2ring_tx_opts *opts)
{
	struct l2ring_tx *tx = NULL;

	*s = handle_open(ifname);
	REQUIRE_EQ(l2ring_tx_open(&tx, *s, opts), 0);
	REQUIRE(tx);
	return tx;
}

void txring_commit(struct l2ring_tx *tx, const void *frame, size_t len)
{
	void *slot = NULL;
	int r;

	while ((r = l2ring_tx_reserve(tx, (uint32_t)len, &slot)) == -EAGAIN)
		REQUIRE(l2ring_tx_wait(tx, 10 * L2_SEC) > 0);
	REQUIRE_EQ(r, 0);
	memcpy(slot, frame, len);
	REQUIRE_EQ(l2ring_tx_commit(tx, (uint32_t)len), 0);
}

static void check(const struct l2ring_tx_stats *stats)
{
	REQUIRE_EQ(stats->committed,
		   stats->completed + stats->uncertain + stats->failed + stats->pending);
	REQUIRE_EQ(stats->failed, stats->failed_length + stats->failed_refused +
					  stats->failed_no_room + stats->failed_gone);
	REQUIRE(stats->pending <= stats->committed);
}

struct l2ring_tx_stats txring_stats(const struct l2ring_tx *tx)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };

	REQUIRE_EQ(l2ring_tx_get_stats(tx, &stats), 0);
	check(&stats);
	return stats;
}

struct l2ring_tx_stats txring_close(struct l2ring_tx *tx, struct l2sock *s, int64_t pending)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };

	REQUIRE_EQ(l2ring_tx_close(tx, &stats), pending);
	check(&stats);
	REQUIRE_EQ(stats.pending, pending);
	l2sock_close(s);
	return stats;
}
