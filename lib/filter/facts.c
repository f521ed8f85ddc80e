/* SPDX-License-Identifier: MIT */
/* What a descriptor tells of what the kernel knew when it ran the filter. */
#include <string.h>

#include "filter-internal.h"

static void know(struct l2filter_facts *facts, int number, uint32_t value)
{
	facts->ancillary[number] = value;
	facts->known |= 1u << number;
}

static void know_vlan(struct l2filter_facts *facts, const struct l2pkt *pkt)
{
	uint32_t tagged = pkt->flags & L2_FLAG_TAGGED ? 1 : 0;

	know(facts, L2FILTER_VLAN_PRESENT, tagged);
	know(facts, L2FILTER_VLAN_TCI, tagged ? pkt->vlan_tci : 0);
	know(facts, L2FILTER_VLAN_TPID, tagged ? pkt->vlan_tpid : 0);
}

/* The kernel's frame lacks the tag, which the length on the wire counts. */
static uint32_t kernel_len(const struct l2pkt *pkt)
{
	uint32_t taken = pkt->flags & L2_FLAG_TAGGED ? L2_VLAN_TAG_LEN : 0;

	if (!(pkt->valid & L2_VALID_WIRE_LEN) || pkt->wire_len < taken)
		return pkt->len;
	return pkt->wire_len - taken;
}

void l2filter_facts_init(struct l2filter_facts *ret, const struct l2pkt *pkt)
{
	memset(ret, 0, sizeof(*ret));
	ret->net_offset = L2_ETH_HEADER_LEN;
	if (!pkt)
		return;
	ret->len = kernel_len(pkt);
	if (pkt->valid & L2_VALID_PROTOCOL)
		know(ret, L2FILTER_PROTOCOL, pkt->protocol);
	if (pkt->valid & L2_VALID_PKTTYPE)
		know(ret, L2FILTER_PKTTYPE, pkt->pkttype);
	if (pkt->valid & L2_VALID_IFINDEX) {
		know(ret, L2FILTER_IFINDEX, pkt->ifindex);
		know(ret, L2FILTER_HATYPE, pkt->hatype);
	}
	if (pkt->valid & L2_VALID_VLAN)
		know_vlan(ret, pkt);
}
