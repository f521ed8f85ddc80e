/* SPDX-License-Identifier: MIT */
/*
 * csum.h - the Internet checksum (RFC 1071): sum up, fold, update
 *
 *	struct l2csum sum = { 0 };
 *
 *	l2csum_add_pseudo4(&sum, src, dst, 17, len);
 *	l2csum_add(&sum, datagram, len);
 *	check = l2csum_nonzero(l2csum_finish(&sum));
 *	memcpy(datagram + 6, &check, sizeof(check));
 *
 * Checksums are uint16_t as they lie in memory: they go into a frame and come out of one by
 * memcpy(), without htons(). Values of fields that are given by value are meant likewise. Data may
 * have any length and any alignment.
 *
 * Sums are taken modulo 65535, where 0x0000 and 0xffff are two spellings of zero. l2csum_finish()
 * and the l2csum_replace functions give the usual one, which is 0x0000 unless all that was summed
 * is 0 itself; l2csum_nonzero() gives the other one.
 *
 * Nothing here fails, but for l2csum_complete(). There is no state but the accumulator, which is
 * the caller's.
 */
#ifndef L2SOCK_CSUM_H
#define L2SOCK_CSUM_H

#include <string.h>

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A sum under way. { 0 } is the sum of nothing. Frozen: 16 bytes on every architecture. Copying it
 * is fine: headers that vary in front of a payload that does not need the payload summed up once.
 */
struct l2csum {
	uint64_t sum;      /* 16-bit words as they lie in memory, added up with end-around carry */
	uint32_t odd;      /* 1 after an odd number of bytes */
	uint32_t reserved; /* 0 */
};

/*
 * l2csum_add - add the bytes that follow
 *
 * @c:	  the sum so far
 * @data: @len bytes, @len may be 0 and odd. Bytes that come in several calls give the same sum as
 *	  in one, wherever they are cut.
 *
 * Safe from any thread, on different accumulators. Since 0.1.
 */
L2_API void l2csum_add(struct l2csum *c, const void *data, size_t len);

/*
 * l2csum_addv - add the bytes of several pieces, one behind the other
 *
 * @pieces: @n of them, each of any length
 *
 * Safe from any thread, on different accumulators. Since 0.1.
 */
L2_API void l2csum_addv(struct l2csum *c, const struct l2piece *pieces, size_t n);

/*
 * l2csum_copy - copy bytes and add them, at about the price of copying them
 *
 * @dst: room for @len bytes, which must not overlap with those at @src
 *
 * Safe from any thread, on different accumulators. Since 0.1.
 */
L2_API void l2csum_copy(struct l2csum *c, void *dst, const void *src, size_t len);

/*
 * l2csum_append - add bytes that have been summed up already
 *
 * @next: the sum of the bytes that follow
 *
 * Safe from any thread, on different accumulators. Since 0.1.
 */
L2_API void l2csum_append(struct l2csum *c, const struct l2csum *next);

/*
 * l2csum_add_pseudo4, l2csum_add_pseudo6 - add the pseudo-header of IPv4 or IPv6
 *
 * @src, @dst: 4 or 16 bytes each. Behind a routing header @dst is the final destination; a home
 *	       address option takes the place of @src.
 * @proto:     the protocol of the checksum: that behind all extension headers
 * @len:       bytes of its header and payload, as the IP header tells, never what a padded frame
 *	       happens to hold. For a super-frame, to be cut into segments by the kernel, all of it.
 *
 * May come before the data, after it, or alone for l2csum_fold().
 *
 * Safe from any thread, on different accumulators. Since 0.1.
 */
L2_API void l2csum_add_pseudo4(struct l2csum *c, const void *src, const void *dst, uint8_t proto,
			       uint32_t len);
L2_API void l2csum_add_pseudo6(struct l2csum *c, const void *src, const void *dst, uint8_t proto,
			       uint32_t len);

/*
 * l2csum_fold - the sum as 16 bits, not complemented
 *
 * Of a pseudo-header alone it is what the checksum field holds when the rest is left to the device
 * (csum_start, csum_offset). Of data with their checksum it is 0xffff if that is good.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_fold(const struct l2csum *c);

/*
 * l2csum_finish - the checksum: the complement of the sum
 *
 * Of data with their checksum it is 0 if that is good. UDP takes l2csum_nonzero() of it.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_finish(const struct l2csum *c);

/*
 * l2csum_nonzero - 0xffff in place of 0, which is the same checksum
 *
 * For UDP, where 0 stands for no checksum; and for ICMPv4 messages after l2csum_replace functions,
 * because a receiver finds 0 wrong where all else is 0, too.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_nonzero(uint16_t check);

/*
 * l2csum_compute - the checksum of some bytes; 0 if they hold a good one
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_compute(const void *data, size_t len);

/*
 * l2csum_ip4 - the checksum of an IPv4 header; 0 if it holds a good one
 *
 * @header: @len bytes, options included. To make the checksum, set its field to 0 before. The
 *	    common @len of 20 costs no call.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_ip4(const void *header, size_t len);

/*
 * l2csum_replace16, l2csum_replace32, l2csum_replace128 - the checksum after a field changed
 *
 * @check:     the checksum before. If it was wrong, it stays wrong, by the same difference.
 * @from, @to: the field before and after, as it lies in memory: at an even distance from the first
 *	       byte summed. 16 bytes each for l2csum_replace128().
 *
 * Reads nothing but its arguments (RFC 1624, equation 3). UDP takes l2csum_udp() of the result.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_replace16(uint16_t check, uint16_t from, uint16_t to);
L2_API uint16_t l2csum_replace32(uint16_t check, uint32_t from, uint32_t to);
L2_API uint16_t l2csum_replace128(uint16_t check, const void *from, const void *to);

/*
 * l2csum_replace - the checksum after some bytes changed
 *
 * @check:     the checksum before
 * @from, @to: @len bytes each, before and after
 * @offset:    their distance from the first byte summed: of this only matters whether it is odd
 *
 * As l2csum_replace16(), for bytes at any place, such as TCP options.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_replace(uint16_t check, const void *from, const void *to, size_t len,
			       size_t offset);

/*
 * l2csum_udp - what a UDP header takes after a change
 *
 * @before: the field before the change: 0, no checksum, stays 0
 * @check:  what l2csum_replace16() and the others made of it
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint16_t l2csum_udp(uint16_t before, uint16_t check);

/*
 * l2csum_complete - do what was left to the device
 *
 * @frame:  @len bytes, without trailer
 * @start:  csum_start: the first byte to sum up; from there to @len
 * @offset: csum_offset: the field's distance from @start. It holds the folded sum of the
 *	    pseudo-header and gets the checksum, 0xffff in place of 0.
 *
 * Returns 0, or -EINVAL if @frame is NULL or the field is not within it.
 *
 * Safe from any thread, on different frames. Since 0.1.
 */
