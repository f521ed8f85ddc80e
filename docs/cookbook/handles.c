/* SPDX-License-Identifier: MIT */
/* Recipes of cookbook.md: rights, namespaces, rings, groups. */
#include <errno.h>
#include <fcntl.h>
#include <l2sock/l2sock.h>
#include <l2sock/ring.h>
#include <stdio.h>
#include <unistd.h>

int why_not_open(struct l2sock **s, const char *ifname)
{
	struct l2err why;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &why };
	int r = l2sock_open(s, ifname, &opts);

	if (r < 0)
		puts(why.text);
	return r;
}

int in_a_namespace(struct l2sock **s, const char *path, const char *ifname)
{
	struct l2sock_opts opts = { .size = sizeof(opts) };
	int r;

	opts.flags = L2SOCK_IN_NETNS;
	opts.netns = open(path, O_RDONLY | O_CLOEXEC);
	if (opts.netns < 0)
		return -errno;
	r = l2sock_open(s, ifname, &opts);
	close(opts.netns);
	return r;
}

int give_up_rights(struct l2sock *s, uid_t user)
{
	int r = l2sock_lock_filter(s);

	if (r == 0 && setuid(user))
		r = -errno;
	return r;
}

int from_another_process(struct l2sock **s, int fd)
{
	return l2sock_adopt(s, fd, NULL); /* fd came by SCM_RIGHTS */
}

int small_and_quick(struct l2ring_rx **rx, struct l2sock *s)
{
	struct l2ring_rx_opts opts = { .size = sizeof(opts) };

	opts.profile = L2RING_LATENCY;
	opts.spin_ns = 50 * (uint64_t)L2_USEC;
	return l2ring_rx_open(rx, s, &opts);
}

int lose_nothing_at_the_end(struct l2ring_rx *rx)
{
	struct l2block b;
	int n = l2ring_rx_stop(rx);

	while (n >= 0) {
		n = l2ring_rx_next(rx, &b, L2_FOREVER);
		if (n > 0)
			l2ring_rx_release(rx, &b);
	}
	return n == -ESHUTDOWN ? l2ring_rx_close(rx) : n;
}

int vlan_by_vlan(struct l2group **g, const char *ifname)
{
	struct l2group_opts opts = { .size = sizeof(opts) };
	struct l2insn insns[256];
	int64_t n = l2group_steering(L2GROUP_BY_VLAN, insns, 256);
	int r;

	opts.mode = L2GROUP_MODE_STEER;
	r = n < 0 ? (int)n : l2group_open(g, ifname, 4, &opts);
	if (r == 0)
		r = l2group_set_steering(*g, insns, (size_t)n);
	return r;
}
