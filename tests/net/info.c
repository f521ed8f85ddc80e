/* SPDX-License-Identifier: MIT */
/* What a handle says of itself, compared with what ip(8) and the kernel say. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "case.h"
#include "handle.h"
#include "netns.h"

static struct l2sock_info get(struct l2sock *s)
{
	struct l2sock_info info = { .size = sizeof(info) };

	REQUIRE_EQ(l2sock_get_info(s, &info), 0);
	REQUIRE_EQ(info.size, sizeof(info));
	return info;
}

static uint32_t granted(const struct l2sock *s)
{
	int value = 0;
	socklen_t len = sizeof(value);

	REQUIRE_EQ(getsockopt(l2sock_fd(s), SOL_SOCKET, SO_RCVBUF, &value, &len), 0);
	return (uint32_t)value;
}

CASE(info, interface)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x42 };
	struct l2sock_info info;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb mtu 1234 address 02:00:00:00:00:42");
	s = handle_open("vb");
	info = get(s);
	REQUIRE(!strcmp(info.name, "vb"));
	REQUIRE_EQ(info.ifindex, netns_value("vb", "ifindex"));
	REQUIRE_EQ(info.mtu, 1234);
	REQUIRE_EQ(info.hatype, 1);
	REQUIRE_EQ(info.addr_len, 6);
	REQUIRE(!memcmp(info.addr, mac, 6));
	REQUIRE_EQ(info.link, L2SOCK_LINK_UP);
	REQUIRE_EQ(info.ethertype, 0);
	REQUIRE_EQ(info.type, L2SOCK_TYPE_RAW);
	REQUIRE_EQ(info.rcvbuf, granted(s)); /* in a user namespace less than was asked for */
	REQUIRE(info.sndbuf > 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ARP), 0);
	netns_run("ip link set dev vb down && ip link set dev vb name vz mtu 1500");
	info = get(s);
	REQUIRE(!strcmp(info.name, "vz"));
	REQUIRE_EQ(info.mtu, 1500);
	REQUIRE_EQ(info.link, L2SOCK_LINK_DOWN);
	REQUIRE_EQ(info.ethertype, L2_ETHERTYPE_ARP);
	netns_run("ip link del dev vz");
	info = get(s);
	REQUIRE_EQ(info.link, L2SOCK_LINK_GONE);
	REQUIRE_EQ(info.mtu, 0);
	l2sock_close(s);
}

CASE(info, devices)
{
	struct l2sock *s;
	struct l2sock_info info;

	netns_enter();
	s = handle_open("lo");
	info = get(s);
	REQUIRE_EQ(info.hatype, 772);
	REQUIRE_EQ(info.mtu, 65536);
	REQUIRE_EQ(info.link, L2SOCK_LINK_UP);
	l2sock_close(s);
	netns_run("ip tuntap add tun9 mode tun && ip link set tun9 up");
	s = handle_open("tun9");
	info = get(s);
	REQUIRE_EQ(info.hatype, 65534);
	REQUIRE_EQ(info.addr_len, 0);
	REQUIRE_EQ(info.link, L2SOCK_LINK_NO_CARRIER);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&s, NULL, NULL), 0);
	info = get(s);
	REQUIRE_EQ(info.ifindex, 0);
	REQUIRE(!info.name[0]);
	l2sock_close(s);
}

/* This kernel is younger than all of these; SOCK_PACKET has none of its options. */
CASE(info, features)
{
	const uint32_t all = L2SOCK_CAN_IGNORE_OUTGOING | L2SOCK_CAN_QDISC_BYPASS |
			     L2SOCK_CAN_OFFLOAD | L2SOCK_CAN_GROUP | L2SOCK_CAN_TXTIME |
			     L2SOCK_CAN_TIMESTAMP | L2SOCK_CAN_RING | L2SOCK_CAN_EBPF;
	struct l2sock_opts opts = { .size = sizeof(opts), .type = L2SOCK_TYPE_LEGACY };
	struct l2sock *s;

	netns_enter();
	s = handle_open("lo");
	REQUIRE_EQ(get(s).features, all);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&s, "lo", &opts), 0);
	REQUIRE(!(get(s).features & (L2SOCK_CAN_RING | L2SOCK_CAN_GROUP)));
	REQUIRE_EQ(get(s).addr_len, 6);
	l2sock_close(s);
}

CASE(info, sizes)
{
	struct {
		struct l2sock_info known;
		uint8_t more[64];
	} younger;
	struct l2sock_info info = { .size = 8 };
	struct l2sock *s;

	netns_enter();
	s = handle_open("lo");
	REQUIRE_EQ(l2sock_get_info(s, &info), -EINVAL);
	REQUIRE_EQ(l2sock_get_info(s, NULL), -EINVAL);
	REQUIRE_EQ(l2sock_get_info(NULL, &info), -EINVAL);
	memset(&younger, 0xff, sizeof(younger));
	younger.known.size = sizeof(younger);
	REQUIRE_EQ(l2sock_get_info(s, &younger.known), 0);
	REQUIRE_EQ(younger.known.size, sizeof(struct l2sock_info));
	REQUIRE_EQ(younger.more[0], 0);
	l2sock_close(s);
}
