/* SPDX-License-Identifier: MIT */
/* Shows time, length and tag of each frame in one block. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/ring.h>

int main(int argc, char **argv)
{
	struct l2pkt pkts[32];
	struct l2ring_rx *rx;
	struct l2block b;
	struct l2sock *s;
	const void *at;
	size_t n;
	size_t i;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_rx_open(&rx, s, NULL) < 0 ||
	    l2sock_bind(s, L2_ETHERTYPE_ALL) < 0 ||
	    l2ring_rx_next(rx, &b, 10 * L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	at = l2block_first(&b);
	while ((n = l2block_pkts(&b, &at, pkts, 32)) > 0)
		for (i = 0; i < n; i++)
			printf("%" PRIu64 ": %" PRIu32
			       " bytes, tag %" PRIx16 ".%" PRIx16 "\n",
			       pkts[i].timestamp, pkts[i].wire_len,
			       pkts[i].vlan_tpid, pkts[i].vlan_tci);
	l2ring_rx_release(rx, &b);
	l2ring_rx_close(rx);
	l2sock_close(s);
	return 0;
}
