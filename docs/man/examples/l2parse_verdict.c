/* SPDX-License-Identifier: MIT */
/* Tells of every frame with a bad checksum that an interface receives. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

static void judge(const struct l2pkt *pkt)
{
	struct l2parse p;
	uint32_t i;

	l2parse_pkt(&p, pkt, 0);
	for (i = 0; i < p.n; i++)
		if (l2parse_verdict(&p, i) == L2VERDICT_BAD)
			printf("%u bytes: %s has a bad checksum\n",
			       pkt->len, l2proto_name(p.layer[i].proto));
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
		judge(&pkt);
	errx(1, "%s", l2sock_errmsg(s));
}
