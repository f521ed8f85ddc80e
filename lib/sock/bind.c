/* SPDX-License-Identifier: MIT */
/* Binding: which frames the kernel hands to the socket, and from when on. */
#include <arpa/inet.h>
#include <errno.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* Protocol 0 leaves the one in force, and after opening that is none. */
int l2bind_protocol(struct l2sock *s, uint16_t protocol)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = (int)s->ifindex,
	};

	return l2sys_bind(s->fd, &addr, sizeof(addr));
}

/* Has the kernel tell each frame's tag, length, checksum state and time of arrival. */
static int enable_metadata(struct l2sock *s)
{
	const int on = 1;
	int r;

	r = l2sys_setsockopt(s->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on));
	if (r < 0)
		return l2fail_note(s, r, "bind: PACKET_AUXDATA: %e", 0, 0);
	r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS_NEW, &on, sizeof(on));
	if (r == -ENOPROTOOPT) /* before Linux 5.1 */
		r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	return r < 0 ? l2fail_note(s, r, "bind: SO_TIMESTAMPNS: %e", 0, 0) : 0;
}

/* The filter stands before the hook does: the first frame already meets it. */
static int start(struct l2sock *s, uint32_t ethertype)
{
	int r = enable_metadata(s);

	if (r < 0)
		return r;
	r = l2filter_install(s, ethertype, &s->filter);
	if (r < 0)
		return r;
	r = l2bind_protocol(s, ETH_P_ALL);
	if (r < 0)
		l2filter_put_back(s);
	if (r == -ENODEV)
		return l2link_gone(s, "bind: %n is gone");
	return r < 0 ? l2fail_note(s, r, "bind: %n: %e", 0, 0) : 0;
}

static int change(struct l2sock *s, uint32_t ethertype)
{
	l2link_update(s);
	if (s->link == L2SOCK_LINK_GONE)
		return l2link_gone(s, "bind: %n is gone");
	return l2filter_install(s, ethertype, &s->filter);
}

int l2sock_bind(struct l2sock *s, uint32_t ethertype)
{
	int r;

	if (!s)
		return -EINVAL;
	if (ethertype != L2_ETHERTYPE_ALL && (ethertype < L2_ETHERTYPE_MIN || ethertype > 0xffff))
		return l2fail_note(s, -EINVAL,
				   "bind: ethertype %x is neither L2_ETHERTYPE_ALL nor 0x0600 to "
				   "0xffff",
				   ethertype, 0);
	r = s->ethertype ? change(s, ethertype) : start(s, ethertype);
	if (r == 0)
		s->ethertype = ethertype;
	return r;
}
