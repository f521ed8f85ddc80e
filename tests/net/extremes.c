/* SPDX-License-Identifier: MIT */
/* Arguments at their ends, descriptors running out, processes that fork and exec. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct frame f;

static struct l2sock *start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	return handle_listen("vb", L2_ETHERTYPE_EXP1);
}

static void still_works(struct l2sock *s)
{
	int fd = flood_socket("va");

	flood_send(fd, f.bytes, f.len);
	close(fd);
	handle_expect(s, &f);
}

/* Every option struct from no bytes to more than there are, with what is beyond set and not. */
CASE(extremes, options_of_every_size)
{
	uint8_t room[sizeof(struct l2sock_opts) + 64];
	struct l2sock_opts *opts = (struct l2sock_opts *)(void *)room;
	const uint32_t least = offsetof(struct l2sock_opts, rcvbuf) + 4;
	const uint32_t known = sizeof(struct l2sock_opts);
	struct l2sock *s;
	uint32_t size;

	netns_enter();
	for (size = 0; size <= sizeof(room); size++) {
		memset(room, 0, sizeof(room));
		opts->size = size;
		REQUIRE_EQ(l2sock_open(&s, "lo", opts), size < least ? -EINVAL : 0);
		if (size >= least)
			l2sock_close(s);
		if (size <= known)
			continue;
		room[size - 1] = 1;
		REQUIRE_EQ(l2sock_open(&s, "lo", opts), -E2BIG);
	}
	memset(room, 0, sizeof(room));
	opts->size = 4097;
	REQUIRE_EQ(l2sock_open(&s, "lo", opts), -EINVAL);
	opts->size = UINT32_MAX;
	REQUIRE_EQ(l2sock_open(&s, "lo", opts), -EINVAL);
}

CASE(extremes, results_of_every_size)
{
	struct l2sock *s = start();
	uint8_t room[512];
	uint32_t size;

	for (size = 0; size <= sizeof(room); size++) {
		memset(room, 0xff, sizeof(room));
		memcpy(room, &size, sizeof(size));
		if (l2sock_get_stats(s, (struct l2sock_stats *)(void *)room) == 0)
			REQUIRE(size == sizeof(room) || room[size] == 0xff);
		memset(room, 0xff, sizeof(room));
		memcpy(room, &size, sizeof(size));
		if (l2sock_get_info(s, (struct l2sock_info *)(void *)room) == 0)
			REQUIRE(size == sizeof(room) || room[size] == 0xff);
	}
	l2sock_close(s);
}

CASE(extremes, numbers)
{
	static const uint32_t ends[] = { 0, 1, INT_MAX, UINT32_MAX - 1, UINT32_MAX };
	static const struct l2insn insn = { 0x06, 0, 0, 0xffffffff };
	struct l2sock *s = start();
	uint8_t byte = 0;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		uint32_t n = ends[i];

		REQUIRE_EQ(l2sock_bind(s, n), -EINVAL);
		if (n != L2SOCK_PROMISC)
			REQUIRE_EQ(l2sock_join(s, n, NULL, 0), -EINVAL);
		REQUIRE(l2sock_join_on(s, n, 99, NULL, 0) == -EINVAL);
		REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, &byte, n ? n : SIZE_MAX), -EINVAL);
		if (n > 1)
			REQUIRE_EQ(l2sock_set_filter(s, &insn, n), -EINVAL);
	}
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, NULL, 6), -EINVAL);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 1), -EINVAL);
	REQUIRE_EQ(l2sock_set_filter(s, &insn, 0), -EINVAL);
	REQUIRE_EQ(l2sock_set_filter_fd(s, INT_MIN), -EBADF);
	REQUIRE_EQ(l2sock_set_filter_fd(s, INT_MAX), -EBADF);
	still_works(s);
	l2sock_close(s);
}

CASE(extremes, times_and_buffers)
{
	struct l2sock *s = start();
	struct l2pkt pkt;
	uint8_t byte = 0;

	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, -2), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, INT64_MIN), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, NULL, 1, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, NULL, 0, NULL, 0), -EAGAIN);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, &pkt, 1), -ETIMEDOUT);
	REQUIRE_EQ(l2sock_wait(s, INT64_MIN), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, NULL, 60, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, INT64_MIN), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, f.bytes, 0, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send(s, f.bytes, SIZE_MAX, 0), -EMSGSIZE);
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, NULL, 0, &pkt, INT64_MAX), 0); /* the facts alone */
	REQUIRE_EQ(pkt.wire_len, 60);
	REQUIRE(pkt.flags & L2_FLAG_TRUNCATED);
	still_works(s);
	l2sock_close(s);
}

/* With ever fewer descriptors left each step of opening fails in turn, and leaves none behind. */
CASE(extremes, out_of_descriptors)
{
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts),
				    .err = &err,
				    .flags = L2SOCK_LINK_EVENTS };
	struct rlimit before;
	struct rlimit limit;
	struct l2sock *s = NULL;
	int refused = 0;
	int lowest;
	int fds;
	int i;

	netns_enter();
	fds = handle_count_fds();
	lowest = dup(0);
	close(lowest);
	REQUIRE_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (i = 0; i < 8; i++) {
		int r;

		limit = before;
		limit.rlim_cur = (rlim_t)(lowest + i);
		REQUIRE_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
		r = l2sock_open(&s, "lo", &opts);
		REQUIRE_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
		REQUIRE(r == 0 || r == -EMFILE);
		if (r == 0)
			l2sock_close(s);
		else
			REQUIRE(strstr(err.text, "too many open files"));
		refused += r < 0;
		REQUIRE_EQ(handle_count_fds(), fds);
	}
	REQUIRE(refused >= 4 && refused < 8);
}

/* A child shares the socket; what it closes stays open here. */
CASE(extremes, fork)
{
	struct l2sock *s = start();
	int status;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (pid == 0) {
		uint8_t buf[128];
		struct l2pkt pkt;
		int fd = flood_socket("va");

		flood_send(fd, f.bytes, f.len);
		if (l2sock_recv(s, buf, sizeof(buf), &pkt, 5 * L2_SEC) != 60)
			_exit(1);
		_exit(l2sock_close(s));
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	REQUIRE_EQ(status, 0);
	still_works(s);
	l2sock_wake(s);
	REQUIRE_EQ(l2sock_wait(s, 0), -ECANCELED);
	l2sock_close(s);
}

/* The descriptors that a program started from here finds open. */
static int inherited(void)
{
	FILE *from = popen("ls /proc/self/fd | wc -l", "r");
	int n = -1;

	REQUIRE(from);
	REQUIRE_EQ(fscanf(from, "%d", &n), 1);
	pclose(from);
	return n;
}

CASE(extremes, exec_inherits_nothing)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_LINK_EVENTS };
	struct l2sock *s;
	int before;

	netns_enter();
	before = inherited();
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE(l2sock_pollfd(s) >= 0);
	REQUIRE_EQ(inherited(), before);
	l2sock_close(s);
	opts.type = L2SOCK_TYPE_LEGACY; /* its socket is replaced */
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(inherited(), before);
	l2sock_close(s);
}

/* Lowered and raised while frames arrive: no notice, no harm. */
CASE(extremes, mtu_changes)
{
	struct l2sock *s = start();
	int mtu;

	for (mtu = 1500; mtu >= 68; mtu -= 358) {
		netns_run("ip link set dev vb mtu %d", mtu);
		still_works(s);
	}
	netns_run("ip link set dev va mtu 9000 && ip link set dev vb mtu 9000");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 9014, 0);
	still_works(s);
	l2sock_close(s);
}
