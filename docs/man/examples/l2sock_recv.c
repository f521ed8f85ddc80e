/* SPDX-License-Identifier: MIT */
/* Shows length and first type field of each frame, as on the wire. */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	static uint8_t buf[L2_FRAME_MAX];
	struct l2pkt p;
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) >= 0) {
		l2pkt_restore_tag(&p);
		if (p.len < L2_ETH_HEADER_LEN)
			continue;
		printf("%u of %u bytes, type 0x%02x%02x\n", p.len,
		       p.wire_len, p.data[12], p.data[13]);
	}
	errx(1, "%s", l2sock_errmsg(s));
}
