/* SPDX-License-Identifier: MIT */
/*
 * rx.h - receive rings: frames without a system call each, and without a copy
 *
 *	l2ring_rx_open(&rx, s, NULL);
 *	l2sock_bind(s, L2_ETHERTYPE_ALL);
 *	while (l2ring_rx_next(rx, &b, L2_FOREVER) > 0) {
 *		for (h = l2block_first(&b); h; h = l2block_next(&b, h))
 *			handle(l2block_data(&b, h), l2block_len(&b, h));
 *		l2ring_rx_release(rx, &b);
 *	}
 *
 * The kernel writes frames into memory that it shares with the program, and hands it over block by
 * block. A block is leased by l2ring_rx_next(): the program may read and write the frames in it
 * until it gives it back by l2ring_rx_release(). It may hold several, and release them in any
 * order; the kernel gets them back in the order of arrival.
 */
#ifndef L2SOCK_RX_H
#define L2SOCK_RX_H

#include <string.h>

#include <l2sock/l2sock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct l2ring_rx; /* the ring */

/* l2ring_rx_opts.profile: when the kernel hands frames over. */
#define L2RING_THROUGHPUT 0 /* many at once, when a block is full or its time is over */
#define L2RING_LATENCY    1 /* each at once */

/* l2ring_rx_opts.flags */
#define L2RING_HASH     0x0001u /* the kernel computes each frame's flow hash; THROUGHPUT only */
#define L2RING_NIC_TIME 0x0002u /* the device's timestamps, where it makes them */
#define L2RING_OFFLOAD  0x0004u /* facts of super-frames: L2_VALID_GSO; THROUGHPUT only */

/*
 * Options of l2ring_rx_open(). Fields that are 0 take their defaults; passing NULL means all zero.
 * "size" must be sizeof(struct l2ring_rx_opts), or use l2ring_rx_opts_init().
 */
struct l2ring_rx_opts {
	uint32_t size;
	uint32_t flags;        /* L2RING_HASH and those below it */
	uint64_t bytes;        /* memory to spend; 0: 64 MiB for THROUGHPUT, 32 MiB for LATENCY */
	uint64_t retire_ns;    /* THROUGHPUT: how long a frame waits for others; 0: 20 ms */
	uint64_t spin_ns;      /* how long a call looks again and again before it sleeps */
	uint32_t profile;      /* L2RING_THROUGHPUT or _LATENCY */
	uint32_t frame_max;    /* LATENCY: bytes of a frame that a slot holds; 0: by the MTU */
	uint32_t block_size;   /* THROUGHPUT: bytes of a block, whole pages; 0: 1 MiB, or less */
	uint32_t headroom;     /* bytes in front of each frame that the program may write */
	uint32_t private_size; /* THROUGHPUT: bytes in each block for the program: l2block.own */
	uint32_t reserved;     /* 0 */
};

/* What a ring is, as obtained, and how much of it is in use: see l2ring_rx_get_info(). */
struct l2ring_rx_info {
	uint32_t size;       /* in: sizeof(struct l2ring_rx_info) */
	uint32_t profile;    /* L2RING_THROUGHPUT or _LATENCY */
	uint64_t bytes;      /* memory; less than asked for where the kernel is short of it */
	uint64_t retire_ns;  /* THROUGHPUT: how long a frame waits for others, at most */
	uint32_t block_size; /* bytes */
	uint32_t block_nr;   /* how many */
	uint32_t cells;      /* what can be held: blocks with THROUGHPUT, slots with LATENCY */
	uint32_t held_max;   /* ... how many of them at once */
	uint32_t held;       /* ... and how many are, or were released behind one that is */
	uint32_t frame_max;  /* bytes of the longest frame that a block or a slot holds whole */
};

/*
 * struct l2block - frames on lease
 *
 * Frozen: 128 bytes on every architecture; it grows inside "reserved". Copying it is fine: what
 * counts is the lease. The fields without comment are for the functions below.
 */
struct l2block {
	uint64_t lease;
	uint64_t sequence; /* THROUGHPUT: the kernel's number of it, one more for each */
	uint32_t frames;   /* in it, at least 1 */
	uint32_t flags;    /* L2_FLAG_LOSING: frames were dropped while it was filled */
	uint32_t bytes;    /* at base */
	uint16_t facts;
	uint16_t valid;
	uint16_t next_at; /* places of fields in a frame's header */
	uint16_t len_at;
	uint16_t wire_len_at;
	uint16_t status_at;
	uint16_t time_at;
	uint16_t data_at;
	uint16_t reserved0[2]; /* 0 */
	uint8_t *base;         /* memory that all of it lies in */
	uint8_t *first;
	uint8_t *own;                              /* the program's private_size bytes, or NULL */
	uint8_t reserved[80 - 3 * sizeof(void *)]; /* 0 */
};

/*
 * struct l2spot - where a frame lies in its block, and the least about it. Frozen: 24 bytes, the
 * same on every architecture, without pointers.
 */
