/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "outbox.h"
#include "stop.h"

#define BYTES_ROOM (4u << 20)

/* How long frames may wait for room: so many steps of a millisecond without one that goes. */
#define PATIENCE 1000

int outbox_open(struct outbox *o)
{
	o->tx = calloc(o->room, sizeof(*o->tx));
	o->bytes = malloc(BYTES_ROOM);
	return o->tx && o->bytes ? 0 : -ENOMEM;
}

void outbox_close(struct outbox *o)
{
	free(o->tx);
	free(o->bytes);
}

void outbox_fail(struct outbox *o, const char *sentence)
{
	o->failed++;
	complaints_add(&o->complaints, o->program, sentence);
}

/* A millisecond, or less when a signal comes. */
static void pause_briefly(void)
{
	const struct timespec step = { .tv_nsec = L2_MSEC };

	nanosleep(&step, NULL);
}

/*
 * Counts those of the first @tried frames that are settled and moves the others to the front: they
 * met a full queue, which the library does not wait for.
 */
static void settle(struct outbox *o, size_t tried)
{
	size_t last = tried;
	size_t left = 0;
	size_t i;

	while (last && o->tx[last - 1].result == 0)
		last--;
	for (i = 0; i < o->n; i++) {
		int result = i < tried ? o->tx[i].result : -ENOBUFS;

		if (result == 0)
			o->sent++;
		else if (result == -ENOBUFS)
			o->tx[left++] = o->tx[i];
		else /* the handle has the sentence of the last one only */
			outbox_fail(o,
				    i + 1 == last ? l2sock_errmsg(o->s) : l2sock_strerror(result));
	}
	o->n = left;
}

static void give_up(struct outbox *o, const char *sentence)
{
	for (; o->n; o->n--)
		outbox_fail(o, sentence);
}

/* Sends what there is room for. Returns whether that was anything, or what is in the way of all. */
static int push(struct outbox *o)
{
	size_t before = o->n;
	int64_t r = l2sock_send_batch(o->s, o->tx, o->n, L2_MSEC);

	if (r == -ETIMEDOUT)
		return 0;
	if (r < 0)
		return (int)r;
	settle(o, (size_t)r);
	if (o->n == before)
		pause_briefly();
	return o->n < before;
}

int outbox_flush(struct outbox *o)
{
	int step = 0;
	int r = 0;

	while (o->n && step < PATIENCE && r >= 0 && !stop_requested()) {
		r = push(o);
		step = r > 0 ? 0 : step + 1;
	}
	if (stop_requested() || r == -ECANCELED)
		r = -ECANCELED;
	else if (r < 0)
		give_up(o, l2sock_errmsg(o->s));
	else
		give_up(o, o->n && o->tx[0].result == -ENOBUFS
				   ? l2sock_strerror(-ENOBUFS)
				   : "the send buffer stayed full for a second");
	o->n = 0;
	o->used = 0;
	return r == -ENODEV || r == -ECANCELED ? r : 0;
}

int outbox_add(struct outbox *o, const void *frame, size_t len)
{
	struct l2tx *tx = &o->tx[o->n];
	int r = 0;

	if (len > BYTES_ROOM - o->used) {
		r = outbox_flush(o);
		tx = &o->tx[0];
	}
	if (r < 0)
		return r;
	*tx = o->model;
	tx->data = memcpy(o->bytes + o->used, frame, len);
	tx->len = (uint32_t)len;
	o->used += len;
	return ++o->n == o->room ? outbox_flush(o) : 0;
}
