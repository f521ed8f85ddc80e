/* SPDX-License-Identifier: MIT */
/* eBPF programs as filters. Loading one needs rights that user namespaces do not give. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <l2sock/fanout.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static struct frame f;
static int sender;

/* "return value": how many bytes to keep of every frame. */
static int load(int32_t value)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = value },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = 2,
		.license = (uintptr_t) "MIT",
	};
	int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0 && errno == EPERM)
		SKIP("not permitted to load eBPF programs");
	REQUIRE(fd >= 0);
	return fd;
}

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	sender = flood_socket("va");
}

static int arriving(struct l2sock *s)
{
	flood_send(sender, f.bytes, f.len);
	return handle_drain(s);
}

CASE(ebpf, replaces_and_is_replaced)
{
	static const struct l2insn reject[] = { { 0x06, 0, 0, 0 } };
	int all = load(65535);
	int none = load(0);
	struct l2sock *s;

	start();
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter_fd(s, none), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(arriving(s), 0);
	REQUIRE_EQ(l2sock_set_filter_fd(s, all), 0);
	close(all); /* the handle has its own */
	REQUIRE_EQ(arriving(s), 1);
	REQUIRE_EQ(l2sock_set_filter(s, reject, 1), 0);
	REQUIRE_EQ(arriving(s), 0);
	REQUIRE_EQ(l2sock_set_filter_fd(s, none), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
	REQUIRE_EQ(arriving(s), 1);
	l2sock_close(s);
}

/* Queued frames of the old program go, as with classic programs. */
CASE(ebpf, live_swap_flushes)
{
	int none = load(0);
	struct l2sock *s;

	start();
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	flood_send(sender, f.bytes, f.len);
	REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
	REQUIRE_EQ(l2sock_set_filter_fd(s, none), 0);
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(handle_stats(s).flushed, 1);
	l2sock_close(s);
}

CASE(ebpf, survives_a_rebind)
{
	int all = load(30);
	struct l2sock *s;
	uint8_t buf[128];
	struct l2pkt pkt;

	start();
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter_fd(s, all), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	netns_run("ip link del dev vb");
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 30);
	REQUIRE_EQ(pkt.wire_len, 60);
	l2sock_close(s);
}

CASE(ebpf, refusals)
{
	int all = load(65535);
	struct l2sock *s;

	start();
	s = handle_listen("vb", L2_ETHERTYPE_EXP1);
	REQUIRE_EQ(l2sock_set_filter_fd(s, all), -EOPNOTSUPP);
	REQUIRE(strstr(l2sock_errmsg(s), "eBPF"));
	REQUIRE_EQ(l2sock_set_filter_fd(s, -1), -EBADF);
	REQUIRE_EQ(l2sock_set_filter_fd(s, open("/dev/null", O_RDONLY)), -EOPNOTSUPP);
	REQUIRE_EQ(l2sock_set_filter_fd(NULL, all), -EINVAL);
	REQUIRE_EQ(arriving(s), 1); /* the old filter holds */
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_set_filter_fd(s, open("/dev/null", O_RDONLY)), -EINVAL);
	REQUIRE_EQ(l2sock_set_filter_fd(s, all), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), -EOPNOTSUPP);
	REQUIRE_EQ(arriving(s), 1);
	l2sock_close(s);
}

/* What a foreign eBPF program does cannot be read, so it is left alone. */
CASE(ebpf, adopted)
{
	int none = load(0);
	struct l2sock *s;
	int fd;

	start();
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter_fd(s, none), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	fd = l2sock_release(s);
	REQUIRE_EQ(l2sock_adopt(&s, fd, NULL), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), -EPERM);
	REQUIRE_EQ(arriving(s), 0);
	l2sock_close(s);
}

static int arriving_at(struct l2group *g, uint32_t member)
{
	int i;
	int n = 0;

	for (i = 0; i < 5; i++)
		flood_send(sender, f.bytes, f.len);
	n = handle_drain(l2group_member(g, member));
	REQUIRE_EQ(handle_drain(l2group_member(g, !member)), 0);
	return n;
}

/* The program's value is the member; the group keeps the program when it moves. */
CASE(ebpf, chooses_the_members_of_a_group)
{
	const struct l2group_opts opts = { .size = sizeof(opts), .mode = L2GROUP_MODE_EBPF };
	int first = load(4);
	int second = load(7);
	struct l2group *g;

	start();
	REQUIRE_EQ(l2group_open(&g, "vb", 2, &opts), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), -EINVAL);
	REQUIRE_EQ(l2group_set_steering_fd(g, first), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(arriving_at(g, 0), 5);
	REQUIRE_EQ(l2group_set_steering_fd(g, second), 0);
	close(second);
	REQUIRE_EQ(arriving_at(g, 1), 5);
	REQUIRE_EQ(l2group_set_steering_fd(g, sender), -EINVAL);
	REQUIRE_EQ(l2group_rebind(g, NULL), 0);
	REQUIRE_EQ(arriving_at(g, 1), 5);
	l2group_close(g);
}
