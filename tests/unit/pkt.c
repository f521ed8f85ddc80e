/* SPDX-License-Identifier: MIT */
/* The descriptor: what the kernel's messages become, and the tag put back. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "../../lib/sock/kernel-internal.h"
#include "../../lib/sock/sock-internal.h"
#include "case.h"

/* A message as recvmsg() fills it. */
struct message {
	struct msghdr msg;
	struct sockaddr_storage from;
	_Alignas(struct cmsghdr) uint8_t control[256];
};

static void start(struct message *m)
{
	memset(m, 0, sizeof(*m));
	m->msg.msg_control = m->control;
}

static void add(struct message *m, int level, int type, const void *data, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)(m->control + m->msg.msg_controllen);

	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = (__typeof__(c->cmsg_len))CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	m->msg.msg_controllen += (__typeof__(m->msg.msg_controllen))CMSG_SPACE(len);
}

static void add_auxdata(struct message *m, uint32_t status, uint16_t tci, uint16_t tpid)
{
	struct tpacket_auxdata aux = {
		.tp_status = status, .tp_len = 100, .tp_vlan_tci = tci, .tp_vlan_tpid = tpid
	};

	add(m, SOL_PACKET, PACKET_AUXDATA, &aux, sizeof(aux));
}

static bool is_zero(const void *memory, size_t n)
{
	const uint8_t *bytes = memory;

	while (n--)
		if (*bytes++)
			return false;
	return true;
}

CASE(pkt, size_is_frozen)
{
	REQUIRE_EQ(sizeof(struct l2pkt), 128);
	REQUIRE_EQ(offsetof(struct l2pkt, data), 56);
	REQUIRE_EQ(sizeof(struct l2err), 256);
}

CASE(pkt, nothing_known)
{
	struct message m;
	struct l2pkt pkt;

	start(&m);
	memset(&pkt, 0xff, sizeof(pkt));
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(is_zero(&pkt, sizeof(pkt)));
}

CASE(pkt, tag_with_and_without_tpid)
{
	struct message m;
	struct l2pkt pkt;

	start(&m);
	add_auxdata(&m, TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID, 0xf123, 0x88a8);
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(pkt.flags & L2_FLAG_TAGGED);
	REQUIRE_EQ(pkt.vlan_tci, 0xf123);
	REQUIRE_EQ(pkt.vlan_tpid, 0x88a8);
	REQUIRE_EQ(pkt.wire_len, 100); /* without the tag */

	start(&m);
	add_auxdata(&m, TP_STATUS_VLAN_VALID, 7, 0);
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE_EQ(pkt.vlan_tpid, 0x8100);

	start(&m);
	add_auxdata(&m, 0, 7, 0x8100);
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(pkt.valid & L2_VALID_VLAN);
	REQUIRE(!(pkt.flags & L2_FLAG_TAGGED));
	REQUIRE_EQ(pkt.vlan_tci, 0);
	REQUIRE_EQ(pkt.wire_len, 100);
}

/* Priority tag: TCI 0 is a tag all the same. */
CASE(pkt, tag_of_all_zeros)
{
	struct message m;
	struct l2pkt pkt;

	start(&m);
	add_auxdata(&m, TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID, 0, 0x8100);
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(pkt.flags & L2_FLAG_TAGGED);
}

CASE(pkt, checksum_states)
{
	static const struct {
		uint32_t status;
		uint8_t csum;
	} rows[] = {
		{ 0, L2_CSUM_UNKNOWN },
		{ TP_STATUS_CSUM_VALID, L2_CSUM_VALID },
		{ TP_STATUS_CSUMNOTREADY, L2_CSUM_NOT_READY },
	};
	struct message m;
	struct l2pkt pkt;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(&m);
		add_auxdata(&m, rows[i].status, 0, 0);
		l2pkt_from_msg(&pkt, &m.msg);
		REQUIRE_EQ(pkt.csum, rows[i].csum);
	}
}

CASE(pkt, time_in_both_forms)
{
	const int64_t wide[2] = { 5000000000, 123456789 };
	const long native[2] = { 1700000000, 999999999 };
	struct message m;
	struct l2pkt pkt;

	start(&m);
	add(&m, SOL_SOCKET, SO_TIMESTAMPNS_NEW, wide, sizeof(wide));
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(pkt.timestamp == UINT64_C(5000000000123456789));
	REQUIRE_EQ(pkt.timestamp_source, L2_TIME_SOFTWARE);
	REQUIRE(pkt.valid & L2_VALID_TIMESTAMP);

	start(&m);
	add(&m, SOL_SOCKET, SO_TIMESTAMPNS_OLD, native, sizeof(native));
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(pkt.timestamp == UINT64_C(1700000000999999999));
}

