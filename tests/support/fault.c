/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#undef L2SYS_REPLACED

/* The real calls, under names of their own. */
#define l2sys_alloc          real_alloc
#define l2sys_barrier        real_barrier
#define l2sys_bind           real_bind
#define l2sys_close          real_close
#define l2sys_dup            real_dup
#define l2sys_dup_over       real_dup_over
#define l2sys_epoll_add      real_epoll_add
#define l2sys_epoll_create   real_epoll_create
#define l2sys_epoll_rearm    real_epoll_rearm
#define l2sys_epoll_remove   real_epoll_remove
#define l2sys_epoll_wait     real_epoll_wait
#define l2sys_eventfd        real_eventfd
#define l2sys_free           real_free
#define l2sys_getsockname    real_getsockname
#define l2sys_getsockopt     real_getsockopt
#define l2sys_ioctl          real_ioctl
#define l2sys_keep_from_fork real_keep_from_fork
#define l2sys_map            real_map
#define l2sys_now            real_now
#define l2sys_own_netns      real_own_netns
#define l2sys_page_size      real_page_size
#define l2sys_poll           real_poll
#define l2sys_read           real_read
#define l2sys_recv           real_recv
#define l2sys_recvmmsg       real_recvmmsg
#define l2sys_recvmsg        real_recvmsg
#define l2sys_result         real_result
#define l2sys_send           real_send
#define l2sys_sendmmsg       real_sendmmsg
#define l2sys_setns          real_setns
#define l2sys_setsockopt     real_setsockopt
#define l2sys_sleep_until    real_sleep_until
#define l2sys_socket         real_socket
#define l2sys_unmap          real_unmap
#define l2sys_write          real_write
#include "../../lib/sock/sys.c"
#undef l2sys_alloc
#undef l2sys_barrier
#undef l2sys_bind
#undef l2sys_close
#undef l2sys_dup
#undef l2sys_dup_over
#undef l2sys_epoll_add
#undef l2sys_epoll_create
#undef l2sys_epoll_rearm
#undef l2sys_epoll_remove
#undef l2sys_epoll_wait
#undef l2sys_eventfd
#undef l2sys_free
#undef l2sys_getsockname
#undef l2sys_getsockopt
#undef l2sys_ioctl
#undef l2sys_keep_from_fork
#undef l2sys_map
#undef l2sys_now
#undef l2sys_own_netns
#undef l2sys_page_size
#undef l2sys_poll
#undef l2sys_read
#undef l2sys_recv
#undef l2sys_recvmmsg
#undef l2sys_recvmsg
#undef l2sys_result
#undef l2sys_send
#undef l2sys_sendmmsg
#undef l2sys_setns
#undef l2sys_setsockopt
#undef l2sys_sleep_until
#undef l2sys_socket
#undef l2sys_unmap
#undef l2sys_write
#undef L2SOCK_SYS_INTERNAL_H
#define L2SYS_REPLACED
#include "../../lib/sock/sys-internal.h"

#include "fault.h"

static int armed;
static int calls;
static int fault_code;
static int barrier_missing;

void fault_arm(int nth, int code)
{
	armed = nth;
	calls = 0;
	fault_code = code;
}

int fault_disarm(void)
{
	armed = 0;
	return calls;
}

void fault_no_barrier(int on)
{
	barrier_missing = on;
}

/* The code when this call is the one to fail, else 0. */
static int due(void)
{
	return ++calls == armed ? fault_code : 0;
}

int l2sys_socket(int domain, int type, int protocol)
{
	int code = due();

	return code ? code : real_socket(domain, type, protocol);
}

int l2sys_bind(int fd, const void *addr, size_t len)
{
	int code = due();

	return code ? code : real_bind(fd, addr, len);
}

int l2sys_getsockname(int fd, void *addr, size_t *len)
{
	int code = due();

	return code ? code : real_getsockname(fd, addr, len);
}

int l2sys_setsockopt(int fd, int level, int option, const void *value, size_t len)
{
	int code = due();

	return code ? code : real_setsockopt(fd, level, option, value, len);
}

