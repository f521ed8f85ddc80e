/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "opening.h"

static int open_netns(const char *netns, struct l2err *err)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s%s", strchr(netns, '/') ? "" : "/run/netns/", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	err->code = -errno;
	snprintf(err->text, sizeof(err->text), "%.200s: %s", path, strerror(errno));
	return err->code;
}

int opening_open(const struct opening *o, struct l2sock_opts *opts, struct l2sock **ret)
{
	const char *ifname = strcmp(o->ifname, "any") ? o->ifname : NULL;
	int r;

	opts->type = o->type;
	if (!o->netns)
		return l2sock_open(ret, ifname, opts);
	opts->netns = open_netns(o->netns, opts->err);
	if (opts->netns < 0)
		return opts->netns;
	opts->flags |= L2SOCK_IN_NETNS;
	r = l2sock_open(ret, ifname, opts);
	close(opts->netns);
	return r;
}
