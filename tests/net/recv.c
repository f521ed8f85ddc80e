/* SPDX-License-Identifier: MIT */
/* Receiving: the descriptor, every size of buffer, and time. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static uint64_t wall_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int64_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

CASE(recv, every_fact)
{
	static const uint8_t source[6] = { 0x02, 0, 0, 0, 0, 0xaa };
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];
	uint64_t before;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 100, 0);
	before = wall_clock();
	flood_send(flood_socket("va"), f.bytes, f.len);
	memset(&pkt, 0xff, sizeof(pkt));
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 100);
	REQUIRE(pkt.data == buf + L2_HEADROOM);
	REQUIRE(!memcmp(pkt.data, f.bytes, f.len));
	REQUIRE_EQ(pkt.headroom, L2_HEADROOM);
	REQUIRE_EQ(pkt.len, 100);
	REQUIRE_EQ(pkt.wire_len, 100);
	REQUIRE_EQ(pkt.valid, L2_VALID_WIRE_LEN | L2_VALID_TIMESTAMP | L2_VALID_IFINDEX |
				      L2_VALID_PKTTYPE | L2_VALID_PROTOCOL | L2_VALID_VLAN |
				      L2_VALID_ADDR);
	REQUIRE_EQ(pkt.flags, 0);
	REQUIRE_EQ(pkt.ifindex, if_nametoindex("vb"));
	REQUIRE_EQ(pkt.protocol, L2_ETHERTYPE_EXP1);
	REQUIRE_EQ(pkt.hatype, 1);
	REQUIRE_EQ(pkt.pkttype, L2_PKTTYPE_OTHERHOST);
	REQUIRE_EQ(pkt.addr_len, 6);
	REQUIRE(!memcmp(pkt.addr, source, 6));
	REQUIRE_EQ(pkt.timestamp_source, L2_TIME_SOFTWARE);
	REQUIRE(pkt.timestamp >= before && pkt.timestamp <= wall_clock());
	l2sock_close(s);
}

/* Sets the destination address and returns what the kernel makes of it. */
static uint8_t pkttype_for(struct l2sock *s, int fd, struct frame *f, const char *destination)
{
	struct l2pkt pkt;
	uint8_t buf[256];

	memcpy(f->bytes, destination, 6);
	flood_send(fd, f->bytes, f->len);
	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
	return pkt.pkttype;
}

CASE(recv, packet_types)
{
	static struct frame f;
	struct l2sock *s;
	struct l2sock *sender;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb address 02:00:00:00:00:01");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	sender = handle_listen("va", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	REQUIRE_EQ(pkttype_for(s, fd, &f, "\x02\0\0\0\0\x01"), L2_PKTTYPE_HOST);
	REQUIRE_EQ(pkttype_for(s, fd, &f, "\xff\xff\xff\xff\xff\xff"), L2_PKTTYPE_BROADCAST);
	REQUIRE_EQ(pkttype_for(s, fd, &f, "\x01\0\x5e\0\0\x01"), L2_PKTTYPE_MULTICAST);
	REQUIRE_EQ(pkttype_for(s, fd, &f, "\x02\0\0\0\0\x02"), L2_PKTTYPE_OTHERHOST);
	handle_drain(sender);
	REQUIRE_EQ(pkttype_for(sender, fd, &f, "\x02\0\0\0\0\x01"), L2_PKTTYPE_OUTGOING);
	l2sock_close(s);
	l2sock_close(sender);
}

/* A UDP datagram of the kernel's own, its checksum left to a device that does not exist. */
static void send_datagram(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	REQUIRE(inet_pton(AF_INET, "192.0.2.2", &to.sin_addr) == 1);
	REQUIRE(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) == 1);
	close(fd);
}

CASE(recv, checksum_left_to_the_device)
{
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[256];

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip addr add 192.0.2.1/24 dev va");
	netns_run("ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev va");
	s = handle_listen("vb", L2_ETHERTYPE_IP4);
	send_datagram();
	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
	REQUIRE_EQ(pkt.csum, L2_CSUM_NOT_READY);
	l2sock_close(s);
}

