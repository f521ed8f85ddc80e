/* SPDX-License-Identifier: MIT */
/*
 * l2sock.h - the handle: open, configure, bind, receive, send, close
 *
 *	open -> configure (filter, membership) -> bind = frames start -> recv / send -> close
 *
 * Nothing arrives before l2sock_bind(), and whatever was configured before it holds for the very
 * first frame. Sending works from the moment of opening.
 *
 * Every function that can fail returns a negative errno and leaves its outputs untouched;
 * l2sock_errmsg() tells the step that failed and the rule broken. The library does not report
 * through errno.
 *
 * Threads: each function carries one of two sentences. "One thread at a time per handle": calls on
 * different handles are independent, calls on one handle must not overlap. "Safe from any thread":
 * may run beside any other call on the same handle, except l2sock_close().
 */
#ifndef L2SOCK_L2SOCK_H
#define L2SOCK_L2SOCK_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct l2sock; /* the handle */

/*
 * Options of l2sock_open(). Fields that are 0 take their defaults; passing NULL means all zero.
 * "size" must be sizeof(struct l2sock_opts), or use l2sock_opts_init().
 */
struct l2sock_opts {
	uint32_t size;
	uint32_t flags;    /* L2SOCK_IGNORE_OUTGOING and those below it */
	struct l2err *err; /* filled when opening fails; may be NULL */
	uint32_t ifindex;  /* the interface by index, in place of a name */
	uint32_t rcvbuf;   /* receive queue in bytes, as SO_RCVBUF counts them; 0: the system's */
	uint32_t sndbuf;   /* send queue in bytes, as SO_SNDBUF counts them; 0: the system's */
	uint32_t type;     /* L2SOCK_TYPE_* */
	uint32_t priority; /* of the frames sent, as SO_PRIORITY: the queueing discipline's band */
	uint32_t mark;     /* of the frames sent, as SO_MARK: for traffic control */
	int32_t netns;     /* with L2SOCK_IN_NETNS: a descriptor of that network namespace */
	uint32_t reserved; /* 0 */
};

/* l2sock_opts.type: what a frame begins with. */
#define L2SOCK_TYPE_RAW    0 /* its link-layer header */
#define L2SOCK_TYPE_COOKED 1 /* the network header: the kernel strips and builds the link header */
#define L2SOCK_TYPE_LEGACY 2 /* its link-layer header; SOCK_PACKET, for old code on its way here */

/* l2sock_opts.flags */
#define L2SOCK_IGNORE_OUTGOING 0x0001u /* what this host sends is not received */
#define L2SOCK_ORIGDEV         0x0002u /* a bond's frames show the device they came in by */
#define L2SOCK_QDISC_BYPASS    0x0004u /* frames go to the device past the queueing discipline */
#define L2SOCK_IN_NETNS        0x0008u /* open in the network namespace "netns" */
#define L2SOCK_KERNEL_HOOK     0x0010u /* one ethertype by the kernel's hook: see l2sock_bind() */
#define L2SOCK_LINK_EVENTS     0x0020u /* waiting calls report changes of the link */
#define L2SOCK_RESTORE_TAGS    0x0040u /* received frames have their VLAN tags in their data */
#define L2SOCK_VERBATIM        0x0080u /* filters as they are: see l2sock_set_filter() */
/* The frames that one system call moves. */
#define L2SOCK_BATCH_MAX 64

/* Counters since opening; reading never resets them. */
struct l2sock_stats {
	uint32_t size;     /* in: sizeof(struct l2sock_stats) */
	uint32_t reserved; /* out: 0 */
	uint64_t accepted; /* frames the kernel put into the queue */
	uint64_t dropped;  /* frames the kernel dropped because the queue was full */
	uint64_t received; /* frames handed to the caller */
	uint64_t
		flushed; /* frames left out when a filter changed, a handle moved, a group opened */
	uint64_t truncated; /* frames handed to the caller cut short */
	uint64_t sent;      /* frames the kernel took for sending */
	uint64_t failed;    /* frames it refused */
	uint64_t freezes;   /* how often a receive ring had no free block for the kernel */
};

