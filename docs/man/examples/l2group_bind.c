/* SPDX-License-Identifier: MIT */
/* Two members take turns at the frames of an interface, even if that is made again. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <l2sock/fanout.h>

int main(int argc, char **argv)
{
	const struct l2group_opts opts = { .size = sizeof(opts),
					   .mode = L2GROUP_MODE_LB };
	struct l2group *g;
	uint8_t buf[2048];
	struct l2pkt p;
	uint32_t i;
	int64_t n;

	if (argc < 2 || l2group_open(&g, argv[1], 2, &opts) < 0)
		errx(1, "usage: %s INTERFACE", argv[0]);
	if (l2group_bind(g, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2group_errmsg(g));
	for (i = 0;; i = !i) {
		n = l2sock_recv(l2group_member(g, i), buf, sizeof(buf), &p,
				L2_SEC);
		if (n >= 0)
			printf("member %u: %u bytes\n", i, p.wire_len);
		while (n == -ENODEV && l2group_rebind(g, NULL) < 0)
			sleep(1);
	}
}
