/* SPDX-License-Identifier: MIT */
/* Opening a handle as the command line asks for it. */
#ifndef OPENING_H
#define OPENING_H

#include <l2sock/l2sock.h>

struct opening {
	const char *ifname; /* "any": all interfaces */
	const char *netns;  /* a name of ip-netns(8), or the path of a namespace; NULL: this one */
	uint32_t type;
};

/* "opts" has the program's own wishes. Returns a code as l2sock_open() does, opts->err filled. */
int opening_open(const struct opening *o, struct l2sock_opts *opts, struct l2sock **ret);

#endif /* OPENING_H */
