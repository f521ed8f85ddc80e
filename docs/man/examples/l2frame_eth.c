/* SPDX-License-Identifier: MIT */
/* Shows how long some stacks of headers are. */
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t ip4[4] = { 192, 0, 2, 1 };
static const uint8_t ip6[16] = { 0x20, 0x01, 0x0d, 0xb8 };

static void start(struct l2frame *f)
{
	l2frame_init(f, NULL, 0);
	l2frame_eth(f, mac, mac);
}

int main(void)
{
	struct l2frame f;

	start(&f);
	l2frame_arp(&f, L2ARP_REQUEST, mac, ip4, NULL, ip4);
	l2frame_pad(&f, L2FRAME_PAD);
	printf("ARP, padded: %zu\n", l2frame_size(&f));

	start(&f);
	l2frame_vlan(&f, L2_TPID_8021AD, 10);
	l2frame_vlan(&f, L2_TPID_8021Q, 20);
	l2frame_ip6(&f, ip6, ip6);
	l2frame_tcp(&f, 4000, 80, 1, 0, L2TCP_FLAG_SYN);
	printf("TCP over IPv6 in two tags: %zu\n", l2frame_size(&f));

	start(&f);
	l2frame_snap(&f, 0, 0);
	l2frame_ip4(&f, ip4, ip4);
	l2frame_ip4_fragment(&f, 1, 1480, 0);
	l2frame_payload(&f, "rest", 4);
	printf("a fragment behind SNAP: %zu\n", l2frame_size(&f));
	return 0;
}
