/* SPDX-License-Identifier: MIT */
/*
 * option.h - options of IPv4 and TCP, extension headers of IPv6
 *
 * An option goes behind those before it in the latest header, which must be of its protocol and end
 * the frame so far. The header grows by whole words (4 bytes in IPv4 and TCP, 8 in IPv6) and tells
 * its length; what is left is padding: zeros, PadN in IPv6. The next option takes its place.
 *
 *	l2frame_tcp(&f, 1024, 80, seq, 0, L2TCP_FLAG_SYN);
 *	l2frame_tcp_mss(&f, 1460);
 *	l2frame_tcp_wscale(&f, 7);
 *
 * As in build.h the first error sticks and l2frame_finish() returns it.
 */
#ifndef L2SOCK_OPTION_H
#define L2SOCK_OPTION_H

#include <l2sock/build.h>
#include <l2sock/parse.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One option of a parsed header. Frozen. Zero it to begin with the first. */
struct l2option {
	const uint8_t *data; /* behind type and length, in the frame; NULL when there is neither */
	uint32_t next;       /* where in the header the next one begins */
	uint16_t len;        /* bytes of data */
	uint8_t type;        /* L2IP4OPT_*, L2TCPOPT_* or L2IP6OPT_* */
	uint8_t reserved;    /* 0 */
};

/* l2tcpopts.valid: which options there are. */
#define L2TCPOPTS_MSS            0x01u
#define L2TCPOPTS_WSCALE         0x02u
#define L2TCPOPTS_SACK_PERMITTED 0x04u
#define L2TCPOPTS_SACK           0x08u
#define L2TCPOPTS_TIMESTAMPS     0x10u

/* The options of a TCP header. Frozen: 48 bytes. What is not valid is 0. */
struct l2tcpopts {
	uint32_t valid;          /* L2TCPOPTS_* */
	uint16_t mss;            /* the largest segment the sender takes */
	uint8_t wscale;          /* by how many bits its windows are to be shifted */
	uint8_t sack_blocks;     /* pairs in sack */
	uint32_t timestamp;      /* the sender's clock */
	uint32_t timestamp_echo; /* the receiver's, sent back */
	uint32_t sack[8]; /* edges: the first byte of a block, the first behind it, and so on */
};

