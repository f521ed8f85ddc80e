/* SPDX-License-Identifier: MIT */
/* Transmit rings by bare system calls, as well as they can be written by hand. */
#ifndef BENCH_BARE_RING_H
#define BENCH_BARE_RING_H

#include "bench.h"

/* What a method's "data" points to. */
struct bare_ring_kind {
	int version; /* TPACKET_V2 or TPACKET_V3 */
	bool linear; /* frames are copied by the kernel, by way of a virtio-net header */
};

#define BARE_RING_SLOTS 256
#define BARE_RING_BATCH 64 /* frames for one system call */

int bare_ring_setup(struct bench_lane *lane);
int64_t bare_ring_burst(struct bench_lane *lane, unsigned int n);
void bare_ring_teardown(struct bench_lane *lane);

#endif /* BENCH_BARE_RING_H */
