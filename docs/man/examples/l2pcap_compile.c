/* SPDX-License-Identifier: MIT */
/* Receives one frame that an expression chooses, "l2pcap_compile lo arp". */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>
#include <l2sock/pcap.h>

int main(int argc, char **argv)
{
	struct l2insn insns[L2_FILTER_MAX];
	const char *ifname = argc > 1 ? argv[1] : "lo";
	const char *expression = argc > 2 ? argv[2] : "";
	uint8_t buf[2048];
	struct l2sock *s;
	struct l2err why;
	struct l2pkt p;
	int64_t n;
	int r;

	n = l2pcap_compile(expression, NULL, insns, L2_FILTER_MAX, &why);
	if (n < 0)
		errx(1, "%s", why.text);
	r = l2sock_open(&s, ifname, NULL);
	if (r < 0)
		errx(1, "%s: %s", ifname, l2sock_strerror(r));
	if (l2sock_set_filter(s, insns, (size_t)n) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0 ||
	    l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	printf("%u bytes\n", (unsigned int)p.wire_len);
	l2sock_close(s);
	return 0;
}
