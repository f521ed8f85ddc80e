/* SPDX-License-Identifier: MIT */
/* What does a ring of 16 MiB get, and how is it cut? */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/ring.h>

int main(int argc, char **argv)
{
	struct l2ring_rx_opts opts = { .size = sizeof(opts),
				       .bytes = 16 << 20 };
	struct l2ring_rx_info info = { .size = sizeof(info) };
	struct l2ring_rx *rx;
	struct l2sock *s;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	for (opts.profile = L2RING_THROUGHPUT;
	     opts.profile <= L2RING_LATENCY; opts.profile++) {
		if (l2ring_rx_open(&rx, s, &opts) < 0)
			errx(1, "%s", l2sock_errmsg(s));
		l2ring_rx_get_info(rx, &info);
		printf("%" PRIu64 " bytes, %" PRIu32 " blocks of %" PRIu32
		       ", frames of up to %" PRIu32 "\n",
		       info.bytes, info.block_nr, info.block_size,
		       info.frame_max);
		l2ring_rx_close(rx);
	}
	l2sock_close(s);
	return 0;
}
