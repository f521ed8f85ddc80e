/* SPDX-License-Identifier: MIT */
/* Opens with privileges, then captures without: the child gets the socket. */
#include <err.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <l2sock/l2sock.h>

static int capture(int fd)
{
	uint8_t buf[2048];
	struct l2sock *s;
	int64_t n;
	int r = l2sock_adopt(&s, fd, NULL);

	if (r < 0)
		errx(1, "adopt: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	n = l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC);
	printf("%d bytes\n", (int)n);
	return l2sock_close(s);
}

int main(int argc, char **argv)
{
	struct l2sock *s;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (fork() == 0)
		return setuid(65534) ? 1 : capture(l2sock_release(s));
	l2sock_close(s);
	wait(NULL);
	return 0;
}
