/* SPDX-License-Identifier: MIT */
/*
 * fanout.h - groups: handles that share the frames of an interface
 *
 *	l2group_open(&g, "eth0", 4, NULL);
 *	for (i = 0; i < 4; i++)
 *		l2ring_rx_open(&rings[i], l2group_member(g, i), NULL);
 *	l2group_bind(g, L2_ETHERTYPE_ALL);
 *	... a thread for each ring, or for each handle ...
 *
 * Every frame goes to one member. As with one handle, nothing arrives before l2group_bind(), and
 * what was configured before it, member by member, holds for the first frame: filters,
 * memberships, rings. A filter is run when the member has been chosen.
 */
#ifndef L2SOCK_FANOUT_H
#define L2SOCK_FANOUT_H

#include <l2sock/filter.h>
#include <l2sock/l2sock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct l2group; /* the group */

/* l2group_opts.mode: which member gets a frame. */
#define L2GROUP_MODE_HASH     0 /* by the kernel's hash of its flow, both directions the same */
#define L2GROUP_MODE_LB       1 /* one after the other: round robin */
#define L2GROUP_MODE_CPU      2 /* by the processor that received it */
#define L2GROUP_MODE_ROLLOVER 3 /* one until it has no room, then the next, around */
#define L2GROUP_MODE_RANDOM   4
#define L2GROUP_MODE_QUEUE    5 /* by the device's queue */
#define L2GROUP_MODE_STEER    6 /* by a program of l2group_set_steering() */
#define L2GROUP_MODE_EBPF     7 /* by a program of l2group_set_steering_fd() */

/* l2group_opts.flags */
#define L2GROUP_DEFRAG          0x0001u /* IPv4 packets are put together first */
#define L2GROUP_ROLLOVER        0x0002u /* when a member has no room, the frame goes to another */
#define L2GROUP_IGNORE_OUTGOING 0x0004u /* what this host sends is not received (Linux 6.2) */
#define L2GROUP_ID              0x0008u /* the group's number is "id", and others may be in it */

#define L2GROUP_MEMBERS_MAX 65536 /* of one group, in all processes */

/*
 * Options of l2group_open(). Fields that are 0 take their defaults; passing NULL means all zero.
 * "size" must be sizeof(struct l2group_opts), or use l2group_opts_init().
 */
struct l2group_opts {
	uint32_t size;
	uint32_t flags;                 /* L2GROUP_DEFRAG and those below it */
	struct l2err *err;              /* filled when opening fails; may be NULL */
	const struct l2sock_opts *sock; /* of the handles: see l2sock_open(); may be NULL */
	uint32_t mode;                  /* L2GROUP_MODE_HASH and those below it */
	uint32_t members_max;           /* in all processes; 0: 256, or as many as are opened */
	uint32_t id;                    /* with L2GROUP_ID: 0 to 65535, of the network namespace */
	uint32_t reserved;              /* 0 */
};

/* What a group is: see l2group_get_info(). */
struct l2group_info {
	uint32_t size;      /* in: sizeof(struct l2group_info) */
	uint32_t members;   /* of this process */
	uint32_t mode;      /* L2GROUP_MODE_HASH and those below it */
	uint32_t flags;     /* L2GROUP_DEFRAG and those below it */
	uint32_t ethertype; /* as bound; 0 before */
	uint32_t id;        /* the kernel's number of the group; 0 before it is bound */
	uint64_t since;     /* when all members were open, as timestamps count; 0 before */
};

/* Counters of all members since opening; reading never resets them. */
struct l2group_stats {
	uint32_t size;     /* in: sizeof(struct l2group_stats) */
	uint32_t reserved; /* out: 0 */
	uint64_t accepted; /* these six are sums of those in struct l2sock_stats */
	uint64_t dropped;
	uint64_t received;
	uint64_t flushed;
	uint64_t truncated;
	uint64_t freezes;
	uint64_t rolled; /* L2GROUP_ROLLOVER: frames that went to another member for want of room */
	uint64_t rolled_huge; /* ... of them those of a flow with a large share of the traffic */
	uint64_t stuck;       /* ... frames that found no other with room to spare, and stayed */
};

