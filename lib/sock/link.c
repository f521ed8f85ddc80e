/* SPDX-License-Identifier: MIT */
/* The link: up, down or gone, as far as the socket lets it be known; by which name and index. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
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
		return l2fail_note(s, -EINVAL, "interface: a name has 1 to %a characters",
				   IFNAMSIZ - 1, 0);
	memset(s->ifname, 0, sizeof(s->ifname));
	memcpy(s->ifname, ifname, len);
	memcpy(request.ifr_name, ifname, len);
	r = l2sys_ioctl(s->fd, SIOCGIFINDEX, &request);
	if (r < 0)
		return l2fail_note(s, r, "interface: %n: %e", 0, 0);
	s->ifindex = (uint32_t)request.ifr_ifindex;
	return 0;
}

int l2link_find_index(struct l2sock *s, uint32_t ifindex)
{
	struct ifreq request = { 0 };
	int r;

	if (ifindex > INT32_MAX)
		return l2fail_note(s, -EINVAL, "interface: index %a is beyond %b", ifindex,
				   INT32_MAX);
	request.ifr_ifindex = (int)ifindex;
	r = l2sys_ioctl(s->fd, SIOCGIFNAME, &request);
	if (r < 0)
		return l2fail_note(s, r, "interface: index %a: %e", ifindex, 0);
	memcpy(s->ifname, request.ifr_name, IFNAMSIZ - 1);
	s->ifindex = ifindex;
	return 0;
}

/* The interface's present name. */
int l2link_name(const struct l2sock *s, char name[IFNAMSIZ])
{
	struct ifreq request = { 0 };
	int r;

	request.ifr_ifindex = (int)s->ifindex;
	r = l2sys_ioctl(s->fd, SIOCGIFNAME, &request);
	if (r < 0)
		return r;
	memcpy(name, request.ifr_name, IFNAMSIZ);
	return 0;
}

/* A SOCK_PACKET socket does not tell, so its interface is asked. */
static int learn_by_name(struct l2sock *s)
{
	struct ifreq request = { 0 };
	int r = s->ifindex ? l2link_name(s, request.ifr_name) : 0;

	if (r == 0 && s->ifindex)
		r = l2sys_ioctl(s->fd, SIOCGIFHWADDR, &request);
	if (r < 0)
		return l2fail_note(s, r, "interface: %n: %e", 0, 0);
	s->hatype = request.ifr_hwaddr.sa_family;
	return 0;
}

/* What kind of device the socket is bound to. */
int l2link_learn(struct l2sock *s)
{
	struct sockaddr_ll addr = { 0 };
	size_t len = sizeof(addr);
	int r;

	s->limits = (struct l2limits) { 0 };
	if (s->type == L2SOCK_TYPE_LEGACY)
		return learn_by_name(s);
	r = l2sys_getsockname(s->fd, &addr, &len);
	if (r < 0)
		return l2fail_note(s, r, "interface: getsockname: %e", 0, 0);
	s->hatype = addr.sll_hatype;
	return 0;
}

/*
 * A deleted interface, or one moved to another namespace, leaves index -1 in the socket's name, and
 * no name at all in that of a SOCK_PACKET socket.
 */
static bool is_gone(const struct l2sock *s)
{
	union {
		struct sockaddr any;
		struct sockaddr_ll ll;
	} addr = { 0 };
	size_t len = sizeof(addr);

	if (l2sys_getsockname(s->fd, &addr, &len) < 0)
		return false;
	if (s->type == L2SOCK_TYPE_LEGACY)
		return !addr.any.sa_data[0];
	return addr.ll.sll_ifindex < 0;
}

/* The link's state by the interface's flags. */
uint32_t l2link_state(uint32_t flags)
{
	if (!(flags & IFF_UP))
		return L2SOCK_LINK_DOWN;
	return flags & IFF_RUNNING ? L2SOCK_LINK_UP : L2SOCK_LINK_NO_CARRIER;
}

/* By index: the name may have changed. An interface that is gone looks as if it were down. */
uint32_t l2link_peek(const struct l2sock *s)
{
	struct ifreq request = { 0 };

	if (l2link_name(s, request.ifr_name) < 0 || l2sys_ioctl(s->fd, SIOCGIFFLAGS, &request) < 0)
		return L2SOCK_LINK_DOWN;
	return l2link_state((uint16_t)request.ifr_flags);
}

/* A link may have its carrier and wait for permission to be used, which is asked for by frames. */
bool l2link_has_carrier(const struct l2sock *s)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	struct ifreq request = { 0 };

	request.ifr_data = (char *)&value;
	return l2link_name(s, request.ifr_name) == 0 &&
	       l2sys_ioctl(s->fd, SIOCETHTOOL, &request) == 0 && value.data;
}

/* What was not known before is no change; and an interface that is gone never comes back. */
void l2link_set(struct l2sock *s, uint32_t state)
{
	if (s->link == state || s->link == L2SOCK_LINK_GONE)
		return;
	if (s->link) {
		s->link_changes++;
		s->link_turns++;
	}
	s->link = state;
	if (state == L2SOCK_LINK_GONE) /* is an error of its own */
		s->link_reported = s->link_changes;
	l2wait_settle(s);
}

/* Asks the kernel for the state. */
void l2link_ask(struct l2sock *s)
{
	if (s->ifindex)
		l2link_set(s, is_gone(s) ? L2SOCK_LINK_GONE : l2link_peek(s));
}

/* After a move to another interface nothing of the old one counts. */
void l2link_forget(struct l2sock *s)
{
	s->link_turns++;
	s->link = 0;
	s->link_changes = 0;
	s->link_reported = 0;
	if (s->linkfd >= 0) {
		l2watch_aim(s);
		l2watch_read(s);
		l2link_ask(s);
		s->link_changes = 0;
		s->link_reported = 0;
	}
	l2wait_settle(s);
}

/* Called when the kernel reported ENETDOWN, and from time to time until it is over. */
void l2link_update(struct l2sock *s)
{
	if (s->linkfd >= 0)
		l2watch_read(s);
	else
		l2link_ask(s);
}

/* Notes that the interface is gone: for good, its index never comes back. */
int l2link_gone(struct l2sock *s, const char *sentence)
{
	l2link_set(s, L2SOCK_LINK_GONE);
	return l2fail_note(s, -ENODEV, sentence, 0, 0);
}

int l2sock_link(struct l2sock *s, uint32_t *changes)
{
	if (!s)
		return -EINVAL;
	if (!s->ifindex)
		return l2fail_note(s, -EINVAL, "link: the handle is on all interfaces", 0, 0);
	l2link_update(s);
	if (changes)
		*changes = s->link_changes;
	return (int)s->link;
}
