/* SPDX-License-Identifier: MIT */
/* Opening: names, options, permissions, and what is left behind. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

/* Opens what must be refused; the handle stays as it was and the sentence holds the words. */
static void refused(const char *ifname, struct l2sock_opts *opts, int code, const char *words)
{
	static char place;
	struct l2sock *const untouched = (struct l2sock *)(void *)&place;
	struct l2sock *s = untouched;
	struct l2err err = { 0 };
	int fds = handle_count_fds();

	opts->err = &err;
	REQUIRE_EQ(l2sock_open(&s, ifname, opts), code);
	REQUIRE(s == untouched);
	REQUIRE_EQ(handle_count_fds(), fds);
	REQUIRE_EQ(err.code, words ? code : 0);
	REQUIRE(strstr(err.text, words ? words : ""));
}

CASE(open, refusals)
{
	struct {
		struct l2sock_opts known;
		uint64_t more;
	} younger = { .known = { .size = sizeof(younger) } };
	struct l2sock_opts opts = { .size = sizeof(opts) };

	netns_enter();
	refused("nosuch0", &opts, -ENODEV, "nosuch0");
	refused("", &opts, -EINVAL, "1 to 15");
	refused("sixteencharslong", &opts, -EINVAL, "1 to 15");
	opts.ifindex = 12345;
	refused(NULL, &opts, -ENODEV, "12345");
	opts.ifindex = UINT32_MAX;
	refused(NULL, &opts, -EINVAL, "index");
	opts.ifindex = 1;
	refused("lo", &opts, -EINVAL, "at once");
	opts.ifindex = 0;
	opts.flags = 0x80000000;
	refused("lo", &opts, -EINVAL, "flags");
	opts.flags = 0;
	opts.size = 4;
	refused("lo", &opts, -EINVAL, NULL);
	younger.more = 1;
	refused("lo", &younger.known, -E2BIG, "too old");
	REQUIRE_EQ(l2sock_open(NULL, "lo", NULL), -EINVAL);
}

CASE(open, by_name_by_index_and_everywhere)
{
	struct l2sock_opts opts = { .size = sizeof(opts) };
	struct l2sock *s;

	netns_enter();
	REQUIRE_EQ(l2sock_open(&s, "lo", NULL), 0);
	REQUIRE_EQ(l2sock_close(s), 0);
	opts.ifindex = if_nametoindex("lo");
	REQUIRE_EQ(l2sock_open(&s, NULL, &opts), 0);
	REQUIRE_EQ(l2sock_close(s), 0);
	REQUIRE_EQ(l2sock_open(&s, NULL, NULL), 0);
	REQUIRE(!strcmp(l2sock_errmsg(s), ""));
	REQUIRE_EQ(l2sock_close(s), 0);
	REQUIRE_EQ(l2sock_close(NULL), 0);
}

CASE(open, nothing_is_left_behind)
{
	struct l2sock *s = NULL;
	int fds;
	int i;

	netns_enter();
	fds = handle_count_fds();
	for (i = 0; i < 20; i++) {
		REQUIRE_EQ(l2sock_open(&s, "lo", NULL), 0);
		REQUIRE(fcntl(l2sock_fd(s), F_GETFD) & FD_CLOEXEC);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		REQUIRE_EQ(l2sock_close(s), 0);
	}
	REQUIRE_EQ(handle_count_fds(), fds);
}

/* A socket for sending alone costs the host nothing: the kernel has no hook of it. */
CASE(open, receives_nothing_before_bind)
{
	struct frame f;
	struct l2sock *s;
	uint8_t buf[64];
	pid_t flood;

	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	flood = flood_start("va", f.bytes, f.len, 0);
	s = handle_open("vb");
	usleep(100000);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_FOREVER), -ENOTCONN);
	REQUIRE(strstr(l2sock_errmsg(s), "bind"));
	REQUIRE_EQ(recv(l2sock_fd(s), buf, sizeof(buf), MSG_DONTWAIT), -1);
	flood_stop(flood);
	l2sock_close(s);
}

/* In a child that gives up every capability. */
static int open_without_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	struct l2err err = { 0 };
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err };
	struct l2sock *s = NULL;

	if (syscall(SYS_capset, &header, none))
		return 2;
	if (l2sock_open(&s, "lo", &opts) != -EPERM || s)
		return 3;
	return strstr(err.text, "CAP_NET_RAW") ? 0 : 4;
}

CASE(open, without_capability)
{
	int status;
	pid_t pid;

	netns_enter();
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0)
		_exit(open_without_capability());
	REQUIRE(waitpid(pid, &status, 0) == pid);
	REQUIRE(WIFEXITED(status));
	REQUIRE_EQ(WEXITSTATUS(status), 0);
}

CASE(open, receive_buffer)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .rcvbuf = 65536 };
	socklen_t len = sizeof(int);
	struct l2sock *s;
	int value;

	netns_enter();
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), 0);
	REQUIRE_EQ(getsockopt(l2sock_fd(s), SOL_SOCKET, SO_RCVBUF, &value, &len), 0);
	REQUIRE_EQ(value, 2 * 65536); /* the kernel doubles for its own overhead */
	l2sock_close(s);
	opts.rcvbuf = UINT32_MAX; /* as much as there is: no failure */
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), 0);
	l2sock_close(s);
}

CASE(open, no_handle_at_all)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };
	uint8_t byte = 0;

	REQUIRE_EQ(l2sock_bind(NULL, L2_ETHERTYPE_ALL), -EINVAL);
	REQUIRE_EQ(l2sock_set_filter(NULL, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_join(NULL, L2SOCK_PROMISC, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_leave(NULL, L2SOCK_PROMISC, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv(NULL, &byte, 1, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_send(NULL, &byte, 1, 0), -EINVAL);
	REQUIRE_EQ(l2sock_wake(NULL), -EINVAL);
	REQUIRE_EQ(l2sock_get_stats(NULL, &stats), -EINVAL);
	REQUIRE_EQ(l2sock_fd(NULL), -EINVAL);
}
