/* SPDX-License-Identifier: MIT */
/* Handles made of sockets, and sockets of handles, also across a process without capabilities. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static const struct l2insn of_70_bytes[] = {
	{ 0x80, 0, 0, 0 },
	{ 0x15, 0, 1, 70 },
	{ 0x06, 0, 0, 0xffffffff },
	{ 0x06, 0, 0, 0 },
};
static const struct l2insn accept_all[] = { { 0x06, 0, 0, 0xffffffff } };
static struct frame wanted;
static struct frame other;
static int sender;

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&wanted, NULL, 0, L2_ETHERTYPE_EXP1, 70, 1);
	frame_make(&other, NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
	sender = flood_socket("va");
}

static void send_both(void)
{
	flood_send(sender, other.bytes, other.len);
	flood_send(sender, wanted.bytes, wanted.len);
}

/* What a handle leaves behind is a handle again: bound, filtered, its queue untouched. */
CASE(adopt, released)
{
	struct l2sock_info info = { .size = sizeof(info) };
	struct l2sock *s;
	int fds;
	int fd;

	start();
	fds = handle_count_fds();
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	send_both();
	fd = l2sock_release(s);
	REQUIRE(fd >= 0);
	REQUIRE_EQ(handle_count_fds(), fds + 1);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(l2sock_adopt(&s, fd, NULL), 0);
	REQUIRE_EQ(l2sock_fd(s), fd);
	REQUIRE_EQ(l2sock_get_info(s, &info), 0);
	REQUIRE(!strcmp(info.name, "vb"));
	REQUIRE_EQ(info.ethertype, L2_ETHERTYPE_ALL);
	handle_expect(s, &wanted);
	send_both();
	handle_expect(s, &wanted);
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(l2sock_set_filter(s, accept_all, 1), 0);
	send_both();
	handle_expect(s, &other);
	handle_expect(s, &wanted);
	l2sock_close(s);
	REQUIRE_EQ(handle_count_fds(), fds);
}

static int bare_socket(int type, uint16_t protocol)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = (int)if_nametoindex("vb"),
	};
	int fd = socket(AF_PACKET, type, 0);

	REQUIRE(fd >= 0);
	REQUIRE_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

CASE(adopt, not_yet_bound)
{
	struct l2sock *s;
	uint8_t byte;

	start();
	REQUIRE_EQ(l2sock_adopt(&s, bare_socket(SOCK_RAW, 0), NULL), 0);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, 0), -ENOTCONN);
	REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	send_both();
	handle_expect(s, &wanted);
	l2sock_close(s);
}

/* Bound to one ethertype by the kernel's hook: frames to others are not for it. */
CASE(adopt, bound_to_one_ethertype)
{
	struct l2sock_info info = { .size = sizeof(info) };
	struct l2sock *s;

	start();
	REQUIRE_EQ(l2sock_adopt(&s, bare_socket(SOCK_DGRAM, L2_ETHERTYPE_EXP1), NULL), 0);
	REQUIRE_EQ(l2sock_get_info(s, &info), 0);
	REQUIRE_EQ(info.type, L2SOCK_TYPE_COOKED);
	REQUIRE_EQ(info.ethertype, L2_ETHERTYPE_EXP1);
	l2sock_close(s);
}

CASE(adopt, refusals)
{
	struct l2err err = { 0 };
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err };
	struct l2sock *s = NULL;
	int inet;
	int packet;
	int old;

	start();
	REQUIRE_EQ(l2sock_adopt(&s, -1, &opts), -EBADF);
	REQUIRE(strstr(err.text, "descriptor -1"));
	REQUIRE_EQ(l2sock_adopt(&s, open("/dev/null", O_RDONLY), &opts), -ENOTSOCK);
	inet = socket(AF_INET, SOCK_DGRAM, 0);
	REQUIRE_EQ(l2sock_adopt(&s, inet, &opts), -EINVAL);
	REQUIRE(strstr(err.text, "no packet socket"));
	old = socket(AF_PACKET, SOCK_PACKET, 0);
	REQUIRE(old >= 0);
	REQUIRE_EQ(l2sock_adopt(&s, old, &opts), -EINVAL);
	packet = bare_socket(SOCK_RAW, 0);
	opts.type = L2SOCK_TYPE_COOKED;
	REQUIRE_EQ(l2sock_adopt(&s, packet, &opts), -EINVAL);
	opts.type = 0;
	opts.ifindex = 1;
	REQUIRE_EQ(l2sock_adopt(&s, packet, &opts), -EINVAL);
	opts.ifindex = 0;
	REQUIRE_EQ(l2sock_adopt(NULL, packet, &opts), -EINVAL);
	netns_run("ip link del dev vb");
	REQUIRE_EQ(l2sock_adopt(&s, packet, &opts), -ENODEV);
	REQUIRE(!s);
	REQUIRE_EQ(fcntl(packet, F_GETFD), 0); /* still open, still the caller's */
	REQUIRE_EQ(l2sock_release(NULL), -EINVAL);
}

/* A filter locked by the one who opened the socket binds the one who gets it. */
CASE(adopt, locked_filter)
{
	struct l2sock *s;
	int fd;

	start();
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_lock_filter(s), 0);
	REQUIRE_EQ(l2sock_set_filter(s, accept_all, 1), -EPERM);
	REQUIRE(strstr(l2sock_errmsg(s), "locked"));
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), -EPERM);
	fd = l2sock_release(s);
	REQUIRE_EQ(l2sock_adopt(&s, fd, NULL), 0);
	REQUIRE_EQ(l2sock_set_filter(s, accept_all, 1), -EPERM);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), -EPERM);
	send_both();
	handle_expect(s, &wanted);
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_lock_filter(NULL), -EINVAL);
}

static int give_up_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

/* An ordinary user with a socket that somebody else opened: everything but opening works. */
static int as_ordinary_user(int fd)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_LINK_EVENTS };
	static uint8_t buf[128];
	struct l2sock *s;
	struct l2sock *own;
	struct l2pkt pkt;

	if (give_up_capabilities())
		return 2;
	if (l2sock_open(&own, "vb", NULL) != -EPERM)
		return 3;
	if (l2sock_adopt(&s, fd, &opts) < 0)
		return 4;
	if (l2sock_set_filter(s, of_70_bytes, 4) < 0 ||
	    l2sock_join(s, L2SOCK_PROMISC, NULL, 0) < 0 || l2sock_bind(s, L2_ETHERTYPE_EXP1) < 0)
		return 5;
	if (l2sock_recv(s, buf, sizeof(buf), &pkt, 5 * L2_SEC) != 70)
		return 6;
	if (l2sock_send(s, buf + L2_HEADROOM, 70, 0) < 0 || l2sock_pollfd(s) < 0)
		return 7;
	return l2sock_close(s);
}

CASE(adopt, without_capability)
{
	struct l2sock *s;
	int status;
	pid_t flood;
	pid_t pid;

	start();
	flood = flood_start("va", wanted.bytes, wanted.len, 1000);
	s = handle_open("vb");
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0)
		_exit(as_ordinary_user(l2sock_fd(s)));
	REQUIRE(waitpid(pid, &status, 0) == pid);
	flood_stop(flood);
	REQUIRE(WIFEXITED(status));
	REQUIRE_EQ(WEXITSTATUS(status), 0);
	l2sock_close(s);
}
