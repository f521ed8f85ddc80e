/* SPDX-License-Identifier: MIT */
/* Sending by l2sock_send_batch(), in more than one benchmark. */
#include <l2sock/l2sock.h>

#include "bench.h"

int64_t bench_send_batch(struct bench_lane *lane, unsigned int n)
{
	struct l2tx tx[L2SOCK_BATCH_MAX] = { 0 };
	unsigned int i;
	int64_t r;

	for (i = 0; i < L2SOCK_BATCH_MAX; i++) {
		tx[i].data = lane->frame;
		tx[i].len = (uint32_t)lane->what->size;
	}
	for (i = 0; i < n; i += (unsigned int)r) {
		r = l2sock_send_batch(lane->state, tx,
				      n - i < L2SOCK_BATCH_MAX ? n - i : L2SOCK_BATCH_MAX,
				      L2_FOREVER);
		if (r < 0 || tx[0].result < 0)
			return r < 0 ? r : tx[0].result;
	}
	return n;
}