int l2sys_getsockopt(int fd, int level, int option, void *value, size_t *len)
{
	int code = due();

	return code ? code : real_getsockopt(fd, level, option, value, len);
}

int l2sys_ioctl(int fd, unsigned long request, void *arg)
{
	int code = due();

	return code ? code : real_ioctl(fd, request, arg);
}

int64_t l2sys_recv(int fd, void *buf, size_t len, int flags)
{
	int code = due();

	return code ? code : real_recv(fd, buf, len, flags);
}

int64_t l2sys_recvmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	int code = due();

	return code ? code : real_recvmmsg(fd, msgs, n, flags);
}

int64_t l2sys_recvmsg(int fd, struct msghdr *msg, int flags)
{
	int code = due();

	return code ? code : real_recvmsg(fd, msg, flags);
}

int64_t l2sys_send(int fd, const void *buf, size_t len, int flags)
{
	int code = due();

	return code ? code : real_send(fd, buf, len, flags);
}

int64_t l2sys_sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	int code = due();

	return code ? code : real_sendmmsg(fd, msgs, n, flags);
}

int l2sys_poll(struct pollfd *fds, unsigned int n, int64_t timeout_ns)
{
	int code = due();

	return code ? code : real_poll(fds, n, timeout_ns);
}

int l2sys_eventfd(void)
{
	int code = due();

	return code ? code : real_eventfd();
}

int l2sys_epoll_create(void)
{
	int code = due();

	return code ? code : real_epoll_create();
}

int l2sys_epoll_add(int epfd, int fd, uint32_t events)
{
	int code = due();

	return code ? code : real_epoll_add(epfd, fd, events);
}

int l2sys_epoll_rearm(int epfd, int fd, uint32_t events)
{
	int code = due();

	return code ? code : real_epoll_rearm(epfd, fd, events);
}

int l2sys_epoll_remove(int epfd, int fd)
{
	int code = due();

	return code ? code : real_epoll_remove(epfd, fd);
}

int l2sys_epoll_wait(int epfd, struct epoll_event *events, int n, int64_t timeout_ns)
{
	int code = due();

	return code ? code : real_epoll_wait(epfd, events, n, timeout_ns);
}

int64_t l2sys_read(int fd, void *buf, size_t len)
{
	int code = due();

	return code ? code : real_read(fd, buf, len);
}

int64_t l2sys_write(int fd, const void *buf, size_t len)
{
	int code = due();

	return code ? code : real_write(fd, buf, len);
}

/* Closing always closes: a test looks for descriptors that were left open. */
int l2sys_close(int fd)
{
	return real_close(fd);
}

int l2sys_map(int fd, size_t len, void **ret)
{
	int code = due();

	return code ? code : real_map(fd, len, ret);
}

/* As closing: always. */
int l2sys_unmap(void *memory, size_t len)
{
	return real_unmap(memory, len);
}

int l2sys_keep_from_fork(void *memory, size_t len)
{
	int code = due();

	return code ? code : real_keep_from_fork(memory, len);
}

uint32_t l2sys_page_size(void)
{
	return real_page_size();
}

int l2sys_dup(int fd)
{
	int code = due();

	return code ? code : real_dup(fd);
}

int l2sys_dup_over(int fd, int place)
{
	int code = due();

	return code ? code : real_dup_over(fd, place);
}

int l2sys_own_netns(void)
{
	int code = due();

	return code ? code : real_own_netns();
}

int l2sys_setns(int netns)
{
	int code = due();

	return code ? code : real_setns(netns);
}

int l2sys_barrier(void)
{
	int code = due();

	if (barrier_missing)
		return -ENOSYS;
	return code ? code : real_barrier();
}

int64_t l2sys_now(void)
{
	return real_now();
}

int l2sys_sleep_until(int64_t at)
{
	int code = due();

	return code ? code : real_sleep_until(at);
}

void *l2sys_alloc(size_t n, size_t size)
{
	return due() ? NULL : real_alloc(n, size);
}

void l2sys_free(void *memory)
{
	real_free(memory);
}