/* The state of the link, as l2sock_link() and struct l2sock_info tell it. */
#define L2SOCK_LINK_UP         1
#define L2SOCK_LINK_NO_CARRIER 2 /* the interface is up, the far end is not */
#define L2SOCK_LINK_DOWN       3 /* the interface is down */
#define L2SOCK_LINK_GONE       4 /* deleted, or moved to another network namespace */

/*
 * What a handle is on, and what the kernel under it can do: see l2sock_get_info(). Facts of the
 * interface are 0 on all interfaces, and those that an interface no longer has when it is gone.
 */
struct l2sock_info {
	uint32_t size;             /* in: sizeof(struct l2sock_info) */
	uint32_t ifindex;          /* 0: all interfaces */
	uint32_t mtu;              /* bytes behind the link-layer header */
	uint32_t link;             /* L2SOCK_LINK_* */
	uint32_t type;             /* L2SOCK_TYPE_* */
	uint32_t ethertype;        /* as bound; 0 before */
	uint32_t features;         /* L2SOCK_CAN_* */
	uint32_t rcvbuf;           /* bytes of the receive queue as the kernel counts them */
	uint32_t sndbuf;           /* bytes of the send queue */
	uint16_t hatype;           /* device type, ARPHRD_*: 1 is Ethernet, 772 loopback */
	uint16_t addr_len;         /* bytes in addr */
	char name[16];             /* present name, NUL-terminated */
	uint8_t addr[L2_ADDR_MAX]; /* the interface's own link-layer address */
};

/* l2sock_info.features: found by asking the kernel, not by its version. */
#define L2SOCK_CAN_IGNORE_OUTGOING 0x0001u /* L2SOCK_IGNORE_OUTGOING */
#define L2SOCK_CAN_QDISC_BYPASS    0x0002u /* L2SOCK_QDISC_BYPASS */
#define L2SOCK_CAN_OFFLOAD         0x0004u /* frames with a virtio-net header */
#define L2SOCK_CAN_GROUP           0x0008u /* groups of sockets (fanout) */
#define L2SOCK_CAN_TXTIME          0x0010u /* launch times */
#define L2SOCK_CAN_TIMESTAMP       0x0020u /* timestamps beyond 2038 on 32-bit machines too */
#define L2SOCK_CAN_RING            0x0040u /* rings of blocks (TPACKET_V3) */
#define L2SOCK_CAN_EBPF            0x0080u /* l2sock_set_filter_fd() */

/* Kinds of membership: what the interface shall receive beside its own address. */
#define L2SOCK_PROMISC   1 /* everything on the link */
#define L2SOCK_ALLMULTI  2 /* every multicast frame */
#define L2SOCK_MULTICAST 3 /* one multicast address */
#define L2SOCK_UNICAST   4 /* one more unicast address */

/*
 * l2sock_version - the version of the library in use, comparable with L2_VERSION
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint32_t l2sock_version(void);

/*
 * l2sock_opts_init - prepare options for a caller that knows "size" bytes of them
 *
 * Zeroes the struct and sets its size. For bindings; C may write { .size = sizeof(opts) }.
 * Safe from any thread. Since 0.1.
 */
L2_API void l2sock_opts_init(struct l2sock_opts *opts, uint32_t size);

