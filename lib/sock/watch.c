/* SPDX-License-Identifier: MIT */
/*
 * Watching the link: an rtnetlink socket that hears of one interface. The packet socket reports
 * that a link goes down, but neither that it comes up nor what happens to it while it is down.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

#include <linux/rtnetlink.h>

/* Messages read at once: what a flapping link leaves behind is read by the calls to come. */
#define MOST_MESSAGES 256

/* The start of every message about a link. */
struct news {
	struct nlmsghdr header;
	struct ifinfomsg info;
};

/* The namespace in which the watch was made must be that of the packet socket. */
static bool same_netns(const struct l2sock *s, int fd)
{
	uint64_t cookies[2] = { 0 };
	size_t len = sizeof(cookies[0]);

	return l2sys_getsockopt(s->fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookies[0], &len) == 0 &&
	       l2sys_getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookies[1], &len) == 0 &&
	       cookies[0] == cookies[1];
}

static int make_socket(void)
{
	const struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = l2sys_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int r;

	if (fd < 0)
		return fd;
	r = l2sys_bind(fd, &addr, sizeof(addr));
	if (r == 0)
		return fd;
	l2sys_close(fd);
	return r;
}

/* Lets the kernel sort out the interface; what is queued already is sorted out on reading. */
static int aim(const struct l2sock *s, int fd)
{
	/* Loads are big-endian, the fields are in host order. */
	const struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct news, info) + offsetof(struct ifinfomsg, ifi_index)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(s->ifindex), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog fprog = {
		.len = sizeof(insns) / sizeof(insns[0]),
		.filter = (struct sock_filter *)(uintptr_t)insns,
	};

	return l2sys_setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog));
}

/*
 * Makes the socket in the namespace of the calling thread, which is the handle's at opening. Later
 * it need not be, and then there is no watch.
 */
int l2watch_open(struct l2sock *s, bool opening)
{
	int fd = make_socket();
	int r;

	if (fd < 0)
		return fd;
	r = opening || same_netns(s, fd) ? 0 : -EXDEV;
	if (r == 0)
		r = aim(s, fd);
	if (r == 0)
		r = l2sys_epoll_add(s->epfd, fd, EPOLLIN);
	if (r < 0) {
		l2sys_close(fd);
		return r;
	}
	s->linkfd = fd;
	l2link_ask(s);
	return 0;
}

/* After the handle moved to another interface. */
int l2watch_aim(struct l2sock *s)
{
	return s->linkfd < 0 ? 0 : aim(s, s->linkfd);
}

/* A bridge speaks of its ports in the same words, with a family of its own: not about the link. */
static void take(struct l2sock *s, const struct news *news)
{
	if (news->info.ifi_family != AF_UNSPEC || news->info.ifi_index != (int)s->ifindex)
		return;
	s->link_news++;
	if (news->header.nlmsg_type == RTM_DELLINK)
		l2link_set(s, L2SOCK_LINK_GONE);
	else if (news->header.nlmsg_type == RTM_NEWLINK)
		l2link_set(s, l2link_state(news->info.ifi_flags));
}

/* Messages are lost: whatever they would have told may have happened. */
static void lost(struct l2sock *s)
{
	s->link_turns++;
	s->link_news++;
	l2link_ask(s);
}

/* Reads what has come. Only the kernel is believed; when messages were lost it is asked instead. */
void l2watch_read(struct l2sock *s)
{
	struct sockaddr_nl from;
	struct news news;
	struct iovec piece = { &news, sizeof(news) };
	struct msghdr msg = { .msg_iov = &piece, .msg_iovlen = 1, .msg_name = &from };
	int64_t r;
	int i;

	for (i = 0; i < MOST_MESSAGES; i++) {
		msg.msg_namelen = sizeof(from);
		r = l2sys_recvmsg(s->linkfd, &msg, MSG_DONTWAIT);
		if (r == -ENOBUFS)
			lost(s);
		else if (r == sizeof(news) && from.nl_pid == 0)
			take(s, &news);
		else if (r < 0 && r != -EINTR)
			return;
	}
}
