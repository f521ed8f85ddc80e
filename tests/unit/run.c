/* SPDX-License-Identifier: MIT */
/*
 * The interpreter where the kernel cannot be asked: what is not known, and frames cut short. Its
 * values are compared with the kernel's in tests/net/program.c.
 */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include <l2sock/filter.h>

#include "case.h"

#define RETURN_A                         \
	{                                \
		BPF_RET | BPF_A, 0, 0, 0 \
	}

static const uint8_t frame[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00,
	0x00, 0x02, 0x08, 0x06, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6,
};

static int64_t run1(struct l2insn insn, size_t captured, const struct l2filter_facts *facts)
{
	const struct l2insn insns[] = { insn, RETURN_A };

	return l2filter_run(insns, 2, frame, captured, facts);
}

static int64_t load(uint16_t size, uint32_t k, size_t captured, const struct l2filter_facts *facts)
{
	return run1((struct l2insn) { (uint16_t)(BPF_LD | BPF_ABS | size), 0, 0, k }, captured,
		    facts);
}

CASE(run, loads_are_in_network_order)
{
	REQUIRE_EQ(load(BPF_B, 12, sizeof(frame), NULL), 0x08);
	REQUIRE_EQ(load(BPF_H, 12, sizeof(frame), NULL), 0x0806);
	REQUIRE_EQ(load(BPF_W, 14, sizeof(frame), NULL), 0xa1b2c3d4);
	REQUIRE_EQ(load(BPF_W, 16, sizeof(frame), NULL), 0xc3d4e5f6);
	REQUIRE_EQ(load(BPF_W, 17, sizeof(frame), NULL), 0);
	REQUIRE_EQ(load(BPF_B, 0x7fffffff, sizeof(frame), NULL), 0);
	REQUIRE_EQ(load(BPF_B, 0x80000000, sizeof(frame), NULL), 0);
}

CASE(run, headers)
{
	struct l2filter_facts facts;
	const uint32_t net = (uint32_t)SKF_NET_OFF;
	const uint32_t link = (uint32_t)SKF_LL_OFF;

	REQUIRE_EQ(load(BPF_H, net, sizeof(frame), NULL), 0xa1b2);
	REQUIRE_EQ(load(BPF_H, net + 4, sizeof(frame), NULL), 0xe5f6);
	REQUIRE_EQ(load(BPF_H, net + 5, sizeof(frame), NULL), 0);
	REQUIRE_EQ(load(BPF_H, link + 12, sizeof(frame), NULL), 0x0806);
	REQUIRE_EQ(load(BPF_H, link - 1, sizeof(frame), NULL), 0);
	/* A cooked handle's frame: the header is in front of it. */
	l2filter_facts_init(&facts, NULL);
	facts.net_offset = 0;
	facts.link_offset = -14;
	REQUIRE_EQ(load(BPF_H, link + 12, 6, &facts), -ENODATA);
	facts.front = 2;
	REQUIRE_EQ(l2filter_run((struct l2insn[]) { { BPF_LD | BPF_H | BPF_ABS, 0, 0, link + 12 },
						    RETURN_A },
				2, frame + 14, 6, &facts),
		   0x0806);
	REQUIRE_EQ(load(BPF_H, net + 1, 6, &facts), 0);
}

CASE(run, cut_short)
{
	const struct l2insn length = { BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 };
	struct l2filter_facts facts;

	l2filter_facts_init(&facts, NULL);
	REQUIRE_EQ(run1(length, 13, &facts), 13);
	REQUIRE_EQ(load(BPF_H, 12, 13, &facts), 0);
	facts.len = 20;
	REQUIRE_EQ(run1(length, 13, &facts), 20);
	REQUIRE_EQ(load(BPF_B, 12, 13, &facts), 0x08);
	REQUIRE_EQ(load(BPF_H, 12, 13, &facts), -ENODATA);
	REQUIRE_EQ(load(BPF_H, 18, 13, &facts), -ENODATA);
	REQUIRE_EQ(load(BPF_H, 19, 13, &facts), 0);
}

