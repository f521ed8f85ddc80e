/* SPDX-License-Identifier: MIT */
/* Counts frames until Ctrl-C is pressed. */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static struct l2sock *s;

static void stop(int sig)
{
	(void)sig;
	l2sock_wake(s);
}

int main(int argc, char **argv)
{
	uint8_t buf[2048];
	int64_t n;
	long count = 0;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	signal(SIGINT, stop);
	while ((n = l2sock_recv(s, buf, sizeof(buf), NULL, L2_FOREVER)) >=
	       0)
		count++;
	if (n != -ECANCELED)
		errx(1, "%s", l2sock_errmsg(s));
	printf("%ld frames\n", count);
	signal(SIGINT, SIG_DFL);
	l2sock_close(s);
	return 0;
}
