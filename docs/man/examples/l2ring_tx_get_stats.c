/* SPDX-License-Identifier: MIT */
/* Sends frames of growing length and tells which of them failed, and why. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/ring.h>

static void report(struct l2ring_tx *tx)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };
	struct l2ring_tx_failure failure;

	while (l2ring_tx_next_failure(tx, &failure) == 1)
		printf("frame %" PRIu64 " of %u bytes: %s\n",
		       failure.number, failure.len,
		       l2sock_strerror(failure.code));
	l2ring_tx_get_stats(tx, &stats);
	printf("%" PRIu64 " completed, %" PRIu64 " uncertain, %" PRIu64
	       " failed, %" PRIu64 " pending\n",
	       stats.completed, stats.uncertain, stats.failed,
	       stats.pending);
}

int main(int argc, char **argv)
{
	struct l2ring_tx *tx;
	struct l2sock *s;
	uint32_t len;
	void *slot;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_tx_open(&tx, s, NULL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	for (len = 100; len < 1600; len += 100) {
		if (l2ring_tx_reserve(tx, len, &slot) < 0)
			break;
		memset(slot, 0xff, len);
		if (l2ring_tx_commit(tx, len) < 0) {
			fprintf(stderr, "%s\n", l2sock_errmsg(s));
			l2ring_tx_cancel(tx);
		}
	}
	l2ring_tx_drain(tx, L2_SEC);
	report(tx);
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	return 0;
}
