/* SPDX-License-Identifier: MIT */
/* A handle from a packet socket that exists, and a packet socket from a handle. */
#include <arpa/inet.h>
#include <errno.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

static int get_option(const struct l2sock *s, int option, int *value)
{
	size_t len = sizeof(*value);

	return l2sys_getsockopt(s->fd, SOL_SOCKET, option, value, &len);
}

static int recognise_type(struct l2sock *s)
{
	int domain = 0;
	int type = 0;
	int r = get_option(s, SO_DOMAIN, &domain);

	if (r == 0)
		r = get_option(s, SO_TYPE, &type);
	if (r < 0)
		return l2fail_note(s, r, "adopt: descriptor %a: %e", s->fd, 0);
	if (domain != AF_PACKET || (type != SOCK_RAW && type != SOCK_DGRAM))
		return l2fail_note(s, -EINVAL,
				   "adopt: descriptor %a is no packet socket of type SOCK_RAW or "
				   "SOCK_DGRAM",
				   s->fd, 0);
	s->type = type == SOCK_DGRAM ? L2SOCK_TYPE_COOKED : L2SOCK_TYPE_RAW;
	return 0;
}

/* A socket with a hook is a handle that is bound. */
static int recognise_binding(struct l2sock *s)
{
	struct sockaddr_ll addr = { 0 };
	size_t len = sizeof(addr);
	int r = l2sys_getsockname(s->fd, &addr, &len);

	if (r < 0)
		return l2fail_note(s, r, "adopt: getsockname: %e", 0, 0);
	if (addr.sll_ifindex < 0)
		return l2fail_note(s, -ENODEV, "adopt: the socket's interface is gone", 0, 0);
	s->hatype = addr.sll_hatype;
	s->protocol = ntohs(addr.sll_protocol);
	s->ethertype = s->protocol;
	if (s->protocol && s->protocol != ETH_P_ALL)
		s->flags |= L2SOCK_KERNEL_HOOK;
	return addr.sll_ifindex ? l2link_find_index(s, (uint32_t)addr.sll_ifindex) : 0;
}

/*
 * The program in force becomes the user's, in the kernel's terms. An eBPF program cannot be read,
 * so it could not be put back: it stays.
 */
static int recognise_filter(struct l2sock *s)
{
	size_t n = 0;
	int locked = 0;
	int r = l2sys_getsockopt(s->fd, SOL_SOCKET, SO_GET_FILTER, NULL, &n);

	if (r == -EACCES) {
		s->locked = true;
		return 0;
	}
	if (r == 0)
		r = get_option(s, SO_LOCK_FILTER, &locked);
	s->locked = locked;
	if (r < 0 || !n)
		return r;
	s->filter.insns = l2sys_alloc(n, sizeof(*s->filter.insns));
	if (!s->filter.insns)
		return -ENOMEM;
	s->filter.n = n;
	s->filter.as_is = true;
	r = l2sys_getsockopt(s->fd, SOL_SOCKET, SO_GET_FILTER, s->filter.insns, &n);
	return r < 0 ? r : l2program_copy(&s->attached, s->filter.insns, n);
}

static int recognise(struct l2sock *s, const struct l2sock_opts *opts)
{
	int r = recognise_type(s);

	if (r == 0)
		r = recognise_binding(s);
	if (r < 0)
		return r;
	r = recognise_filter(s);
	if (r < 0)
		return l2fail_note(s, r, "adopt: the socket's filter: %e", 0, 0);
	if (s->protocol)
		r = l2bind_metadata(s);
	if (r == 0)
		r = l2wait_open(s);
	if (r == 0 && s->flags & L2SOCK_LINK_EVENTS)
		r = l2watch_open(s, false);
	if (r == -EXDEV)
		return l2fail_note(s, r, "adopt: link events of another network namespace", 0, 0);
	return r < 0 ? r : l2open_configure(s, opts);
}

static int fill(struct l2sock *s, const void *from, const struct l2sock_opts *opts)
{
	const int *fd = from;
	int r;

	if (opts->ifindex || opts->type || opts->netns || opts->flags & L2SOCK_IN_NETNS)
		return l2fail_note(s, -EINVAL,
				   "adopt: the socket has its interface, type and namespace", 0, 0);
	s->fd = *fd;
	r = recognise(s, opts);
	if (r < 0)
		s->fd = -1; /* still the caller's */
	return r;
}

int l2sock_adopt(struct l2sock **ret, int fd, const struct l2sock_opts *opts)
{
	return l2open_handle(ret, fill, &fd, opts);
}

int l2sock_release(struct l2sock *s)
{
	int fd;

	if (!s)
		return -EINVAL;
	if (l2sock_is_shared(s))
		return l2fail_note(s, -EBUSY, "release: a ring holds the handle", 0, 0);
	if (s->grouped)
		return l2fail_note(s, -EBUSY, "release: the handle is a group's", 0, 0);
	fd = s->fd;
	s->fd = -1;
	l2sock_close(s);
	return fd;
}
