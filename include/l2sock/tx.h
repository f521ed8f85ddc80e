/* SPDX-License-Identifier: MIT */
/*
 * tx.h - the transmit ring: frames written where the kernel reads them, many for one system call
 *
 *	l2ring_tx_open(&tx, s, NULL);
 *	while (more) {
 *		while ((r = l2ring_tx_reserve(tx, len, &slot)) == -EAGAIN)
 *			if ((r = l2ring_tx_wait(tx, L2_FOREVER)) < 0)
 *				goto failed;
 *		memcpy(slot, frame, len);
 *		l2ring_tx_commit(tx, len);
 *	}
 *	l2ring_tx_drain(tx, L2_FOREVER);
 *
 * A frame's way: its slot is reserved, the frame is written there, committed, handed over to the
 * kernel by a flush, and completed when the kernel gives the slot back. Order is kept. Each
 * committed frame ends as exactly one of these, at all times
 *
 *	committed = completed + uncertain + failed + pending
 *
 * where uncertain are those that were in the kernel's hands when the link changed: it gives them
 * back whether they were sent or not.
 *
 * Sentences about failures are in the ring's handle: l2sock_errmsg().
 */
#ifndef L2SOCK_TX_H
#define L2SOCK_TX_H

#include <l2sock/l2sock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct l2ring_tx; /* the ring */

/* Options of l2ring_tx_open(). Fields that are 0 take their defaults. */
struct l2ring_tx_opts {
	uint32_t size;       /* sizeof(struct l2ring_tx_opts) */
	uint32_t slots;      /* frames in the ring, at least; 0: 256, fewer if they are very long */
	uint32_t frame_max;  /* bytes of the longest frame; 0: what the interface takes now */
	uint32_t hand_over;  /* L2RING_TX_AUTO and those below it */
	int64_t patience_ns; /* how long one frame alone may find no room; 0: 10 ms; L2_FOREVER */
	uint32_t reserved[2]; /* 0 */
};

/* l2ring_tx_opts.hand_over: how the kernel gets a frame's bytes. */
#define L2RING_TX_AUTO   0 /* copied where the device would copy it anyway, and when it is short */
#define L2RING_TX_LINEAR 1 /* copied */
#define L2RING_TX_PAGES  2 /* by reference to the ring's pages */

/* What came about: see l2ring_tx_get_info(). */
struct l2ring_tx_info {
	uint32_t size;       /* in: sizeof(struct l2ring_tx_info) */
	uint32_t slots;      /* frames in the ring */
	uint32_t frame_max;  /* bytes that a slot holds */
	uint32_t slot_size;  /* bytes from slot to slot */
	uint32_t block_size; /* bytes of memory in one piece */
	uint32_t blocks;
	uint32_t version;    /* of the kernel's format: 2 */
	uint32_t linear_max; /* frames up to this length are copied; 0: none */
	uint32_t sndbuf;     /* bytes of frames that the socket lets be on their way */
	uint32_t reserved;   /* 0 */
};

/* Counters since opening; reading never resets them. */
struct l2ring_tx_stats {
	uint32_t size;           /* in: sizeof(struct l2ring_tx_stats) */
	uint32_t reserved;       /* 0 */
	uint64_t committed;      /* frames */
	uint64_t completed;      /* ... that the kernel took and gave back */
	uint64_t uncertain;      /* ... that it had when the link changed, and gave back */
	uint64_t failed;         /* ... that were not sent, for one of the reasons below */
	uint64_t pending;        /* ... not yet any of these */
	uint64_t bytes;          /* of the frames completed and uncertain */
	uint64_t failed_length;  /* too long for the interface at the time of the flush */
	uint64_t failed_refused; /* refused by the kernel, with some other error */
	uint64_t failed_no_room; /* no room while nothing else was on its way, for all patience */
	uint64_t failed_gone;    /* the interface is gone */
	uint64_t no_room;        /* times that queue or device had no room: back-pressure */
	uint64_t no_buffer;      /* times that the send buffer was full: back-pressure */
	uint64_t calls;          /* system calls that hand frames over */
};

/* A frame that failed after it was committed. Frozen: 16 bytes on every architecture. */
struct l2ring_tx_failure {
	uint64_t number; /* of the frame: 0 is the first that was committed */
	int32_t code;    /* a negative errno */
	uint32_t len;    /* its bytes */
};

/*
 * l2ring_tx_opts_init - prepare options for a caller that knows "size" bytes of them
 *
 * Zeroes the struct and sets its size. For bindings; C may write { .size = sizeof(opts) }.
 * Safe from any thread. Since 0.1.
 */
L2_API void l2ring_tx_opts_init(struct l2ring_tx_opts *opts, uint32_t size);

