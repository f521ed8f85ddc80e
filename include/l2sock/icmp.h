/* SPDX-License-Identifier: MIT */
/*
 * icmp.h - ICMP, ICMPv6 and neighbour discovery
 *
 *	l2frame_eth(&f, NULL, my_mac);
 *	l2frame_ip6(&f, my_ip, NULL);
 *	l2frame_ns(&f, target);
 *	l2frame_nd_addr(&f, L2ND_SOURCE, my_mac);
 *
 * Neighbour discovery fills in what it has to have: hop limit 255 in place of the 64 of
 * l2frame_ip6(), and the destinations that are left NULL. Its options are layers of their own. As
 * in build.h the first error sticks and l2frame_finish() returns it.
 */
#ifndef L2SOCK_ICMP_H
#define L2SOCK_ICMP_H

#include <l2sock/build.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * l2frame_icmp4, l2frame_icmp6 - the header of any message
 *
 * @type: L2ICMP4_* or L2ICMP6_*
 * @rest: the four bytes behind the checksum: see the fields of the protocol
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_icmp4(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest);
L2_API void l2frame_icmp6(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest);

/*
 * l2frame_icmp4_echo, l2frame_icmp6_echo - a ping or its answer
 *
 * @type: L2ICMP4_ECHO_REQUEST, L2ICMP6_ECHO_REQUEST, or _REPLY
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_icmp4_echo(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq);
L2_API void l2frame_icmp6_echo(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq);

/*
 * l2frame_icmp4_error, l2frame_icmp6_error - an error with the beginning of the packet it is about
 *
 * @rest:   the pointer, MTU or gateway of the types that have one
 * @packet: from its IP header on, copied; as much of @n bytes as an error may quote: 548 of IPv4,
 *	    1232 of IPv6
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_icmp4_error(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest,
				const void *packet, size_t n);
L2_API void l2frame_icmp6_error(struct l2frame *f, uint8_t type, uint8_t code, uint32_t rest,
				const void *packet, size_t n);

/*
 * l2frame_icmp4_timestamp - ask for the time, or tell it
 *
 * @type: L2ICMP4_TIMESTAMP or L2ICMP4_TIMESTAMP_REPLY
 * @originate, @receive, @transmit: milliseconds since midnight UTC
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_icmp4_timestamp(struct l2frame *f, uint8_t type, uint16_t id, uint16_t seq,
				    uint32_t originate, uint32_t receive, uint32_t transmit);

/*
 * l2frame_rs - a router solicitation; left NULL, its destination is all routers
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_rs(struct l2frame *f);

/*
 * l2frame_ra - a router advertisement; left NULL, its destination is all nodes
 *
 * @hlim:     hop limit for hosts to use, 0: unspecified
 * @flags:    L2RA_FLAG_*
 * @lifetime: seconds; 0: no default router
 *
 * Reachable time and retransmission interval are 0, unspecified.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ra(struct l2frame *f, uint8_t hlim, uint8_t flags, uint16_t lifetime);

/*
 * l2frame_ns - a neighbour solicitation; left NULL, its destination is the solicited-node group
 *
 * @target: 16 bytes
 *
 * Makes l2frame_finish() return
 *   -EINVAL    an address or a packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ns(struct l2frame *f, const void *target);

/*
 * l2frame_na - a neighbour advertisement; left NULL, its destination is all nodes
 *
 * @target: 16 bytes
 * @flags:  L2NA_FLAG_*
 *
 * Makes l2frame_finish() return
 *   -EINVAL    an address or a packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_na(struct l2frame *f, const void *target, uint8_t flags);

/*
 * l2frame_redirect - a redirect to a better first hop
 *
 * @target: the hop, 16 bytes
 * @dst:    for whom, 16 bytes; the same where it is on the link itself
 *
 * Makes l2frame_finish() return
 *   -EINVAL    an address or a packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_redirect(struct l2frame *f, const void *target, const void *dst);

/*
 * l2frame_nd_addr - option: the Ethernet address of the sender or of the target
 *
 * @type: L2ND_SOURCE or L2ND_TARGET
 * @mac:  6 bytes
 *
 * Makes l2frame_finish() return
 *   -EINVAL    an address or a packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_addr(struct l2frame *f, uint8_t type, const void *mac);

/*
 * l2frame_nd_prefix - option: a prefix of the link
 *
 * @prefix:    16 bytes
 * @bits:      of it that count, at most 128
 * @flags:     L2NDPREFIX_FLAG_*
 * @valid:     seconds that the prefix is valid, 0xffffffff for ever
 * @preferred: seconds that addresses made of it are preferred
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @prefix is NULL, or @bits are too many
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_prefix(struct l2frame *f, const void *prefix, uint8_t bits, uint8_t flags,
			      uint32_t valid, uint32_t preferred);

/*
 * l2frame_nd_mtu - option: the MTU of the link
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_mtu(struct l2frame *f, uint32_t mtu);

/*
 * l2frame_nd_rdnss - option: DNS servers (RFC 8106)
 *
 * @lifetime: seconds
 * @addrs:    @n times 16 bytes, 1 to 127
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @addrs is NULL, or @n another number
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_rdnss(struct l2frame *f, uint32_t lifetime, const void *addrs, size_t n);

/*
 * l2frame_nd_redirected - option: the beginning of the packet that was redirected
 *
 * @packet: from its IPv6 header on, copied; as much of @n bytes as a redirect with the target's
 *	    address has room for, in whole units of 8
 *
 * Makes l2frame_finish() return
 *   -EINVAL    an address or a packet is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_redirected(struct l2frame *f, const void *packet, size_t n);

/*
 * l2frame_nd_option - any option
 *
 * @data: what follows type and length, copied; zeros make the option whole units of 8 bytes
 * @n:	  at most 2038
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @data is NULL or too long
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_nd_option(struct l2frame *f, uint8_t type, const void *data, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_ICMP_H */
