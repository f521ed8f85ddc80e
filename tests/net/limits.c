/* SPDX-License-Identifier: MIT */
/*
 * Which lengths an interface takes: what a bare socket is told by the kernel, the library says too,
 * whichever MTU the interface has had before.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "handle.h"
#include "netns.h"

#define LARGEST 66100

static const uint8_t broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint16_t types[] = { L2_ETHERTYPE_EXP1, L2_TPID_8021Q, L2_TPID_8021AD, L2_TPID_QINQ };

static uint8_t frame[LARGEST];

/* The same device by both ways: with a bare socket and with the library. */
struct pair {
	const char *ifname;
	uint32_t type;
	int fd;
	struct l2sock *s;
};

static const int sock_types[] = { SOCK_RAW, SOCK_DGRAM, SOCK_PACKET };

static void open_pair(struct pair *p, const char *ifname, uint32_t type, bool bound)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .type = type };
	const struct sockaddr_ll addr = { .sll_family = AF_PACKET,
					  .sll_protocol = htons(bound ? ETH_P_ALL : 0),
					  .sll_ifindex = (int)if_nametoindex(ifname) };

	*p = (struct pair) { .ifname = ifname, .type = type };
	p->fd = socket(AF_PACKET, sock_types[type], 0);
	REQUIRE(p->fd >= 0);
	if (type != L2SOCK_TYPE_LEGACY)
		REQUIRE(bind(p->fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0);
	REQUIRE_EQ(l2sock_open(&p->s, ifname, &opts), 0);
	if (bound)
		REQUIRE_EQ(l2sock_bind(p->s, L2_ETHERTYPE_ALL), 0);
}

static void close_pair(struct pair *p)
{
	close(p->fd);
	l2sock_close(p->s);
}

static int by_kernel(const struct pair *p, uint16_t type, size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(type),
				  .sll_ifindex = (int)if_nametoindex(p->ifname),
				  .sll_halen = ETH_ALEN };
	struct sockaddr_pkt old = { .spkt_family = AF_PACKET, .spkt_protocol = htons(type) };
	ssize_t n;

	memcpy(to.sll_addr, broadcast, ETH_ALEN);
	strcpy((char *)old.spkt_device, p->ifname);
	if (p->type == L2SOCK_TYPE_LEGACY)
		n = sendto(p->fd, frame, len, 0, (struct sockaddr *)&old, sizeof(old));
	else if (p->type == L2SOCK_TYPE_COOKED)
		n = sendto(p->fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to));
	else
		n = send(p->fd, frame, len, 0);
	return n < 0 ? -errno : 0;
}

/* Every way the library has must say the same. */
static int by_library(const struct pair *p, uint16_t type, size_t len)
{
	const struct l2piece pieces[] = { { frame, len / 2 }, { frame + len / 2, len - len / 2 } };
	struct l2tx tx[2] = { { .data = frame, .len = (uint32_t)len },
			      { .pieces = pieces, .n_pieces = 2 } };
	int r;
	int i;

	for (i = 0; p->type == L2SOCK_TYPE_COOKED && i < 2; i++) {
		tx[i].protocol = type;
		tx[i].addr_len = ETH_ALEN;
		memcpy(tx[i].addr, broadcast, ETH_ALEN);
	}
	r = l2sock_send_to(p->s, &tx[0], 0);
	REQUIRE_EQ(l2sock_send_to(p->s, &tx[1], 0), r);
	REQUIRE_EQ(l2sock_send_batch(p->s, tx, 2, 0), 2);
	REQUIRE_EQ(tx[0].result, r);
	REQUIRE_EQ(tx[1].result, r);
	if (p->type != L2SOCK_TYPE_COOKED)
		REQUIRE_EQ(l2sock_send(p->s, frame, len, 0), r);
	return r;
}