/*
 * l2ring_tx_open - make a transmit ring
 *
 * @ret:  the new ring, to be freed by l2ring_tx_close(); untouched on failure
 * @s:	  a raw handle on one interface, never bound; until the ring is closed it does nothing else,
 *	  and the ring keeps what it needs of it when it is closed first
 * @opts: options or NULL
 *
 * The ring's memory is the kernel's and cannot be swapped out. It is not inherited by fork(). The
 * send buffer is enlarged for it, as far as the system lets.
 *
 * Returns 0, or
 *   -EINVAL	  @ret or @s is NULL, a handle on all interfaces, a bad option, or a ring that the
 *		  kernel's rules forbid
 *   -E2BIG	  @opts has a field set that this library does not know
 *   -EBUSY	  the handle is bound, or has a ring
 *   -EOPNOTSUPP  the handle is not raw, or L2RING_TX_LINEAR on a device of unknown header length
 *   -ENOMEM	  no memory
 *   -ENODEV	  the interface is gone
 *   -ENOPROTOOPT   the kernel has no such rings
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_open(struct l2ring_tx **ret, struct l2sock *s,
			  const struct l2ring_tx_opts *opts);

/*
 * l2ring_tx_reserve - take the next slot
 *
 * @len: bytes that will be written at most
 * @ret: out: where they go; the program's until the slot is committed or cancelled
 *
 * Several slots may be reserved at once. They are committed or cancelled in the order in which they
 * were reserved. Those cancelled in front of a reserved one are not given out again before it.
 *
 * Returns 0, or
 *   -EAGAIN	all slots are in use: l2ring_tx_wait()
 *   -EMSGSIZE	a slot holds fewer bytes than @len
 *   -EINVAL	@tx or @ret is NULL
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_reserve(struct l2ring_tx *tx, uint32_t len, void **ret);

/*
 * l2ring_tx_reserve_many - take the next slots
 *
 * @len: bytes that will be written at most to each
 * @ret: out: where they go
 * @n:	 how many at most
 *
 * Returns how many were taken, at least 1, or what l2ring_tx_reserve() returns when there is none:
 *   -EAGAIN	all slots are in use: l2ring_tx_wait()
 *   -EMSGSIZE	a slot holds fewer bytes than @len
 *   -EINVAL	@tx or @ret is NULL, or @n is 0
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2ring_tx_reserve_many(struct l2ring_tx *tx, uint32_t len, void **ret, size_t n);

/*
 * l2ring_tx_commit - the frame in the oldest reserved slot is ready to go
 *
 * @len: its bytes
 *
 * Nothing is sent before a flush. A frame that is refused here was not committed: its slot stays
 * reserved.
 *
 * Returns 0, or
 *   -EMSGSIZE	the frame is longer than the interface takes now, or than the slot
 *   -EINVAL	@tx is NULL, no slot is reserved, or @len is less than a link-layer header
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_commit(struct l2ring_tx *tx, uint32_t len);

/*
 * l2ring_tx_commit_many - the frames in the oldest reserved slots are ready to go
 *
 * @lens: the bytes of each
 * @n:	  how many; with 0 nothing is committed, and 0 returned
 *
 * Ends with the first that is refused; that one's slot and those behind it stay reserved.
 *
 * Returns how many were committed, or what l2ring_tx_commit() returns when the first is refused:
 *   -EMSGSIZE	the frame is longer than the interface takes now, or than the slot
 *   -EINVAL	@tx or @lens is NULL, no slot is reserved, or a length is less than a link-layer
 *		header
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2ring_tx_commit_many(struct l2ring_tx *tx, const uint32_t *lens, size_t n);

/*
 * l2ring_tx_cancel - give back the oldest reserved slot, without a frame
 *
 * The kernel passes over no slot: when more are reserved behind it, their frames move up as they
 * are committed, at the price of copying them.
 *
 * Returns 0, or
 *   -EINVAL  @tx is NULL, or no slot is reserved
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_cancel(struct l2ring_tx *tx);

/*
 * l2ring_tx_flush - hand all committed frames over to the kernel
 *
 * One system call as a rule, and now and then one to hear whether link or MTU have changed; they
 * are known as they were at most 0.2 ms ago. Never waits.
 * Frames for which there is no room (in the queueing discipline, the device, the send buffer), or
 * no link, stay for the next flush: that is back-pressure and no error. A frame that is refused, or
 * too long for the interface as it is now, is taken out and those behind it go on: see
 * l2ring_tx_next_failure(). So is a frame for which there is no room although no other frame of the
 * ring is on its way, after the patience of the options: a device may refuse it for ever, as a veth
 * device does when its peer's MTU is smaller.
 *
 * Returns how many frames the kernel has taken, 0 for none, or
 *   -EINVAL  @tx is NULL
 *   -ENODEV  the interface is gone; what it had not taken has failed
 *   -EOPNOTSUPP  after l2sock_rebind() to another kind of interface, whose lengths cannot be
 *	      checked; all has failed
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2ring_tx_flush(struct l2ring_tx *tx);

/*
 * l2ring_tx_wait - wait until a slot is free, flushing what is committed
 *
 * @timeout_ns: 0 only looks, L2_FOREVER waits without limit
 *
 * What there is to report comes first, once: a slot that is free stays free.
 *
 * Returns how many slots are free, at least 1, or
 *   -EAGAIN	 @timeout_ns is 0 and none is free
 *   -ETIMEDOUT	 the time is over
 *   -ECANCELED	 l2ring_tx_wake() or l2sock_wake() was called
 *   -ENETDOWN	 with L2SOCK_LINK_EVENTS: the link changed, see l2sock_link(); once per change
 *   -ENODEV	 the interface is gone
 *   -EOPNOTSUPP as l2ring_tx_flush()
 *   -EDEADLK	 all slots are reserved, or were cancelled in front of one that is: nothing comes
 *		 back before they are committed or cancelled
 *   -EINVAL	 @tx is NULL, or @timeout_ns is below -1
 *   -ENOMEM	 no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2ring_tx_wait(struct l2ring_tx *tx, int64_t timeout_ns);

/*
 * l2ring_tx_drain - wait until no frame is pending, flushing what is committed
 *
 * @timeout_ns: 0 only looks, L2_FOREVER waits without limit
 *
 * Returns 0, or
 *   -EAGAIN, -ETIMEDOUT, -ECANCELED, -ENETDOWN, -ENODEV, -EOPNOTSUPP, -EDEADLK, -EINVAL,
 *   -ENOMEM   as l2ring_tx_wait()
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_drain(struct l2ring_tx *tx, int64_t timeout_ns);

/*
 * l2ring_tx_wake - make the call that waits on the ring, or the next one, return -ECANCELED
 *
 * As l2sock_wake() on its handle. Returns 0, or -EINVAL if @tx is NULL.
 *
 * Safe from any thread and from a signal handler. Since 0.1.
 */
