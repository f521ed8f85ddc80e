/* SPDX-License-Identifier: MIT */
/*
 * match.h - filter programs from a struct, for those who want no expression
 *
 *	struct l2match m = { .size = sizeof(m) };
 *
 *	m.fields = L2MATCH_PROTO | L2MATCH_DST_PORT;
 *	m.proto = 17;
 *	m.dst_port = 53;
 *	n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);
 *
 * A frame matches when all that is asked for is true of it, as it is on the wire.
 */
#ifndef L2SOCK_MATCH_H
#define L2SOCK_MATCH_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* l2match.fields: what is asked for. */
#define L2MATCH_ETH_DST   0x0001u /* eth_dst */
#define L2MATCH_ETH_SRC   0x0002u /* eth_src */
#define L2MATCH_NOT_FROM  0x0004u /* not eth_not_from: leaves a host's own frames out */
#define L2MATCH_VLAN      0x0008u /* the outermost tag has vlan_id */
#define L2MATCH_SKIP_TAGS 0x0010u /* what follows is asked behind up to two tags */
#define L2MATCH_ETHERTYPE 0x0020u /* ethertype */
#define L2MATCH_IP4       0x0040u /* IPv4; with L2MATCH_IP6 one of both */
#define L2MATCH_IP6       0x0080u /* IPv6 */
#define L2MATCH_PROTO     0x0100u /* the protocol in IP, proto */
#define L2MATCH_SRC_IP    0x0200u /* src_ip, of the one version asked for */
#define L2MATCH_DST_IP    0x0400u /* dst_ip */
#define L2MATCH_SRC_PORT  0x0800u /* src_port, of TCP, UDP or SCTP */
#define L2MATCH_DST_PORT  0x1000u /* dst_port */

#define L2MATCH_EXTENSIONS 6 /* IPv6 extension headers that are walked through */

/* What to match. Fields not named in "fields" are left alone, except snaplen. */
struct l2match {
	uint32_t size;      /* sizeof(struct l2match), or use l2match_init() */
	uint32_t fields;    /* L2MATCH_* */
	uint32_t snaplen;   /* bytes of a frame to deliver; 0: all */
	uint8_t eth_dst[6]; /* L2_MAC_LEN bytes each */
	uint8_t eth_src[6];
	uint8_t eth_not_from[6];
	uint16_t vlan_id;       /* 0 to 4095; 0 is a tag that only carries a priority */
	uint16_t ethertype;     /* behind the tags that VLAN and SKIP_TAGS speak of */
	uint16_t src_port;      /* one port, or the first of a range */
	uint16_t src_port_last; /* the last of the range; 0: there is one port */
	uint16_t dst_port;
	uint16_t dst_port_last;
	uint8_t proto;      /* in IPv6 behind the extension headers */
	uint8_t src_prefix; /* bits of the address that count; 0: all */
	uint8_t dst_prefix;
	uint8_t reserved[3]; /* 0 */
	uint8_t src_ip[16];  /* network order; IPv4 takes the first four bytes */
	uint8_t dst_ip[16];
};

/*
 * l2match_init - prepare a match for a caller that knows "size" bytes of it
 *
 * Zeroes the struct and sets its size: it matches every frame. Safe from any thread. Since 0.1.
 */
L2_API void l2match_init(struct l2match *m, uint32_t size);

/*
 * l2match_compile - make a filter program of a match
 *
 * @m:	   what to match
 * @insns: where the program goes, @max instructions; undefined on failure
 * @err:   on failure, the rule broken; may be NULL
 *
 * The program is for frames as on the wire, as l2sock_set_filter() takes it. Without L2MATCH_VLAN
 * and L2MATCH_SKIP_TAGS, ethertype and IP are looked for right behind the addresses: tagged frames
 * do not match. Tags are those of L2_TPID_8021Q, _8021AD and _QINQ.
 *
 * IPv4 options and IPv6 extension headers (hop-by-hop, routing, fragment, authentication,
 * destination; up to L2MATCH_EXTENSIONS) are skipped. Ports are in the first fragment only: later
 * ones do not match. Where only the protocol is asked for, all fragments of IPv4 match, and those
 * of IPv6 whose fragment header names it.
 *
 * Returns the number of instructions, or
 *   -EINVAL  @m or @insns is NULL, a bad size, unknown fields, or fields that contradict each other
 *   -E2BIG   @m has something set that this library does not know
 *   -ENOSPC  the program has more than @max instructions
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2match_compile(const struct l2match *m, struct l2insn *insns, size_t max,
			       struct l2err *err);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_MATCH_H */
