/* SPDX-License-Identifier: MIT */
/* The link: up, down or gone, as far as the socket lets it be known. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* A deleted interface, or one moved to another namespace, leaves index -1 in the socket's name. */
static bool is_gone(const struct l2sock *s)
{
	struct sockaddr_ll addr = { 0 };
	size_t len = sizeof(addr);

	return l2sys_getsockname(s->fd, &addr, &len) == 0 && addr.sll_ifindex < 0;
}

/* By index: the name may have changed. */
static bool is_up(const struct l2sock *s)
{
	struct ifreq request = { 0 };

	request.ifr_ifindex = (int)s->ifindex;
	if (l2sys_ioctl(s->fd, SIOCGIFNAME, &request) < 0 ||
	    l2sys_ioctl(s->fd, SIOCGIFFLAGS, &request) < 0)
		return false;
	return request.ifr_flags & IFF_UP;
}

/* Called when the kernel reported ENETDOWN, and from time to time until it is over. */
void l2link_update(struct l2sock *s)
{
	if (!s->ifindex)
		return;
	if (is_gone(s))
		s->link = L2LINK_GONE;
	else
		s->link = is_up(s) ? L2LINK_UP : L2LINK_DOWN;
}

/* Notes that the interface is gone: for good, its index never comes back. */
int l2link_gone(struct l2sock *s, const char *sentence)
{
	s->link = L2LINK_GONE;
	return l2fail_note(s, -ENODEV, sentence, 0, 0);
}
