/* SPDX-License-Identifier: MIT */
/* Shares frames out by their VLAN, then by the flow inside of tunnels. */
#include <err.h>
#include <stdio.h>
#include <l2sock/fanout.h>

static struct l2insn insns[L2_FILTER_MAX];

static void steer(struct l2group *g, uint32_t kind)
{
	int64_t n = l2group_steering(kind, insns, L2_FILTER_MAX);

	if (n < 0 || l2group_set_steering(g, insns, (size_t)n) < 0)
		errx(1, "%s", l2group_errmsg(g));
}

int main(int argc, char **argv)
{
	const struct l2group_opts opts = { .size = sizeof(opts),
					   .mode = L2GROUP_MODE_STEER };
	struct l2group *g;

	if (argc < 2 || l2group_open(&g, argv[1], 8, &opts) < 0)
		errx(1, "usage: %s INTERFACE", argv[0]);
	steer(g, L2GROUP_BY_VLAN);
	if (l2group_bind(g, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2group_errmsg(g));
	/* ... eight threads, while this one waits for a key ... */
	getchar();
	steer(g, L2GROUP_BY_INNER_FLOW);
	getchar();
	return l2group_close(g);
}
