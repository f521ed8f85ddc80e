/* SPDX-License-Identifier: MIT */
/* Transmit rings for tests: every step must succeed, and the accounts must balance. */
#ifndef TEST_TXRING_H
#define TEST_TXRING_H

#include <l2sock/ring.h>

#include "frames.h"

/* On a handle of its own, which the ring keeps: *s stays usable until txring_close(). */
struct l2ring_tx *txring_open(struct l2sock **s, const char *ifname,
			      const struct l2ring_tx_opts *opts);

/* Waits for a slot if need be, and commits the frame. */
void txring_commit(struct l2ring_tx *tx, const void *frame, size_t len);

/* The counters, which must balance. */
struct l2ring_tx_stats txring_stats(const struct l2ring_tx *tx);

/* Closes the ring and its handle; so many frames must have been pending. */
struct l2ring_tx_stats txring_close(struct l2ring_tx *tx, struct l2sock *s, int64_t pending);

#endif /* TEST_TXRING_H */
