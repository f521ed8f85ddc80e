/* SPDX-License-Identifier: MIT */
/*
 * SOCK_PACKET: names in place of indices, no options of packet sockets, and a hook that stands as
 * soon as the socket does. So the socket that receives is made at bind, behind a filter that
 * rejects all.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sys-internal.h"
#include "tx-internal.h"

/* Longer names do not fit into the kernel's struct. */
#define NAME_MAX_LEN (sizeof(((struct sockaddr *)0)->sa_data) - 1)

int l2legacy_check(struct l2sock *s)
{
	if (strlen(s->ifname) > NAME_MAX_LEN)
		return l2fail_note(s, -EINVAL,
				   "open: SOCK_PACKET takes names of at most %a characters",
				   (int64_t)NAME_MAX_LEN, 0);
	return 0;
}

/* By the present name: the interface may have been renamed. */
int l2legacy_bind(struct l2sock *s)
{
	struct sockaddr addr = { .sa_family = AF_PACKET };
	char name[IFNAMSIZ];
	int r;

	if (!s->ifindex)
		return 0;
	r = l2link_name(s, name);
	if (r < 0)
		return r;
	memcpy(addr.sa_data, name, NAME_MAX_LEN);
	return l2sys_bind(s->fd, &addr, sizeof(addr));
}

/* What the hook let in before the filter stood is flushed when the real one comes. */
static int bind_behind_filter(struct l2sock *s, uint32_t ethertype)
{
	int r = l2attach_close(s);

	if (r < 0)
		return l2fail_note(s, r, "bind: the filter: %e", 0, 0);
	r = l2legacy_bind(s);
	if (r == -ENODEV)
		return l2link_gone(s, "bind: %n is gone");
	if (r < 0)
		return l2fail_note(s, r, "bind: %n: %e", 0, 0);
	r = l2open_configure(s, &s->opts);
	if (r == 0)
		r = l2bind_metadata(s);
	if (r < 0)
		return r;
	s->protocol = ETH_P_ALL;
	return l2filter_install(s, ethertype, &s->filter);
}

/* The new socket takes the place, and the number, of the one that only sends. */
int l2legacy_start(struct l2sock *s, uint32_t ethertype)
{
	int sender = s->fd;
	int fd = l2sys_socket(AF_PACKET, SOCK_PACKET | SOCK_CLOEXEC, htons(ETH_P_ALL));
	int r;

	if (fd < 0)
		return l2fail_note(s, fd, "bind: a second SOCK_PACKET socket: %e", 0, 0);
	s->fd = fd;
	r = bind_behind_filter(s, ethertype);
	s->fd = sender;
	if (r == 0)
		r = l2sys_dup_over(fd, sender);
	l2sys_close(fd);
	if (r == 0)
		return s->included ? l2wait_include(s) : 0; /* the old one left by itself */
	s->protocol = 0;
	return r;
}

/* Where a frame is to go. By the present name here as well. */
int l2legacy_address(struct l2sock *s, uint32_t ifindex, uint16_t protocol,
		     struct sockaddr_pkt *ret)
{
	struct ifreq request = { 0 };
	int r;

	request.ifr_ifindex = (int)ifindex;
	r = l2sys_ioctl(s->fd, SIOCGIFNAME, &request);
	if (r == -ENODEV && s->ifindex)
		return l2link_gone(s, "send: %n is gone");
	if (r < 0)
		return l2fail_note(s, r, "send: interface %a: %e", ifindex, 0);
	if (strlen(request.ifr_name) > NAME_MAX_LEN)
		return l2fail_note(s, -EINVAL,
				   "send: SOCK_PACKET takes names of at most %a characters",
				   (int64_t)NAME_MAX_LEN, 0);
	*ret = (struct sockaddr_pkt) { .spkt_family = AF_PACKET, .spkt_protocol = htons(protocol) };
	memcpy(ret->spkt_device, request.ifr_name, NAME_MAX_LEN);
	return 0;
}

/* What the old address tells of a received frame, where the interface is known by the handle. */
void l2legacy_describe(const struct l2sock *s, struct l2pkt *pkt, const struct msghdr *msg)
{
	struct sockaddr_pkt addr;

	if (msg->msg_namelen < sizeof(addr))
		return;
	memcpy(&addr, msg->msg_name, sizeof(addr));
	pkt->hatype = addr.spkt_family;
	pkt->protocol = ntohs(addr.spkt_protocol);
	pkt->ifindex = s->ifindex;
	pkt->valid |= L2_VALID_PROTOCOL | (s->ifindex ? L2_VALID_IFINDEX : 0);
}
