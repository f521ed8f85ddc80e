/* SPDX-License-Identifier: MIT */
/* Names the layers of each frame, and the ports where there are some. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

static void show(const struct l2pkt *pkt)
{
	struct l2parse p;
	uint64_t port;
	uint32_t i;

	l2parse_pkt(&p, pkt, 0);
	for (i = 0; i < p.n; i++)
		printf("/%s", l2proto_name(p.layer[i].proto));
	if (l2parse_get(&p, L2UDP_DPORT, &port) == 0 ||
	    l2parse_get(&p, L2TCP_DPORT, &port) == 0)
		printf(" to port %u", (unsigned int)port);
	printf(", %u bytes of payload, %u of padding\n", p.payload_len,
	       p.trailer_len);
}

int main(int argc, char **argv)
{
	uint8_t buf[2048];
	struct l2pkt pkt;
	struct l2sock *s;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : NULL, NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &pkt, L2_FOREVER) >= 0)
		show(&pkt);
	errx(1, "%s", l2sock_errmsg(s));
}