/*
 * l2sock_open - make a handle on an interface
 *
 * @ret:    the new handle, to be freed by l2sock_close(); untouched on failure
 * @ifname: name of the interface, at most 15 characters; NULL takes opts->ifindex, and when that is
 *	    0 too, all interfaces
 * @opts:   options or NULL
 *
 * The handle can send at once. It receives nothing and costs the host nothing until l2sock_bind().
 * The interface may be down. The socket is closed on exec and stays for ever in the network
 * namespace of the calling thread, or in the one that L2SOCK_IN_NETNS names: then the thread goes
 * there and comes back within the call.
 *
 * Returns 0, or
 *   -EINVAL	    @ret is NULL, a bad name or size, unknown flags or type, a name and an index
 *		    at once, opts->netns is no network namespace or lacks its flag
 *   -E2BIG	    @opts has a field set that this library does not know
 *   -ENODEV	    there is no such interface
 *   -EPERM	    the caller lacks CAP_NET_RAW in the network namespace, or CAP_SYS_ADMIN to enter
 *		    it, or what the priority or the mark needs
 *   -EBADF	    opts->netns is not open
 *   -ENOPROTOOPT   the kernel is too old for a flag
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE   a resource is exhausted
 *   -EAFNOSUPPORT  the kernel has no packet sockets
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2sock_open(struct l2sock **ret, const char *ifname, const struct l2sock_opts *opts);

/*
 * l2sock_close - give up a handle with all it holds; NULL is fine
 *
 * Memberships end, queued frames are lost. No other call on the handle may be running. A ring on
 * the handle keeps what it needs of it until it is closed itself.
 *
 * Returns 0, or
 *   -EBUSY  the handle is a group's member: l2group_close()
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_close(struct l2sock *s);

/*
 * l2sock_adopt - make a handle of a packet socket that exists
 *
 * @ret:  the new handle; untouched on failure
 * @fd:	  a socket of family AF_PACKET and type SOCK_RAW or SOCK_DGRAM, perhaps received from
 *	  another process; the handle owns it from success on, before that it is the caller's
 * @opts: as for l2sock_open(), without ifindex, type and netns; or NULL
 *
 * Needs no capability. A socket that is bound makes a handle that is bound; its filter stays, and
 * l2sock_set_filter() replaces it; an eBPF program on it stays for ever. Memberships made before
 * stay as long as the socket does and are in no ledger.
 *
 * Returns 0, or
 *   -EINVAL	  @ret is NULL, @fd is another kind of socket, an option that the socket has chosen
 *		  already, or one that is not known
 *   -E2BIG	  @opts has a field set that this library does not know
 *   -EBADF, -ENOTSOCK   @fd is no socket
 *   -ENODEV	  the interface of the socket is gone
 *   -EXDEV	  L2SOCK_LINK_EVENTS, and the socket is of another network namespace than the caller
 *   -EPERM, -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE, -ENOPROTOOPT   as l2sock_open()
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2sock_adopt(struct l2sock **ret, int fd, const struct l2sock_opts *opts);

/*
 * l2sock_release - give up a handle and keep its packet socket
 *
 * The socket stays as it is: bound, with filter and memberships, its queue untouched. The handle
 * is freed. To hand a copy to another process, send l2sock_fd() over a Unix socket instead.
 *
 * Returns the descriptor, now the caller's to close, or
 *   -EINVAL  @s is NULL
 *   -EBUSY   a ring is open on the handle, or it is a group's member
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_release(struct l2sock *s);

/*
 * l2sock_get_info - what the handle is on, and what the kernel can do
 *
 * @ret: in: its size; out: the facts as they are now, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @s or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *   -ENODEV  the interface went away during the call
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_get_info(struct l2sock *s, struct l2sock_info *ret);

/*
 * l2sock_bind - let frames flow
 *
 * @ethertype: L2_ETHERTYPE_ALL for every frame in both directions, or one ethertype
 *	       (L2_ETHERTYPE_MIN to 0xffff) for incoming frames with that type on the wire
 *
 * The type on the wire is the 16-bit field behind the two addresses: L2_ETHERTYPE_ARP takes
 * untagged ARP, L2_TPID_8021Q takes the frames with such an outer tag. Filter and memberships set
 * before hold for the first frame. An interface that is down delivers as soon as it comes up.
 * Binding again changes the ethertype, as l2sock_set_filter() changes the filter.
 *
 * With L2SOCK_KERNEL_HOOK the kernel itself sorts out one ethertype, which spares the host the
 * filter's run on foreign frames. It does so behind every tag, which it takes off without a trace:
 * no fact about tags is known (L2_VALID_VLAN), a priority tag may have been lost, and frames to
 * other hosts, which tagged ones are called, come only while the handle itself is promiscuous.
 *
 * Returns 0, or
 *   -EINVAL  @s is NULL, or @ethertype is neither of the above
 *   -EOPNOTSUPP  one ethertype and an eBPF filter
 *   -ENODEV  the interface is gone
 *   -ENOMEM  the filter with the ethertype's test in front does not fit net.core.optmem_max
 *   -E2BIG   ... or grows beyond L2_FILTER_MAX instructions
 *   -EPERM   somebody locked the socket's filter
 *   -EBUSY   the handle only sends, by its ring, or is of a group that is bound
 *
 * After a failure the handle is as before. One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_bind(struct l2sock *s, uint32_t ethertype);

/*
 * l2sock_rebind - move the handle to another interface
 *
 * @ifname: its name; NULL takes the name given at opening
 *
 * For an interface that was deleted and made again, which is another one to the kernel. Type,
 * ethertype, filter and memberships go along; what is queued from the old one is discarded and
 * counted (flushed). On all interfaces there is nothing to move.
 *
 * Returns 0, or
 *   -EINVAL  @s is NULL, a bad name, or the handle is on all interfaces
 *   -EBUSY   the handle is a group's member: l2group_rebind()
 *   -ENODEV  there is no such interface
 *   -EOPNOTSUPP, -ENOMEM, -ENOBUFS   it refuses a membership, or the filter
 *
 * After a failure the handle is as before. One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_rebind(struct l2sock *s, const char *ifname);

/*
 * l2sock_set_filter - let a classic-BPF program choose the frames to receive
 *
 * @insns: the program, copied; NULL with @n 0 removes the filter
 * @n:	   instructions, at most L2_FILTER_MAX
 *
 * The kernel runs the program on each frame and delivers as many bytes of it as the program
 * returns; 0 rejects. On a bound handle the change is exact: no frame chosen by the old program is
 * received after the call; the frames still queued are discarded and counted (flushed), those that
 * arrive during the call are neither received nor counted.
 *
 * The program means frames as they are on the wire, VLAN tags included, although the kernel runs it
 * after it has taken out the outermost one: on Ethernet, loopback, and all interfaces, what is
 * attached is what l2filter_wire() makes of it. That holds for cooked handles too: offset 0 is that
 * of the destination address, and a handle on all interfaces receives Ethernet frames only. As they
 * are stay programs that load the kernel's tag fields, and those of handles with L2SOCK_VERBATIM or
 * L2SOCK_KERNEL_HOOK. Nothing is ever filtered outside of the kernel.
 *
 * Returns 0, or
 *   -EINVAL  @s is NULL, @n is 0 or too large for @insns, or the kernel finds the program invalid
 *   -E2BIG   with what tags take, or with the ethertype's test in front, the program exceeds
 *	      L2_FILTER_MAX
 *   -EOPNOTSUPP  it cannot be exact on the wire: see l2filter_wire()
 *   -ENOMEM  no memory, or the program does not fit net.core.optmem_max
 *   -EPERM   somebody locked the socket's filter
 *
 * After a failure the old filter is in force. One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_set_filter(struct l2sock *s, const struct l2insn *insns, size_t n);

/*
 * l2sock_set_filter_fd - let an eBPF program choose the frames to receive
 *
 * @fd: a program of type BPF_PROG_TYPE_SOCKET_FILTER; the handle keeps a descriptor of its own
 *
 * As l2sock_set_filter(), and as exact on a bound handle. The program sees a frame as the kernel
 * holds it, and no test for an ethertype fits in front of it: it goes with L2_ETHERTYPE_ALL.
 *
 * Returns 0, or
 *   -EINVAL	  @s is NULL, or the program is of another type
 *   -EBADF	  @fd is no program
 *   -EOPNOTSUPP  the handle is bound to one ethertype
 *   -EPERM	  the socket's filter is locked
 *   -ENOMEM, -EMFILE   a resource is exhausted
 *
 * After a failure the old filter is in force. One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_set_filter_fd(struct l2sock *s, int fd);

/*
 * l2sock_lock_filter - let nobody change the filter any more
 *
 * For a program that gives up its privileges, or hands the socket on: from now on every change of
 * the filter, of the ethertype too, fails with -EPERM, by whatever descriptor. There is no way
 * back. It restrains what can be received, not what can be sent.
 *
 * Returns 0, or
 *   -EINVAL  @s is NULL
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_lock_filter(struct l2sock *s);

/*
 * l2sock_join, l2sock_leave - have the interface receive more than its own address
 * l2sock_join_on, l2sock_leave_on - the same for a handle on all interfaces
 *
 * @ifindex:  the interface; 0 is the handle's own
 * @kind:     L2SOCK_PROMISC, _ALLMULTI, _MULTICAST or _UNICAST
 * @addr:     the address for the last two, otherwise NULL
 * @addr_len: its bytes, at most L2_ADDR_MAX, otherwise 0
 *
 * Joins are counted: the membership ends with the last leave, or when the handle is closed. They
 * never touch the interface's flags that "ip link" sets.
 *
 * Return 0, or
 *   -EINVAL	     @s is NULL, an unknown kind, an address missing, unwanted or not of the
 *		     interface's address length; no interface named on all of them, or another
 *		     than the handle's
 *   -EADDRNOTAVAIL  leave without a join
 *   -EOPNOTSUPP     the device has no such mode
 *   -ENODEV	     the interface is gone
 *   -ENOMEM, -ENOBUFS   no memory
 *   -EPERM	     with L2SOCK_KERNEL_HOOK: somebody locked the socket's filter
 *
 * After a failure nothing has changed. One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_join(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len);
L2_API int l2sock_leave(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len);
L2_API int l2sock_join_on(struct l2sock *s, uint32_t ifindex, uint32_t kind, const void *addr,
			  size_t addr_len);
L2_API int l2sock_leave_on(struct l2sock *s, uint32_t ifindex, uint32_t kind, const void *addr,
			   size_t addr_len);

/*
 * l2sock_join_group - receive a multicast address on whatever device
 *
 * @addr, @addr_len: the address
 *
 * Joins the address alone; where the device refuses that, all multicast; where it refuses that
 * too, everything.
 *
 * Returns the kind of membership that came about, for l2sock_leave(): L2SOCK_MULTICAST with the
 * address, L2SOCK_ALLMULTI or L2SOCK_PROMISC without; or an error of l2sock_join().
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_join_group(struct l2sock *s, const void *addr, size_t addr_len);

/*
 * l2sock_recv - receive one frame
 *
 * @buf:	room for the frame, the caller's; @size bytes
 * @pkt:	what the kernel knows about the frame; pkt->data points into @buf. May be NULL:
 *		then the frame starts at @buf
 * @timeout_ns: 0 returns at once, L2_FOREVER waits without limit
 *
 * With @pkt, the first L2_HEADROOM bytes of @buf stay free and the frame begins behind them, so
 * that l2pkt_restore_tag() can put a removed VLAN tag back in place; option L2SOCK_RESTORE_TAGS has
 * that done. Bytes of the frame that do not fit behind are lost: L2_FLAG_TRUNCATED says so,
 * pkt->wire_len tells the full length. Frames that are queued come before any of the errors below.
 * A link that goes down is no error: the call goes on waiting, unless L2SOCK_LINK_EVENTS asks for
 * a report.
 *
 * Returns the number of bytes at pkt->data. Without @pkt, the number that a buffer without end
 * would have got: more than @size when bytes were lost. Or
 *   -EAGAIN	 @timeout_ns is 0 and nothing is there
 *   -ETIMEDOUT	 the time is over
 *   -ECANCELED	 l2sock_wake() was called
 *   -ENETDOWN	 with L2SOCK_LINK_EVENTS: the link changed, see l2sock_link(); once per change
 *   -ENODEV	 the interface is gone
 *   -ENOTCONN	 the handle was never bound: nothing can arrive
 *   -EBUSY	 the handle has a ring, which does that
 *   -EINVAL	 @s is NULL, @buf is NULL with a @size, or @timeout_ns is below -1
 *   -ENOMEM	 no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2sock_recv(struct l2sock *s, void *buf, size_t size, struct l2pkt *pkt,
			   int64_t timeout_ns);

/*
 * l2sock_recv_batch - receive the frames that are there, by one system call
 *
 * @slab:	room for the frames, the caller's: @n times @stride bytes
 * @stride:	bytes of a frame's own room, L2_HEADROOM of them in front of it
 * @pkts:	@n descriptors to fill, in the order of arrival
 * @n:		how many at most; what exceeds L2SOCK_BATCH_MAX is not used
 * @timeout_ns: how long to wait for the first; 0 returns at once, L2_FOREVER waits without limit
 *
 * Every frame and its descriptor are as l2sock_recv() leaves them; frame i lies in the bytes from
 * i * @stride of @slab on. The call never waits for a second frame.
 *
 * Returns how many frames were received, at least 1, or what l2sock_recv() returns when there is
 * none:
 *   -EAGAIN	 @timeout_ns is 0 and nothing is there
 *   -ETIMEDOUT	 the time is over
 *   -ECANCELED	 l2sock_wake() was called
 *   -ENETDOWN	 with L2SOCK_LINK_EVENTS: the link changed, see l2sock_link(); once per change
 *   -ENODEV	 the interface is gone
 *   -ENOTCONN	 the handle was never bound: nothing can arrive
 *   -EBUSY	 the handle has a ring, which does that
 *   -EINVAL	 @s is NULL, @pkts is NULL or @n 0, @slab is NULL with a @stride, @stride exceeds
 *		 2147483647, or @timeout_ns is below -1
 *   -ENOMEM	 no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2sock_recv_batch(struct l2sock *s, void *slab, size_t stride, struct l2pkt *pkts,
				 size_t n, int64_t timeout_ns);

/*
 * l2sock_next_size - how long is the frame that the next receive call delivers?
 *
 * @timeout_ns: 0 returns at once, L2_FOREVER waits without limit
 *
 * The frame stays where it is. A buffer of that size, and L2_HEADROOM bytes more when there is a
 * descriptor, takes it whole.
 *
 * Returns its bytes without the tag that the kernel took out, or
 *   -EAGAIN	 @timeout_ns is 0 and nothing is there
 *   -ETIMEDOUT	 the time is over
 *   -ECANCELED	 l2sock_wake() was called
 *   -ENETDOWN	 with L2SOCK_LINK_EVENTS: the link changed, see l2sock_link(); once per change
 *   -ENODEV	 the interface is gone
 *   -ENOTCONN	 the handle was never bound: nothing can arrive
 *   -EBUSY	 the handle has a ring, which does that
 *   -EINVAL	 @s is NULL, or @timeout_ns is below -1
 *   -ENOMEM	 no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2sock_next_size(struct l2sock *s, int64_t timeout_ns);

/*
 * l2pkt_restore_tag - put the VLAN tag that the kernel took out back into the frame
 *
 * Moves the two addresses four bytes forward into the headroom and writes TPID and TCI behind them;
 * the payload stays where it is. pkt->data, len, headroom and flags follow. Does nothing to a frame
 * without L2_FLAG_TAGGED.
 *
 * Returns 1 if a tag was put back, 0 if there was none, or
 *   -EINVAL  @pkt is NULL, or the frame holds less than the two addresses
 *   -ENOSPC  pkt->headroom is smaller than L2_VLAN_TAG_LEN
 *
 * Safe from any thread, on different frames. Since 0.1.
 */
