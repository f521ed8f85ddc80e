/* SPDX-License-Identifier: MIT */
/* Frames one by one, from the queue of a handle or from a ring. */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdbool.h>
#include <l2sock/ring.h>

struct intake {
	struct l2sock *s;
	struct l2ring_rx *rx; /* NULL: the queue */
	struct l2block block;
	const void *at; /* the next frame of the block; NULL: none is held */
	bool holds;
	uint8_t *room; /* for frames from the queue */
	size_t size;
};

/* "opts" is NULL for the queue. Returns 0 or a negative error code that the handle explains. */
int intake_open(struct intake *in, struct l2sock *s, const struct l2ring_rx_opts *opts,
		size_t most);
void intake_close(struct intake *in);

/* As l2sock_recv(), room and descriptor valid until the next call. */
int64_t intake_next(struct intake *in, struct l2pkt *pkt, int64_t timeout_ns);

/*
 * Lets nothing further in. Returns whether there may be more to fetch: until -ESHUTDOWN. What is in
 * a queue is there for calls that do not wait, so that is over by then.
 */
bool intake_stop(struct intake *in);

#endif /* INTAKE_H */
