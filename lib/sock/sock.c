/* SPDX-License-Identifier: MIT */
/* The handle's life: open and close. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The options of version 0.1: no caller knows fewer. */
#define OPTS_LEAST (offsetof(struct l2sock_opts, rcvbuf) + sizeof(uint32_t))

uint32_t l2sock_version(void)
{
	return L2_VERSION;
}

int l2sock_fd(const struct l2sock *s)
{
	return s ? s->fd : -EINVAL;
}

/* With protocol 0 the kernel hooks nothing: no frame can be queued before bind. */
static int make_socket(struct l2sock *s)
{
	int fd = l2sys_socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd == -EPERM)
		return l2fail_note(s, fd,
				   "open: a packet socket needs CAP_NET_RAW: run as root, give the "
				   "program \"setcap cap_net_raw+ep\", or use unshare -rn",
				   0, 0);
	if (fd < 0)
		return l2fail_note(s, fd, "open: socket: %e", 0, 0);
	s->fd = fd;
	return 0;
}

/* Ioctls go through the packet socket, so that its network namespace answers. */
static int find_by_name(struct l2sock *s, const char *ifname)
{
	struct ifreq request = { 0 };
	size_t len = strlen(ifname);
	int r;

	if (len == 0 || len >= IFNAMSIZ)
		return l2fail_note(s, -EINVAL, "open: an interface name has 1 to %a characters",
				   IFNAMSIZ - 1, 0);
	memcpy(s->ifname, ifname, len);
	memcpy(request.ifr_name, ifname, len);
	r = l2sys_ioctl(s->fd, SIOCGIFINDEX, &request);
	if (r < 0)
		return l2fail_note(s, r, "open: %n: %e", 0, 0);
	s->ifindex = (uint32_t)request.ifr_ifindex;
	return 0;
}

static int find_by_index(struct l2sock *s, uint32_t ifindex)
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

static int find_interface(struct l2sock *s, const char *ifname, uint32_t ifindex)
{
	if (ifname && ifindex)
		return l2fail_note(s, -EINVAL, "open: an interface name and index %a at once",
				   ifindex, 0);
	if (ifname)
		return find_by_name(s, ifname);
	return ifindex ? find_by_index(s, ifindex) : 0;
}

/* Beyond net.core.rmem_max only with CAP_NET_ADMIN; otherwise as much as the system grants. */
static int set_rcvbuf(struct l2sock *s, uint32_t bytes)
{
	int value = bytes > INT32_MAX / 2 ? INT32_MAX / 2 : (int)bytes;
	int r;

	if (!bytes)
		return 0;
	if (l2sys_setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &value, sizeof(value)) == 0)
		return 0;
	r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value));
	return r < 0 ? l2fail_note(s, r, "open: receive buffer of %a bytes: %e", bytes, 0) : 0;
}

static int open_handle(struct l2sock *s, const char *ifname, const struct l2sock_opts *opts)
{
	int r;

	if (opts->flags)
		return l2fail_note(s, -EINVAL, "open: unknown flags %x", opts->flags, 0);
	r = make_socket(s);
	if (r < 0)
		return r;
	r = find_interface(s, ifname, opts->ifindex);
	if (r < 0)
		return r;
	r = l2bind_protocol(s, 0);
	if (r < 0)
		return l2fail_note(s, r, "open: bind to %n: %e", 0, 0);
	r = l2sys_eventfd();
	if (r < 0)
		return l2fail_note(s, r, "open: eventfd: %e", 0, 0);
	s->wakefd = r;
	return set_rcvbuf(s, opts->rcvbuf);
}

static void tell(struct l2err *err, const struct l2fail *fail, const char *ifname)
{
	if (!err)
		return;
	err->code = fail->code;
	l2fail_format(fail, ifname, err->text, sizeof(err->text));
}

/* A failure before there is a handle to note it in. */
static int tell_early(struct l2err *err, int code, const char *sentence)
{
	const struct l2fail fail = { .code = code, .sentence = sentence };

	tell(err, &fail, "");
	return code;
}

int l2sock_open(struct l2sock **ret, const char *ifname, const struct l2sock_opts *opts)
{
	struct l2sock_opts known = { 0 };
	struct l2sock *s;
	int r;

	r = opts ? l2opts_copy(&known, sizeof(known), opts, OPTS_LEAST) : 0;
	if (r == -E2BIG)
		return tell_early(opts->err, r, "open: an option that this library is too old for");
	if (r < 0)
		return r;
	if (!ret)
		return tell_early(known.err, -EINVAL, "open: no place for the handle");
	s = l2sys_alloc(1, sizeof(*s));
	if (!s)
		return tell_early(known.err, -ENOMEM, "open: out of memory");
	s->fd = -1;
	s->wakefd = -1;
	r = open_handle(s, ifname, &known);
	if (r < 0) {
		tell(known.err, &s->fail, s->ifname);
		l2sock_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

int l2sock_close(struct l2sock *s)
{
	if (!s)
		return 0;
	if (s->fd >= 0)
		l2sys_close(s->fd);
	if (s->wakefd >= 0)
		l2sys_close(s->wakefd);
	l2program_clear(&s->filter);
	l2ledger_clear(&s->ledger);
	l2sys_free(s);
	return 0;
}
