/* SPDX-License-Identifier: MIT */
/*
 * Filters of handles mean frames on the wire: on every type of handle, with every kind of binding,
 * unless the handle is told to take programs as they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <l2sock/filter.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define LEN(program) (sizeof(program) / sizeof((program)[0]))

/* EXP1 in VLAN 100, as it is on the wire. */
static const struct l2insn vlan_100[] = {
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 5, L2_TPID_8021Q },
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 14 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 100 },
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 16 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_ETHERTYPE_EXP1 },
	{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

/* EXP1 without a tag; of frames as the kernel has them, EXP1 with any. */
static const struct l2insn only_exp1[] = {
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_ETHERTYPE_EXP1 },
	{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

/* The first byte behind the header is 1, and the frame has 60 bytes on the wire. */
static const struct l2insn payload[] = {
	{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 14 }, { BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 1 },
	{ BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 },  { BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 60 },
	{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },  { BPF_RET | BPF_K, 0, 0, 0 },
};

/* What the kernel does by offset in its own frame cannot be done on the wire. */
static const struct l2insn netlink[] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_NLATTR },
	{ BPF_RET | BPF_A, 0, 0, 0 },
};

static int sender;

static struct l2sock *open_as(const char *ifname, uint32_t type, uint32_t flags)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .type = type, .flags = flags };
	struct l2sock *s;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	return s;
}

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
}

/* EXP1: without a tag, in VLAN 100, in VLAN 200. */
static void send_three(void)
{
	static const struct tag tags[] = { { L2_TPID_8021Q, 100 }, { L2_TPID_8021Q, 200 } };
	struct frame f;

	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	flood_send(sender, f.bytes, f.len);
	frame_make(&f, &tags[0], 1, L2_ETHERTYPE_EXP1, 64, 1);
	flood_send(sender, f.bytes, f.len);
	frame_make(&f, &tags[1], 1, L2_ETHERTYPE_EXP1, 64, 1);
	flood_send(sender, f.bytes, f.len);
}

static int received(struct l2sock *s)
{
	send_three();
	return handle_drain(s);
}

CASE(onwire, types)
{
	static const uint32_t types[] = { L2SOCK_TYPE_RAW, L2SOCK_TYPE_COOKED, L2SOCK_TYPE_LEGACY };
	struct l2sock *s;
	size_t i;

	start();
	for (i = 0; i < LEN(types); i++) {
		s = open_as("vb", types[i], 0);
		REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		REQUIRE_EQ(received(s), 1);
		REQUIRE_EQ(l2sock_set_filter(s, only_exp1, LEN(only_exp1)), 0);
		REQUIRE_EQ(received(s), 1);
		REQUIRE_EQ(l2sock_set_filter(s, payload, LEN(payload)), 0);
		REQUIRE_EQ(received(s), 1);
		REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
		REQUIRE_EQ(received(s), 3);
		l2sock_close(s);
	}
}

CASE(onwire, verbatim)
{
	struct l2sock *s;

	start();
	s = open_as("vb", L2SOCK_TYPE_RAW, L2SOCK_VERBATIM);
	REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(received(s), 0);
	REQUIRE_EQ(l2sock_set_filter(s, only_exp1, LEN(only_exp1)), 0);
	REQUIRE_EQ(received(s), 3);
	REQUIRE_EQ(l2sock_set_filter(s, netlink, LEN(netlink)), 0);
	l2sock_close(s);
}

/* The program stays as it was given: each binding makes its own of it. */
CASE(onwire, bindings)
{
	static const struct {
		uint32_t ethertype;
		const struct l2insn *insns;
		size_t n;
		int expected;
	} rows[] = {
		{ L2_ETHERTYPE_ALL, vlan_100, LEN(vlan_100), 1 },
		{ L2_TPID_8021Q, vlan_100, LEN(vlan_100), 1 },
		{ L2_ETHERTYPE_EXP1, vlan_100, LEN(vlan_100), 0 },
		{ L2_ETHERTYPE_EXP1, only_exp1, LEN(only_exp1), 1 },
		{ L2_TPID_8021Q, only_exp1, LEN(only_exp1), 0 },
		{ L2_ETHERTYPE_EXP1, payload, LEN(payload), 1 },
	};
	static const uint32_t types[] = { L2SOCK_TYPE_RAW, L2SOCK_TYPE_COOKED };
	struct l2sock *s;
	size_t i;
	size_t k;

	start();
	for (k = 0; k < LEN(types); k++) {
		s = open_as("vb", types[k], 0);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), 0);
		for (i = 0; i < LEN(rows); i++) {
			REQUIRE_EQ(l2sock_set_filter(s, rows[i].insns, rows[i].n), 0);
			REQUIRE_EQ(l2sock_bind(s, rows[i].ethertype), 0);
			REQUIRE_EQ(received(s), rows[i].expected);
		}
		l2sock_close(s);
	}
}

