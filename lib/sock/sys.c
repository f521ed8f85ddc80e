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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sys-internal.h"

#define NS_PER_SEC 1000000000

/* The result of a system call in the form the library uses: never errno. */
static int64_t result(int64_t r)
{
	return r < 0 ? -errno : r;
}

int l2sys_socket(int domain, int type, int protocol)
{
	return (int)result(socket(domain, type, protocol));
}

int l2sys_bind(int fd, const void *addr, size_t len)
{
	return (int)result(bind(fd, addr, (socklen_t)len));
}

int l2sys_getsockname(int fd, void *addr, size_t *len)
{
	socklen_t n = (socklen_t)*len;
	int r = (int)result(getsockname(fd, addr, &n));

	*len = n;
	return r;
}

int l2sys_setsockopt(int fd, int level, int option, const void *value, size_t len)
{
	return (int)result(setsockopt(fd, level, option, value, (socklen_t)len));
}

int l2sys_getsockopt(int fd, int level, int option, void *value, size_t *len)
{
	socklen_t n = (socklen_t)*len;
	int r = (int)result(getsockopt(fd, level, option, value, &n));

	*len = n;
	return r;
}

int l2sys_ioctl(int fd, unsigned long request, void *arg)
{
#ifdef __GLIBC__
	return (int)result(ioctl(fd, request, arg));
#else
	return (int)result(ioctl(fd, (int)request, arg));
#endif
}

int64_t l2sys_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return result(recvmsg(fd, msg, flags));
}

int64_t l2sys_send(int fd, const void *buf, size_t len, int flags)
{
	return result(send(fd, buf, len, flags));
}

int l2sys_poll(struct pollfd *fds, unsigned int n, int64_t timeout_ns)
{
	struct timespec ts;

	if (timeout_ns < 0)
		return (int)result(ppoll(fds, n, NULL, NULL));
	ts.tv_sec = (time_t)(timeout_ns / NS_PER_SEC);
	ts.tv_nsec = (long)(timeout_ns % NS_PER_SEC);
	return (int)result(ppoll(fds, n, &ts, NULL));
}

int l2sys_eventfd(void)
{
	return (int)result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int64_t l2sys_read(int fd, void *buf, size_t len)
{
	return result(read(fd, buf, len));
}

int64_t l2sys_write(int fd, const void *buf, size_t len)
{
	return result(write(fd, buf, len));
}

int l2sys_close(int fd)
{
	return (int)result(close(fd));
}

int l2sys_own_netns(void)
{
	return (int)result(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
}

int l2sys_setns(int netns)
{
	return (int)result(setns(netns, CLONE_NEWNET));
}

int l2sys_barrier(void)
{
	return (int)result(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

int64_t l2sys_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

void *l2sys_alloc(size_t n, size_t size)
{
	return calloc(n, size);
}

void l2sys_free(void *memory)
{
	free(memory);
}
