/* SPDX-License-Identifier: MIT */
/* Receives one LLDP frame: its address needs a membership. */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static const uint8_t lldp[L2_MAC_LEN] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };

int main(int argc, char **argv)
{
	uint8_t buf[2048];
	struct l2sock *s;
	int64_t n;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_join(s, L2SOCK_MULTICAST, lldp, sizeof(lldp)) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_LLDP) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	n = l2sock_recv(s, buf, sizeof(buf), NULL, L2_FOREVER);
	if (n < 0)
		errx(1, "%s", l2sock_errmsg(s));
	printf("LLDP, %d bytes\n", (int)n);
	l2sock_close(s);
	return 0;
}
