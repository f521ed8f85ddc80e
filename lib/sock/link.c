/* SPDX-License-Identifier: MIT */
/* The link: up, down or gone, as far as the socket lets it be known; by which name and index. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* Ioctls go through the packet socket, so that its network namespace answers. */
int l2link_find_name(struct l2sock *s, const char *ifname)
{
	struct ifreq request = { 0 };
	size_t len = strlen(ifname);
	int r;

	if (len == 0 || len >= IFNAMSIZ)
		return l2fail_note(s, -EINVAL, "open: an interface name has 1 to %a characters",
				   IFNAMSIZ - 1, 0);
	memset(s->ifname, 0, sizeof(s->ifname));
	memcpy(s->ifname, ifname, len);
	memcpy(request.ifr_name, ifname, len);
	r = l2sys_ioctl(s->fd, SIOCGIFINDEX, &request);
	if (r < 0)
		return l2fail_note(s, r, "open: %n: %e", 0, 0);
	s->ifindex = (uint32_t)request.ifr_ifindex;
	return 0;
}

int l2link_find_index(struct l2sock *s, uint32_t ifindex)
{
	struct ifreq request = { 0 };
	int r;

	if (ifindex > INT32_MAX)
		return l2fail_note(s, -EINVAL, "open: interface index %a is beyond %b", ifindex,
				   INT32_MAX);
	request.ifr_ifindex = (int)ifindex;
	r = l2sys_ioctl(s->fd, SIOCGIFNAME, &request);
	if (r < 0)
		return l2fail_note(s, r, "open: interface index %a: %e", ifindex, 0);
	memcpy(s->ifname, request.ifr_name, IFNAMSIZ - 1);
	s->ifindex = ifindex;
	return 0;
}

/* What kind of device the socket is bound to. */
int l2link_learn(struct l2sock *s)
{
	struct sockaddr_ll addr = { 0 };
	size_t len = sizeof(addr);
	int r = l2sys_getsockname(s->fd, &addr, &len);

	if (r < 0)
		return l2fail_note(s, r, "open: getsockname: %e", 0, 0);
	s->hatype = addr.sll_hatype;
	return 0;
}

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
