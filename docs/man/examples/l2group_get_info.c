/* SPDX-License-Identifier: MIT */
/* Shows how often a group had to send frames of one member to another. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include <l2sock/fanout.h>

int main(int argc, char **argv)
{
	const struct l2group_opts opts = { .size = sizeof(opts),
					   .flags = L2GROUP_ROLLOVER };
	struct l2group_stats stats = { .size = sizeof(stats) };
	struct l2group_info info = { .size = sizeof(info) };
	struct l2group *g;

	if (argc < 2 || l2group_open(&g, argv[1], 4, &opts) < 0)
		errx(1, "usage: %s INTERFACE", argv[0]);
	if (l2group_bind(g, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2group_errmsg(g));
	l2group_get_info(g, &info);
	printf("group %" PRIu32 "\n", info.id);
	for (;;) {
		sleep(1);
		l2group_get_stats(g, &stats);
		printf("%" PRIu64 " frames, %" PRIu64 " rolled over\n",
		       stats.accepted, stats.rolled);
	}
}
