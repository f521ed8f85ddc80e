/* SPDX-License-Identifier: MIT */
/*
 * build.h - build a frame in memory, outside in
 *
 *	struct l2frame f;
 *
 *	l2frame_init(&f, buf, sizeof(buf));
 *	l2frame_eth(&f, dst, src);
 *	l2frame_ip4(&f, my_ip, dst_ip);
 *	l2frame_udp(&f, 4000, 5000);
 *	l2frame_payload(&f, "hello", 5);
 *	n = l2frame_finish(&f);
 *
 * Every call between l2frame_init() and l2frame_finish() appends to the frame in @buf, or changes
 * what is there; none of them returns an error. The first error sticks: what follows changes
 * nothing, l2frame_finish() returns it and l2frame_error() tells the layer and the rule broken.
 *
 * l2frame_finish() fills what the caller left open: lengths, the number of the protocol that
 * follows, checksums. What the caller set with l2frame_set() stays, wrong values and 0 included.
 *
 * A frame without room still counts: l2frame_init(&f, NULL, 0), the same calls, then l2frame_size()
 * tells the room needed.
 *
 * Options, ICMP, neighbour discovery, IGMP and MLD are in option.h, icmp.h and group.h.
 *
 * Addresses are bytes in the order of the wire: 6 of Ethernet, 4 of IPv4, 16 of IPv6. All other
 * parameters are integers in host order.
 */
#ifndef L2SOCK_BUILD_H
#define L2SOCK_BUILD_H

#include <l2sock/proto.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2FRAME_LAYERS 32 /* headers in a frame; consecutive VLAN tags count as one */
#define L2FRAME_PAD    60 /* the shortest Ethernet frame, without its frame check sequence */

/* The builder. Frozen; needs no clean-up. Copying it makes a second builder of the same buffer. */
struct l2frame {
	uint64_t opaque[64];
};

/*
 * l2frame_init - start a frame
 *
 * @f:	 the builder
 * @buf: where the frame goes, borrowed until the frame is finished; NULL with @cap 0 only counts
 * @cap: bytes there
 *
 * One thread at a time per builder is enough: builders share nothing. Safe from any thread.
 * Since 0.1.
 */
L2_API void l2frame_init(struct l2frame *f, void *buf, size_t cap);

/*
 * l2frame_eth - an Ethernet header
 *
 * @dst: 6 bytes; NULL: what follows tells it: multicast and broadcast of IPv4 and IPv6, ARP
 * @src: 6 bytes
 *
 * The type is filled by what follows: a protocol, a tag or, behind l2frame_llc(), a length.
 *
 * Makes l2frame_finish() return
 *   -EINVAL	      @src is NULL; so does every address below that may not be
 *   -EDESTADDRREQ    @dst is NULL, and nothing that follows tells it
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_eth(struct l2frame *f, const void *dst, const void *src);

/*
 * l2frame_vlan - one more VLAN tag, inside those before
 *
 * @tpid: L2_TPID_* or any other; 0 is L2_TPID_8021Q
 * @tci:  see l2frame_tci()
 *
 * Makes l2frame_finish() return
 *   -EINVAL  no ethertype is open in front of the tag
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_vlan(struct l2frame *f, uint16_t tpid, uint16_t tci);

/*
 * l2frame_tci - the tag control information of a priority, drop eligibility and VLAN identifier
 *
 * Higher bits of each are cut off. Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2frame_tci(unsigned int pcp, unsigned int dei, unsigned int vid);

/*
 * l2frame_llc - an 802.2 header of 3 bytes; the type in front becomes the 802.3 length
 *
 * Makes l2frame_finish() return
 *   -EMSGSIZE  more than 1500 bytes follow the type
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_llc(struct l2frame *f, uint8_t dsap, uint8_t ssap, uint8_t control);

/*
 * l2frame_snap - an 802.2 header followed by SNAP
 *
 * @oui: 24 bits; with 0 the protocol that follows fills in its ethertype, unless @pid says one
 * @pid: 0 or the protocol in terms of @oui
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_snap(struct l2frame *f, uint32_t oui, uint16_t pid);

/*
 * l2frame_arp - ARP or RARP between Ethernet and IPv4 addresses
 *
 * @op:		L2ARP_REQUEST or any other; L2RARP_REQUEST and L2RARP_REPLY fill in RARP's ethertype
 * @sha, @spa:	the sender's addresses, 6 and 4 bytes
 * @tha, @tpa:	the target's; NULL for @tha is all zeros
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_arp(struct l2frame *f, uint16_t op, const void *sha, const void *spa,
			const void *tha, const void *tpa);

/*
 * l2frame_ip4 - an IPv4 header of 20 bytes
 *
 * @src: 4 bytes
 * @dst: 4 bytes; NULL: what follows tells it, IGMP
 *
 * TTL 64, do not fragment, identification 0.
 *
 * Makes l2frame_finish() return
 *   -EMSGSIZE  the packet exceeds 65535 bytes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4(struct l2frame *f, const void *src, const void *dst);

/*
 * l2frame_ip4_fragment - make the IPv4 header a fragment's
 *
 * @id:	    identification
 * @offset: where its data stands in the whole packet, in bytes, a multiple of 8 below 65536
 * @more:   not 0: fragments follow
 *
 * A fragment's transport checksum covers the whole packet, so that it is not filled in, unless
 * both @offset and @more are 0.
 *
 * Makes l2frame_finish() return
 *   -EINVAL  @offset is another
 *   -ENOENT  there is no IPv4 header
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4_fragment(struct l2frame *f, uint16_t id, uint32_t offset, int more);

/*
 * l2frame_ip6 - an IPv6 header
 *
 * @src: 16 bytes
 * @dst: 16 bytes; NULL: what follows tells it: neighbour discovery, MLD
 *
 * Hop limit 64, traffic class and flow label 0; what no protocol follows has next header 59.
 *
 * Makes l2frame_finish() return
 *   -EMSGSIZE  the payload exceeds 65535 bytes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6(struct l2frame *f, const void *src, const void *dst);

/*
 * l2frame_udp - a UDP header
 *
 * A checksum that comes out as 0 is sent as 0xffff; for none, l2frame_set(f, L2UDP_CSUM, 0).
 *
 * Makes l2frame_finish() return
 *   -EMSGSIZE  the datagram exceeds 65535 bytes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_udp(struct l2frame *f, uint16_t sport, uint16_t dport);

/*
 * l2frame_tcp - a TCP header of 20 bytes
 *
 * @flags: L2TCP_FLAG_*
 *
 * Window 65535. Safe from any thread. Since 0.1.
 */