/* One frame into a buffer of this size: headroom, all bytes that fit, no byte beyond. */
static void receive_into(struct l2sock *s, int fd, const struct frame *f, size_t size, bool tagged)
{
	size_t data_len = f->len - (tagged ? L2_VLAN_TAG_LEN : 0);
	size_t headroom = size < L2_HEADROOM ? size : L2_HEADROOM;
	size_t expected = size - headroom < data_len ? size - headroom : data_len;
	uint8_t buf[200];
	struct l2pkt pkt;
	size_t i;

	memset(buf, 0xee, sizeof(buf));
	flood_send(fd, f->bytes, f->len);
	REQUIRE_EQ(l2sock_next_size(s, L2_SEC), data_len);
	REQUIRE_EQ(l2sock_recv(s, size ? buf : NULL, size, &pkt, L2_SEC), expected);
	REQUIRE_EQ(pkt.len, expected);
	REQUIRE_EQ(pkt.wire_len, f->len);
	REQUIRE_EQ(!!(pkt.flags & L2_FLAG_TRUNCATED), expected < data_len);
	REQUIRE_EQ(pkt.headroom, headroom);
	REQUIRE(!size || pkt.data == buf + headroom);
	for (i = 0; i < expected; i++)
		REQUIRE_EQ(pkt.data[i], f->bytes[i < 12 || !tagged ? i : i + L2_VLAN_TAG_LEN]);
	for (i = size; i < sizeof(buf); i++)
		REQUIRE_EQ(buf[i], 0xee);
	if (!tagged || expected < 12)
		return;
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), 1); /* a frame that was cut has room for it too */
	REQUIRE_EQ(pkt.len, expected + L2_VLAN_TAG_LEN);
	REQUIRE(!memcmp(pkt.data, f->bytes, pkt.len));
}

CASE(recv, every_size_of_buffer)
{
	static const struct tag tag = { L2_TPID_8021Q, 100 };
	static struct frame f[2];
	struct l2sock *s;
	size_t truncated = 0;
	size_t size;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f[0], NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	frame_make(&f[1], &tag, 1, L2_ETHERTYPE_EXP1, 64, 0);
	for (size = 0; size <= 80; size++) {
		receive_into(s, fd, &f[0], size, false);
		receive_into(s, fd, &f[1], size, true);
		truncated += (size < 64 + L2_HEADROOM ? 1u : 0u) + (size < 64 ? 1u : 0u);
	}
	REQUIRE_EQ(handle_stats(s).truncated, truncated);
	l2sock_close(s);
}

/* Without a descriptor the frame starts at the buffer, and the length tells what was lost. */
CASE(recv, without_descriptor)
{
	static struct frame f;
	struct l2sock *s;
	uint8_t buf[64];
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	flood_send(fd, f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC), 64);
	REQUIRE(!memcmp(buf, f.bytes, 64));
	REQUIRE_EQ(handle_stats(s).truncated, 0);
	memset(buf, 0xee, sizeof(buf));
	flood_send(fd, f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, buf, 20, NULL, L2_SEC), 64);
	REQUIRE(!memcmp(buf, f.bytes, 20));
	REQUIRE_EQ(buf[20], 0xee);
	REQUIRE_EQ(handle_stats(s).truncated, 1);
	l2sock_close(s);
}

/* What a filter cuts off is missing, however large the buffer. It counts bytes of the wire. */
CASE(recv, cut_by_the_filter)
{
	static const struct l2insn first_40[] = { { 0x06, 0, 0, 40 } };
	static const struct tag tag = { L2_TPID_8021Q, 100 };
	static struct frame f;
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[200];

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, first_40, 1), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 100, 0);
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 36);
	REQUIRE_EQ(pkt.flags, L2_FLAG_TRUNCATED | L2_FLAG_TAGGED);
	REQUIRE_EQ(pkt.wire_len, 100);
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), 1);
	REQUIRE_EQ(pkt.len, 40);
	REQUIRE(!memcmp(pkt.data, f.bytes, 40));
	l2sock_close(s);
}

