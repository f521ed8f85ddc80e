/* SPDX-License-Identifier: MIT */
/* Tells which of the frames on all interfaces a filter would choose. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <linux/filter.h>
#include <l2sock/filter.h>
#include <l2sock/l2sock.h>

/* Frames that this host sends. */
static const struct l2insn outgoing[] = {
	{ BPF_LD | BPF_B | BPF_ABS, 0, 0,
	  L2FILTER_ANCILLARY + 4 * L2FILTER_PKTTYPE },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_PKTTYPE_OUTGOING },
	{ BPF_RET | BPF_K, 0, 0, L2_FRAME_MAX },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

int main(void)
{
	const size_t n = sizeof(outgoing) / sizeof(outgoing[0]);
	uint8_t buf[2048];
	struct l2pkt p;
	struct l2sock *s;
	int64_t chosen;
	int r = l2sock_open(&s, NULL, NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	while (l2sock_recv(s, buf, sizeof(buf), &p, L2_FOREVER) >= 0) {
		chosen = l2filter_run_pkt(outgoing, n, &p);
		printf("%" PRIu32 " bytes, %s\n", p.wire_len,
		       chosen > 0 ? "chosen" : "not chosen");
	}
	errx(1, "%s", l2sock_errmsg(s));
}
