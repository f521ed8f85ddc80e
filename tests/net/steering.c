/* SPDX-License-Identifier: MIT */
/* Steering programs in the kernel, compared with what the interpreter makes of them. */
#include <string.h>
#include <unistd.h>

#include <l2sock/fanout.h>

#include "case.h"
#include "flood.h"
#include "netns.h"
#include "packet.h"

#define MEMBERS 3

static int sender;

/* What the interpreter says of the frame as it was on the wire. */
static uint32_t chosen(const struct l2insn *insns, size_t n, const uint8_t *frame, size_t len)
{
	struct l2filter_facts facts;
	int64_t r;

	l2filter_facts_init(&facts, NULL);
	facts.known = 1u << L2FILTER_VLAN_PRESENT | 1u << L2FILTER_HATYPE;
	facts.ancillary[L2FILTER_HATYPE] = 1;
	r = l2filter_run(insns, n, frame, len, &facts);
	REQUIRE(r >= 0);
	return (uint32_t)r % MEMBERS;
}

/* Half of the packets of IPv4 go into a tunnel. */
static size_t random_frame(struct dice *d, uint8_t *frame)
{
	static const uint8_t outer[34] = {
		2, [6] = 2, [12] = 8, 0,         0x45, 0, 0, 60, 0, 0, 0,
		0, 9,       4,        [26] = 10, 0,    0, 1, 10, 0, 0, 2
	};
	uint8_t packet[PACKET_MAX];
	size_t len = packet_random(d, packet, PACKET_TAGS | PACKET_EXTENSIONS);

	if (packet[12] != 8 || packet[13] != 0 || dice_below(d, 2)) {
		memcpy(frame, packet, len);
		return len;
	}
	memcpy(frame, outer, sizeof(outer));
	memcpy(frame + sizeof(outer), packet + L2_ETH_HEADER_LEN, len - L2_ETH_HEADER_LEN);
	return sizeof(outer) + len - L2_ETH_HEADER_LEN;
}

/* The member that has got a frame, when it is there. */
static uint32_t receiver(struct l2group *g)
{
	uint8_t buf[64];
	int tries;
	uint32_t i;

	for (tries = 0; tries < 5000; tries++) {
		for (i = 0; i < MEMBERS; i++)
			if (l2sock_recv(l2group_member(g, i), buf, sizeof(buf), NULL, 0) >= 0)
				return i;
		usleep(1000);
	}
	return UINT32_MAX;
}

/* The kernel chooses as the interpreter does, where it took the tag out and where not. */
static void steer_random_frames(const char *ifname, uint32_t kind)
{
	static struct l2insn insns[L2_FILTER_MAX];
	const struct l2group_opts opts = { .size = sizeof(opts), .mode = L2GROUP_MODE_STEER };
	int64_t n = l2group_steering(kind, insns, L2_FILTER_MAX);
	uint8_t frame[PACKET_MAX + 64];
	struct l2group *g;
	struct dice d;
	uint32_t i;

	REQUIRE_EQ(l2group_open(&g, ifname, MEMBERS, &opts), 0);
	REQUIRE_EQ(l2group_set_steering(g, insns, (size_t)n), 0);
	REQUIRE_EQ(l2group_bind(g, L2_ETHERTYPE_ALL), 0);
	for (i = 0; i < 150; i++) {
		size_t len;

		dice_start(&d, i);
		len = random_frame(&d, frame);
		flood_send(sender, frame, len);
		REQUIRE_EQ(receiver(g), chosen(insns, (size_t)n, frame, len));
	}
	l2group_close(g);
}

CASE(steering, in_the_kernel)
{
	uint32_t kind;

	netns_enter();
	netns_veth("va", "vb");
	sender = flood_socket("va");
	for (kind = L2GROUP_BY_FLOW; kind <= L2GROUP_BY_INNER_FLOW; kind++) {
		steer_random_frames("vb", kind);
		steer_random_frames("va", kind);
	}
}
