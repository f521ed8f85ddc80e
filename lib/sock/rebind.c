/* SPDX-License-Identifier: MIT */
/* Moving to another interface: the one that was deleted and made again, as a rule. */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

static struct l2whereabouts save(const struct l2sock *s)
{
	struct l2whereabouts here = { .fd = s->fd, .ifindex = s->ifindex, .hatype = s->hatype };

	memcpy(here.ifname, s->ifname, sizeof(here.ifname));
	return here;
}

static void restore(struct l2sock *s, const struct l2whereabouts *here)
{
	s->ifindex = here->ifindex;
	s->hatype = here->hatype;
	memcpy(s->ifname, here->ifname, sizeof(s->ifname));
}

/* Binds while nothing gets in; the filter opens again when it suits the new interface. */
static int move(struct l2sock *s, const struct l2whereabouts *old)
{
	int r = s->locked ? 0 : l2attach_close(s);

	if (r < 0)
		return l2fail_note(s, r, "rebind: the filter: %e", 0, 0);
	r = l2bind_protocol(s, s->protocol);
	if (r == 0)
		r = l2link_learn(s);
	if (r == 0 && !s->locked)
		r = l2filter_install(s, s->ethertype, &s->filter); /* flushes the queue */
	else if (r == 0 && s->protocol)
		r = l2attach_flush(s);
	if (r == 0)
		return 0;
	restore(s, old);
	l2bind_protocol(s, s->protocol); /* fails where there is no way back */
	if (!s->locked)
		l2attach_open(s);
	return l2fail_note(s, r, "rebind: %n: %e", 0, 0);
}

static int move_with_memberships(struct l2sock *s, const struct l2whereabouts *old)
{
	uint32_t ifindex = s->ifindex;
	int r = l2ledger_join(s, ifindex);

	if (r < 0)
		return l2fail_note(s, r, "rebind: %n refuses a membership: %e", 0, 0);
	r = move(s, old);
	if (r < 0) {
		l2ledger_leave(s, ifindex);
		return r;
	}
	l2ledger_leave(s, old->ifindex);
	l2ledger_move(s, ifindex);
	return 0;
}

int l2sock_rebind(struct l2sock *s, const char *ifname)
{
	struct l2whereabouts old;
	char name[IFNAMSIZ];
	int r;

	if (!s)
		return -EINVAL;
	if (!s->ifindex)
		return l2fail_note(s, -EINVAL, "rebind: the handle is on all interfaces", 0, 0);
	if (s->grouped)
		return l2fail_note(s, -EBUSY,
				   "rebind: a group's member moves by l2group_rebind() only", 0, 0);
	old = save(s);
	memcpy(name, s->ifname, sizeof(name));
	r = l2link_find_name(s, ifname ? ifname : name);
	if (r == -ENODEV) /* its name will not be the handle's */
		r = l2fail_note(s, r, "rebind: there is no interface of that name", 0, 0);
	if (r == 0)
		r = move_with_memberships(s, &old);
	if (r < 0) {
		restore(s, &old);
		return r;
	}
	l2link_forget(s);
	return 0;
}

static int open_there(struct l2sock *s)
{
	int type = (s->type == L2SOCK_TYPE_COOKED ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC;
	int home = -1;
	int back;
	int fd;

	if (s->flags & L2SOCK_IN_NETNS) {
		home = l2netns_enter(s, s->opts.netns);
		if (home < 0)
			return home;
	}
	fd = l2sys_socket(AF_PACKET, type, 0);
	if (fd < 0)
		l2fail_note(s, fd, "rebind: a new socket: %e", 0, 0);
	back = home < 0 ? 0 : l2netns_leave(s, home);
	if (back < 0 && fd >= 0)
		l2sys_close(fd);
	return back < 0 ? back : fd;
}

/* Before Linux 5.14 nothing tells. */
static bool is_elsewhere(const struct l2sock *s, int fd)
{
	uint64_t own = 0;
	uint64_t other = 0;
	size_t len = sizeof(own);

	return l2sys_getsockopt(s->fd, SOL_SOCKET, SO_NETNS_COOKIE, &own, &len) == 0 &&
	       l2sys_getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &other, &len) == 0 && own != other;
}

/* In the handle's network namespace. */
static int make_socket(struct l2sock *s)
{
	int fd = open_there(s);

	if (fd < 0 || !is_elsewhere(s, fd))
		return fd;
	l2sys_close(fd);
	return l2fail_note(s, -EXDEV, "rebind: the thread is in another network namespace", 0, 0);
}

/* As opening leaves a socket, and with the handle's memberships. */
static int prepare_socket(struct l2sock *s, const char *ifname)
{
	int r = s->ifindex ? l2link_find_name(s, ifname) : 0;

	if (r < 0)
		return l2fail_note(s, r, "rebind: there is no interface of that name", 0, 0);
	r = l2bind_protocol(s, 0);
	if (r == 0)
		r = l2link_learn(s);
	if (r == 0)
		r = l2open_configure(s, &s->opts);
	if (r == 0)
		r = l2ledger_join(s, s->ifindex);
	return r < 0 ? l2fail_note(s, r, "rebind: %n: %e", 0, 0) : 0;
}

int l2rebind_prepare(struct l2sock *s, const char *ifname, struct l2whereabouts *ret)
{
	struct l2whereabouts old = save(s);
	int fd = make_socket(s);
	int r;

	if (fd < 0)
		return fd;
	s->fd = fd;
	r = prepare_socket(s, ifname ? ifname : old.ifname);
	*ret = save(s);
	s->fd = old.fd;
	restore(s, &old);
	if (r < 0)
		l2sys_close(fd);
	return r;
}

/* What is still queued would be received by nobody. */
static int empty(struct l2sock *s)
{
	int r = l2attach_close(s);

	if (r == 0)
		r = l2attach_flush(s);
	l2stats_harvest(s);
	return r;
}

static void forget_socket(struct l2sock *s)
{
	s->protocol = 0;
	s->ethertype = 0;
	l2program_clear(&s->attached);
	l2link_forget(s);
}

/* The new socket takes the place, and the number, of the handle's own. */
int l2rebind_move(struct l2sock *s, struct l2whereabouts *to)
{
	int r = s->protocol ? empty(s) : 0;

	if (r == 0)
		r = l2sys_dup_over(to->fd, s->fd);
	l2sys_close(to->fd);
	to->fd = -1;
	if (r < 0)
		return l2fail_note(s, r, "rebind: the new socket: %e", 0, 0);
	restore(s, to);
	if (s->ifindex)
		l2ledger_move(s, s->ifindex);
	forget_socket(s);
	r = s->rx ? s->rx_ops->renew(s->rx) : 0;
	if (r < 0 || !s->included)
		return r;
	return l2wait_include(s); /* the old one left by itself */
}

/*
 * Closes the socket where there is no other to take its place: something else gets its number. What
 * a ring keeps alive of it lasts until the ring is closed.
 */
void l2rebind_abandon(struct l2sock *s)
{
	l2sys_dup_over(s->wakefd, s->fd);
	forget_socket(s);
	s->included = false;
}
