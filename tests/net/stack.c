/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own ARP and ICMP at the far end: it answers what a handle sends, and a handle
 * answers what it sends. With each type of handle, on one interface and on all of them.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "handle.h"
#include "netns.h"

#define ARP_LEN   28
#define IP_LEN    20
#define ICMP_LEN  8
#define PING_LEN  (IP_LEN + ICMP_LEN + 56)
#define PATIENCE  (5 * L2_SEC)
#define FRAME_MAX 2048

static const uint8_t my_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t my_ip[4] = { 192, 0, 2, 1 };
static const uint8_t peer_ip[4] = { 192, 0, 2, 2 };
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* This end: a station made of nothing but a handle. */
struct station {
	struct l2sock *s;
	uint32_t type;
	uint32_t ifindex; /* where a handle on all interfaces is to send; else 0 */
	pid_t peer;
};

/* What a frame carries, whichever type of handle it came by. */
struct content {
	uint16_t ethertype;
	const uint8_t *source;
	uint8_t *bytes;
	size_t len;
};

static void start(struct station *st, uint32_t type, bool all)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .type = type };

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev va address 02:00:00:00:00:01");
	st->peer = netns_peer();
	netns_run("ip link set dev vb netns %d", (int)st->peer);
	netns_run(
		"nsenter -t %d -n sh -c 'ip addr add 192.0.2.2/24 dev vb && ip link set dev vb up'",
		(int)st->peer);
	netns_await("va");
	st->type = type;
	st->ifindex = all ? if_nametoindex("va") : 0;
	REQUIRE_EQ(l2sock_open(&st->s, all ? NULL : "va", &opts), 0);
	REQUIRE_EQ(l2sock_bind(st->s, L2_ETHERTYPE_ALL), 0);
}

static void send_content(const struct station *st, const uint8_t *to, uint16_t ethertype,
			 const uint8_t *bytes, size_t len)
{
	uint8_t header[14];
	const struct l2piece pieces[2] = { { header, sizeof(header) }, { bytes, len } };
	struct l2tx tx = { .ifindex = st->ifindex };

	memcpy(header, to, 6);
	memcpy(header + 6, my_mac, 6);
	header[12] = (uint8_t)(ethertype >> 8);
	header[13] = (uint8_t)ethertype;
	if (st->type == L2SOCK_TYPE_COOKED) {
		tx.data = bytes;
		tx.len = (uint32_t)len;
		tx.protocol = ethertype;
		tx.addr_len = 6;
		memcpy(tx.addr, to, 6);
	} else {
		tx.pieces = pieces;
		tx.n_pieces = 2;
	}
	REQUIRE_EQ(l2sock_send_to(st->s, &tx, L2_SEC), 0);
}

/* The next frame that the peer has sent. */
static void next_content(const struct station *st, struct content *c)
{
	static uint8_t buf[FRAME_MAX];
	struct l2pkt pkt;

	do
		REQUIRE(l2sock_recv(st->s, buf, sizeof(buf), &pkt, PATIENCE) >= 0);
	while (pkt.pkttype == L2_PKTTYPE_OUTGOING);
	if (st->type == L2SOCK_TYPE_COOKED) {
		static uint8_t source[L2_ADDR_MAX];

		REQUIRE_EQ(pkt.addr_len, 6);
		memcpy(source, pkt.addr, sizeof(source));
		*c = (struct content) { pkt.protocol, source, pkt.data, pkt.len };
	} else {
		REQUIRE(pkt.len >= 14);
		*c = (struct content) { (uint16_t)(pkt.data[12] << 8 | pkt.data[13]), pkt.data + 6,
					pkt.data + 14, pkt.len - 14 };
	}
	REQUIRE(st->type == L2SOCK_TYPE_LEGACY || pkt.ifindex == if_nametoindex("va"));
}