/*
 * l2group_opts_init - prepare options for a caller that knows "size" bytes of them
 *
 * Zeroes the struct and sets its size. For bindings; C may write { .size = sizeof(opts) }.
 * Safe from any thread. Since 0.1.
 */
L2_API void l2group_opts_init(struct l2group_opts *opts, uint32_t size);

/*
 * l2group_open - make handles that are to share the frames of an interface
 *
 * @ret:    the new group, to be freed by l2group_close(); untouched on failure
 * @ifname: name of the interface, as for l2sock_open()
 * @n:	    how many members, 1 to L2GROUP_MEMBERS_MAX
 * @opts:   options or NULL
 *
 * The members are handles as l2sock_open() makes them: they can send, and be configured. They are
 * of type raw or cooked. L2SOCK_IGNORE_OUTGOING has no effect in a group, so it becomes
 * L2GROUP_IGNORE_OUTGOING.
 *
 * Returns 0, or
 *   -EINVAL  @ret is NULL, a bad size, @n is out of range or exceeds opts->members_max, unknown
 *	      flags or mode, L2GROUP_ROLLOVER with L2GROUP_MODE_ROLLOVER, an id without its flag,
 *	      handles that would be legacy ones; or as l2sock_open()
 *   -E2BIG   @opts has a field set that this library does not know
 *   -ENODEV, -EPERM, -EBADF, -ENOPROTOOPT, -EAFNOSUPPORT   as l2sock_open()
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE   a resource is exhausted: a member has three descriptors
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2group_open(struct l2group **ret, const char *ifname, uint32_t n,
			const struct l2group_opts *opts);

/*
 * l2group_close - give up a group and its handles; NULL is fine
 *
 * Rings on members are closed afterwards: until then they keep their handles, and the handles'
 * share of the frames. No other call on the group or a member may be running.
 *
 * Returns 0.
 *
 * One thread at a time per handle; the group is one. Since 0.1.
 */
L2_API int l2group_close(struct l2group *g);

/*
 * l2group_member - a handle of the group
 *
 * @index: 0 to the number of members less 1
 *
 * It stays the group's: l2sock_close(), l2sock_release() and l2sock_rebind() fail with -EBUSY, and
 * once the group is bound l2sock_bind(), l2ring_rx_open() and l2ring_rx_close() do so as well.
 * Everything else works as with any handle, each member for itself and in a thread of its own.
 *
 * Returns the handle, or NULL when @g is NULL or there is no such member.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API struct l2sock *l2group_member(const struct l2group *g, uint32_t index);

/*
 * l2group_bind - let frames flow to the members
 *
 * @ethertype: as for l2sock_bind()
 *
 * All members are bound and put together while none of them lets a frame in, and opened then. So
 * no frame is received twice, and none from before. The kernel opens them one by one: what arrives
 * before the last of them is open is left out by its timestamp, and counted (flushed). So from
 * l2group_info.since on no frame is missing, and none is received from before; with
 * L2RING_NIC_TIME, where the clock is another, some may be. A wait may end for a frame that is left
 * out. With L2GROUP_MODE_STEER and L2GROUP_MODE_EBPF the first member gets what arrives before the
 * program is in force, and nothing is left out.
 *
 * The kernel chooses a number for the group, unless L2GROUP_ID gives one: then the members join
 * the group of that number, if there is one with the same interface, mode and flags; those in
 * other processes miss what falls to these until they are open. The group is one of all ethertypes
 * then, or with L2SOCK_KERNEL_HOOK of the one.
 *
 * Returns 0, or
 *   -EINVAL  @g is NULL, @ethertype is wrong, a mode that needs a program has none, or a group
 *	      of that number differs in something; one ethertype with L2GROUP_ID and without
 *	      L2SOCK_KERNEL_HOOK; before Linux 6.13 also when the interface is down
 *   -EBUSY   the group is bound, a member is by itself, or one has lost its socket
 *   -ENOSPC  the group of that number is full
 *   -EOPNOTSUPP, -ENODEV, -ENOMEM, -EPERM   as l2sock_bind()
 *
 * After a failure the members are as before: those that were in the kernel's group have left it by
 * new sockets. Where there was none for a member, l2group_rebind() has to give it one first. No
 * other call on a member may be running. One thread at a time per handle; the group is one.
 * Since 0.1.
 */
