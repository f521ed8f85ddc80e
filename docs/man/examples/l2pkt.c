/* SPDX-License-Identifier: MIT */
/* Shows what the kernel tells about each frame, on all interfaces. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static void show(const struct l2pkt *p)
{
	static const char *const whose[] = { "host", "broadcast",
					     "multicast", "other host",
					     "outgoing" };
	const uint64_t second = L2_SEC;

	if (p->valid & L2_VALID_TIMESTAMP)
		printf("%" PRIu64 ".%09" PRIu64 " ", p->timestamp / second,
		       p->timestamp % second);
	printf("interface %" PRIu32 ", %" PRIu32 " bytes", p->ifindex,
	       p->wire_len);
	if (p->pkttype < sizeof(whose) / sizeof(whose[0]))
		printf(", %s", whose[p->pkttype]);
	if (p->flags & L2_FLAG_TAGGED)
		printf(", VLAN %d", p->vlan_tci & 0xfff);
	if (p->csum == L2_CSUM_NOT_READY)
		printf(", checksum not filled in yet");
	printf("\n");
}

int main(void)
{
	uint8_t buf[2048];
	struct l2pkt p;
	struct l2sock *s;
	int r = l2sock_open(&s, NULL, NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) >= 0)
		show(&p);
	errx(1, "%s", l2sock_errmsg(s));
}
