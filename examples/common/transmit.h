/* SPDX-License-Identifier: MIT */
/* Sending generated frames: one by one, in batches, or by a ring. */
#ifndef TRANSMIT_H
#define TRANSMIT_H

#include <l2sock/ring.h>

#include "traffic.h"

#define TRANSMIT_BURST 64 /* frames at most at once */

enum transmit_mode { TRANSMIT_SEND, TRANSMIT_BATCH, TRANSMIT_RING };

struct transmit {
	enum transmit_mode mode;
	struct l2sock *s;
	struct l2ring_tx *tx; /* of TRANSMIT_RING */
	uint8_t *slab;        /* of the others: room for a burst */
	uint64_t sent;        /* frames given to the library */
	uint64_t completed;
	uint64_t uncertain;
	uint64_t failed;
};

/* The handle is given. Returns 0 or a negative errno, with a sentence in the handle. */
int transmit_open(struct transmit *x, enum transmit_mode mode, struct l2sock *s, size_t frame_len);

/*
 * Sends so many frames, at most TRANSMIT_BURST. Returns 0, also when some failed, or a negative
 * errno when there is no going on.
 */
int transmit_burst(struct transmit *x, struct traffic *traffic, uint32_t n);

/* Waits for what is on its way, and brings the counters up to date. */
int transmit_finish(struct transmit *x, int64_t timeout_ns);

/* Brings the counters up to date. */
void transmit_count(struct transmit *x);

void transmit_close(struct transmit *x);

#endif /* TRANSMIT_H */
