/* SPDX-License-Identifier: MIT */
/* SOCK_PACKET behind the same calls. */
#include <errno.h>
#include <string.h>

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
static struct frame wanted;
static struct frame other;
static uint8_t buf[256];

static struct l2sock *open_legacy(const char *ifname)
{
	struct l2sock_opts opts = {
		.size = sizeof(opts),
		.type = L2SOCK_TYPE_LEGACY,
		.rcvbuf = HANDLE_RCVBUF,
	};
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	return s;
}

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	frame_make(&wanted, NULL, 0, L2_ETHERTYPE_EXP1, 70, 1);
	frame_make(&other, NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
}

/* The socket hooks all interfaces before it is bound: none of what it gets then is delivered. */
CASE(legacy, start_is_free_of_races)
{
	struct l2pkt pkt;
	struct l2sock *s;
	pid_t floods[2];
	uint32_t index;
	int i;
	int j;

	start();
	netns_veth("vc", "vd");
	index = (uint32_t)netns_value("vd", "ifindex");
	floods[0] = flood_start("va", other.bytes, other.len, 0);
	floods[1] = flood_start("vc", wanted.bytes, wanted.len, 0);
	for (i = 0; i < 10; i++) {
		int fd;

		s = open_legacy("vd");
		fd = l2sock_fd(s);
		REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
		REQUIRE_EQ(l2sock_bind(s, i % 2 ? L2_ETHERTYPE_EXP1 : L2_ETHERTYPE_ALL), 0);
		REQUIRE_EQ(l2sock_fd(s), fd);
		for (j = 0; j < 4; j++) {
			REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 70);
			REQUIRE(!memcmp(pkt.data, wanted.bytes, 70));
			REQUIRE_EQ(pkt.ifindex, index);
		}
		l2sock_close(s);
	}
	flood_stop(floods[0]);
	flood_stop(floods[1]);
}

/* Facts that SOCK_PACKET has no words for are not claimed. */
CASE(legacy, descriptor)
{
	struct l2sock *s;
	struct l2pkt pkt;

	start();
	s = open_legacy("vb");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	flood_send(flood_socket("va"), wanted.bytes, wanted.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 70);
	REQUIRE(pkt.valid & L2_VALID_TIMESTAMP);
	REQUIRE(pkt.valid & L2_VALID_PROTOCOL);
	REQUIRE_EQ(pkt.protocol, L2_ETHERTYPE_EXP1);
	REQUIRE_EQ(pkt.hatype, 1);
	REQUIRE(!(pkt.valid & (L2_VALID_VLAN | L2_VALID_PKTTYPE | L2_VALID_ADDR)));
	REQUIRE(!(pkt.flags & L2_FLAG_TRUNCATED));
	flood_send(flood_socket("va"), wanted.bytes, wanted.len);
	REQUIRE_EQ(l2sock_recv(s, buf, 40 + L2_HEADROOM, &pkt, L2_SEC), 40);
	REQUIRE(pkt.flags & L2_FLAG_TRUNCATED);
	REQUIRE_EQ(pkt.wire_len, 70);
	l2sock_close(s);
}

CASE(legacy, send)
{
	struct l2sock *listener;
	struct l2sock *s;

	start();
	listener = handle_listen("va", L2_ETHERTYPE_EXP1);
	s = open_legacy("vb");
	REQUIRE_EQ(l2sock_send(s, wanted.bytes, wanted.len, 0), 0);
	handle_expect(listener, &wanted);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_send(s, other.bytes, other.len, 0), 0);
	handle_expect(listener, &other);
	netns_run("ip link set dev vb down && ip link set dev vb name vz && "
		  "ip link set dev vz up");
	netns_await("vz");
	REQUIRE_EQ(l2sock_send(s, wanted.bytes, wanted.len, 0), 0); /* under its new name */
	handle_expect(listener, &wanted);
	l2sock_close(s);
	l2sock_close(listener);
}

CASE(legacy, link)
{
	struct l2sock *s;

	start();
	s = open_legacy("vb");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	netns_run("ip link set dev vb down");
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 100 * L2_MSEC), -ETIMEDOUT);
	netns_run("ip link set dev vb up");
	netns_await("va");
	flood_send(flood_socket("va"), wanted.bytes, wanted.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 70);
	netns_run("ip link del dev vb");
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 5 * L2_SEC), -ENODEV);
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	flood_send(flood_socket("va"), wanted.bytes, wanted.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 70);
	l2sock_close(s);
}

CASE(legacy, refusals)
{
	struct l2err err = { 0 };
	struct l2sock_opts opts = { .size = sizeof(opts), .type = L2SOCK_TYPE_LEGACY, .err = &err };
	struct l2sock *s = NULL;

	start();
	netns_run("ip link add abcdefghijklmn type veth peer name vx");
	REQUIRE_EQ(l2sock_open(&s, "abcdefghijklmn", &opts), -EINVAL);
	REQUIRE(strstr(err.text, "13 characters"));
	opts.flags = L2SOCK_QDISC_BYPASS;
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), -EINVAL);
	REQUIRE(strstr(err.text, "SOCK_PACKET"));
	s = open_legacy("vb");
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), -EOPNOTSUPP);
	l2sock_close(s);
}
