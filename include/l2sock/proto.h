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

#define L2PROTO_NONE       0
#define L2PROTO_ETH        1 /* Ethernet: addresses, and a type or an 802.3 length */
#define L2PROTO_VLAN       2 /* a tag: TCI and the type behind it; its TPID is the type in front */
#define L2PROTO_LLC        3 /* 802.2 */
#define L2PROTO_SNAP       4
#define L2PROTO_ARP        5 /* and RARP */
#define L2PROTO_IP4        6
#define L2PROTO_IP6        7
#define L2PROTO_UDP        8
#define L2PROTO_TCP        9
#define L2PROTO_ICMP4      10
#define L2PROTO_ICMP6      11 /* other messages than those below */
#define L2PROTO_RS         12 /* router solicitation; like the next four with its ICMPv6 header */
#define L2PROTO_RA         13 /* router advertisement */
#define L2PROTO_NS         14 /* neighbour solicitation */
#define L2PROTO_NA         15 /* neighbour advertisement */
#define L2PROTO_REDIRECT   16
#define L2PROTO_NDADDR     17 /* option of the five above: link-layer address */
#define L2PROTO_NDPREFIX   18 /* option: prefix */
#define L2PROTO_NDMTU      19 /* option: MTU */
#define L2PROTO_NDRDNSS    20 /* option: recursive DNS servers */
#define L2PROTO_NDOPTION   21 /* any other option, the redirected header included */
#define L2PROTO_IGMP       22 /* queries, and all messages of IGMPv1 and IGMPv2 */
#define L2PROTO_IGMPREPORT 23 /* report of IGMPv3 */
#define L2PROTO_IGMPRECORD 24 /* group record behind it */
#define L2PROTO_MLD        25 /* queries, and all messages of MLDv1 */
#define L2PROTO_MLDREPORT  26 /* report of MLDv2 */
#define L2PROTO_MLDRECORD  27 /* group record behind it */
#define L2PROTO_HOP        28 /* IPv6 hop-by-hop options */
#define L2PROTO_DEST       29 /* IPv6 destination options */
#define L2PROTO_ROUTING    30 /* IPv6 routing header */
#define L2PROTO_FRAGMENT   31 /* IPv6 fragment header */
#define L2PROTO_AH         32 /* authentication header */
#define L2PROTO_ESP        33 /* encapsulating security payload: what follows is encrypted */

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

#define L2ICMP4_TYPE      0x0a000008u
#define L2ICMP4_CODE      0x0a000808u
#define L2ICMP4_CSUM      0x0a401010u
#define L2ICMP4_REST      0x0a002020u /* what the four bytes mean depends on the type: */
#define L2ICMP4_ID        0x0a002010u /* echo, timestamp */
#define L2ICMP4_SEQ       0x0a003010u
#define L2ICMP4_POINTER   0x0a002008u /* parameter problem */
#define L2ICMP4_MTU       0x0a003010u /* unreachable, code 4 */
#define L2ICMP4_GATEWAY   0x0a002020u /* redirect */
#define L2ICMP4_ORIGINATE 0x0a004020u /* timestamp, in milliseconds since midnight UTC */
#define L2ICMP4_RECEIVE   0x0a006020u
#define L2ICMP4_TRANSMIT  0x0a008020u

#define L2ICMP6_TYPE    0x0b000008u
#define L2ICMP6_CODE    0x0b000808u
#define L2ICMP6_CSUM    0x0b401010u
#define L2ICMP6_REST    0x0b002020u
#define L2ICMP6_ID      0x0b002010u /* echo */
#define L2ICMP6_SEQ     0x0b003010u
#define L2ICMP6_MTU     0x0b002020u /* packet too big */
#define L2ICMP6_POINTER 0x0b002020u /* parameter problem */

#define L2RS_TYPE     0x0c000008u
#define L2RS_CODE     0x0c000808u
#define L2RS_CSUM     0x0c401010u
#define L2RS_RESERVED 0x0c002020u

#define L2RA_TYPE      0x0d000008u
#define L2RA_CODE      0x0d000808u
#define L2RA_CSUM      0x0d401010u
#define L2RA_HLIM      0x0d002008u
#define L2RA_FLAGS     0x0d002808u /* L2RA_FLAG_* */
#define L2RA_LIFETIME  0x0d003010u /* in seconds */
#define L2RA_REACHABLE 0x0d004020u /* in milliseconds */
#define L2RA_RETRANS   0x0d006020u /* in milliseconds */