L2_API int l2csum_complete(void *frame, size_t len, size_t start, size_t offset);

#ifndef L2SOCK_NO_INLINE

/* A number plus itself with its halves swapped has the sum of the two in its upper half, and the
   carry of the lower one in it. */
L2SOCK_INLINE uint16_t l2csum_fold(const struct l2csum *c)
{
	uint64_t sum = c->sum + (c->sum << 32 | c->sum >> 32);
	uint32_t half = (uint32_t)(sum >> 32);

	half += half << 16 | half >> 16;
	return (uint16_t)(half >> 16);
}

L2SOCK_INLINE uint16_t l2csum_finish(const struct l2csum *c)
{
	return (uint16_t)~l2csum_fold(c);
}

L2SOCK_INLINE uint16_t l2csum_nonzero(uint16_t check)
{
	return check ? check : 0xffffu;
}

L2SOCK_INLINE uint16_t l2csum_udp(uint16_t before, uint16_t check)
{
	return before ? l2csum_nonzero(check) : before;
}

/* One byte further is eight bits to the left, around the end, in every one of the words. */
L2SOCK_INLINE void l2csum_append(struct l2csum *c, const struct l2csum *next)
{
	uint64_t sum = c->odd ? next->sum << 8 | next->sum >> 56 : next->sum;

	c->sum += sum;
	c->sum += c->sum < sum;
	c->odd ^= next->odd;
}

L2SOCK_INLINE void l2csum_add_pseudo4(struct l2csum *c, const void *src, const void *dst,
				      uint8_t proto, uint32_t len)
{
	uint8_t tail[8] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	uint32_t words[4];
	uint64_t sum;

	tail[0] = (uint8_t)(len >> 24);
	tail[1] = (uint8_t)(len >> 16);
	tail[2] = (uint8_t)(len >> 8);
	tail[3] = (uint8_t)len;
	tail[7] = proto;
	memcpy(&words[0], src, 4);
	memcpy(&words[1], dst, 4);
	memcpy(&words[2], tail, 8);
	sum = (uint64_t)words[0] + words[1] + words[2] + words[3];
	c->sum += sum;
	c->sum += c->sum < sum;
}

L2SOCK_INLINE void l2csum_add_pseudo6(struct l2csum *c, const void *src, const void *dst,
				      uint8_t proto, uint32_t len)
{
	uint8_t tail[8] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	uint32_t words[10];
	uint64_t sum;

	tail[0] = (uint8_t)(len >> 24);
	tail[1] = (uint8_t)(len >> 16);
	tail[2] = (uint8_t)(len >> 8);
	tail[3] = (uint8_t)len;
	tail[7] = proto;
	memcpy(&words[0], src, 16);
	memcpy(&words[4], dst, 16);
	memcpy(&words[8], tail, 8);
	sum = (uint64_t)words[0] + words[1] + words[2] + words[3] + words[4] + words[5] + words[6] +
	      words[7] + words[8] + words[9];
	c->sum += sum;
	c->sum += c->sum < sum;
}

L2SOCK_INLINE uint16_t l2csum_ip4(const void *header, size_t len)
{
	struct l2csum c = { 0, 0, 0 };
	uint32_t words[5];

	if (len != sizeof(words))
		return l2csum_compute(header, len);
	memcpy(words, header, sizeof(words));
	c.sum = (uint64_t)words[0] + words[1] + words[2] + words[3] + words[4];
	return l2csum_finish(&c);
}

L2SOCK_INLINE uint16_t l2csum_replace16(uint16_t check, uint16_t from, uint16_t to)
{
	struct l2csum c = { 0, 0, 0 };

	c.sum = (uint64_t)(uint16_t)~check + (uint16_t)~from + to;
	return l2csum_finish(&c);
}

L2SOCK_INLINE uint16_t l2csum_replace32(uint16_t check, uint32_t from, uint32_t to)
{
	struct l2csum c = { 0, 0, 0 };

	c.sum = (uint64_t)(uint16_t)~check + (uint32_t)~from + to;
	return l2csum_finish(&c);
}

L2SOCK_INLINE uint16_t l2csum_replace128(uint16_t check, const void *from, const void *to)
{
	struct l2csum c = { 0, 0, 0 };
	uint32_t before[4], after[4];
	int i;

	memcpy(before, from, sizeof(before));
	memcpy(after, to, sizeof(after));
	c.sum = (uint16_t)~check;
	for (i = 0; i < 4; i++)
		c.sum += (uint64_t)(uint32_t)~before[i] + after[i];
	return l2csum_finish(&c);
}

#endif /* L2SOCK_NO_INLINE */

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_CSUM_H */