L2_API int l2group_bind(struct l2group *g, uint32_t ethertype);

/*
 * l2group_rebind - move the group to another interface, or to one that was made again
 *
 * @ifname: its name; NULL for the present one
 *
 * When the interface is gone every member's calls fail with -ENODEV. The kernel lets no member of
 * a group move, so each gets a new socket in place of its own, of the same number, with filter,
 * memberships, options and ring; what is queued is discarded. Then the group is bound as before,
 * if it was. Options set by way of l2sock_fd() are lost.
 *
 * Returns 0, or
 *   -EINVAL  @g is NULL, a bad name, or a name for a group on all interfaces
 *   -EBUSY   a block of a member's ring is on lease
 *   -EPERM   making a socket is not permitted any more, or a filter is locked
 *   -ENODEV  there is no such interface
 *   -EXDEV   the thread is in another network namespace than the group
 *   -ENOSPC, -EOPNOTSUPP, -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE, -EBADF   as l2group_bind() and
 *	      l2group_open()
 *
 * When there are no new sockets for all members, nothing has changed. After a later failure they
 * are not bound, and this call can be made again. No other call on a member may be running: wake
 * them before. One thread at a time per handle; the group is one.
 * Since 0.1.
 */
L2_API int l2group_rebind(struct l2group *g, const char *ifname);

/*
 * l2group_set_steering - choose members by a program, at once
 * l2group_set_steering_fd - the same by an eBPF program of type BPF_PROG_TYPE_SOCKET_FILTER
 *
 * @insns: @n instructions, as l2group_steering() makes them, or of your own
 * @fd:	   the program's descriptor; the group keeps a copy of its own
 *
 * The member is the program's value modulo their number: the first one opened is 0. On a group
 * that is bound the new program is in force for every frame that arrives from now on. Frames look
 * different here: an incoming one begins with its network header, an outgoing one with its
 * link-layer header, so that offsets should count from L2FILTER_LINK. With L2GROUP_ID the program
 * is that of all members in all processes, whoever set it last.
 *
 * Return 0, or
 *   -EINVAL  @g or @insns is NULL, the group is of another mode, or the program is invalid
 *   -EBADF   @fd is not open
 *   -EPERM   the filter of the first member is locked
 *   -ENOMEM  no memory
 *
 * After a failure the old program is in force. One thread at a time per handle; the group is one.
 * Since 0.1.
 */
L2_API int l2group_set_steering(struct l2group *g, const struct l2insn *insns, size_t n);
L2_API int l2group_set_steering_fd(struct l2group *g, int fd);

/*
 * l2group_wake - l2sock_wake() on every member
 *
 * Returns 0, or -EINVAL if @g is NULL.
 *
 * Safe from any thread and from a signal handler. Since 0.1.
 */
L2_API int l2group_wake(struct l2group *g);

/*
 * l2group_get_info - what the group is
 *
 * @ret: in: its size; out: the facts as they are now, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @g or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * One thread at a time per handle; the group is one. Since 0.1.
 */
L2_API int l2group_get_info(struct l2group *g, struct l2group_info *ret);

/*
 * l2group_get_stats - read the counters of all members together
 *
 * @ret: in: its size; out: the counters, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @g or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * Safe from any thread, but l2group_rebind() must not be running. Since 0.1.
 */
L2_API int l2group_get_stats(struct l2group *g, struct l2group_stats *ret);

/*
 * l2group_errmsg - why the last failing call on the group failed
 *
 * One line as of l2sock_errmsg(), valid until the next call on the group or a member.
 *
 * One thread at a time per handle; the group is one. Since 0.1.
 */
L2_API const char *l2group_errmsg(struct l2group *g);

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
 * addresses, on devices without Ethernet headers not at all. Tunnels are IP in IP, GRE, VXLAN on
 * UDP port 4789 and Geneve on 6081; what is no tunnel, or a fragment of one, counts by its own
 * flow, and a tunnel within a tunnel by that of the outer one's content.
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