#define L2NS_TYPE     0x0e000008u
#define L2NS_CODE     0x0e000808u
#define L2NS_CSUM     0x0e401010u
#define L2NS_RESERVED 0x0e002020u
#define L2NS_TARGET   0x0e004080u

#define L2NA_TYPE   0x0f000008u
#define L2NA_CODE   0x0f000808u
#define L2NA_CSUM   0x0f401010u
#define L2NA_FLAGS  0x0f002008u /* L2NA_FLAG_* */
#define L2NA_TARGET 0x0f004080u

#define L2REDIRECT_TYPE     0x10000008u
#define L2REDIRECT_CODE     0x10000808u
#define L2REDIRECT_CSUM     0x10401010u
#define L2REDIRECT_RESERVED 0x10002020u
#define L2REDIRECT_TARGET   0x10004080u /* the better first hop */
#define L2REDIRECT_DST      0x1000c080u

#define L2NDADDR_TYPE 0x11000008u /* L2ND_SOURCE or L2ND_TARGET */
#define L2NDADDR_LEN  0x11200808u /* in units of 8 bytes */
#define L2NDADDR_MAC  0x11001030u

#define L2NDPREFIX_TYPE      0x12000008u
#define L2NDPREFIX_LEN       0x12200808u
#define L2NDPREFIX_BITS      0x12001008u
#define L2NDPREFIX_FLAGS     0x12001808u /* L2NDPREFIX_FLAG_* */
#define L2NDPREFIX_VALID     0x12002020u /* in seconds */
#define L2NDPREFIX_PREFERRED 0x12004020u /* in seconds */
#define L2NDPREFIX_PREFIX    0x12008080u

#define L2NDMTU_TYPE 0x13000008u
#define L2NDMTU_LEN  0x13200808u
#define L2NDMTU_MTU  0x13002020u

#define L2NDRDNSS_TYPE     0x14000008u
#define L2NDRDNSS_LEN      0x14200808u
#define L2NDRDNSS_LIFETIME 0x14002020u /* in seconds */
#define L2NDRDNSS_ADDR     0x14004080u /* the first; more may follow */

#define L2NDOPTION_TYPE 0x15000008u
#define L2NDOPTION_LEN  0x15200808u

#define L2IGMP_TYPE  0x16000008u
#define L2IGMP_CODE  0x16000808u /* maximum response time, a code of tenths of a second */
#define L2IGMP_CSUM  0x16401010u
#define L2IGMP_GROUP 0x16002020u
#define L2IGMP_S     0x16004401u /* here and below: queries of IGMPv3 */
#define L2IGMP_QRV   0x16004503u
#define L2IGMP_QQIC  0x16004808u /* a code of seconds */
#define L2IGMP_NSRC  0x16205010u

#define L2IGMPREPORT_TYPE 0x17000008u
#define L2IGMPREPORT_CSUM 0x17401010u
#define L2IGMPREPORT_NREC 0x17203010u

#define L2IGMPRECORD_TYPE  0x18000008u /* L2GROUP_* */
#define L2IGMPRECORD_AUX   0x18000808u /* in units of 4 bytes */
#define L2IGMPRECORD_NSRC  0x18201010u
#define L2IGMPRECORD_GROUP 0x18002020u

#define L2MLD_TYPE  0x19000008u
#define L2MLD_CODE  0x19000808u
#define L2MLD_CSUM  0x19401010u
#define L2MLD_DELAY 0x19002010u /* maximum response delay, a code of milliseconds */
#define L2MLD_GROUP 0x19004080u
#define L2MLD_S     0x1900c401u /* here and below: queries of MLDv2 */
#define L2MLD_QRV   0x1900c503u
#define L2MLD_QQIC  0x1900c808u /* a code of seconds */
#define L2MLD_NSRC  0x1920d010u

#define L2MLDREPORT_TYPE 0x1a000008u
#define L2MLDREPORT_CODE 0x1a000808u
#define L2MLDREPORT_CSUM 0x1a401010u
#define L2MLDREPORT_NREC 0x1a203010u

#define L2MLDRECORD_TYPE  0x1b000008u /* L2GROUP_* */
#define L2MLDRECORD_AUX   0x1b000808u /* in units of 4 bytes */
#define L2MLDRECORD_NSRC  0x1b201010u
#define L2MLDRECORD_GROUP 0x1b002080u

#define L2HOP_NEXT 0x1c100008u
#define L2HOP_LEN  0x1c800808u /* in units of 8 bytes beyond the first 8; as for the next two */

