/* SPDX-License-Identifier: MIT */
/* The table of protocols, and the numbers by which headers name them. */
#include "numbers-internal.h"
#include "proto-internal.h"

/* By L2PROTO_*, without gaps. */
const struct l2proto *const l2protos[256] = {
	[L2PROTO_NONE] = &l2proto_none,
	[L2PROTO_ETH] = &l2proto_eth,
	[L2PROTO_VLAN] = &l2proto_vlan,
	[L2PROTO_LLC] = &l2proto_llc,
	[L2PROTO_SNAP] = &l2proto_snap,
	[L2PROTO_ARP] = &l2proto_arp,
	[L2PROTO_IP4] = &l2proto_ip4,
	[L2PROTO_IP6] = &l2proto_ip6,
	[L2PROTO_UDP] = &l2proto_udp,
	[L2PROTO_TCP] = &l2proto_tcp,
	[L2PROTO_ICMP4] = &l2proto_icmp4,
	[L2PROTO_ICMP6] = &l2proto_icmp6,
	[L2PROTO_RS] = &l2proto_rs,
	[L2PROTO_RA] = &l2proto_ra,
	[L2PROTO_NS] = &l2proto_ns,
	[L2PROTO_NA] = &l2proto_na,
	[L2PROTO_REDIRECT] = &l2proto_redirect,
	[L2PROTO_NDADDR] = &l2proto_ndaddr,
	[L2PROTO_NDPREFIX] = &l2proto_ndprefix,
	[L2PROTO_NDMTU] = &l2proto_ndmtu,
	[L2PROTO_NDRDNSS] = &l2proto_ndrdnss,
	[L2PROTO_NDOPTION] = &l2proto_ndoption,
	[L2PROTO_IGMP] = &l2proto_igmp,
	[L2PROTO_IGMPREPORT] = &l2proto_igmpreport,
	[L2PROTO_IGMPRECORD] = &l2proto_igmprecord,
	[L2PROTO_MLD] = &l2proto_mld,
	[L2PROTO_MLDREPORT] = &l2proto_mldreport,
	[L2PROTO_MLDRECORD] = &l2proto_mldrecord,
	[L2PROTO_HOP] = &l2proto_hop,
	[L2PROTO_DEST] = &l2proto_dest,
	[L2PROTO_ROUTING] = &l2proto_routing,
	[L2PROTO_FRAGMENT] = &l2proto_fragment,
	[L2PROTO_AH] = &l2proto_ah,
	[L2PROTO_ESP] = &l2proto_esp,
};

const uint8_t l2proto_by_ip_number[256] = {
	[0] = L2PROTO_HOP,       [1] = L2PROTO_ICMP4, [2] = L2PROTO_IGMP, [4] = L2PROTO_IP4,
	[6] = L2PROTO_TCP,       [17] = L2PROTO_UDP,  [41] = L2PROTO_IP6, [43] = L2PROTO_ROUTING,
	[44] = L2PROTO_FRAGMENT, [50] = L2PROTO_ESP,  [51] = L2PROTO_AH,  [58] = L2PROTO_ICMP6,
	[60] = L2PROTO_DEST,
};

const char *l2proto_name(uint32_t proto)
{
	const struct l2proto *p = proto <= UINT8_MAX ? l2protos[proto] : NULL;

	return p ? p->name : NULL;
}

const struct l2field *l2proto_fields(uint32_t proto, uint32_t *n)
{
	const struct l2proto *p = proto <= UINT8_MAX ? l2protos[proto] : NULL;

	*n = p ? p->n_fields : 0;
	return p ? p->fields : NULL;
}
