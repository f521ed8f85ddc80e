/* SPDX-License-Identifier: MIT */
/* Opens a handle with a large receive queue, or tells why it cannot. */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	const char *ifname = argc > 1 ? argv[1] : "lo";
	struct l2err why;
	struct l2sock_opts opts = {
		.size = sizeof(opts),
		.err = &why,
		.rcvbuf = 8 << 20,
	};
	struct l2sock *s;

	if (l2sock_open(&s, ifname, &opts) < 0)
		errx(1, "%s", why.text);
	printf("%s: descriptor %d\n", ifname, l2sock_fd(s));
	l2sock_close(s);
	return 0;
}