#define L2DEST_NEXT 0x1d100008u
#define L2DEST_LEN  0x1d800808u

#define L2ROUTING_NEXT 0x1e100008u
#define L2ROUTING_LEN  0x1e800808u
#define L2ROUTING_TYPE 0x1e001008u
#define L2ROUTING_LEFT 0x1e001808u /* segments */

#define L2FRAGMENT_NEXT   0x1f100008u
#define L2FRAGMENT_OFFSET 0x1f00100du /* in units of 8 bytes */
#define L2FRAGMENT_MF     0x1f001f01u
#define L2FRAGMENT_ID     0x1f002020u

#define L2AH_NEXT 0x20100008u
#define L2AH_LEN  0x20800808u /* in units of 4 bytes beyond the first 8 */
#define L2AH_SPI  0x20002020u
#define L2AH_SEQ  0x20004020u

#define L2ESP_SPI 0x21000020u
#define L2ESP_SEQ 0x21002020u

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

#define L2ICMP4_ECHO_REPLY        0
#define L2ICMP4_UNREACHABLE       3
#define L2ICMP4_REDIRECT          5
#define L2ICMP4_ECHO_REQUEST      8
#define L2ICMP4_TIME_EXCEEDED     11
#define L2ICMP4_PARAMETER_PROBLEM 12
#define L2ICMP4_TIMESTAMP         13
#define L2ICMP4_TIMESTAMP_REPLY   14

#define L2ICMP6_UNREACHABLE       1
#define L2ICMP6_TOO_BIG           2
#define L2ICMP6_TIME_EXCEEDED     3
#define L2ICMP6_PARAMETER_PROBLEM 4
#define L2ICMP6_ECHO_REQUEST      128
#define L2ICMP6_ECHO_REPLY        129
#define L2ICMP6_RS                133
#define L2ICMP6_RA                134
#define L2ICMP6_NS                135
#define L2ICMP6_NA                136
#define L2ICMP6_REDIRECT          137

#define L2RA_FLAG_MANAGED 0x80 /* addresses by DHCPv6 */
#define L2RA_FLAG_OTHER   0x40 /* other information by DHCPv6 */

#define L2NA_FLAG_ROUTER    0x80
#define L2NA_FLAG_SOLICITED 0x40
#define L2NA_FLAG_OVERRIDE  0x20

#define L2ND_SOURCE     1 /* options of neighbour discovery: link-layer address of the sender, */
#define L2ND_TARGET     2 /* of the target */
#define L2ND_PREFIX     3
#define L2ND_REDIRECTED 4 /* the packet that was redirected */
#define L2ND_MTU        5
#define L2ND_RDNSS      25

#define L2NDPREFIX_FLAG_ON_LINK    0x80
#define L2NDPREFIX_FLAG_AUTONOMOUS 0x40 /* hosts make addresses of it */

#define L2IGMP_QUERY    0x11
#define L2IGMP_REPORT_1 0x12 /* of IGMPv1, and so on */
#define L2IGMP_REPORT_2 0x16
#define L2IGMP_LEAVE    0x17
#define L2IGMP_REPORT_3 0x22

#define L2MLD_QUERY    130
#define L2MLD_REPORT_1 131
#define L2MLD_DONE     132
#define L2MLD_REPORT_2 143

#define L2GROUP_IS_INCLUDE 1 /* group records */
#define L2GROUP_IS_EXCLUDE 2
#define L2GROUP_TO_INCLUDE 3
#define L2GROUP_TO_EXCLUDE 4
#define L2GROUP_ALLOW      5
#define L2GROUP_BLOCK      6

#define L2IP4OPT_END          0
#define L2IP4OPT_NOP          1
#define L2IP4OPT_RECORD_ROUTE 7
#define L2IP4OPT_TIMESTAMP    68
#define L2IP4OPT_ROUTER_ALERT 148

#define L2IP6OPT_PAD1         0
#define L2IP6OPT_PADN         1
#define L2IP6OPT_ROUTER_ALERT 5
#define L2IP6OPT_JUMBO        194
#define L2IP6OPT_HOME_ADDRESS 201

#define L2TCPOPT_END            0
#define L2TCPOPT_NOP            1
#define L2TCPOPT_MSS            2
#define L2TCPOPT_WSCALE         3
#define L2TCPOPT_SACK_PERMITTED 4
#define L2TCPOPT_SACK           5
#define L2TCPOPT_TIMESTAMPS     8

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
