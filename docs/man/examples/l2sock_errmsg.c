/* SPDX-License-Identifier: MIT */
/* Shows the three ways to learn of an error. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(void)
{
	struct l2err why;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &why };
	struct l2sock *s;

	/* No handle yet: the options carry the sentence out. */
	if (l2sock_open(&s, "no such name", &opts) < 0)
		printf("%d: %s\n", why.code, why.text);

	if (l2sock_open(&s, "lo", &opts) < 0)
		errx(1, "%s", why.text);

	/* "bind: ethertype 0x0005 is neither ..." */
	if (l2sock_bind(s, 5) < 0)
		printf("%s\n", l2sock_errmsg(s));

	/* The code alone, without its circumstances. */
	printf("%s\n", l2sock_strerror(-EMSGSIZE));
	l2sock_close(s);
	return 0;
}
