/* SPDX-License-Identifier: MIT */
/* An interface that was deleted and made again gets its handle back, whole. */
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

/* Accepts frames of 70 bytes. */
static const struct l2insn of_70_bytes[] = {
	{ 0x80, 0, 0, 0 },
	{ 0x15, 0, 1, 70 },
	{ 0x06, 0, 0, 0xffffffff },
	{ 0x06, 0, 0, 0 },
};
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 1, 2, 3 };
static struct frame wanted;
static struct frame other;

static void send_both(const char *ifname)
{
	int fd = flood_socket(ifname);

	flood_send(fd, other.bytes, other.len);
	flood_send(fd, wanted.bytes, wanted.len);
}

static struct l2sock *start(uint32_t flags)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags };
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	frame_make(&wanted, NULL, 0, L2_ETHERTYPE_EXP1, 70, 1);
	frame_make(&other, NULL, 0, L2_ETHERTYPE_EXP1, 60, 2);
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	REQUIRE_EQ(l2sock_set_filter(s, of_70_bytes, 4), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, group, 6), 0);
	return s;
}

static void make_again(void)
{
	netns_run("ip link del dev vb");
	netns_veth("va", "vb");
}

static void is_whole(struct l2sock *s)
{
	send_both("va");
	handle_expect(s, &wanted);
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), 0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, group, 6), 0);
	REQUIRE_EQ(l2sock_send(s, wanted.bytes, wanted.len, 0), 0);
}

CASE(rebind, bound)
{
	struct l2sock *s = start(0);
	uint8_t buf[128];

	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	make_again();
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), -ENODEV);
	REQUIRE_EQ(l2sock_send(s, wanted.bytes, wanted.len, 0), -ENODEV);
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, 0), -EAGAIN);
	is_whole(s);
	l2sock_close(s);
}

CASE(rebind, before_bind)
{
	struct l2sock *s = start(0);

	make_again();
	REQUIRE_EQ(l2sock_rebind(s, "vb"), 0);
	send_both("va");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	REQUIRE_EQ(handle_drain(s), 0);
	is_whole(s);
	l2sock_close(s);
}

CASE(rebind, with_link_events)
{
	struct l2sock *s = start(L2SOCK_LINK_EVENTS);
	uint8_t buf[128];
	uint32_t changes;

	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	make_again();
	while (l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC) == -ENETDOWN)
		;
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
	REQUIRE_EQ(l2sock_link(s, &changes), L2SOCK_LINK_UP);
	REQUIRE_EQ(changes, 0);
	netns_run("ip link set dev vb down");
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), -ENETDOWN);
	l2sock_close(s);
}

/* To an interface that lives, while both are flooded: nothing of the old one comes later. */
CASE(rebind, to_another_interface)
{
	struct l2sock *s = start(0);
	struct l2pkt pkt;
	uint8_t buf[128];
	uint32_t index[2];
	pid_t floods[2];
	int i;

	netns_veth("vc", "vd");
	index[0] = (uint32_t)netns_value("vd", "ifindex");
	index[1] = (uint32_t)netns_value("vb", "ifindex");
	floods[0] = flood_start("va", wanted.bytes, wanted.len, 0);
	floods[1] = flood_start("vc", wanted.bytes, wanted.len, 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	for (i = 0; i < 10; i++) {
		REQUIRE_EQ(l2sock_rebind(s, i % 2 ? "vb" : "vd"), 0);
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, 5 * L2_SEC) > 0);
		REQUIRE_EQ(pkt.ifindex, index[i % 2]);
	}
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	REQUIRE_EQ(netns_value("vd", "promiscuity"), 0);
	REQUIRE(handle_stats(s).flushed > 0);
	flood_stop(floods[0]);
	flood_stop(floods[1]);
	l2sock_close(s);
}

CASE(rebind, refusals_change_nothing)
{
	struct l2sock *s = start(0);
	struct l2sock *all;

	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	REQUIRE_EQ(l2sock_rebind(s, "nosuch0"), -ENODEV);
	REQUIRE(strstr(l2sock_errmsg(s), "no interface"));
	REQUIRE_EQ(l2sock_rebind(s, ""), -EINVAL);
	REQUIRE_EQ(l2sock_rebind(NULL, "va"), -EINVAL);
	REQUIRE_EQ(l2sock_rebind(s, NULL), 0); /* the same: still vb */
	is_whole(s);
	l2sock_close(s);
	REQUIRE_EQ(l2sock_open(&all, NULL, NULL), 0);
	REQUIRE_EQ(l2sock_rebind(all, "va"), -EINVAL);
	l2sock_close(all);
}

/* The new interface has no addresses of this length: the handle stays where it was. */
CASE(rebind, membership_refused)
{
	struct l2sock *s = start(0);

	netns_run("ip tuntap add tun9 mode tun && ip link set tun9 up");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	REQUIRE_EQ(l2sock_rebind(s, "tun9"), -EINVAL);
	REQUIRE(strstr(l2sock_errmsg(s), "membership"));
	REQUIRE_EQ(netns_value("tun9", "promiscuity"), 0);
	is_whole(s);
	l2sock_close(s);
}
