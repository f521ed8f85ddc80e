/* SPDX-License-Identifier: MIT */
/* One ethertype by the kernel's hook: no tagged frame passes for an untagged one. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

static const struct tag tagged = { L2_TPID_8021Q, 5 };
static struct frame untagged_frame;
static struct frame tagged_frame;
static int sender;

static struct l2sock *start(uint32_t ethertype)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_KERNEL_HOOK };
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	netns_run("ip link set dev vb address 02:00:00:00:00:01");
	frame_make(&untagged_frame, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	frame_make(&tagged_frame, &tagged, 1, L2_ETHERTYPE_EXP1, 64, 2);
	/* To the handle's interface. */
	memcpy(untagged_frame.bytes, "\2\0\0\0\0\1", 6);
	memcpy(tagged_frame.bytes, "\2\0\0\0\0\1", 6);
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, ethertype), 0);
	sender = flood_socket("va");
	return s;
}

static void send_both(void)
{
	flood_send(sender, tagged_frame.bytes, tagged_frame.len);
	flood_send(sender, untagged_frame.bytes, untagged_frame.len);
}

CASE(hook, tagged_frames_are_refused)
{
	struct l2sock *s = start(L2_ETHERTYPE_EXP1);
	uint8_t buf[128];
	struct l2pkt pkt;

	send_both();
	REQUIRE_EQ(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC), 60);
	REQUIRE(!memcmp(pkt.data, untagged_frame.bytes, 60));
	REQUIRE(!(pkt.valid & L2_VALID_VLAN));
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}

/* What the kernel calls another host's comes when the handle asked for everything. */
CASE(hook, promiscuous_takes_all)
{
	struct l2sock *s = start(L2_ETHERTYPE_EXP1);

	REQUIRE_EQ(l2sock_join(s, L2SOCK_PROMISC, NULL, 0), 0);
	send_both();
	REQUIRE_EQ(handle_drain(s), 2);
	REQUIRE_EQ(l2sock_leave(s, L2SOCK_PROMISC, NULL, 0), 0);
	send_both();
	REQUIRE_EQ(handle_drain(s), 1);
	l2sock_close(s);
}

CASE(hook, change_of_ethertype)
{
	struct l2sock *s = start(L2_ETHERTYPE_EXP2);

	send_both();
	REQUIRE_EQ(handle_drain(s), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	send_both();
	REQUIRE_EQ(handle_drain(s), 1);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	send_both();
	handle_expect(s, &tagged_frame); /* with all facts again */
	handle_expect(s, &untagged_frame);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP2), 0);
	send_both();
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}
