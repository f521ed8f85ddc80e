/* SPDX-License-Identifier: MIT */
/* Answers ARP requests for one address, as the host does that has it. */
#include <arpa/inet.h>
#include <err.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

static struct l2insn requests[] = {
	{ 0x28, 0, 0, 20 },  { 0x15, 0, 3, L2ARP_REQUEST }, /* operation */
	{ 0x20, 0, 0, 38 },  { 0x15, 0, 1, 0 }, /* who is asked */
	{ 0x06, 0, 0, ~0u }, { 0x06, 0, 0, 0 }, /* accept, reject */
};

int main(int argc, char **argv)
{
	struct l2sock_info me = { .size = sizeof(me) };
	uint8_t buf[2048], out[64];
	struct l2sock *s;
	struct l2frame f;
	struct l2pkt p;
	uint32_t ip;

	if (argc < 3 || inet_pton(AF_INET, argv[2], &ip) != 1)
		errx(2, "usage: %s INTERFACE IP", argv[0]);
	if (l2sock_open(&s, argv[1], NULL) < 0 ||
	    l2sock_get_info(s, &me) < 0)
		errx(1, "%s cannot be opened", argv[1]);
	requests[3].k = ntohl(ip);
	if (l2sock_set_filter(s, requests, 6) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ARP) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) >= 0) {
		l2frame_init(&f, out, sizeof(out));
		l2frame_eth(&f, p.data + 6, me.addr);
		l2frame_arp(&f, L2ARP_REPLY, me.addr, &ip, p.data + 22,
			    p.data + 28);
		l2sock_send(s, out, (size_t)l2frame_finish(&f), L2_SEC);
	}
	errx(1, "%s", l2sock_errmsg(s));
}
