/* SPDX-License-Identifier: MIT */
/* The numbers by which headers name the protocol that follows: with protos.c, the table. */
#ifndef L2SOCK_NUMBERS_INTERNAL_H
#define L2SOCK_NUMBERS_INTERNAL_H

#include <l2sock/proto.h>

/* protos.c: by IPv4's protocol or IPv6's next header; L2PROTO_NONE where unknown. */
extern const uint8_t l2proto_by_ip_number[256];

static inline uint8_t l2proto_by_ethertype(uint16_t type)
{
	/* Most frames: ahead of the compiler's search. */
	if (type == L2_ETHERTYPE_IP4)
		return L2PROTO_IP4;
	if (type == L2_TPID_8021Q)
		return L2PROTO_VLAN;
	switch (type) {
	case L2_ETHERTYPE_IP6:
		return L2PROTO_IP6;
	case L2_ETHERTYPE_ARP:
	case L2_ETHERTYPE_RARP:
		return L2PROTO_ARP;
	case L2_TPID_8021AD:
	case L2_TPID_QINQ:
		return L2PROTO_VLAN;
	default:
		return L2PROTO_NONE;
	}
}

#endif /* L2SOCK_NUMBERS_INTERNAL_H */
