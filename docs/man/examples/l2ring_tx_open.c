/* SPDX-License-Identifier: MIT */
/* Makes a ring for an interface and tells what it is like. */
#include <err.h>
#include <stdio.h>
#include <l2sock/ring.h>

int main(int argc, char **argv)
{
	struct l2ring_tx_opts opts = { .size = sizeof(opts), .slots = 512 };
	struct l2ring_tx_info info = { .size = sizeof(info) };
	struct l2ring_tx *tx;
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_tx_open(&tx, s, &opts) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2ring_tx_get_info(tx, &info);
	printf("%u slots for frames of up to %u bytes, copied up to %u\n",
	       info.slots, info.frame_max, info.linear_max);
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	return 0;
}
