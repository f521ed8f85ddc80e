/* SPDX-License-Identifier: MIT */
/* Waits ten seconds for a frame of the ethertype for experiments. */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>
#include <l2sock/text.h>

int main(int argc, char **argv)
{
	char from[L2TEXT_MAC_SIZE];
	uint8_t buf[2048];
	struct l2sock *s;
	struct l2pkt p;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_EXP1) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	if (l2sock_recv(s, buf, sizeof(buf), &p, 10 * L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2text_print_mac(p.data + 6, from, sizeof(from));
	printf("%u bytes from %s: %.5s\n", (unsigned int)p.len, from,
	       (const char *)p.data + L2_ETH_HEADER_LEN);
	l2sock_close(s);
	return 0;
}
