/* SPDX-License-Identifier: MIT */
/* Shows a frame with a VLAN tag, as it came and as it was on the wire. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

static void show(const struct l2pkt *p)
{
	struct l2parse frame;
	char text[256];

	l2parse_frame(&frame, p->data, p->len, 0);
	l2parse_print(&frame, text, sizeof(text));
	printf("%u bytes, type %02x%02x: %s\n", (unsigned int)p->len,
	       p->data[12], p->data[13], text);
}

int main(int argc, char **argv)
{
	uint8_t buf[2048];
	struct l2sock *s;
	struct l2pkt p;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2sock_join(s, L2SOCK_PROMISC, NULL, 0) < 0 ||
	    l2sock_bind(s, L2_TPID_8021Q) < 0 ||
	    l2sock_recv(s, buf, sizeof(buf), &p, 10 * L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	printf("VLAN %d\n", p.vlan_tci & 0xfff);
	show(&p);
	l2pkt_restore_tag(&p);
	show(&p);
	l2sock_close(s);
	return 0;
}
