/* SPDX-License-Identifier: MIT */
/*
 * proto.h - the protocols of a frame, and the fields of their headers
 *
 * A protocol is a number, L2PROTO_*. A field is a number too, and tells its place: 0xPPKBBBWW is
 * the field of protocol PP whose most significant bit is bit BBB of the header and which is WW bits
 * wide. K says what l2frame_finish() fills in unless the caller has set it: 1 the number of the
 * protocol that follows, 2 a length, 4 a checksum, 8 the length of the header. The same numbers
 * serve to set a field while building, to read it after parsing and to vary it in a template.
 *
 * Values of fields are integers in host order; a field of more than 64 bits is only ever bytes.
 */
#ifndef L2SOCK_PROTO_H
#define L2SOCK_PROTO_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2PROTO_NONE 0
#define L2PROTO_ETH  1 /* Ethernet: addresses, and a type or an 802.3 length */
#define L2PROTO_VLAN 2 /* a tag: TCI and the type behind it; its TPID is the type in front of it */
#define L2PROTO_LLC  3 /* 802.2 */
#define L2PROTO_SNAP 4
#define L2PROTO_ARP  5 /* and RARP */
#define L2PROTO_IP4  6
#define L2PROTO_IP6  7
#define L2PROTO_UDP  8
#define L2PROTO_TCP  9

#define L2ETH_DST  0x01000030u
#define L2ETH_SRC  0x01003030u
#define L2ETH_TYPE 0x01106010u

#define L2VLAN_PCP  0x02000003u
#define L2VLAN_DEI  0x02000301u
#define L2VLAN_VID  0x0200040cu
#define L2VLAN_TCI  0x02000010u /* the three above in one */
#define L2VLAN_TYPE 0x02101010u

#define L2LLC_DSAP    0x03000008u
#define L2LLC_SSAP    0x03000808u
#define L2LLC_CONTROL 0x03001008u

#define L2SNAP_OUI 0x04000018u
#define L2SNAP_PID 0x04101810u

#define L2ARP_HTYPE 0x05000010u
#define L2ARP_PTYPE 0x05001010u
#define L2ARP_HLEN  0x05002008u
#define L2ARP_PLEN  0x05002808u
#define L2ARP_OP    0x05003010u
#define L2ARP_SHA   0x05004030u /* the addresses exist where HLEN is 6 and PLEN is 4 */
#define L2ARP_SPA   0x05007020u
#define L2ARP_THA   0x05009030u
#define L2ARP_TPA   0x0500c020u

#define L2IP4_VERSION  0x06000004u
#define L2IP4_IHL      0x06800404u /* in units of 4 bytes */
#define L2IP4_TOS      0x06000808u
#define L2IP4_DSCP     0x06000806u
#define L2IP4_ECN      0x06000e02u
#define L2IP4_LEN      0x06201010u
#define L2IP4_ID       0x06002010u
#define L2IP4_RESERVED 0x06003001u
#define L2IP4_DF       0x06003101u
#define L2IP4_MF       0x06003201u
#define L2IP4_OFFSET   0x0600330du /* in units of 8 bytes */
#define L2IP4_TTL      0x06004008u
#define L2IP4_PROTO    0x06104808u
#define L2IP4_CSUM     0x06405010u
#define L2IP4_SRC      0x06006020u
#define L2IP4_DST      0x06008020u

#define L2IP6_VERSION 0x07000004u
#define L2IP6_TCLASS  0x07000408u
#define L2IP6_FLOW    0x07000c14u
#define L2IP6_LEN     0x07202010u
#define L2IP6_NEXT    0x07103008u
#define L2IP6_HLIM    0x07003808u
#define L2IP6_SRC     0x07004080u
#define L2IP6_DST     0x0700c080u

#define L2UDP_SPORT 0x08000010u
#define L2UDP_DPORT 0x08001010u
#define L2UDP_LEN   0x08202010u
#define L2UDP_CSUM  0x08403010u

#define L2TCP_SPORT    0x09000010u
#define L2TCP_DPORT    0x09001010u
#define L2TCP_SEQ      0x09002020u
#define L2TCP_ACK      0x09004020u
#define L2TCP_DOFF     0x09806004u /* in units of 4 bytes */
#define L2TCP_RESERVED 0x09006403u
#define L2TCP_FLAGS    0x09006709u /* L2TCP_FLAG_* */
#define L2TCP_WINDOW   0x09007010u
#define L2TCP_CSUM     0x09408010u
#define L2TCP_URGENT   0x09009010u

#define L2TCP_FLAG_FIN 0x001
#define L2TCP_FLAG_SYN 0x002
#define L2TCP_FLAG_RST 0x004
#define L2TCP_FLAG_PSH 0x008
#define L2TCP_FLAG_ACK 0x010
#define L2TCP_FLAG_URG 0x020
#define L2TCP_FLAG_ECE 0x040
#define L2TCP_FLAG_CWR 0x080
#define L2TCP_FLAG_AE  0x100 /* once NS */

#define L2ARP_REQUEST  1
#define L2ARP_REPLY    2
#define L2RARP_REQUEST 3
#define L2RARP_REPLY   4

/* struct l2field.type: how a value is written for people. */
#define L2FIELD_NUMBER 0
#define L2FIELD_HEX    1
#define L2FIELD_MAC    2
#define L2FIELD_IP4    3
#define L2FIELD_IP6    4

/* A field of a header. Frozen. */
struct l2field {
	const char *name; /* as in "ttl" */
	uint64_t value;   /* what the builder writes unless told otherwise */
	uint32_t id;      /* L2<PROTOCOL>_<FIELD> */
	uint32_t type;    /* L2FIELD_* */
};

/*
 * l2proto_name - the short name of a protocol, as in "ip4"; NULL where there is no such protocol
 *
 * @proto: L2PROTO_*; the numbers of a library begin at 1 and have no gap
 *
 * Safe from any thread. Since 0.1.
 */
L2_API const char *l2proto_name(uint32_t proto);

/*
 * l2proto_fields - the fields of a protocol's header, in the order of the header
 *
 * @proto: L2PROTO_*
 * @n:	   set to their number, 0 where there is no such protocol
 *
 * Returns the first of them, constant data of the library; NULL where @n is 0.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API const struct l2field *l2proto_fields(uint32_t proto, uint32_t *n);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_PROTO_H */