L2_API void l2frame_tcp(struct l2frame *f, uint16_t sport, uint16_t dport, uint32_t seq,
			uint32_t ack, unsigned int flags);

/*
 * l2frame_payload - bytes as they are
 *
 * @data: copied; NULL with @n 0 is fine
 *
 * Any number of pieces of any length, in front of further headers too.
 *
 * Makes l2frame_finish() return
 *   -EINVAL	@data is NULL
 *   -EMSGSIZE	the frame would exceed 1 GiB
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_payload(struct l2frame *f, const void *data, size_t n);

/*
 * l2frame_reserve - room for payload that the caller writes itself before finishing
 *
 * Returns where @n bytes are to be written, or NULL when there is no room, or an error has stuck.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void *l2frame_reserve(struct l2frame *f, size_t n);

/*
 * l2frame_pad - fill the finished frame up with zeros
 *
 * @len: the least length of the frame, as in L2FRAME_PAD; padding is part of no protocol's length
 *	 or checksum. Frames are not padded unless told.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_pad(struct l2frame *f, size_t len);

/*
 * l2frame_set - set any field of the latest header of its protocol
 *
 * @field: L2<PROTOCOL>_<FIELD> of proto.h
 * @value: in host order
 *
 * Finishing leaves the field alone then.
 *
 * Makes l2frame_finish() return
 *   -ENOENT  there is no such header yet
 *   -ERANGE  @value is wider than the field
 *   -EINVAL  @field is no field, or one of more than 64 bits
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_set(struct l2frame *f, uint32_t field, uint64_t value);

/*
 * l2frame_set_bytes - set a field of whole bytes, as in an address, in the order of the wire
 *
 * Makes l2frame_finish() return
 *   -ENOENT  there is no such header yet
 *   -EINVAL  @field is no field of whole bytes, or @bytes is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_set_bytes(struct l2frame *f, uint32_t field, const void *bytes);

/*
 * l2frame_offload - leave the innermost UDP or TCP checksum to the kernel or the device
 *
 * @gso_size: not 0: the frame is a super-frame, to be cut into segments of so much payload
 *
 * Finishing writes the sum of the pseudo-header, with the full length, into the checksum's field
 * and describes the rest: l2frame_get_offload(). A checksum around it is computed as if the inner
 * one were complete.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_offload(struct l2frame *f, uint16_t gso_size);

/*
 * l2frame_get_offload - what a finished frame leaves to be done
 *
 * All zeros where there is nothing. Safe from any thread. Since 0.1.
 */
L2_API void l2frame_get_offload(const struct l2frame *f, struct l2offload *ret);

/*
 * l2frame_finish - fill what was left open
 *
 * May be called again after further calls.
 *
 * Returns the length of the frame, or
 *   -ENOSPC	the room is too small, see l2frame_size(); or only counted
 *   -EMSGSIZE	a length does not fit its field
 *   -E2BIG	more than L2FRAME_LAYERS headers
 *   -EDESTADDRREQ	a destination is NULL, and nothing that follows tells it
 *   -EINVAL, -ENOENT, -ERANGE	  as the call says that found it
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2frame_finish(struct l2frame *f);

/*
 * l2frame_size - the length of the frame so far, whatever the room
 *
 * Exact after -ENOSPC; behind another error it stands still. Safe from any thread. Since 0.1.
 */
L2_API size_t l2frame_size(const struct l2frame *f);

/*
 * l2frame_error - tell the error that stuck
 *
 * @ret: filled with the code, the layer and the rule broken, as in "ip4 (layer 2): 20 bytes make
 *	 34, there is room for 30"; with 0 and "success" where there is none
 *
 * Returns the code. Safe from any thread. Since 0.1.
 */
L2_API int l2frame_error(const struct l2frame *f, struct l2err *ret);

#ifndef L2SOCK_NO_INLINE

L2SOCK_INLINE uint16_t l2frame_tci(unsigned int pcp, unsigned int dei, unsigned int vid)
{
	return (uint16_t)((pcp & 7u) << 13 | (dei & 1u) << 12 | (vid & 0xfffu));
}

#endif /* L2SOCK_NO_INLINE */

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_BUILD_H */
