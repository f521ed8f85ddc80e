/* SPDX-License-Identifier: MIT */
/* Receives for as long as frames keep coming, then shows the counters. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };
	uint8_t buf[2048];
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC) >= 0)
		;
	r = l2sock_get_stats(s, &stats);
	if (r < 0)
		errx(1, "statistics: %s", l2sock_strerror(r));
	printf("accepted %" PRIu64 ", received %" PRIu64
	       ", dropped %" PRIu64 "\n",
	       stats.accepted, stats.received, stats.dropped);
	l2sock_close(s);
	return 0;
}