struct l2spot {
	uint64_t timestamp; /* as in struct l2pkt */
	uint32_t offset;    /* of the first byte from l2block.base */
	uint32_t len;       /* bytes there */
	uint32_t wire_len;  /* bytes on the wire */
	uint32_t flags;     /* L2_FLAG_TRUNCATED, _TAGGED, _LOSING */
};

/*
 * l2ring_rx_opts_init - prepare options for a caller that knows "size" bytes of them
 *
 * Zeroes the struct and sets its size. For bindings; C may write { .size = sizeof(opts) }.
 * Safe from any thread. Since 0.1.
 */
L2_API void l2ring_rx_opts_init(struct l2ring_rx_opts *opts, uint32_t size);

/*
 * l2ring_rx_open - give a handle a receive ring
 *
 * @ret:  the new ring, to be freed by l2ring_rx_close(); untouched on failure
 * @s:	  a handle of type raw or cooked without a ring; the ring keeps it alive
 * @opts: options or NULL
 *
 * From now on the handle's frames come by the ring, and l2sock_recv() fails with -EBUSY. Opened
 * before l2sock_bind() it gets the first frame; what is queued on a handle that is bound already
 * is discarded and counted (flushed). Filters and memberships work as without a ring: after a
 * change no frame of the old filter is received but those in blocks that are held.
 *
 * Where the kernel is short of memory, or the process of addresses, half of it is tried, and half
 * of that, as long as four blocks or slots are left: l2ring_rx_get_info() tells what was obtained.
 * With L2RING_OFFLOAD the handle cannot send.
 *
 * Returns 0, or
 *   -EINVAL	  @ret or @s is NULL, an option is unknown or not of the profile, or the ring breaks
 *		  a rule of the kernel, which l2sock_errmsg() names
 *   -E2BIG	  @opts has a field set that this library does not know
 *   -EBUSY	  the handle has a ring, or is of a group that is bound
 *   -EOPNOTSUPP  the handle is a legacy one
 *   -ENOPROTOOPT the kernel is too old for a flag
 *   -ENODEV	  the interface is gone
 *   -ENOMEM	  no memory, or no room for it in the address space
 *
 * After a failure the handle is as before, but for what was queued. One thread at a time per
 * handle. Since 0.1.
 */
L2_API int l2ring_rx_open(struct l2ring_rx **ret, struct l2sock *s,
			  const struct l2ring_rx_opts *opts);

/*
 * l2ring_rx_close - give up a ring; NULL is fine
 *
 * Frames in it are lost. A handle that is still open receives by its own calls again.
 *
 * Returns 0, or
 *   -EBUSY   a block is held: the program may be reading it; or the handle is of a group that is
 *	      bound: l2group_close() comes first
 *   -ENOMEM  the ring is gone, and the filter of the handle could not be put back after a stop: set
 *	      it again, nothing is received before
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_rx_close(struct l2ring_rx *rx);

/*
 * l2ring_rx_next - lease the next block of frames
 *
 * @ret:	the block; untouched on failure
 * @timeout_ns: 0 returns at once, L2_FOREVER waits without limit
 *
 * The frames are in the order of arrival, in the block and from block to block. With
 * L2RING_LATENCY a block is what has arrived, up to 64 frames; a frame that exceeds its slot comes
 * whole in a block of its own, if it is within the handle's receive buffer, and is not cut to the
 * length that the filter returned.
 *
 * As long as fewer than held_max are held and the program keeps up, the kernel has room. At
 * held_max this call fails until one is released. What frames the kernel had to drop is counted
 * (dropped), and so is how often it found no free block (freezes): l2sock_get_stats().
 *
 * Returns the number of frames, at least 1, or
 *   -EAGAIN	 @timeout_ns is 0 and nothing is there
 *   -ETIMEDOUT	 the time is over
 *   -ECANCELED	 l2sock_wake() was called
 *   -ENETDOWN	 with L2SOCK_LINK_EVENTS: the link changed, see l2sock_link(); once per change
 *   -ENODEV	 the interface is gone
 *   -ENOTCONN	 the handle was never bound: nothing can arrive
 *   -ENOBUFS	 held_max blocks are held, or were released behind one that is
 *   -ESHUTDOWN	 the ring was stopped, and all it had received is delivered
 *   -EINVAL	 @rx or @ret is NULL, or @timeout_ns is below -1
 *   -ENOMEM	 no memory in the kernel
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_rx_next(struct l2ring_rx *rx, struct l2block *ret, int64_t timeout_ns);

/*
 * l2ring_rx_release - give a block back
 *
 * The kernel gets it as soon as all that were leased before it are released, too.
 *
 * Returns 0, or
 *   -EINVAL  @rx or @b is NULL, or the block is not on lease
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_rx_release(struct l2ring_rx *rx, const struct l2block *b);

/*
 * l2ring_rx_stop - receive no more, and lose nothing that was received
 *
 * What the kernel had accepted before is still delivered by l2ring_rx_next(), the last of it within
 * the time to retire; then it returns -ESHUTDOWN. There is no way back but to close the ring: then
 * the handle receives again.
 *
 * Returns 0, or
 *   -EINVAL  @rx is NULL
 *   -ENOMEM  no memory in the kernel
 *   -EPERM   the handle is a group's member, and its filter is locked
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_rx_stop(struct l2ring_rx *rx);

/*
 * l2ring_rx_get_info - what the ring is, and how much of it is held
 *
 * @ret: in: its size; out: the facts as they are now, as many as fit
 *
 * Returns 0, or
 *   -EINVAL  @rx or @ret is NULL, or ret->size is less than the struct of version 0.1 has, or more
 *	      than 4096
 *
 * One thread at a time per handle. Since 0.1.
 */
