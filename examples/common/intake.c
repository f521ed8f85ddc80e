/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "intake.h"

int intake_open(struct intake *in, struct l2sock *s, const struct l2ring_rx_opts *opts, size_t most)
{
	*in = (struct intake) { .s = s, .size = most + L2_HEADROOM };
	if (opts)
		return l2ring_rx_open(&in->rx, s, opts);
	in->room = malloc(in->size);
	return in->room ? 0 : -ENOMEM;
}

static void give_back(struct intake *in)
{
	if (in->holds)
		l2ring_rx_release(in->rx, &in->block);
	in->holds = false;
}

void intake_close(struct intake *in)
{
	give_back(in);
	l2ring_rx_close(in->rx);
	free(in->room);
}

int64_t intake_next(struct intake *in, struct l2pkt *pkt, int64_t timeout_ns)
{
	int r;

	if (!in->rx)
		return l2sock_recv(in->s, in->room, in->size, pkt, timeout_ns);
	if (!in->at) {
		give_back(in);
		r = l2ring_rx_next(in->rx, &in->block, timeout_ns);
		if (r < 0)
			return r;
		in->holds = true;
		in->at = l2block_first(&in->block);
	}
	l2block_pkts(&in->block, &in->at, pkt, 1);
	return pkt->len;
}

bool intake_stop(struct intake *in)
{
	return in->rx && l2ring_rx_stop(in->rx) == 0;
}