L2_API int l2ring_tx_wake(struct l2ring_tx *tx);

/*
 * l2ring_tx_pollfd - a descriptor for poll(), select(), epoll and event loops
 *
 * Readable means: call l2ring_tx_wait() with a timeout of 0, slots have come back or there is
 * something to report. That call may find that there was nothing after all (-EAGAIN). While frames
 * stay pending for lack of room, call it every some milliseconds as well: the kernel does not tell
 * when there is room again.
 *
 * Returns the descriptor, which stays the ring's, or
 *   -EINVAL  @tx is NULL
 *   -ENOMEM  no memory, or too many descriptors are watched
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_pollfd(struct l2ring_tx *tx);

/*
 * l2ring_tx_next_failure - which committed frame failed?
 *
 * @ret: out: the oldest failure that was not yet told
 *
 * As many as the ring has slots are kept; of more, the latest.
 *
 * Returns 1, or 0 when there is none, or
 *   -EINVAL  @tx or @ret is NULL
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_tx_next_failure(struct l2ring_tx *tx, struct l2ring_tx_failure *ret);

/*
 * l2ring_tx_get_stats - read the counters
 *
 * @ret: in: its size; out: the counters, as many as fit
 *
 * Completion is noticed by the calls that flush and wait, and by l2ring_tx_reserve() when it finds
 * no free slot.
 *
 * Returns 0, or
 *   -EINVAL  @tx or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2ring_tx_get_stats(const struct l2ring_tx *tx, struct l2ring_tx_stats *ret);

/*
 * l2ring_tx_get_info - what the ring is like
 *
 * @ret: in: its size; out: the facts, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @tx or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2ring_tx_get_info(const struct l2ring_tx *tx, struct l2ring_tx_info *ret);

/*
 * l2ring_tx_close - give up the ring; NULL is fine
 *
 * @last: in: its size; out: the last counters; or NULL
 *
 * Does not wait: l2ring_tx_drain() does. Frames that were not handed over are lost, those in the
 * kernel's hands go on their way; both are counted as pending. If there were such in the kernel's
 * hands, the handle cannot be used for anything but closing it; otherwise it is as before.
 *
 * Returns how many frames were pending, or
 *   -EINVAL  last->size is bad, see l2ring_tx_get_stats(); the ring is still open
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int64_t l2ring_tx_close(struct l2ring_tx *tx, struct l2ring_tx_stats *last);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_TX_H */
