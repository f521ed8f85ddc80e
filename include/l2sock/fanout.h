/* SPDX-License-Identifier: MIT */
/*
 * fanout.h - groups: handles that share the frames of an interface
 */
#ifndef L2SOCK_FANOUT_H
#define L2SOCK_FANOUT_H

#include <l2sock/filter.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ready-made steering programs. */
#define L2GROUP_BY_FLOW       1 /* both directions of a flow to one member */
#define L2GROUP_BY_VLAN       2 /* by the identifier in the outermost tag; untagged as 0 */
#define L2GROUP_BY_INNER_FLOW 3 /* as the first, of the frame or packet inside a tunnel */

/*
 * l2group_steering - a program that chooses the member for a frame
 *
 * @kind:  L2GROUP_BY_FLOW, _BY_VLAN or _BY_INNER_FLOW
 * @insns: where the instructions go, @max of them; L2_FILTER_MAX always suffice
 *
 * The kernel takes the program's value modulo the number of members. It is the same for a frame
 * whose VLAN tag the kernel took out and one with its tags in the data, up to three of them.
 *
 * A flow is the two addresses and the two ports of TCP, UDP or SCTP over IPv4 or IPv6, in either
 * order; up to three headers with options of IPv6 are skipped. Fragments of IP have no ports, not
 * even the first, so that they stay together. Frames without IP are told apart by their MAC
 * addresses. Tunnels are IP in IP, GRE, VXLAN and Geneve; what is no tunnel, or a fragment of one,
 * counts by its own flow, and a tunnel within a tunnel by that of the outer one's content.
 *
 * Returns the number of instructions, or
 *   -EINVAL  @kind is unknown, or @insns is NULL
 *   -ENOSPC  the program has more than @max instructions
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2group_steering(uint32_t kind, struct l2insn *insns, size_t max);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_FANOUT_H */
