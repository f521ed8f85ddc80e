/* SPDX-License-Identifier: MIT */
/* Asks by ARP which Ethernet address an IPv4 address has. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>
#include <l2sock/text.h>

static int ask(struct l2sock *s, const uint8_t *from, const uint8_t *ip)
{
	struct l2sock_info me = { .size = sizeof(me) };
	struct l2frame f;
	uint8_t buf[64];
	int64_t n;
	int r = l2sock_get_info(s, &me);

	if (r < 0)
		return r;
	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, me.addr);
	l2frame_arp(&f, L2ARP_REQUEST, me.addr, from, NULL, ip);
	l2frame_pad(&f, L2FRAME_PAD);
	n = l2frame_finish(&f);
	return n < 0 ? (int)n : l2sock_send(s, buf, (size_t)n, L2_SEC);
}

/* Whether it is the answer; then its sender is printed. */
static int show(const struct l2pkt *p, const uint8_t *ip)
{
	char mac[L2TEXT_MAC_SIZE];
	struct l2parse frame;
	uint64_t op;
	int arp;

	l2parse_pkt(&frame, p, 0);
	arp = l2parse_find(&frame, L2PROTO_ARP, 0);
	if (arp < 0 || l2parse_get(&frame, L2ARP_OP, &op) < 0 ||
	    op != L2ARP_REPLY ||
	    memcmp(l2parse_bytes(&frame, (uint32_t)arp, L2ARP_SPA), ip, 4))
		return 0;
	l2text_print_mac(l2parse_bytes(&frame, (uint32_t)arp, L2ARP_SHA),
			 mac, sizeof(mac));
	puts(mac);
	return 1;
}

int main(int argc, char **argv)
{
	uint8_t from[L2_IP4_LEN], ip[L2_IP4_LEN], buf[2048];
	struct l2sock *s;
	struct l2pkt p;
	int r;

	if (argc < 4 || l2text_parse_ip4(argv[2], from, NULL) < 0 ||
	    l2text_parse_ip4(argv[3], ip, NULL) < 0)
		errx(2, "usage: %s INTERFACE OWN-IP IP", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ARP) < 0 || ask(s, from, ip) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	do {
		if (l2sock_recv(s, buf, sizeof(buf), &p, 2 * L2_SEC) < 0)
			errx(1, "%s", l2sock_errmsg(s));
	} while (!show(&p, ip));
	l2sock_close(s);
	return 0;
}
