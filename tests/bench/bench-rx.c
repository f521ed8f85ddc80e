/* SPDX-License-Identifier: MIT */
/* The library's receive ring as its users open it. */
#include <errno.h>
#include <stdlib.h>

#include "bench-rx.h"

int bench_rx_open(struct bench_lane *lane, uint64_t bytes, uint64_t retire_ns)
{
	const struct l2ring_rx_opts opts = {
		.size = sizeof(opts),
		.bytes = bytes,
		.retire_ns = retire_ns,
	};
	struct bench_rx *ring = calloc(1, sizeof(*ring));
	int r;

	if (!ring)
		return -ENOMEM;
	lane->state = ring;
	r = l2sock_open(&ring->s, lane->dev, NULL);
	if (r == 0)
		r = l2ring_rx_open(&ring->rx, ring->s, &opts);
	return r < 0 ? r : l2sock_bind(ring->s, L2_ETHERTYPE_ALL);
}

void bench_rx_close(struct bench_lane *lane)
{
	struct bench_rx *ring = lane->state;

	if (ring) {
		l2ring_rx_close(ring->rx);
		l2sock_close(ring->s);
	}
	free(ring);
}
