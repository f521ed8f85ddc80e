/* SPDX-License-Identifier: MIT */
/* Counts frames and bytes until nothing has come for ten seconds. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/ring.h>

int main(int argc, char **argv)
{
	uint64_t frames = 0;
	uint64_t bytes = 0;
	struct l2ring_rx *rx;
	struct l2block b;
	struct l2sock *s;
	const void *h;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_rx_open(&rx, s, NULL) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while ((r = l2ring_rx_next(rx, &b, 10 * L2_SEC)) > 0) {
		for (h = l2block_first(&b); h; h = l2block_next(&b, h))
			bytes += l2block_len(&b, h);
		frames += b.frames;
		l2ring_rx_release(rx, &b);
	}
	printf("%" PRIu64 " frames, %" PRIu64 " bytes\n", frames, bytes);
	if (r != -ETIMEDOUT)
		errx(1, "%s", l2sock_errmsg(s));
	l2ring_rx_close(rx);
	l2sock_close(s);
	return 0;
}
