/* SPDX-License-Identifier: MIT */
/* Sending generated frames. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transmit.h"

int transmit_open(struct transmit *x, enum transmit_mode mode, struct l2sock *s, size_t frame_len)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts),
					     .frame_max = (uint32_t)frame_len };

	memset(x, 0, sizeof(*x));
	x->mode = mode;
	x->s = s;
	if (mode == TRANSMIT_RING)
		return l2ring_tx_open(&x->tx, s, &opts);
	x->slab = malloc(TRANSMIT_BURST * frame_len);
	return x->slab ? 0 : -ENOMEM;
}

/* What stands in the way of all frames that follow. */
static int is_final(int code)
{
	return code == -ENODEV || code == -ECANCELED || code == -ENETDOWN;
}

static int send_each(struct transmit *x, struct traffic *traffic, uint32_t n)
{
	int r;

	while (n--) {
		traffic_write(traffic, x->slab);
		r = l2sock_send(x->s, x->slab, traffic->len, L2_FOREVER);
		x->sent++;
		if (r == 0)
			x->completed++;
		else
			x->failed++;
		if (is_final(r))
			return r;
	}
	return 0;
}

static int send_batch(struct transmit *x, struct traffic *traffic, uint32_t n)
{
	struct l2tx tx[TRANSMIT_BURST];
	int64_t done;
	uint32_t i;

	memset(tx, 0, n * sizeof(tx[0]));
	for (i = 0; i < n; i++) {
		uint8_t *frame = x->slab + i * traffic->len;

		traffic_write(traffic, frame);
		tx[i].data = frame;
		tx[i].len = (uint32_t)traffic->len;
	}
	done = l2sock_send_batch(x->s, tx, n, L2_FOREVER);
	x->sent += n;
	for (i = 0; i < n; i++)
		x->completed += tx[i].result == 0;
	x->failed = x->sent - x->completed;
	if (done < 0)
		return (int)done;
	return is_final(tx[n - 1].result) ? tx[n - 1].result : 0;
}

static int put(struct transmit *x, struct traffic *traffic)
{
	int64_t r;
	void *slot;

	while ((r = l2ring_tx_reserve(x->tx, (uint32_t)traffic->len, &slot)) == -EAGAIN) {
		r = l2ring_tx_wait(x->tx, L2_FOREVER);
		if (r < 0)
			return (int)r;
	}
	if (r < 0)
		return (int)r;
	traffic_write(traffic, slot);
	return l2ring_tx_commit(x->tx, (uint32_t)traffic->len);
}

static int fill_ring(struct transmit *x, struct traffic *traffic, uint32_t n)
{
	int64_t flushed;
	int r = 0;

	while (n-- && r == 0)
		r = put(x, traffic);
	flushed = l2ring_tx_flush(x->tx);
	if (r == 0 && flushed < 0)
		r = (int)flushed;
	return r;
}

int transmit_burst(struct transmit *x, struct traffic *traffic, uint32_t n)
{
	switch (x->mode) {
	case TRANSMIT_RING:
		return fill_ring(x, traffic, n);
	case TRANSMIT_BATCH:
		return send_batch(x, traffic, n);
	default:
		return send_each(x, traffic, n);
	}
}

void transmit_count(struct transmit *x)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };

	if (!x->tx)
		return;
	l2ring_tx_get_stats(x->tx, &stats);
	x->sent = stats.committed;
	x->completed = stats.completed;
	x->uncertain = stats.uncertain;
	x->failed = stats.failed;
}

int transmit_finish(struct transmit *x, int64_t timeout_ns)
{
	int r = x->tx ? l2ring_tx_drain(x->tx, timeout_ns) : 0;

	transmit_count(x);
	return r;
}

void transmit_close(struct transmit *x)
{
	l2ring_tx_close(x->tx, NULL);
	free(x->slab);
}