/*
 * l2frame_ip4_option - any option of IPv4
 *
 * @type: L2IP4OPT_* or any other; with 0 and 1 (end, no operation) the option is that one byte
 * @data: what follows type and length, copied; NULL with @n 0 is fine
 *
 * Makes l2frame_finish() return
 *   -ENOENT    the frame so far does not end in an IPv4 header
 *   -EMSGSIZE  the header would exceed 60 bytes
 *   -EINVAL    @data is NULL or too long
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4_option(struct l2frame *f, uint8_t type, const void *data, size_t n);

/*
 * l2frame_ip4_router_alert - routers shall look at the packet, whomever it is for (RFC 2113)
 *
 * IGMP brings it by itself. Errors are those of l2frame_ip4_option().
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4_router_alert(struct l2frame *f);

/*
 * l2frame_ip4_record_route - routers shall write down their addresses
 *
 * @slots: room for so many, 1 to 9
 *
 * Errors are those of l2frame_ip4_option(), and -EINVAL for another number of @slots.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4_record_route(struct l2frame *f, unsigned int slots);

/*
 * l2frame_ip4_timestamp - routers shall write down the time
 *
 * @flag:  0 times only, 1 with addresses, 3 at the addresses given, which are all zeros
 * @slots: room for so many, 1 to 9; with addresses a header holds 4
 *
 * Errors are those of l2frame_ip4_option(), and -EINVAL for numbers out of range.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip4_timestamp(struct l2frame *f, unsigned int flag, unsigned int slots);

/*
 * l2frame_ip6_hop, l2frame_ip6_dest - a header for hop-by-hop or for destination options
 *
 * Of 8 bytes, to which l2frame_ip6_option() and l2frame_ip6_router_alert() add. IPv6 wants the
 * former right behind its own header.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_hop(struct l2frame *f);
L2_API void l2frame_ip6_dest(struct l2frame *f);

/*
 * l2frame_ip6_option - any option of IPv6
 *
 * @type: L2IP6OPT_* or any other; with 0 (Pad1) the option is that one byte
 * @data: what follows type and length, at most 255 bytes, copied; NULL with @n 0 is fine
 *
 * Stands where the one before ended: alignment is up to the caller, by Pad1 and PadN. Transport
 * checksums count a home address, in a header for the destination, in place of the source.
 *
 * Makes l2frame_finish() return
 *   -ENOENT    the frame so far does not end in such a header
 *   -EMSGSIZE  the header would exceed 2048 bytes
 *   -EINVAL    @data is NULL or too long
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_option(struct l2frame *f, uint8_t type, const void *data, size_t n);

/*
 * l2frame_ip6_router_alert - routers shall look at the packet, whomever it is for (RFC 2711)
 *
 * @value: 0 for MLD, which brings it by itself, 1 for RSVP
 *
 * Errors are those of l2frame_ip6_option().
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_router_alert(struct l2frame *f, uint16_t value);

/*
 * l2frame_ip6_routing - any routing header
 *
 * @type: of routing
 * @left: segments left
 * @data: what follows these, copied; 4 bytes more than a multiple of 8
 *
 * Transport checksums count the final destination where types 0, 2 and 4 tell it.
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @data is NULL or of another length
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_routing(struct l2frame *f, uint8_t type, uint8_t left, const void *data,
				size_t n);

/*
 * l2frame_ip6_segments - a segment routing header (RFC 8754)
 *
 * @left:     segments left, fewer than @n; the IPv6 header in front is addressed to segments[left]
 * @segments: @n times 16 bytes, the last one of the way first, copied
 * @n:	      1 to 127
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @segments is NULL, @left or @n is out of range
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_segments(struct l2frame *f, uint8_t left, const void *segments, size_t n);

/*
 * l2frame_ip6_fragment - a fragment header
 *
 * @id:	    identification
 * @offset: where its data stands in the whole packet, in bytes, a multiple of 8 below 65536
 * @more:   not 0: fragments follow
 *
 * A fragment's transport checksum covers the whole packet, so that it is not filled in, unless
 * both @offset and @more are 0.
 *
 * Makes l2frame_finish() return
 *   -EINVAL    @offset is another
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ip6_fragment(struct l2frame *f, uint32_t id, uint32_t offset, int more);

/*
 * l2frame_ah - an authentication header, in IPv4 as well
 *
 * @icv: the integrity check value, @n bytes, a multiple of 4 up to 1016, copied
 *
 * Makes l2frame_finish() return
 *   -EINVAL  @icv is NULL or of another length
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_ah(struct l2frame *f, uint32_t spi, uint32_t seq, const void *icv, size_t n);

/*
 * l2frame_esp - the header of an encapsulating security payload; what it hides is payload
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_esp(struct l2frame *f, uint32_t spi, uint32_t seq);

/*
 * l2frame_tcp_option - any option of TCP
 *
 * @kind: L2TCPOPT_* or any other; with 0 and 1 (end, no operation) the option is that one byte
 * @data: what follows kind and length, copied; NULL with @n 0 is fine
 *
 * Makes l2frame_finish() return
 *   -ENOENT    the frame so far does not end in a TCP header
 *   -EMSGSIZE  the header would exceed 60 bytes
 *   -EINVAL    @data is NULL or too long
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_tcp_option(struct l2frame *f, uint8_t kind, const void *data, size_t n);

/*
 * l2frame_tcp_mss, l2frame_tcp_wscale, l2frame_tcp_sack_permitted - what a SYN announces
 *
 * @mss:   the largest segment that the sender takes
 * @shift: by how many bits its windows are to be shifted
 *
 * Errors are those of l2frame_tcp_option().
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_tcp_mss(struct l2frame *f, uint16_t mss);
L2_API void l2frame_tcp_wscale(struct l2frame *f, uint8_t shift);
L2_API void l2frame_tcp_sack_permitted(struct l2frame *f);

/*
 * l2frame_tcp_sack - which blocks were received beyond what is acknowledged
 *
 * @edges:  two for each block: its first sequence number, and the first behind it
 * @blocks: 1 to 4
 *
 * Errors are those of l2frame_tcp_option(), and -EINVAL for another number or NULL.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_tcp_sack(struct l2frame *f, const uint32_t *edges, size_t blocks);

/*
 * l2frame_tcp_timestamps - the sender's clock, and the receiver's sent back
 *
 * Errors are those of l2frame_tcp_option().
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_tcp_timestamps(struct l2frame *f, uint32_t value, uint32_t echo);

/*
 * l2parse_option - the next option of an IPv4, TCP, hop-by-hop or destination header
 *
 * @index: of the layer
 * @o:	   zeroed for the first, then left alone
 *
 * Single bytes of padding are options too; IPv4's and TCP's end of the list ends it.
 *
 * Returns 1 with an option, 0 when there is no further one, or
 *   -ENOENT   there is no such layer, or it has no options
 *   -EBADMSG  the option does not fit the header
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_option(const struct l2parse *p, uint32_t index, struct l2option *o);

/*
 * l2parse_find_option - the first option of a type
 *
 * @ret: the option; untouched on failure
 *
 * Returns 0, or
 *   -ENOENT   there is none, or the layer has no options
 *   -EBADMSG  an option before it does not fit the header
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_find_option(const struct l2parse *p, uint32_t index, uint8_t type,
			       struct l2option *ret);

/*
 * l2parse_tcp_options - the values of all known options of a TCP header
 *
 * @index: of the layer
 * @ret:   what was found; an option that is not as long as its kind wants is left out
 *
 * Returns 0, or
 *   -ENOENT   the layer is not TCP; @ret is untouched
 *   -EBADMSG  an option does not fit the header; @ret holds those before it
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_tcp_options(const struct l2parse *p, uint32_t index, struct l2tcpopts *ret);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_OPTION_H */
