/* SPDX-License-Identifier: MIT */
/*
 * pcap.h - filter expressions as programs, by libpcap
 *
 * In a library of its own, -ll2sock-pcap, so that libl2sock needs no other library. The language is
 * that of pcap-filter(7).
 */
#ifndef L2SOCK_PCAP_H
#define L2SOCK_PCAP_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Options of l2pcap_compile(). Fields that are 0 take their defaults; passing NULL means all zero.
 * "size" must be sizeof(struct l2pcap_opts), or use l2pcap_opts_init().
 */
struct l2pcap_opts {
	uint32_t size;
	uint32_t flags;   /* none defined: 0 */
	uint32_t netmask; /* of the IPv4 network, in host order, for "ip broadcast"; 0: not known */
	uint32_t snaplen; /* deliver so many bytes of a frame; 0: L2_FRAME_MAX, in effect all */
};

/*
 * l2pcap_opts_init - prepare options for a caller that knows "size" bytes of them
 *
 * Zeroes the struct and sets its size. For bindings; C may write { .size = sizeof(opts) }.
 * Safe from any thread. Since 0.1.
 */
L2_API void l2pcap_opts_init(struct l2pcap_opts *opts, uint32_t size);

/*
 * l2pcap_compile - make a program of a filter expression
 *
 * @expression: as in pcap-filter(7); an empty one takes every frame
 * @opts:	options or NULL
 * @insns:	where the instructions go, @max of them; L2_FILTER_MAX always suffice. Untouched on
 *		failure; NULL with @max 0 asks for the length
 * @err:	on failure, why: libpcap's words on what is wrong with the expression; may be NULL
 *
 * The program means Ethernet frames as they are on the wire: "vlan" looks at the tag in its place.
 * l2sock_set_filter() makes of it what the kernel needs, on handles with link-layer headers and on
 * cooked ones. With L2SOCK_VERBATIM it would miss the tags that the kernel took out.
 *
 * "inbound", "outbound" and "ifindex" become loads of ancillary fields, in so far as this libpcap
 * compiles them without a live capture; l2filter_run() needs facts for these. Names of hosts are
 * resolved, which may take long: use addresses where that matters.
 *
 * Returns the number of instructions, or
 *   -ENOSPC	  the program has more than @max
 *   -EINVAL	  libpcap does not understand the expression, or it takes no frame at all; or
 *		  @expression is NULL, @insns is NULL with @max, a bad size, a flag is set
 *   -E2BIG	  the program is longer than L2_FILTER_MAX; or @opts has a field set that this
 *		  library does not know
 *   -EOPNOTSUPP  the expression takes a loop ("protochain"), which no kernel runs
 *   -ENOMEM	  no memory
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2pcap_compile(const char *expression, const struct l2pcap_opts *opts,
			      struct l2insn *insns, size_t max, struct l2err *err);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_PCAP_H */
