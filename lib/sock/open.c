/* SPDX-License-Identifier: MIT */
/* Opening: from options to a socket that can send and receives nothing. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The options of version 0.1: no caller knows fewer. */
#define OPTS_LEAST (offsetof(struct l2sock_opts, rcvbuf) + sizeof(uint32_t))

#define KNOWN_FLAGS                                                                        \
	(L2SOCK_IGNORE_OUTGOING | L2SOCK_ORIGDEV | L2SOCK_QDISC_BYPASS | L2SOCK_IN_NETNS | \
	 L2SOCK_LINK_EVENTS | L2SOCK_KERNEL_HOOK | L2SOCK_RESTORE_TAGS | L2SOCK_VERBATIM)

/* SOCK_PACKET has no options, no ethertype hook that suits, and makes its socket twice. */
#define LEGACY_FLAGS (L2SOCK_LINK_EVENTS | L2SOCK_VERBATIM)

/* A flag that is an option of the socket. */
struct setting {
	uint32_t flag;
	int option;
	const char *refusal;
};

static const struct setting settings[] = {
	{ L2SOCK_IGNORE_OUTGOING, PACKET_IGNORE_OUTGOING, "open: PACKET_IGNORE_OUTGOING: %e" },
	{ L2SOCK_ORIGDEV, PACKET_ORIGDEV, "open: PACKET_ORIGDEV: %e" },
	{ L2SOCK_QDISC_BYPASS, PACKET_QDISC_BYPASS, "open: PACKET_QDISC_BYPASS: %e" },
};

static int set(struct l2sock *s, int level, int option, int value)
{
	return l2sys_setsockopt(s->fd, level, option, &value, sizeof(value));
}

/* Beyond the system's limit only with CAP_NET_ADMIN; otherwise as much as the system grants. */
static int set_buffer(struct l2sock *s, int force, int option, uint32_t bytes)
{
	int value = bytes > INT32_MAX / 2 ? INT32_MAX / 2 : (int)bytes;
	int r;

	if (!bytes || set(s, SOL_SOCKET, force, value) == 0)
		return 0;
	r = set(s, SOL_SOCKET, option, value);
	return r < 0 ? l2fail_note(s, r, "open: a buffer of %a bytes: %e", bytes, 0) : 0;
}

static int set_priority(struct l2sock *s, uint32_t priority)
{
	int r = priority ? set(s, SOL_SOCKET, SO_PRIORITY, (int)priority) : 0;

	if (r == -EPERM)
		return l2fail_note(s, r, "open: priority %a: above 6 it needs CAP_NET_ADMIN",
				   priority, 0);
	return r < 0 ? l2fail_note(s, r, "open: priority %a: %e", priority, 0) : 0;
}

static int set_mark(struct l2sock *s, uint32_t mark)
{
	int r = mark ? set(s, SOL_SOCKET, SO_MARK, (int)mark) : 0;

	if (r == -EPERM)
		return l2fail_note(s, r, "open: a mark needs CAP_NET_ADMIN or CAP_NET_RAW", 0, 0);
	return r < 0 ? l2fail_note(s, r, "open: mark %a: %e", mark, 0) : 0;
}

int l2open_configure(struct l2sock *s, const struct l2sock_opts *opts)
{
	size_t i;
	int r;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!(opts->flags & settings[i].flag))
			continue;
		r = set(s, SOL_PACKET, settings[i].option, 1);
		if (r < 0)
			return l2fail_note(s, r, settings[i].refusal, 0, 0);
	}
	r = set_buffer(s, SO_RCVBUFFORCE, SO_RCVBUF, opts->rcvbuf);
	if (r == 0)
		r = set_buffer(s, SO_SNDBUFFORCE, SO_SNDBUF, opts->sndbuf);
	if (r == 0)
		r = set_priority(s, opts->priority);
	return r < 0 ? r : set_mark(s, opts->mark);
}

