/* SPDX-License-Identifier: MIT */
/* Reports incoming untagged ARP frames until ten seconds pass without. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	const int64_t timeout = 10 * L2_SEC;
	uint8_t buf[2048];
	struct l2sock *s;
	int64_t n;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ARP) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while ((n = l2sock_recv(s, buf, sizeof(buf), NULL, timeout)) >= 0)
		printf("ARP, %d bytes\n", (int)n);
	if (n != -ETIMEDOUT)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
