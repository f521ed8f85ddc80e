/* SPDX-License-Identifier: MIT */
/* The table of protocols, and the numbers by which headers name them. */
#include "proto-internal.h"

/* By L2PROTO_*, without gaps. */
static const struct l2proto *const protos[] = {
	[L2PROTO_ETH] = &l2proto_eth, [L2PROTO_VLAN] = &l2proto_vlan,
	[L2PROTO_LLC] = &l2proto_llc, [L2PROTO_SNAP] = &l2proto_snap,
	[L2PROTO_ARP] = &l2proto_arp, [L2PROTO_IP4] = &l2proto_ip4,
	[L2PROTO_IP6] = &l2proto_ip6, [L2PROTO_UDP] = &l2proto_udp,
	[L2PROTO_TCP] = &l2proto_tcp,
};

static const uint8_t ip_numbers[256] = {
	[4] = L2PROTO_IP4,
	[6] = L2PROTO_TCP,
	[17] = L2PROTO_UDP,
	[41] = L2PROTO_IP6,
};

uint8_t l2proto_by_ethertype(uint16_t type)
{
	switch (type) {
	case L2_ETHERTYPE_IP4:
		return L2PROTO_IP4;
	case L2_ETHERTYPE_IP6:
		return L2PROTO_IP6;
	case L2_ETHERTYPE_ARP:
	case L2_ETHERTYPE_RARP:
		return L2PROTO_ARP;
	case L2_TPID_8021Q:
	case L2_TPID_8021AD:
	case L2_TPID_QINQ:
		return L2PROTO_VLAN;
	default:
		return L2PROTO_NONE;
	}
}

uint8_t l2proto_by_ip_number(uint8_t number)
{
	return ip_numbers[number];
}

const struct l2proto *l2proto_of(uint32_t id)
{
	return id < L2COUNT(protos) ? protos[id] : NULL;
}

const char *l2proto_name(uint32_t proto)
{
	const struct l2proto *p = l2proto_of(proto);

	return p ? p->name : NULL;
}

const struct l2field *l2proto_fields(uint32_t proto, uint32_t *n)
{
	const struct l2proto *p = l2proto_of(proto);

	*n = p ? p->n_fields : 0;
	return p ? p->fields : NULL;
}
