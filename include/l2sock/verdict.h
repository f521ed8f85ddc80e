/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - the checksums of a parsed frame: judge them, put them right
 *
 *	l2parse_pkt(&p, &pkt, 0);
 *	for (i = 0; i < p.n; i++)
 *		if (l2parse_verdict(&p, i) == L2VERDICT_BAD)
 *			printf("%s\n", l2proto_name(p.layer[i].proto));
 *
 * How much a checksum covers is told by the length fields, never by where the frame ends: padding
 * and other trailers do not count.
 */
#ifndef L2SOCK_VERDICT_H
#define L2SOCK_VERDICT_H

#include <l2sock/parse.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2VERDICT_NONE      0 /* the header has no checksum, or is quoted by an ICMP error */
#define L2VERDICT_GOOD      1
#define L2VERDICT_BAD       2
#define L2VERDICT_ABSENT    3 /* the sender made none: UDP in IPv4 */
#define L2VERDICT_NOT_READY 4 /* left to a device: the field holds no final sum, this is no error */
#define L2VERDICT_FRAGMENT  5 /* it covers more than this fragment */
#define L2VERDICT_TRUNCATED 6 /* it covers bytes that were not captured */
#define L2VERDICT_UNKNOWN   7 /* nothing tells the addresses that it covers */

/*
 * l2parse_verdict - whether the checksum of a layer is right
 *
 * @p:	   a frame taken apart
 * @index: of the layer
 *
 * The pseudo-header has the final destination behind a routing header of type 0, 2 or 4, and the
 * home address in place of the source. A UDP checksum of 0 is bad in IPv6. NOT_READY is what the
 * descriptor told l2parse_pkt(), of TCP and UDP.
 *
 * Returns L2VERDICT_*, or -ENOENT if there is no such layer.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_verdict(const struct l2parse *p, uint32_t index);

/*
 * l2verdict_name - a verdict as a word, as in "not ready"; NULL where there is no such verdict
 *
 * Safe from any thread. Since 0.1.
 */
L2_API const char *l2verdict_name(uint32_t verdict);

/*
 * l2parse_fix - put every checksum of a frame right
 *
 * @p:	   the frame taken apart; a checksum that was not ready is so from now on
 * @frame: its bytes, where @p found them
 *
 * Writes those that are bad or not ready. Others stay as they are: good ones bit by bit, those of
 * fragments and truncated packets, and what a UDP sender left out in IPv4.
 *
 * Returns the number of checksums written, or
 *   -EINVAL  @frame is not where @p found it
 *
 * Safe from any thread, on different frames. Since 0.1.
 */
L2_API int l2parse_fix(struct l2parse *p, void *frame);

/*
 * l2parse_clamp_mss - lower the segment size that a TCP SYN announces
 *
 * @frame: the bytes, where @p found them
 * @mss:   the most that is allowed
 *
 * The checksum follows by the difference (RFC 1624), so that it works on first fragments and on
 * truncated packets, and a wrong one stays wrong; one that is not ready does not cover the options
 * yet and stays. Other segments, a size that is small enough, and a SYN without the option are left
 * alone.
 *
 * Returns 1 if the size was lowered, 0 if there was nothing to do, or
 *   -EBADMSG  an option does not fit the header
 *   -EINVAL   @frame is not where @p found it, or @mss is 0
 *
 * Safe from any thread, on different frames. Since 0.1.
 */
L2_API int l2parse_clamp_mss(const struct l2parse *p, void *frame, uint16_t mss);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_VERDICT_H */