L2_API int l2pkt_restore_tag(struct l2pkt *pkt);

/*
 * l2sock_send - send one frame as it is
 *
 * @frame:	the frame from the destination address on, without frame check sequence
 * @len:	its bytes: the link-layer header at least, the MTU and that header at most (four
 *		bytes more with an 802.1Q tag)
 * @timeout_ns: how long to wait for room in the socket's send buffer
 *
 * For handles that know where to: those of type raw or legacy on one interface. Lengths are checked
 * against the MTU as it is now before the kernel is asked, on Ethernet and loopback devices; on
 * others the kernel alone checks them.
 *
 * Returns 0 when the kernel has taken the frame, or
 *   -EAGAIN	    @timeout_ns is 0 and the send buffer is full
 *   -ETIMEDOUT	    it stayed full until the time was over
 *   -ECANCELED	    l2sock_wake() was called while waiting
 *   -ENOBUFS	    the queueing discipline or the device dropped the frame: send again later
 *   -EMSGSIZE	    the frame is longer than the interface takes
 *   -EINVAL	    @s or @frame is NULL, @len is too small, or @timeout_ns is below -1
 *   -EDESTADDRREQ  the handle is cooked or on all interfaces: l2sock_send_to() sends from it
 *   -ENETDOWN	    the interface is down
 *   -ENODEV	    the interface is gone
 *   -EBUSY	    the handle has a ring, which does that
 *   -ENOMEM	    no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_send(struct l2sock *s, const void *frame, size_t len, int64_t timeout_ns);

/*
 * l2sock_send_to - send one frame, from pieces or to an address
 *
 * @tx:		the frame; nothing is written to it
 * @timeout_ns: how long to wait for room in the socket's send buffer
 *
 * A cooked handle sends what follows the link-layer header, which the kernel makes of tx->addr and
 * tx->protocol. A handle on all interfaces sends on the one that tx->ifindex names.
 *
 * Returns 0 when the kernel has taken the frame, or
 *   -EAGAIN	    @timeout_ns is 0 and the send buffer is full
 *   -ETIMEDOUT	    it stayed full until the time was over
 *   -ECANCELED	    l2sock_wake() was called while waiting
 *   -ENOBUFS	    the queueing discipline or the device dropped the frame: send again later
 *   -EMSGSIZE	    the frame is longer than the interface takes
 *   -EINVAL	    @s or @tx is NULL, @tx contradicts itself or the handle, the frame is too short,
 *		    or @timeout_ns is below -1
 *   -EDESTADDRREQ  the interface or the address to send to is missing
 *   -ENETDOWN	    the interface is down
 *   -ENODEV	    the interface is gone, or there is none with that index
 *   -EBUSY	    the handle has a ring, which does that
 *   -ENOMEM	    no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_send_to(struct l2sock *s, const struct l2tx *tx, int64_t timeout_ns);

/*
 * l2sock_send_batch - send many frames, by one system call where that is possible
 *
 * @tx:		@n frames; their results are written
 * @timeout_ns: how long the call may wait for room in the socket's send buffer, in all
 *
 * Every frame is tried once, in order, and gets its result: 0, or why it was refused, a code of
 * l2sock_send_to(). A frame that is refused does not hold up those behind it. The call ends early
 * when there is no room in time, when it is woken, and when the handle's interface is down or gone.
 * Up to L2SOCK_BATCH_MAX frames go by one system call, and each refused one costs another.
 *
 * Returns how many frames, from the first on, have their own result. The rest was not tried, can be
 * given again, and has as result the code that ended the call; when not even the first was dealt
 * with, that code is returned:
 *   -EAGAIN	    @timeout_ns is 0 and the send buffer is full
 *   -ETIMEDOUT	    it stayed full until the time was over
 *   -ECANCELED	    l2sock_wake() was called while waiting
 *   -EINVAL	    @s is NULL, @tx is NULL with an @n, or @timeout_ns is below -1
 *   -ENETDOWN	    the handle's interface is down
 *   -ENODEV	    the handle's interface is gone
 *   -EBUSY	    the handle has a ring, which does that
 *
 * l2sock_errmsg() tells about the last frame that was refused. One thread at a time per handle.
 * Since 0.1.
 */
