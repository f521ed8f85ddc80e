/* SPDX-License-Identifier: MIT */
/*
 * Every call that leaves the library: system calls, the clock, memory. Each returns a negative
 * errno on failure, except l2sys_alloc(). A test links its own versions in place of sys.c and so
 * can make any of them fail.
 */
#ifndef L2SOCK_SYS_INTERNAL_H
#define L2SOCK_SYS_INTERNAL_H

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "direct-internal.h"

int l2sys_socket(int domain, int type, int protocol);
int l2sys_bind(int fd, const void *addr, size_t len);
int l2sys_getsockname(int fd, void *addr, size_t *len);
int l2sys_setsockopt(int fd, int level, int option, const void *value, size_t len);
int l2sys_getsockopt(int fd, int level, int option, void *value, size_t *len);
int l2sys_ioctl(int fd, unsigned long request, void *arg);
int l2sys_poll(struct pollfd *fds, unsigned int n, int64_t timeout_ns);
int l2sys_eventfd(void);
int l2sys_epoll_create(void);
int l2sys_epoll_add(int epfd, int fd, uint32_t events);
int l2sys_epoll_rearm(int epfd, int fd, uint32_t events);
int l2sys_epoll_remove(int epfd, int fd);

/* Fills at most n events, whose data is the descriptor. */
int l2sys_epoll_wait(int epfd, struct epoll_event *events, int n, int64_t timeout_ns);
int64_t l2sys_read(int fd, void *buf, size_t len);
int64_t l2sys_write(int fd, const void *buf, size_t len);
int l2sys_close(int fd);

/* The memory that a socket shares with the kernel; and that no child of a fork() gets it. */
int l2sys_map(int fd, size_t len, void **ret);
int l2sys_unmap(void *memory, size_t len);
int l2sys_keep_from_fork(void *memory, size_t len);
uint32_t l2sys_page_size(void);

/* Another descriptor of the same thing, at least 3; and one in the place of another. */
int l2sys_dup(int fd);
int l2sys_dup_over(int fd, int place);

/* A descriptor of the calling thread's network namespace, and the way into one. */
int l2sys_own_netns(void);
int l2sys_setns(int netns);

struct mmsghdr; /* <sys/socket.h> has it with _GNU_SOURCE */

int64_t l2sys_recvmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags);
int64_t l2sys_sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags);

/*
 * What every frame passes is inlined: a call less between the program and the kernel. A test that
 * replaces these too defines L2SYS_REPLACED.
 */
#ifdef L2SYS_REPLACED
int64_t l2sys_recv(int fd, void *buf, size_t len, int flags);
int64_t l2sys_recvmsg(int fd, struct msghdr *msg, int flags);
int64_t l2sys_send(int fd, const void *buf, size_t len, int flags);
#else
/* The result of a system call in the form the library uses: never errno. */
static inline int64_t l2sys_result(int64_t r)
{
	return r < 0 ? -errno : r;
}

static inline int64_t l2sys_recv(int fd, void *buf, size_t len, int flags)
{
	return L2SYS_CALL6(recvfrom, fd, buf, len, flags, NULL, NULL);
}

static inline int64_t l2sys_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return L2SYS_CALL3(recvmsg, fd, msg, flags);
}

static inline int64_t l2sys_send(int fd, const void *buf, size_t len, int flags)
{
	return L2SYS_CALL6(sendto, fd, buf, len, flags, NULL, 0);
}
#endif

/* Returns when every processor has left the code that was delivering frames when it was called. */
int l2sys_barrier(void);

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t l2sys_now(void);

/* The clock of timestamps, in nanoseconds since 1970-01-01 UTC. */
uint64_t l2sys_realtime(void);

/* Sleeps until that time of the same clock; -EINTR when a signal comes. */
int l2sys_sleep_until(int64_t at);

/* Zeroed memory or NULL. */
void *l2sys_alloc(size_t n, size_t size);
void l2sys_free(void *memory);

#endif /* L2SOCK_SYS_INTERNAL_H */