static int check(struct l2sock *s, const struct l2sock_opts *opts)
{
	if (opts->flags & ~(uint32_t)KNOWN_FLAGS)
		return l2fail_note(s, -EINVAL, "open: unknown flags %x",
				   opts->flags & ~(uint32_t)KNOWN_FLAGS, 0);
	if (opts->type > L2SOCK_TYPE_LEGACY)
		return l2fail_note(s, -EINVAL, "open: unknown type %a", opts->type, 0);
	if (opts->type == L2SOCK_TYPE_LEGACY && opts->flags & ~(uint32_t)LEGACY_FLAGS)
		return l2fail_note(s, -EINVAL, "open: SOCK_PACKET cannot do what flags %x ask for",
				   opts->flags & ~(uint32_t)LEGACY_FLAGS, 0);
	if (opts->reserved)
		return l2fail_note(s, -EINVAL, "open: the reserved field is %a, not 0",
				   opts->reserved, 0);
	if (!(opts->flags & L2SOCK_IN_NETNS) && opts->netns)
		return l2fail_note(s, -EINVAL, "open: network namespace %a without L2SOCK_IN_NETNS",
				   opts->netns, 0);
	return 0;
}

/* With protocol 0 the kernel hooks nothing: no frame can be queued before bind. */
static int make_socket(struct l2sock *s)
{
	static const int types[] = { SOCK_RAW, SOCK_DGRAM, SOCK_PACKET };
	int fd = l2sys_socket(AF_PACKET, types[s->type] | SOCK_CLOEXEC, 0);

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

static int find_interface(struct l2sock *s, const char *ifname, uint32_t ifindex)
{
	if (ifname && ifindex)
		return l2fail_note(s, -EINVAL, "open: an interface name and index %a at once",
				   ifindex, 0);
	if (ifname)
		return l2link_find_name(s, ifname);
	return ifindex ? l2link_find_index(s, ifindex) : 0;
}

/*
 * Whoever wants to hear of the link gets a watch, and so does a handle in another namespace: this
 * is the only chance to make one there.
 */
static int watch_link(struct l2sock *s)
{
	int r;

	if (!(s->flags & (L2SOCK_LINK_EVENTS | L2SOCK_IN_NETNS)))
		return 0;
	if (!s->ifindex) {
		if (!(s->flags & L2SOCK_LINK_EVENTS))
			return 0;
		return l2fail_note(s, -EINVAL, "open: link events of all interfaces", 0, 0);
	}
	r = l2watch_open(s, true);
	if (r < 0 && s->flags & L2SOCK_LINK_EVENTS)
		return l2fail_note(s, r, "open: rtnetlink: %e", 0, 0);
	return 0;
}

static int open_here(struct l2sock *s, const char *ifname, const struct l2sock_opts *opts)
{
	int r = make_socket(s);

	if (r == 0)
		r = find_interface(s, ifname, opts->ifindex);
	if (r == 0 && s->type == L2SOCK_TYPE_LEGACY)
		r = l2legacy_check(s);
	if (r < 0)
		return r;
	r = l2bind_protocol(s, 0);
	if (r < 0)
		return l2fail_note(s, r, "open: bind to %n: %e", 0, 0);
	r = l2link_learn(s);
	if (r == 0)
		r = l2wait_open(s);
	if (r == 0)
		r = watch_link(s);
	return r < 0 ? r : l2open_configure(s, opts);
}

static int fill(struct l2sock *s, const void *ifname, const struct l2sock_opts *opts)
{
	int home;
	int back;
	int r;

	s->type = opts->type;
	if (!(opts->flags & L2SOCK_IN_NETNS))
		return open_here(s, ifname, opts);
	home = l2netns_enter(s, opts->netns);
	if (home < 0)
		return home;
	r = open_here(s, ifname, opts);
	back = l2netns_leave(s, home);
	return back < 0 ? back : r;
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

int l2open_handle(struct l2sock **ret, l2open_fn fill_in, const void *from,
		  const struct l2sock_opts *opts)
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
	s->refs = 1;
	s->fd = s->wakefd = s->linkfd = s->epfd = -1;
	s->flags = known.flags;
	s->opts = known;
	r = check(s, &known);
	if (r == 0)
		r = fill_in(s, from, &known);
	if (r < 0) {
		tell(known.err, &s->fail, s->ifname);
		l2sock_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

int l2sock_open(struct l2sock **ret, const char *ifname, const struct l2sock_opts *opts)
{
	return l2open_handle(ret, fill, ifname, opts);
}
