/* SPDX-License-Identifier: MIT */
/*
 * Receives one ARP frame with a VLAN tag. The program speaks of the
 * frame on the wire, where the tag is in its place.
 */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static const struct l2insn tagged_arp[] = {
	{ 0x28, 0, 0, 12 },         /* ldh [12] */
	{ 0x15, 0, 3, 0x8100 },     /* jeq #0x8100, next, reject */
	{ 0x28, 0, 0, 16 },         /* ldh [16] */
	{ 0x15, 0, 1, 0x0806 },     /* jeq #0x0806, accept, reject */
	{ 0x06, 0, 0, 0xffffffff }, /* accept: ret #-1 */
	{ 0x06, 0, 0, 0 },          /* reject: ret #0 */
};

int main(int argc, char **argv)
{
	const size_t n = sizeof(tagged_arp) / sizeof(tagged_arp[0]);
	uint8_t buf[2048];
	struct l2pkt p;
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_set_filter(s, tagged_arp, n) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0 ||
	    l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	printf("ARP in VLAN %d\n", p.vlan_tci & 0xfff);
	l2sock_close(s);
	return 0;
}
