/* SPDX-License-Identifier: MIT */
/* Memberships, as the kernel's own counters show them. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "handle.h"
#include "netns.h"

static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
static const uint8_t second_mac[6] = { 0x02, 0, 0, 0, 0, 0x77 };

CASE(membership, promiscuous_is_counted)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), -EADDRNOTAVAIL);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	l2sock_close(s);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
}

CASE(membership, groups)
{
	uint8_t addr[6];
	struct l2sock *s;
	int before;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	before = netns_multicast_count("vb");
	memcpy(addr, group, 6);
	for (i = 0; i < 20; i++) {
		addr[5] = (uint8_t)i;
		REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, addr, 6), 0);
	}
	REQUIRE_EQ(netns_multicast_count("vb"), before + 20);
	for (i = 19; i >= 10; i--) {
		addr[5] = (uint8_t)i;
		REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, addr, 6), 0);
		REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, addr, 6), -EADDRNOTAVAIL);
	}
	REQUIRE_EQ(netns_multicast_count("vb"), before + 10);
	l2sock_close(s);
	REQUIRE_EQ(netns_multicast_count("vb"), before);
}

CASE(membership, other_kinds)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_join(s, L2SOCK_ALLMULTI, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "allmulti"), 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_ALLMULTI, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "allmulti"), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_UNICAST, second_mac, 6), 0);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_UNICAST, second_mac, 6), 0);
	l2sock_close(s);
}

CASE(membership, refusals)
{
	const uint8_t nonsense[L2_ADDR_MAX + 1] = { 1 };
	struct l2sock *all;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_join(s, 0, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_join(s, 99, NULL, 0), -EINVAL); /* the kernel would take it */
	REQUIRE(strstr(l2sock_errmsg(s), "99"));
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, group, 6), -EINVAL);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, group, 0), -EINVAL);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, group, 5), -EINVAL);
	REQUIRE(strstr(l2sock_errmsg(s), "5 bytes"));
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, nonsense, L2_ADDR_MAX), -EINVAL);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, nonsense, L2_ADDR_MAX + 1), -EINVAL);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, group, 6), -EADDRNOTAVAIL);
	REQUIRE_EQ(l2sock_open(&all, NULL, NULL), 0);
	REQUIRE_EQ(l2sock_join(all, L2SOCK_PROMISC, NULL, 0), -EINVAL);
	l2sock_close(all);
	l2sock_close(s);
}

CASE(membership, on_all_interfaces)
{
	struct l2sock *s;
	uint32_t vb;

	netns_enter();
	netns_veth("va", "vb");
	vb = (uint32_t)netns_value("vb", "ifindex");
	REQUIRE_EQ(l2sock_open(&s, NULL, NULL), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), -EINVAL);
	REQUIRE(strstr(l2sock_errmsg(s), "all interfaces"));
	REQUIRE_EQ(l2sock_join_on(s, 12345, L2SOCK_PROMISC, NULL, 0), -ENODEV);
	REQUIRE_EQ(l2sock_join_on(s, UINT32_MAX, L2SOCK_PROMISC, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_join_on(s, vb, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(netns_value("va", "promiscuity"), 0);
	REQUIRE_EQ(l2sock_leave_on(s, vb - 1, L2SOCK_PROMISC, NULL, 0), -EADDRNOTAVAIL);
	REQUIRE_EQ(l2sock_leave_on(s, vb, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
	l2sock_close(s);
}

CASE(membership, on_another_interface_than_the_handles)
{
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(
		l2sock_join_on(s, (uint32_t)netns_value("va", "ifindex"), L2SOCK_PROMISC, NULL, 0),
		-EINVAL);
	REQUIRE_EQ(
		l2sock_join_on(s, (uint32_t)netns_value("vb", "ifindex"), L2SOCK_PROMISC, NULL, 0),
		0);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), 0); /* the same membership */
	l2sock_close(s);
}

CASE(membership, group_alone_where_the_device_can)
{
	struct l2sock *s;
	int before;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	before = netns_multicast_count("vb");
	REQUIRE_EQ(l2sock_join_group(s, group, sizeof(group)), L2SOCK_MULTICAST);
	REQUIRE_EQ(netns_multicast_count("vb"), before + 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, group, sizeof(group)), 0);
	REQUIRE_EQ(l2sock_join_group(s, group, 5), -EINVAL);
	REQUIRE_EQ(l2sock_join_group(s, NULL, 0), -EINVAL);
	l2sock_close(s);
}
