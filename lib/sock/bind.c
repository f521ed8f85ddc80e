/* SPDX-License-Identifier: MIT */
/* Binding: which frames the kernel hands to the socket, and from when on. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* Protocol 0 leaves the one in force, and after opening that is none. */
int l2bind_protocol(struct l2sock *s, uint16_t protocol)
{
	bool hooks_nothing = protocol && s->halted && s->locked;
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(hooks_nothing ? L2_NO_PROTOCOL : protocol),
		.sll_ifindex = (int)s->ifindex,
	};

	if (s->type == L2SOCK_TYPE_LEGACY)
		return l2legacy_bind(s);
	return l2sys_bind(s->fd, &addr, sizeof(addr));
}

/* Has the kernel tell each frame's tag, length, checksum state and time of arrival. */
int l2bind_metadata(struct l2sock *s)
{
	const int on = 1;
	int r = 0;

	if (s->type != L2SOCK_TYPE_LEGACY)
		r = l2sys_setsockopt(s->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on));
	if (r < 0)
		return l2fail_note(s, r, "bind: PACKET_AUXDATA: %e", 0, 0);
	r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS_NEW, &on, sizeof(on));
	if (r == -ENOPROTOOPT) /* before Linux 5.1 */
		r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	return r < 0 ? l2fail_note(s, r, "bind: SO_TIMESTAMPNS: %e", 0, 0) : 0;
}

/* What the kernel is to hook: everything, for it is the filter that tells ethertypes apart. */
static uint16_t hook_for(const struct l2sock *s, uint32_t ethertype)
{
	return s->flags & L2SOCK_KERNEL_HOOK ? (uint16_t)ethertype : ETH_P_ALL;
}

static int refuse(struct l2sock *s, int code)
{
	if (code == -ENODEV)
		return l2link_gone(s, "bind: %n is gone");
	return l2fail_note(s, code, "bind: %n: %e", 0, 0);
}

/* The filter stands before the hook does: the first frame already meets it. */
static int start(struct l2sock *s, uint32_t ethertype, bool closed)
{
	uint16_t protocol = hook_for(s, ethertype);
	int r = l2bind_metadata(s);

	if (r < 0)
		return r;
	r = l2filter_install(s, ethertype, &s->filter);
	if (r < 0)
		return r;
	if (closed)
		r = l2attach_close(s);
	if (r < 0)
		return l2fail_note(s, r, "bind: the filter: %e", 0, 0);
	r = l2bind_protocol(s, protocol);
	if (r < 0) {
		l2attach_open(s);
		l2filter_install(s, 0, &s->filter);
		return refuse(s, r);
	}
	s->protocol = protocol;
	return 0;
}

/* Moves a live hook: nothing gets in until it stands, and the new filter before it. */
static int move_hook(struct l2sock *s, uint32_t ethertype)
{
	uint16_t before = s->protocol;
	uint16_t protocol = hook_for(s, ethertype);
	int r = s->locked ? -EPERM : l2attach_close(s);

	if (r < 0)
		return l2fail_note(s, r, "bind: the filter: %e", 0, 0);
	r = l2bind_protocol(s, protocol);
	if (r < 0) {
		l2attach_open(s);
		return refuse(s, r);
	}
	s->protocol = protocol;
	r = l2filter_install(s, ethertype, &s->filter);
	if (r < 0) {
		s->protocol = before;
		l2bind_protocol(s, before);
		l2attach_open(s);
	}
	return r;
}

static int change(struct l2sock *s, uint32_t ethertype)
{
	l2link_ask(s);
	if (s->link == L2SOCK_LINK_GONE)
		return l2link_gone(s, "bind: %n is gone");
	if (hook_for(s, ethertype) != s->protocol)
		return move_hook(s, ethertype);
	return l2filter_install(s, ethertype, &s->filter);
}

static int check(struct l2sock *s, uint32_t ethertype)
{
	if (ethertype != L2_ETHERTYPE_ALL && (ethertype < L2_ETHERTYPE_MIN || ethertype > 0xffff))
		return l2fail_note(s, -EINVAL,
				   "bind: ethertype %x is neither L2_ETHERTYPE_ALL nor 0x0600 to "
				   "0xffff",
				   ethertype, 0);
	if (s->send_by_ring && !s->rx)
		return l2fail_note(s, -EBUSY, "bind: the handle only sends, by its ring", 0, 0);
	return 0;
}

/* Binds for the first time, and lets nothing in until l2attach_open(). */
int l2bind_closed(struct l2sock *s, uint32_t ethertype)
{
	int r = check(s, ethertype);

	if (r == 0 && s->locked)
		r = l2fail_note(s, -EPERM, "bind: the socket's filter is locked", 0, 0);
	if (r == 0)
		r = start(s, ethertype, true);
	if (r == 0)
		s->ethertype = ethertype;
	return r;
}

int l2sock_bind(struct l2sock *s, uint32_t ethertype)
{
	int r;

	if (!s)
		return -EINVAL;
	r = check(s, ethertype);
	if (r < 0)
		return r;
	if (s->grouped && s->ethertype)
		return l2fail_note(s, -EBUSY, "bind: the handle is a group's", 0, 0);
	if (s->ethertype)
		r = change(s, ethertype);
	else if (s->type == L2SOCK_TYPE_LEGACY)
		r = l2legacy_start(s, ethertype);
	else
		r = start(s, ethertype, false);
	if (r == 0)
		s->ethertype = ethertype;
	return r;
}
