/* SPDX-License-Identifier: MIT */
/* The only file with system calls: see sys-internal.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sys-internal.h"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

#define NS_PER_SEC 1000000000

int l2sys_socket(int domain, int type, int protocol)
{
	return (int)l2sys_result(socket(domain, type, protocol));
}

int l2sys_bind(int fd, const void *addr, size_t len)
{
	return (int)l2sys_result(bind(fd, addr, (socklen_t)len));
}

int l2sys_getsockname(int fd, void *addr, size_t *len)
{
	socklen_t n = (socklen_t)*len;
	int r = (int)l2sys_result(getsockname(fd, addr, &n));

	*len = n;
	return r;
}

int l2sys_setsockopt(int fd, int level, int option, const void *value, size_t len)
{
	return (int)l2sys_result(setsockopt(fd, level, option, value, (socklen_t)len));
}

int l2sys_getsockopt(int fd, int level, int option, void *value, size_t *len)
{
	socklen_t n = (socklen_t)*len;
	int r = (int)l2sys_result(getsockopt(fd, level, option, value, &n));

	*len = n;
	return r;
}

int l2sys_ioctl(int fd, unsigned long request, void *arg)
{
#ifdef __GLIBC__
	return (int)l2sys_result(ioctl(fd, request, arg));
#else
	return (int)l2sys_result(ioctl(fd, (int)request, arg));
#endif
}

int64_t l2sys_recvmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
#ifdef __GLIBC__
	return l2sys_result(recvmmsg(fd, msgs, n, flags, NULL));
#else
	return l2sys_result(recvmmsg(fd, msgs, n, (unsigned int)flags, NULL));
#endif
}

/* Not by the C library: musl makes a system call for each message. */
int64_t l2sys_sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	return l2sys_result(syscall(SYS_sendmmsg, fd, msgs, n, flags));
}

int l2sys_poll(struct pollfd *fds, unsigned int n, int64_t timeout_ns)
{
	struct timespec ts;

	if (timeout_ns < 0)
		return (int)l2sys_result(ppoll(fds, n, NULL, NULL));
	ts.tv_sec = (time_t)(timeout_ns / NS_PER_SEC);
	ts.tv_nsec = (long)(timeout_ns % NS_PER_SEC);
	return (int)l2sys_result(ppoll(fds, n, &ts, NULL));
}

int l2sys_eventfd(void)
{
	return (int)l2sys_result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int l2sys_epoll_create(void)
{
	return (int)l2sys_result(epoll_create1(EPOLL_CLOEXEC));
}

static int epoll_change(int epfd, int operation, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return (int)l2sys_result(epoll_ctl(epfd, operation, fd, &event));
}

int l2sys_epoll_add(int epfd, int fd, uint32_t events)
{
	return epoll_change(epfd, EPOLL_CTL_ADD, fd, events);
}

int l2sys_epoll_rearm(int epfd, int fd, uint32_t events)
{
	return epoll_change(epfd, EPOLL_CTL_MOD, fd, events);
}

int l2sys_epoll_remove(int epfd, int fd)
{
	return epoll_change(epfd, EPOLL_CTL_DEL, fd, 0);
}

/* Before Linux 5.11 epoll counts in milliseconds, so poll() does the waiting. */
static int64_t poll_first(int epfd, struct epoll_event *events, int n, int64_t timeout_ns)
{
	struct pollfd whole = { .fd = epfd, .events = POLLIN };
	int r = l2sys_poll(&whole, 1, timeout_ns);

	return r <= 0 ? r : l2sys_result(epoll_wait(epfd, events, n, 0));
}

int l2sys_epoll_wait(int epfd, struct epoll_event *events, int n, int64_t timeout_ns)
{
	/* The kernel's, with 64 bits on every architecture. */
	const struct {
		int64_t sec;
		int64_t nsec;
	} ts = { timeout_ns / NS_PER_SEC, timeout_ns % NS_PER_SEC };
	int64_t r = l2sys_result(
		syscall(SYS_epoll_pwait2, epfd, events, n, timeout_ns < 0 ? NULL : &ts, NULL, 0));

	return (int)(r == -ENOSYS ? poll_first(epfd, events, n, timeout_ns) : r);
}

int64_t l2sys_read(int fd, void *buf, size_t len)
{
	return l2sys_result(read(fd, buf, len));
}

int64_t l2sys_write(int fd, const void *buf, size_t len)
{
	return l2sys_result(write(fd, buf, len));
}

int l2sys_close(int fd)
{
	return (int)l2sys_result(close(fd));
}

int l2sys_map(int fd, size_t len, void **ret)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	*ret = memory;
	return 0;
}

int l2sys_unmap(void *memory, size_t len)
{
	return (int)l2sys_result(munmap(memory, len));
}

int l2sys_keep_from_fork(void *memory, size_t len)
{
	return (int)l2sys_result(madvise(memory, len, MADV_DONTFORK));
}

uint32_t l2sys_page_size(void)
{
	return (uint32_t)sysconf(_SC_PAGESIZE);
}

int l2sys_dup(int fd)
{
	return (int)l2sys_result(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

int l2sys_dup_over(int fd, int place)
{
	int64_t r = l2sys_result(dup3(fd, place, O_CLOEXEC));

	return r < 0 ? (int)r : 0;
}

int l2sys_own_netns(void)
{
	return (int)l2sys_result(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
}

int l2sys_setns(int netns)
{
	return (int)l2sys_result(setns(netns, CLONE_NEWNET));
}

int l2sys_barrier(void)
{
	return (int)l2sys_result(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

int64_t l2sys_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

uint64_t l2sys_realtime(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_SEC + (uint64_t)ts.tv_nsec;
}

int l2sys_sleep_until(int64_t at)
{
	const struct timespec ts = { (time_t)(at / NS_PER_SEC), (long)(at % NS_PER_SEC) };

	return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

void *l2sys_alloc(size_t n, size_t size)
{
	return calloc(n, size);
}

void l2sys_free(void *memory)
{
	free(memory);
}
