/* SPDX-License-Identifier: MIT */
/* Receives DNS questions to one server, tagged or not, except our own. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/l2sock.h>
#include <l2sock/match.h>
#include <l2sock/text.h>

int main(int argc, char **argv)
{
	static struct l2insn insns[L2_FILTER_MAX];
	struct l2match m = { .size = sizeof(m) };
	uint8_t buf[2048];
	struct l2err e;
	struct l2pkt p;
	struct l2sock *s;
	int64_t n;
	int r;

	if (argc < 4)
		errx(1, "usage: %s INTERFACE OWN-MAC SERVER", argv[0]);
	m.fields = L2MATCH_NOT_FROM | L2MATCH_SKIP_TAGS | L2MATCH_IP4 |
		   L2MATCH_DST_IP | L2MATCH_PROTO | L2MATCH_DST_PORT;
	m.proto = 17;
	m.dst_port = 53;
	if (l2text_parse_mac(argv[2], m.eth_not_from, &e) < 0 ||
	    l2text_parse_ip4(argv[3], m.dst_ip, &e) < 0)
		errx(1, "%s", e.text);
	n = l2match_compile(&m, insns, L2_FILTER_MAX, &e);
	if (n < 0)
		errx(1, "%s", e.text);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2sock_set_filter(s, insns, (size_t)n) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) >= 0)
		printf("%" PRIu32 " bytes\n", p.wire_len);
	errx(1, "%s", l2sock_errmsg(s));
}
