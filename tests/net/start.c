/* SPDX-License-Identifier: MIT */
/*
 * The race-free start: with another interface and a rejected protocol flooding, what a handle
 * delivers from the first frame on is what it was configured for. The order that most programs
 * use, all protocols at socket() and the filter afterwards, fails the same test in the same run.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

/* Opens that must deliver nothing foreign; naive ones at most, until they have. */
#define OPENS         1000
#define NAIVE_OPENS   1000
#define FRAMES_ENOUGH 4

/* ethertype == EXP1 ? accept : reject */
static const struct sock_filter wanted[] = {
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_ETHERTYPE_EXP1 },
	{ BPF_RET | BPF_K, 0, 0, 0xffffffff },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

#define WANTED_LEN (sizeof(wanted) / sizeof(wanted[0]))

struct tally {
	long good;
	long foreign;  /* of another interface */
	long rejected; /* of a protocol the filter rejects */
};

static void count(struct tally *t, uint32_t ifindex, uint32_t expected, const uint8_t *frame)
{
	if (ifindex != expected)
		t->foreign++;
	else if ((frame[12] << 8 | frame[13]) != L2_ETHERTYPE_EXP1)
		t->rejected++;
	else
		t->good++;
}

static void open_ours(struct tally *t, uint32_t ifindex)
{
	struct l2sock *s;
	struct l2pkt pkt;
	uint8_t buf[128];
	int i;

	REQUIRE_EQ(l2sock_open(&s, "vb", NULL), 0);
	REQUIRE_EQ(l2sock_set_filter(s, (const struct l2insn *)(const void *)wanted, WANTED_LEN),
		   0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	for (i = 0; i < FRAMES_ENOUGH; i++) {
		REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, 5 * L2_SEC) > 0);
		count(t, pkt.ifindex, ifindex, pkt.data);
	}
	l2sock_close(s);
}

static void open_naively(struct tally *t, uint32_t ifindex)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL),
				    .sll_ifindex = (int)ifindex };
	struct sock_fprog fprog = { WANTED_LEN, (struct sock_filter *)(uintptr_t)wanted };
	socklen_t len;
	uint8_t buf[128];
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	int i;

	REQUIRE(fd >= 0);
	REQUIRE(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	REQUIRE(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) == 0);
	for (i = 0; i < FRAMES_ENOUGH; i++) {
		len = sizeof(addr);
		REQUIRE(recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&addr, &len) > 0);
		count(t, (uint32_t)addr.sll_ifindex, ifindex, buf);
	}
	close(fd);
}

CASE(start, first_frame_is_the_right_one)
{
	struct tally ours = { 0 };
	struct tally naive = { 0 };
	struct frame good;
	struct frame bad;
	uint32_t ifindex;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	netns_veth("other", "foreign");
	ifindex = if_nametoindex("vb");
	frame_make(&good, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	frame_make(&bad, NULL, 0, L2_ETHERTYPE_EXP2, 60, 0);
	/* The flood of what must not come is the faster one. */
	flood_start("other", good.bytes, good.len, 10);
	flood_start("va", bad.bytes, bad.len, 10);
	flood_start("va", good.bytes, good.len, 100);
	for (i = 0; i < OPENS; i++)
		open_ours(&ours, ifindex);
	for (i = 0; i < NAIVE_OPENS && !(naive.foreign && naive.rejected); i++)
		open_naively(&naive, ifindex);
	printf("# ours: %d opens, %ld good, %ld foreign, %ld rejected\n", OPENS, ours.good,
	       ours.foreign, ours.rejected);
	printf("# naive: %d opens, %ld good, %ld foreign, %ld rejected\n", i, naive.good,
	       naive.foreign, naive.rejected);
	REQUIRE_EQ(ours.foreign, 0);
	REQUIRE_EQ(ours.rejected, 0);
	REQUIRE_EQ(ours.good, OPENS * FRAMES_ENOUGH);
	REQUIRE(naive.foreign > 0);
	REQUIRE(naive.rejected > 0);
}
