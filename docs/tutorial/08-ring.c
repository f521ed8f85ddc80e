/* SPDX-License-Identifier: MIT */
/* Counts frames and bytes by a ring, until two seconds pass without. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/l2sock.h>
#include <l2sock/ring.h>

int main(int argc, char **argv)
{
	uint64_t frames = 0, bytes = 0;
	struct l2ring_rx *rx;
	struct l2block b;
	struct l2sock *s;
	const void *h;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2ring_rx_open(&rx, s, NULL) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while ((r = l2ring_rx_next(rx, &b, 2 * L2_SEC)) > 0) {
		for (h = l2block_first(&b); h; h = l2block_next(&b, h)) {
			bytes += l2block_len(&b, h);
			frames++;
		}
		l2ring_rx_release(rx, &b);
	}
	if (r != -ETIMEDOUT)
		errx(1, "%s", l2sock_errmsg(s));
	printf("%" PRIu64 " frames, %" PRIu64 " bytes\n", frames, bytes);
	l2ring_rx_close(rx);
	l2sock_close(s);
	return 0;
}