/* Each fact by its number; nothing is made up. */
CASE(run, ancillary)
{
	struct l2filter_facts facts;
	uint32_t i;

	for (i = 0; i < 16; i++) {
		uint32_t k = (uint32_t)SKF_AD_OFF + 4 * i;

		if (i == L2FILTER_NLATTR || i == L2FILTER_NLATTR_NEST || i == L2FILTER_XOR)
			continue;
		l2filter_facts_init(&facts, NULL);
		REQUIRE_EQ(load(BPF_W, k, sizeof(frame), NULL), -ENODATA);
		REQUIRE_EQ(load(BPF_W, k, sizeof(frame), &facts), -ENODATA);
		facts.ancillary[i] = 0x12345678;
		facts.known = ~(1u << i);
		REQUIRE_EQ(load(BPF_W, k, sizeof(frame), &facts), -ENODATA);
		facts.known = 1u << i;
		REQUIRE_EQ(load(BPF_W, k, sizeof(frame), &facts), 0x12345678);
		REQUIRE_EQ(load(BPF_B, k, sizeof(frame), &facts), 0x12345678);
	}
}

CASE(run, descriptor)
{
	uint8_t bytes[sizeof(frame)];
	struct l2filter_facts facts;
	struct l2pkt pkt = { 0 };

	memcpy(bytes, frame, sizeof(frame));
	l2filter_facts_init(&facts, &pkt);
	REQUIRE_EQ(facts.known, 0);
	pkt.data = bytes;
	pkt.len = sizeof(frame);
	pkt.wire_len = 104;
	pkt.valid = L2_VALID_WIRE_LEN | L2_VALID_VLAN | L2_VALID_IFINDEX | L2_VALID_PKTTYPE |
		    L2_VALID_PROTOCOL | L2_VALID_HASH;
	pkt.flags = L2_FLAG_TAGGED | L2_FLAG_TRUNCATED;
	pkt.vlan_tci = 0x2005;
	pkt.vlan_tpid = L2_TPID_8021AD;
	pkt.ifindex = 7;
	pkt.hatype = 1;
	pkt.pkttype = L2_PKTTYPE_OTHERHOST;
	pkt.protocol = L2_ETHERTYPE_ARP;
	pkt.hash = 99;
	l2filter_facts_init(&facts, &pkt);
	REQUIRE_EQ(facts.len, 100);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_PRESENT], 1);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_TCI], 0x2005);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_TPID], L2_TPID_8021AD);
	REQUIRE_EQ(facts.ancillary[L2FILTER_IFINDEX], 7);
	REQUIRE_EQ(facts.ancillary[L2FILTER_HATYPE], 1);
	REQUIRE_EQ(facts.ancillary[L2FILTER_PKTTYPE], L2_PKTTYPE_OTHERHOST);
	REQUIRE_EQ(facts.ancillary[L2FILTER_PROTOCOL], L2_ETHERTYPE_ARP);
	REQUIRE(!(facts.known & 1u << L2FILTER_HASH));
	pkt.flags = 0;
	l2filter_facts_init(&facts, &pkt);
	REQUIRE_EQ(facts.len, 104);
	REQUIRE(facts.known & 1u << L2FILTER_VLAN_PRESENT);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_PRESENT], 0);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_TCI], 0);
	REQUIRE_EQ(facts.ancillary[L2FILTER_VLAN_TPID], 0);
}

CASE(run, arguments)
{
	const struct l2insn insns[] = { RETURN_A };
	struct l2filter_facts facts;

	l2filter_facts_init(&facts, NULL);
	REQUIRE_EQ(l2filter_run(NULL, 1, frame, 1, NULL), -EINVAL);
	REQUIRE_EQ(l2filter_run(insns, 1, NULL, 1, NULL), -EINVAL);
	REQUIRE_EQ(l2filter_run(insns, 1, NULL, 0, NULL), 0);
	facts.front = 1;
	REQUIRE_EQ(l2filter_run(insns, 1, NULL, 0, &facts), -EINVAL);
	REQUIRE_EQ(l2filter_run_pkt(insns, 1, NULL), -EINVAL);
}

/* What the kernel refuses runs into an error, not into memory. */
CASE(run, invalid_programs)
{
	static const struct l2insn rows[] = {
		{ 0x0e, 0, 0, 0 },
		{ BPF_LD | BPF_MEM, 0, 0, 16 },
		{ BPF_STX, 0, 0, UINT32_MAX },
		{ BPF_JMP | BPF_JA, 0, 0, UINT32_MAX },
		{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0 },
		{ BPF_ALU | BPF_MOD | BPF_K, 0, 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		REQUIRE_EQ(run1(rows[i], sizeof(frame), NULL), -EINVAL);
	REQUIRE_EQ(l2filter_run(rows, 0, frame, 1, NULL), -EINVAL);
}