/* Shorter than its type demands, or of a type unknown: as if it were not there. */
CASE(pkt, odd_messages_are_ignored)
{
	const uint8_t bytes[32] = { 0xff, 0xff, 0xff, 0xff };
	struct message m;
	struct l2pkt pkt;

	start(&m);
	add(&m, SOL_PACKET, PACKET_AUXDATA, bytes, sizeof(struct tpacket_auxdata) - 1);
	add(&m, SOL_SOCKET, SO_TIMESTAMPNS_NEW, bytes, 15);
	add(&m, SOL_SOCKET, 12345, bytes, 16);
	add(&m, 12345, PACKET_AUXDATA, bytes, 32);
	l2pkt_from_msg(&pkt, &m.msg);
	REQUIRE(is_zero(&pkt, sizeof(pkt)));
}

/* Addresses longer than sockaddr_ll has room for (InfiniBand: 20 bytes), and lying lengths. */
CASE(pkt, addresses)
{
	static const struct {
		uint8_t halen;
		size_t given;
		size_t expected;
	} rows[] = { { 6, 8, 6 },    { 0, 8, 0 },   { 20, 20, 20 },
		     { 32, 32, 32 }, { 255, 8, 8 }, { 255, 100, 32 } };
	const size_t header = offsetof(struct sockaddr_ll, sll_addr);
	struct sockaddr_ll *ll;
	struct message m;
	struct l2pkt pkt;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(&m);
		memset(&m.from, 0xab, sizeof(m.from));
		ll = (struct sockaddr_ll *)(void *)&m.from;
		ll->sll_family = AF_PACKET;
		ll->sll_protocol = htons(0x86dd);
		ll->sll_ifindex = 42;
		ll->sll_hatype = 32;
		ll->sll_pkttype = 3;
		ll->sll_halen = rows[i].halen;
		m.msg.msg_name = &m.from;
		m.msg.msg_namelen = (socklen_t)(header + rows[i].given);
		l2pkt_from_msg(&pkt, &m.msg);
		REQUIRE_EQ(pkt.addr_len, rows[i].expected);
		REQUIRE(is_zero(pkt.addr + rows[i].expected, L2_ADDR_MAX - rows[i].expected));
		REQUIRE_EQ(pkt.protocol, 0x86dd);
		REQUIRE_EQ(pkt.ifindex, 42);
		REQUIRE_EQ(pkt.hatype, 32);
		REQUIRE_EQ(pkt.pkttype, 3);
	}
}

CASE(pkt, restore_tag)
{
	static const uint8_t untagged[] = "....AAAAAABBBBBBttpayload";
	static const uint8_t tagged[] = "AAAAAABBBBBB\x88\xa8\xf1\x23ttpayload";
	uint8_t buf[sizeof(untagged)];
	struct l2pkt pkt = { .flags = L2_FLAG_TAGGED | L2_FLAG_LOSING,
			     .data = buf + 4,
			     .len = sizeof(buf) - 5,
			     .headroom = 4,
			     .vlan_tci = 0xf123,
			     .vlan_tpid = 0x88a8 };

	memcpy(buf, untagged, sizeof(buf));
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), 1);
	REQUIRE(pkt.data == buf);
	REQUIRE_EQ(pkt.len, sizeof(tagged) - 1);
	REQUIRE_EQ(pkt.headroom, 0);
	REQUIRE_EQ(pkt.flags, L2_FLAG_LOSING);
	REQUIRE(!memcmp(buf, tagged, pkt.len));
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), 0);
	REQUIRE(!memcmp(buf, tagged, pkt.len));
}

CASE(pkt, restore_tag_refusals)
{
	uint8_t buf[64] = { 0 };
	struct l2pkt pkt = { .flags = L2_FLAG_TAGGED, .data = buf + 4, .len = 11, .headroom = 4 };

	REQUIRE_EQ(l2pkt_restore_tag(NULL), -EINVAL);
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), -EINVAL);
	pkt.len = 12;
	pkt.headroom = 3;
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), -ENOSPC);
	REQUIRE(pkt.data == buf + 4);
	REQUIRE(pkt.flags & L2_FLAG_TAGGED);
	pkt.headroom = 4;
	REQUIRE_EQ(l2pkt_restore_tag(&pkt), 1);
	REQUIRE_EQ(pkt.len, 16);
}