CASE(recv, next_size)
{
	static struct frame f;
	struct l2sock *s;
	size_t len;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_next_size(s, 0), -ENOTCONN);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_next_size(s, -2), -EINVAL);
	REQUIRE_EQ(l2sock_next_size(NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_next_size(s, 0), -EAGAIN);
	REQUIRE_EQ(l2sock_next_size(s, L2_MSEC), -ETIMEDOUT);
	REQUIRE_EQ(l2sock_wake(s), 0);
	REQUIRE_EQ(l2sock_next_size(s, L2_FOREVER), -ECANCELED);
	fd = flood_socket("va");
	for (len = 60; len < 1514; len += 201) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, len, 0);
		flood_send(fd, f.bytes, f.len);
		REQUIRE_EQ(l2sock_next_size(s, L2_FOREVER), len);
		REQUIRE_EQ(l2sock_next_size(s, 0), len);
		handle_expect(s, &f);
	}
	REQUIRE_EQ(handle_stats(s).received, 8);
	l2sock_close(s);
}

/* A frame as large as the MTU allows, and a jumbo one, into buffers that just fit. */
CASE(recv, large_frames)
{
	static struct frame f;
	static const size_t lengths[] = { 1514, 9014 };
	struct l2sock *s;
	size_t i;
	int fd;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev va mtu 9000 && ip link set dev vb mtu 9000");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	for (i = 0; i < 2; i++) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, lengths[i], 3);
		flood_send(fd, f.bytes, f.len);
		handle_expect(s, &f);
	}
	l2sock_close(s);
}

/* What precedes a frame whose segmentation is left to the device. */
static const struct virtio_net_hdr super = {
	.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
	.gso_type = VIRTIO_NET_HDR_GSO_TCPV6,
	.hdr_len = 74,
	.gso_size = 1448,
	.csum_start = 54,
	.csum_offset = 16,
};

/* An IPv6 TCP segment of any length, as BIG TCP hands it to a device that takes it. */
static void send_super_frame(size_t len)
{
	static uint8_t frame[sizeof(super) + 300000];
	uint8_t *bytes = frame + sizeof(super);
	int fd = flood_socket("va");
	const int on = 1;

	REQUIRE(len <= 300000);
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)), 0);
	memcpy(frame, &super, sizeof(super));
	memset(bytes, 0x55, len);
	bytes[12] = 0x86;
	bytes[13] = 0xdd;
	bytes[14] = 0x60; /* version */
	bytes[20] = 6;    /* TCP */
	bytes[66] = 0x50; /* five words of header */
	flood_send(fd, frame, sizeof(super) + len);
	close(fd);
}

/* No buffer is always large enough: what is missing is told. */
CASE(recv, longer_than_any_frame)
{
	static uint8_t buf[L2_FRAME_MAX + L2_HEADROOM];
	struct l2sock *s;
	struct l2pkt pkt;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev va gso_max_size 400000");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	send_super_frame(300000);
	REQUIRE_EQ(l2sock_next_size(s, L2_SEC), 300000);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), L2_FRAME_MAX);
	REQUIRE_EQ(pkt.wire_len, 300000);
	REQUIRE_EQ(pkt.flags, L2_FLAG_TRUNCATED);
	REQUIRE_EQ(buf[sizeof(buf) - 1], 0x55);
	send_super_frame(L2_FRAME_MAX);
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), L2_FRAME_MAX);
	REQUIRE_EQ(pkt.flags, 0);
	l2sock_close(s);
}

CASE(recv, arguments)
{
	struct l2sock *s;
	uint8_t byte;

	netns_enter();
	s = handle_listen("lo", L2_ETHERTYPE_ALL);
	REQUIRE_EQ(l2sock_recv(s, NULL, 1, NULL, 0), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, -2), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, INT64_MIN), -EINVAL);
	REQUIRE_EQ(l2sock_recv(s, NULL, 0, NULL, 0), -EAGAIN);
	REQUIRE(strlen(l2sock_errmsg(s)) > 0);
	l2sock_close(s);
}

/* A timeout is a least time; the largest one does not overflow into none. */
CASE(recv, timeouts)
{
	static struct frame f;
	struct l2sock *s;
	uint8_t byte;
	int64_t began;
	pid_t flood;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	began = monotonic();
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, 50 * L2_MSEC), -ETIMEDOUT);
	REQUIRE(monotonic() - began >= 50 * L2_MSEC);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, 1), -ETIMEDOUT);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, 0), -EAGAIN);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	flood = flood_start("va", f.bytes, f.len, 50000);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, INT64_MAX), 60);
	REQUIRE_EQ(l2sock_recv(s, &byte, 1, NULL, L2_FOREVER), 60);
	flood_stop(flood);
	l2sock_close(s);
}
