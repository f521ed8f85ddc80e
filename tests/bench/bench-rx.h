/* SPDX-License-Identifier: MIT */
/* The library's receive ring as its users open it. */
#ifndef BENCH_RX_H
#define BENCH_RX_H

#include <l2sock/rx.h>

#include "bench.h"

/* What a lane's "state" points to. */
struct bench_rx {
	struct l2sock *s;
	struct l2ring_rx *rx;
};

int bench_rx_open(struct bench_lane *lane, uint64_t bytes, uint64_t retire_ns);
void bench_rx_close(struct bench_lane *lane);

#endif /* BENCH_RX_H */
