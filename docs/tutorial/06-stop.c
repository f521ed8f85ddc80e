/* SPDX-License-Identifier: MIT */
/* Counts frames until somebody presses Ctrl-C. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static struct l2sock *s;

static void stop(int number)
{
	(void)number;
	l2sock_wake(s);
}

int main(int argc, char **argv)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };
	uint8_t buf[2048];
	int64_t n;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	signal(SIGINT, stop);
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	do {
		n = l2sock_recv(s, buf, sizeof(buf), NULL, L2_FOREVER);
	} while (n >= 0);
	if (n != -ECANCELED)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_get_stats(s, &stats);
	printf("%" PRIu64 " received, %" PRIu64 " lost\n", stats.received,
	       stats.dropped);
	l2sock_close(s);
	return 0;
}