L2_API int64_t l2sock_send_batch(struct l2sock *s, struct l2tx *tx, size_t n, int64_t timeout_ns);

/*
 * l2sock_wake - make the call that waits on the handle, or the next one, return -ECANCELED
 *
 * A wake before the wait is not lost; several before it count as one. Frames that are queued are
 * received first.
 *
 * Returns 0, or -EINVAL if @s is NULL.
 *
 * Safe from any thread and from a signal handler. Since 0.1.
 */
L2_API int l2sock_wake(struct l2sock *s);

/*
 * l2sock_wait - wait until the next receive call has something
 *
 * @timeout_ns: 0 only looks, L2_FOREVER waits without limit
 *
 * Takes nothing: what it saw is still there for l2sock_recv().
 *
 * Returns 0 when a frame is queued, or
 *   -EAGAIN, -ETIMEDOUT, -ECANCELED, -ENETDOWN, -ENODEV, -ENOTCONN, -ENOMEM   as l2sock_recv()
 *   -EINVAL  @s is NULL, or @timeout_ns is below -1
 *   -EBUSY   the handle only sends, by its ring
 *   -ENOBUFS, -ESHUTDOWN   as l2ring_rx_next(), on a handle with a receive ring
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_wait(struct l2sock *s, int64_t timeout_ns);

/*
 * l2sock_pollfd - a descriptor for poll(), select(), epoll and event loops
 *
 * Readable means that the next receive call with a timeout of 0 has something: a frame, a wake, a
 * change of the link to report, the end of the interface. It is level-triggered: readable until
 * that was fetched. One call in a while may find that there was nothing after all (-EAGAIN), never
 * two in a row for the same reason. Only poll it; it stays the handle's.
 *
 * The first call costs each later receive call that finds nothing one system call more. Where it
 * is made in another network namespace than the handle's, or before Linux 5.14, the end of an
 * interface that is down already is not reported through it, unless the handle was opened with
 * L2SOCK_LINK_EVENTS or L2SOCK_IN_NETNS.
 *
 * Returns the descriptor, or
 *   -EINVAL  @s is NULL
 *   -ENOMEM  no memory, or too many descriptors are watched
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_pollfd(struct l2sock *s);

/*
 * l2sock_link - the state of the link, and how often it changed
 *
 * @changes: changes that the handle saw since opening; may be NULL.
 *	     Without L2SOCK_LINK_EVENTS and l2sock_pollfd() those between two looks are not seen
 *
 * Returns L2SOCK_LINK_UP, _NO_CARRIER, _DOWN or _GONE, or
 *   -EINVAL  @s is NULL, or the handle is on all interfaces
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2sock_link(struct l2sock *s, uint32_t *changes);

/*
 * l2sock_get_stats - read the counters
 *
 * @ret: in: its size; out: the counters, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @s or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2sock_get_stats(struct l2sock *s, struct l2sock_stats *ret);

/*
 * l2sock_fd - the packet socket, to set options that this library does not
 *
 * It stays the handle's: do not close it. Returns the descriptor, or -EINVAL if @s is NULL.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2sock_fd(const struct l2sock *s);

/*
 * l2sock_errmsg - why the last failing call on the handle failed
 *
 * One line that names the step and the rule broken, empty when nothing failed yet. Made when asked,
 * kept in the handle: valid until the next call on it. For what l2sock_open() has to say, see
 * struct l2sock_opts.
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API const char *l2sock_errmsg(struct l2sock *s);

/*
 * l2sock_strerror - what an error code means in this library
 *
 * @err: a negative errno as the functions return it (its positive twin does as well)
 *
 * Returns a constant string, never NULL. Safe from any thread. Since 0.1.
 */
L2_API const char *l2sock_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_L2SOCK_H */