L2_API int l2ring_rx_get_info(struct l2ring_rx *rx, struct l2ring_rx_info *ret);

/*
 * l2block_first, l2block_next - walk the frames of a block
 *
 * @h: the header of a frame, as one of these returned it
 *
 * Return the header of the first frame, or of that behind @h; NULL when there is none.
 *
 * Safe from any thread, while the block is on lease. Since 0.1.
 */
L2_API const void *l2block_first(const struct l2block *b);
L2_API const void *l2block_next(const struct l2block *b, const void *h);

/*
 * l2block_data, l2block_len - the bytes of a frame that are there
 * l2block_wire_len - how many there were on the wire, with every tag
 * l2block_timestamp - when it arrived, in nanoseconds since 1970-01-01 UTC
 *
 * @h: the header of a frame
 *
 * Safe from any thread, while the block is on lease. Since 0.1.
 */
L2_API const uint8_t *l2block_data(const struct l2block *b, const void *h);
L2_API uint32_t l2block_len(const struct l2block *b, const void *h);
L2_API uint32_t l2block_wire_len(const struct l2block *b, const void *h);
L2_API uint64_t l2block_timestamp(const struct l2block *b, const void *h);

/*
 * l2block_pkts - describe frames with all that the kernel tells
 * l2block_spots - describe frames in short
 *
 * @at: in: the header of the first to describe; out: that of the first which is left, or NULL
 * @n:	how many at most
 *
 * For programs in other languages, and for those that want facts which have no function here. The
 * data stays where it is; with struct l2pkt the program may write to it and to the headroom, until
 * the block is released. Describe a frame once when you restore its tag by l2pkt_restore_tag().
 *
 * Return how many were described: 0 when @at pointed to NULL.
 *
 * Safe from any thread, while the block is on lease. Since 0.1.
 */
L2_API size_t l2block_pkts(const struct l2block *b, const void **at, struct l2pkt *pkts, size_t n);
L2_API size_t l2block_spots(const struct l2block *b, const void **at, struct l2spot *spots,
			    size_t n);

/*
 * l2block_restore_tag - put the VLAN tag that the kernel took out back into the frame
 *
 * @h: the header of a frame; it tells of the frame with its tag afterwards
 *
 * As l2pkt_restore_tag(), for whoever walks a block. Handles with L2SOCK_RESTORE_TAGS have done it
 * already.
 *
 * Returns 1 if a tag was put back, 0 if there was none, or
 *   -EINVAL  the frame holds less than the two addresses, or has no link-layer header
 *   -ENOSPC  there is no room in front of it
 *
 * Safe from any thread, on different frames. Since 0.1.
 */
L2_API int l2block_restore_tag(const struct l2block *b, const void *h);

#ifndef L2SOCK_NO_INLINE

/*
 * The two profiles have headers of their own. That the block tells where their fields are takes
 * fewer instructions than asking which of them it is.
 */
L2SOCK_INLINE const void *l2block_first(const struct l2block *b)
{
	return b->first;
}

L2SOCK_INLINE const void *l2block_next(const struct l2block *b, const void *h)
{
	uint32_t step;

	memcpy(&step, (const uint8_t *)h + b->next_at, sizeof(step));
	return step ? (const uint8_t *)h + step : NULL;
}

L2SOCK_INLINE const uint8_t *l2block_data(const struct l2block *b, const void *h)
{
	uint16_t offset;

	memcpy(&offset, (const uint8_t *)h + b->data_at, sizeof(offset));
	return (const uint8_t *)h + offset;
}

L2SOCK_INLINE uint32_t l2block_len(const struct l2block *b, const void *h)
{
	uint32_t len;

	memcpy(&len, (const uint8_t *)h + b->len_at, sizeof(len));
	return len;
}

L2SOCK_INLINE uint64_t l2block_timestamp(const struct l2block *b, const void *h)
{
	uint32_t time[2];

	memcpy(time, (const uint8_t *)h + b->time_at, sizeof(time));
	return time[0] * (uint64_t)1000000000 + time[1];
}

#endif /* L2SOCK_NO_INLINE */

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_RX_H */
