/* SPDX-License-Identifier: MIT */
/*
 * segment.h - cut a super-frame into the frames that go over the wire
 *
 *	struct l2segment s;
 *
 *	if (l2segment_begin(&s, frame, len, left.gso_type, left.gso_size) > 0)
 *		while ((n = l2segment_next(&s, buf, sizeof(buf))) > 0)
 *			send(buf, n);
 *
 * The frames are those that the kernel makes of it, byte for byte.
 */
#ifndef L2SOCK_SEGMENT_H
#define L2SOCK_SEGMENT_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A super-frame being cut. Frozen; needs no initialising. It refers to bytes that stay put. */
struct l2segment {
	const uint8_t *frame; /* the super-frame */
	uint32_t at;          /* where the payload of the next segment begins */
	uint32_t end;         /* where the payload ends */
	uint32_t n;           /* segments in all */
	uint32_t index;       /* of the next one, from 0 */
	uint16_t hdr_len;     /* bytes of headers, which every segment repeats */
	uint16_t gso_size;    /* bytes of payload in every segment but the last */
	uint16_t ip;          /* where the IP header begins */
	uint16_t transport;   /* where the TCP or UDP header begins */
	uint16_t seed;        /* sum of the pseudo-header without the length */
	uint8_t gso_type;     /* L2_GSO_* */
	uint8_t reserved[5];  /* 0 */
};

/*
 * l2segment_begin - look at a super-frame that is to be cut
 *
 * @s:	      where it is kept
 * @frame:    Ethernet, tags included, as l2frame_finish() built it with l2frame_offload() or as a
 *	      handle with offload received it; @len bytes, which stay in place until the last
 *	      segment is cut. A tag that the kernel took out is put back first: l2pkt_restore_tag()
 * @gso_type: L2_GSO_TCP4, L2_GSO_TCP6 or L2_GSO_UDP
 * @gso_size: bytes of payload in a segment, not 0
 *
 * What the length fields and checksums of the super-frame hold does not matter, but that a length
 * that tells less than there is cuts the payload.
 *
 * Returns the number of segments, 1 or more, or
 *   -EINVAL	  @s or @frame is NULL, more than 1 GiB, no such type, or a size of 0
 *   -EBADMSG	  it is no whole packet of that type directly in IP: another protocol, a fragment, a
 *		  tunnel
 *   -ENODATA	  bytes are missing at its end
 *   -EMSGSIZE	  a segment would have more bytes than its IP header can tell
 *   -EOPNOTSUPP  an IPv6 jumbogram
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2segment_begin(struct l2segment *s, const void *frame, size_t len, uint8_t gso_type,
			   uint16_t gso_size);

/*
 * l2segment_next - write the next segment
 *
 * @s:	 as l2segment_begin() left it
 * @buf: @cap bytes of the caller's, apart from the super-frame
 *
 * Every segment has the headers of the super-frame with its own lengths and complete checksums. The
 * identification of IPv4 and the sequence number of TCP go on from one to the next, FIN and PSH
 * stand in the last alone, CWR in the first alone.
 *
 * Returns the bytes written, 0 when there are no more segments, or
 *   -EINVAL	@s or @buf is NULL
 *   -EMSGSIZE	the segment has more than @cap bytes; it is still the next
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2segment_next(struct l2segment *s, void *buf, size_t cap);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_SEGMENT_H */
