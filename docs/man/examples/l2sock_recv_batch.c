/* SPDX-License-Identifier: MIT */
/* Counts frames and bytes as they come, many with one system call. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

#define STRIDE 2048

int main(int argc, char **argv)
{
	static uint8_t slab[L2SOCK_BATCH_MAX * STRIDE];
	static struct l2pkt pkts[L2SOCK_BATCH_MAX];
	uint64_t frames = 0;
	uint64_t bytes = 0;
	struct l2sock *s;
	int64_t n;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while ((n = l2sock_recv_batch(s, slab, STRIDE, pkts,
				      L2SOCK_BATCH_MAX, 10 * L2_SEC)) > 0) {
		frames += (uint64_t)n;
		while (n-- > 0)
			bytes += pkts[n].wire_len;
	}
	printf("%" PRIu64 " frames, %" PRIu64 " bytes\n", frames, bytes);
	if (n != -ETIMEDOUT)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