static void compare_at(const struct pair *p, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int expected;

		frame[12] = (uint8_t)(types[i] >> 8);
		frame[13] = (uint8_t)types[i];
		expected = by_kernel(p, types[i], len);
		REQUIRE(expected == 0 || expected == -EINVAL || expected == -EMSGSIZE);
		REQUIRE_EQ(by_library(p, types[i], len), expected);
		REQUIRE(expected == 0 || strlen(l2sock_errmsg(p->s)) > 10);
	}
}

/* Around both ends, and far beyond. */
static void compare(const struct pair *p, size_t mtu)
{
	size_t len;

	for (len = 0; len <= 20; len++)
		compare_at(p, len);
	for (len = mtu - 2; len <= mtu + 24; len++)
		compare_at(p, len);
	if (mtu + 500 <= LARGEST)
		compare_at(p, mtu + 500);
}

static const uint32_t kinds[] = { L2SOCK_TYPE_RAW, L2SOCK_TYPE_COOKED, L2SOCK_TYPE_LEGACY };

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

CASE(limits, ethernet_at_every_mtu)
{
	static const unsigned int mtus[] = { 1500, 1400, 68, 9000, 1500 };
	struct pair pairs[2 * N_KINDS];
	size_t i;
	size_t m;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb mtu 9000");
	for (i = 0; i < 2 * N_KINDS; i++)
		open_pair(&pairs[i], "va", kinds[i / 2], i % 2);
	for (m = 0; m < sizeof(mtus) / sizeof(mtus[0]); m++) {
		netns_run("ip link set dev va mtu %u", mtus[m]);
		for (i = 0; i < 2 * N_KINDS; i++)
			compare(&pairs[i], mtus[m]);
	}
	for (i = 0; i < 2 * N_KINDS; i++)
		close_pair(&pairs[i]);
}

CASE(limits, loopback)
{
	struct pair p;
	size_t i;

	netns_enter();
	for (i = 0; i < N_KINDS; i++) {
		open_pair(&p, "lo", kinds[i], false);
		compare(&p, 65536);
		close_pair(&p);
	}
}

/* A device without a link-layer header: the kernel alone knows. */
CASE(limits, no_header)
{
	struct pair p;

	netns_enter();
	if (system("ip tuntap add dev tn mode tun 2>/dev/null"))
		SKIP("no tun devices here");
	netns_run("ip link set dev tn up");
	open_pair(&p, "tn", L2SOCK_TYPE_RAW, false);
	compare(&p, 1500);
	close_pair(&p);
}

/* What the peer of a veth pair does not take, the kernel drops: nobody can know before. */
CASE(limits, peer_with_a_smaller_mtu)
{
	struct pair p;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb mtu 1000");
	open_pair(&p, "va", L2SOCK_TYPE_RAW, false);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	REQUIRE_EQ(l2sock_send(p.s, frame, 1014, 0), 0);
	REQUIRE_EQ(by_kernel(&p, L2_ETHERTYPE_EXP1, 1514), -ENOBUFS);
	REQUIRE_EQ(l2sock_send(p.s, frame, 1514, 0), -ENOBUFS);
	REQUIRE(strstr(l2sock_errmsg(p.s), "va"));
	REQUIRE_EQ(handle_stats(p.s).failed, 1);
	close_pair(&p);
}

/* Other lengths that no frame has. */
CASE(limits, beyond_any_frame)
{
	const struct l2piece huge[] = { { frame, SIZE_MAX }, { frame, 100 } };
	struct l2tx tx = { .pieces = huge, .n_pieces = 2 };
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("va");
	REQUIRE_EQ(l2sock_send(s, frame, SIZE_MAX, 0), -EMSGSIZE);
	REQUIRE_EQ(l2sock_send(s, frame, UINT32_MAX, 0), -EMSGSIZE);
	REQUIRE_EQ(l2sock_send_to(s, &tx, 0), -EMSGSIZE);
	REQUIRE_EQ(handle_stats(s).failed, 3);
	l2sock_close(s);
}