static void put_sum(uint8_t *at, const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	at[0] = at[1] = 0;
	for (i = 0; i < len; i += 2)
		sum += (uint32_t)(bytes[i] << 8) + bytes[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	at[0] = (uint8_t)(sum >> 8);
	at[1] = (uint8_t)sum;
}

static void make_arp(uint8_t *arp, uint8_t operation, const uint8_t *target_mac)
{
	static const uint8_t start[8] = { 0, 1, 8, 0, 6, 4, 0, 0 };

	memcpy(arp, start, sizeof(start));
	arp[7] = operation;
	memcpy(arp + 8, my_mac, 6);
	memcpy(arp + 14, my_ip, 4);
	memcpy(arp + 18, target_mac, 6);
	memcpy(arp + 24, peer_ip, 4);
}

static void make_ping(uint8_t *ip)
{
	static const uint8_t start[IP_LEN] = { 0x45, 0, 0, PING_LEN, 0, 1, 0, 0, 64, 1 };
	size_t i;

	memcpy(ip, start, sizeof(start));
	memcpy(ip + 12, my_ip, 4);
	memcpy(ip + 16, peer_ip, 4);
	put_sum(ip + 10, ip, IP_LEN);
	for (i = IP_LEN; i < PING_LEN; i++)
		ip[i] = (uint8_t)i;
	ip[IP_LEN] = 8; /* echo request */
	ip[IP_LEN + 1] = 0;
	put_sum(ip + IP_LEN + 2, ip + IP_LEN, PING_LEN - IP_LEN);
}

/* The handle asks, the kernel answers. */
static void ask(const struct station *st)
{
	static const uint8_t nobody[6] = { 0 };
	uint8_t arp[ARP_LEN];
	uint8_t ping[PING_LEN];
	uint8_t peer_mac[6];
	struct content c;

	make_arp(arp, 1, nobody);
	send_content(st, broadcast, L2_ETHERTYPE_ARP, arp, sizeof(arp));
	next_content(st, &c);
	REQUIRE_EQ(c.ethertype, L2_ETHERTYPE_ARP);
	REQUIRE(c.len >= ARP_LEN);
	REQUIRE_EQ(c.bytes[7], 2); /* reply */
	REQUIRE(!memcmp(c.bytes + 14, peer_ip, 4));
	REQUIRE(!memcmp(c.bytes + 8, c.source, 6));
	memcpy(peer_mac, c.source, 6);

	make_ping(ping);
	send_content(st, peer_mac, L2_ETHERTYPE_IP4, ping, sizeof(ping));
	next_content(st, &c);
	REQUIRE_EQ(c.ethertype, L2_ETHERTYPE_IP4);
	REQUIRE_EQ(c.len, PING_LEN);
	REQUIRE_EQ(c.bytes[IP_LEN], 0); /* echo reply */
	REQUIRE(!memcmp(c.bytes + IP_LEN + 4, ping + IP_LEN + 4, PING_LEN - IP_LEN - 4));
}

static pid_t start_ping(pid_t peer)
{
	char number[16];
	pid_t pid;

	snprintf(number, sizeof(number), "%d", (int)peer);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		execlp("nsenter", "nsenter", "-t", number, "-n", "ping", "-c", "1", "-W", "5",
		       "192.0.2.1", (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* The kernel asks, the handle answers. */
static void answer(const struct station *st)
{
	pid_t ping = start_ping(st->peer);
	uint8_t arp[ARP_LEN];
	struct content c;
	int status;

	do {
		next_content(st, &c);
		if (c.ethertype != L2_ETHERTYPE_ARP || c.bytes[7] != 1)
			continue;
		make_arp(arp, 2, c.source);
		send_content(st, c.source, L2_ETHERTYPE_ARP, arp, sizeof(arp));
	} while (c.ethertype != L2_ETHERTYPE_IP4 || c.bytes[IP_LEN] != 8);
	memcpy(c.bytes + 12, my_ip, 4);
	memcpy(c.bytes + 16, peer_ip, 4);
	put_sum(c.bytes + 10, c.bytes, IP_LEN);
	c.bytes[IP_LEN] = 0;
	put_sum(c.bytes + IP_LEN + 2, c.bytes + IP_LEN, c.len - IP_LEN);
	send_content(st, c.source, L2_ETHERTYPE_IP4, c.bytes, c.len);
	REQUIRE(waitpid(ping, &status, 0) == ping);
	REQUIRE_EQ(status, 0);
}

static void both_ways(uint32_t type, bool all)
{
	struct station st = { 0 };

	start(&st, type, all);
	ask(&st);
	answer(&st);
	l2sock_close(st.s);
}

CASE(stack, raw)
{
	both_ways(L2SOCK_TYPE_RAW, false);
}

CASE(stack, raw_on_all_interfaces)
{
	both_ways(L2SOCK_TYPE_RAW, true);
}

CASE(stack, cooked)
{
	both_ways(L2SOCK_TYPE_COOKED, false);
}

CASE(stack, cooked_on_all_interfaces)
{
	both_ways(L2SOCK_TYPE_COOKED, true);
}

CASE(stack, legacy)
{
	both_ways(L2SOCK_TYPE_LEGACY, false);
}

CASE(stack, legacy_on_all_interfaces)
{
	both_ways(L2SOCK_TYPE_LEGACY, true);
}