CASE(onwire, rebind)
{
	struct l2sock *s;

	start();
	s = open_as("vb", L2SOCK_TYPE_RAW, 0);
	REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	netns_run("ip link del vb");
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_rebind(s, "vb"), 0);
	sender = flood_socket("va");
	REQUIRE_EQ(received(s), 1);
	l2sock_close(s);
}

/* An adopted socket's program speaks the kernel's language already. */
CASE(onwire, adopted_programs)
{
	struct l2sock *s;
	struct l2sock *adopted;

	start();
	s = open_as("vb", L2SOCK_TYPE_RAW, 0);
	REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_adopt(&adopted, l2sock_release(s), NULL), 0);
	REQUIRE_EQ(received(adopted), 1);
	REQUIRE_EQ(l2sock_bind(adopted, L2_TPID_8021Q), 0);
	REQUIRE_EQ(received(adopted), 1);
	REQUIRE_EQ(l2sock_set_filter(adopted, only_exp1, LEN(only_exp1)), 0);
	REQUIRE_EQ(received(adopted), 0);
	l2sock_close(adopted);
}

/* 20 bytes of the wire are 16 without the tag, and 20 with the tag restored. */
CASE(onwire, lengths)
{
	const struct l2insn first_20[] = { { BPF_RET | BPF_K, 0, 0, 20 } };
	uint8_t buf[100];
	struct l2pkt pkt;
	struct l2sock *s;
	int i;

	start();
	s = open_as("vb", L2SOCK_TYPE_RAW, 0);
	REQUIRE_EQ(l2sock_set_filter(s, first_20, 1), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	send_three();
	for (i = 0; i < 3; i++) {
		REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), i == 0 ? 20 : 16);
		REQUIRE_EQ(l2pkt_restore_tag(&pkt), i != 0);
		REQUIRE_EQ(pkt.len, 20);
		REQUIRE_EQ(pkt.wire_len, i == 0 ? 60 : 64);
	}
	l2sock_close(s);
}

static void refuse(struct l2sock *s, const struct l2insn *insns, size_t n, int code,
		   const char *words)
{
	REQUIRE_EQ(l2sock_set_filter(s, insns, n), code);
	REQUIRE(strstr(l2sock_errmsg(s), words));
	REQUIRE_EQ(received(s), 1); /* by the old one */
}

CASE(onwire, refusals)
{
	static struct l2insn many[L2_FILTER_MAX];
	struct l2sock *s;
	size_t i;

	start();
	s = open_as("vb", L2SOCK_TYPE_RAW, 0);
	REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	refuse(s, netlink, LEN(netlink), -EOPNOTSUPP, "instruction 0: looks for netlink");
	refuse(s, netlink, LEN(netlink), -EOPNOTSUPP, "L2SOCK_VERBATIM");
	refuse(s, only_exp1, 3, -EINVAL, "instruction 1: jumps over");
	for (i = 0; i < LEN(many); i++)
		many[i] = (struct l2insn) { BPF_LD | BPF_B | BPF_ABS, 0, 0, 20 };
	many[LEN(many) - 1] = vlan_100[LEN(vlan_100) - 1];
	refuse(s, many, LEN(many), -E2BIG, "L2SOCK_VERBATIM");
	many[1000] = many[LEN(many) - 1];
	refuse(s, many, 1001, -ENOMEM, "net.core.optmem_max");
	l2sock_close(s);
}

/* A device whose frames begin with the IP header; what is written arrives on it. */
static int make_tunnel(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	if (fd < 0)
		SKIP("/dev/net/tun cannot be opened");
	memcpy(request.ifr_name, "tunnel", sizeof("tunnel"));
	REQUIRE_EQ(ioctl(fd, TUNSETIFF, &request), 0);
	netns_run("ip link set tunnel up");
	return fd;
}

static int received_by_tunnel(struct l2sock *s, int tunnel)
{
	const uint8_t packet[60] = { 0x45, 0, 0, 60 };

	REQUIRE_EQ(write(tunnel, packet, sizeof(packet)), sizeof(packet));
	return handle_drain(s);
}

/* Of all interfaces only Ethernet's have what an Ethernet program speaks of. */
CASE(onwire, cooked_on_all_interfaces)
{
	const struct l2insn everything[] = { { BPF_RET | BPF_K, 0, 0, UINT32_MAX } };
	struct l2sock *s;
	int tunnel;

	start();
	tunnel = make_tunnel();
	s = open_as(NULL, L2SOCK_TYPE_COOKED, L2SOCK_IGNORE_OUTGOING);
	REQUIRE_EQ(l2sock_set_filter(s, vlan_100, LEN(vlan_100)), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(received(s), 1);
	l2sock_close(s);
	s = open_as(NULL, L2SOCK_TYPE_COOKED, 0);
	REQUIRE_EQ(l2sock_set_filter(s, everything, 1), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(received_by_tunnel(s, tunnel), 0);
	REQUIRE_EQ(l2sock_set_filter(s, NULL, 0), 0);
	REQUIRE_EQ(received_by_tunnel(s, tunnel), 1);
	l2sock_close(s);
	close(tunnel);
}
