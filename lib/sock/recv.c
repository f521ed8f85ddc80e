/* SPDX-License-Identifier: MIT */
/* Receiving: what is already there costs one system call. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* No code of the kernel's: a frame was left out. */
#define LEFT_OUT (-ESTALE)

/* What a message brings beside the frame's bytes. */
struct envelope {
	struct iovec room;
	union l2kernel_address from;
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct tpacket_auxdata)) +
						 CMSG_SPACE(sizeof(struct l2kernel_timespec))];
};

/*
 * The frame is to begin behind the headroom; one without link-layer header has no place for a tag.
 * The kernel shortens some of this: for one use.
 */
static inline void prepare(const struct l2sock *s, struct msghdr *msg, struct envelope *e,
			   uint8_t *buf, size_t size)
{
	size_t headroom = s->type == L2SOCK_TYPE_COOKED ? 0 : L2_HEADROOM;

	if (headroom > size)
		headroom = size;
	e->room = (struct iovec) { buf + headroom, size - headroom };
	*msg = (struct msghdr) {
		.msg_name = &e->from,
		.msg_namelen = sizeof(e->from),
		.msg_iov = &e->room,
		.msg_iovlen = 1,
		.msg_control = e->control,
		.msg_controllen = sizeof(e->control),
	};
}

static inline void describe(const struct l2sock *s, struct l2pkt *pkt, const struct msghdr *msg)
{
	l2pkt_from_msg(pkt, msg);
	if (s->type == L2SOCK_TYPE_LEGACY)
		l2legacy_describe(s, pkt, msg);
}

/* Where the frame lies, and whether it is all there. */
static inline void locate(const struct l2sock *s, struct l2pkt *pkt, const struct iovec *room,
			  size_t size, size_t frame_len)
{
	if (s->protocol != ETH_P_ALL)
		pkt->valid &= ~L2_VALID_VLAN; /* the hook for one ethertype hides tags */
	if (!(pkt->valid & L2_VALID_WIRE_LEN))
		pkt->wire_len = (uint32_t)frame_len;
	pkt->data = room->iov_base;
	pkt->headroom = (uint16_t)(size - room->iov_len);
	pkt->len = (uint32_t)(frame_len < room->iov_len ? frame_len : room->iov_len);
	if (pkt->len < pkt->wire_len)
		pkt->flags |= L2_FLAG_TRUNCATED;
	if (!(pkt->flags & L2_FLAG_TAGGED) || s->type == L2SOCK_TYPE_COOKED)
		return;
	pkt->wire_len += L2_VLAN_TAG_LEN;
	if (s->flags & L2SOCK_RESTORE_TAGS)
		l2pkt_restore_tag(pkt);
}

static inline void count(struct l2sock *s, uint64_t received, uint64_t truncated)
{
	if (truncated)
		l2counter_add(&s->counters.truncated, truncated);
	l2stats_received(s, received);
	if (s->disarmed)
		l2wait_rearm(s);
}

/* MSG_TRUNC has the kernel return the frame's length even where it did not fit. */
static inline int64_t recv_frame(struct l2sock *s, uint8_t *buf, size_t size, struct l2pkt *pkt)
{
	struct envelope envelope;
	struct msghdr msg;
	int64_t n;

	prepare(s, &msg, &envelope, buf, size);
	n = l2sys_recvmsg(s->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return n;
	describe(s, pkt, &msg);
	if (__builtin_expect(!!s->since, 0) && l2early_flush(s, pkt->timestamp))
		return LEFT_OUT;
	locate(s, pkt, &envelope.room, size, (size_t)n);
	count(s, 1, !!(pkt->flags & L2_FLAG_TRUNCATED));
	return pkt->len;
}

/* With its time, which nobody but the group asks for. */
static __attribute__((__noinline__)) int64_t recv_member(struct l2sock *s, void *buf, size_t size)
{
	struct envelope envelope;
	struct msghdr msg;
	struct l2pkt pkt;
	int64_t n;

	prepare(s, &msg, &envelope, buf, size);
	envelope.room = (struct iovec) { buf, size };
	n = l2sys_recvmsg(s->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return n;
	describe(s, &pkt, &msg);
	if (l2early_flush(s, pkt.timestamp))
		return LEFT_OUT;
	count(s, 1, (uint64_t)n > size);
	return n;
}

static inline int64_t recv_bytes(struct l2sock *s, void *buf, size_t size)
{
	int64_t n;

	if (__builtin_expect(!!s->since, 0))
		return recv_member(s, buf, size);
	n = l2sys_recv(s->fd, buf, size, MSG_DONTWAIT | MSG_TRUNC);
	if (n >= 0)
		count(s, 1, (uint64_t)n > size);
	return n;
}

/* The others move up; their bytes stay where they are. */
static __attribute__((__noinline__)) int64_t leave_out_early(struct l2sock *s, struct l2pkt *pkts,
							     int64_t n)
{
	int64_t kept = 0;
	int64_t i;

	for (i = 0; i < n; i++)
		if (!s->since || !l2early_flush(s, pkts[i].timestamp))
			pkts[kept++] = pkts[i];
	return kept ? kept : LEFT_OUT;
}

static inline int64_t recv_frames(struct l2sock *s, uint8_t *slab, size_t stride,
				  struct l2pkt *pkts, unsigned int n)
{
	struct envelope envelopes[L2SOCK_BATCH_MAX];
	struct mmsghdr msgs[L2SOCK_BATCH_MAX];
	uint64_t truncated = 0;
	int64_t got;
	int64_t i;

	for (i = 0; i < n; i++)
		prepare(s, &msgs[i].msg_hdr, &envelopes[i], slab + (size_t)i * stride, stride);
	got = l2sys_recvmmsg(s->fd, msgs, n, MSG_DONTWAIT | MSG_TRUNC);
	if (got < 0)
		return got;
	for (i = 0; i < got; i++) {
		describe(s, &pkts[i], &msgs[i].msg_hdr);
		locate(s, &pkts[i], &envelopes[i].room, stride, msgs[i].msg_len);
	}
	if (__builtin_expect(!!s->since, 0))
		got = leave_out_early(s, pkts, got);
	for (i = 0; i < got; i++)
		truncated += !!(pkts[i].flags & L2_FLAG_TRUNCATED);
	if (got < 0)
		return got;
	count(s, (uint64_t)got, truncated);
	return got;
}

/* After an attempt that failed: 0 to try once more, or what to report. */
static int again(struct l2sock *s, int64_t code, struct l2deadline *deadline)
{
	if (code == LEFT_OUT)
		return 0;
	if (code == -ENETDOWN) {
		l2link_update(s);
		return 0;
	}
	if (code != -EAGAIN && code != -EINTR)
		return l2fail_note(s, (int)code, "recv: %n: %e", 0, 0);
	return l2wait_for(s, POLLIN, deadline);
}

static inline int check_wait(struct l2sock *s, int64_t timeout_ns)
{
	if (timeout_ns < L2_FOREVER)
		return l2fail_note(s, -EINVAL, "recv: a timeout of %a ns; the least is %b, forever",
				   timeout_ns, L2_FOREVER);
	if (s->recv_by_ring)
		return l2fail_note(s, -EBUSY, "recv: the handle's ring does that", 0, 0);
	if (!s->ethertype)
		return l2fail_note(s, -ENOTCONN, "recv: %e: l2sock_bind() comes first", 0, 0);
	return 0;
}

L2_HOT int64_t l2sock_recv(struct l2sock *s, void *buf, size_t size, struct l2pkt *pkt,
			   int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	int64_t n;
	int r;

	if (!s)
		return -EINVAL;
	if (!buf && size)
		return l2fail_note(s, -EINVAL, "recv: no buffer for %a bytes", (int64_t)size, 0);
	if (size > INT32_MAX)
		size = INT32_MAX;
	r = check_wait(s, timeout_ns);
	while (r == 0) {
		n = pkt ? recv_frame(s, buf, size, pkt) : recv_bytes(s, buf, size);
		if (n >= 0)
			return n;
		r = again(s, n, &deadline);
	}
	return r;
}

static int check_slab(struct l2sock *s, const void *slab, size_t stride, const struct l2pkt *pkts,
		      size_t n)
{
	if (!pkts || !n)
		return l2fail_note(s, -EINVAL, "recv: no descriptors to fill", 0, 0);
	if (!slab && stride)
		return l2fail_note(s, -EINVAL, "recv: no buffer for frames of %a bytes",
				   (int64_t)stride, 0);
	if (stride > INT32_MAX)
		return l2fail_note(s, -EINVAL, "recv: a stride of %a bytes; the most is %b",
				   (int64_t)stride, INT32_MAX);
	return 0;
}

L2_HOT int64_t l2sock_recv_batch(struct l2sock *s, void *slab, size_t stride, struct l2pkt *pkts,
				 size_t n, int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	int64_t got;
	int r;

	if (!s)
		return -EINVAL;
	if (n > L2SOCK_BATCH_MAX)
		n = L2SOCK_BATCH_MAX;
	r = check_slab(s, slab, stride, pkts, n);
	if (r == 0)
		r = check_wait(s, timeout_ns);
	while (r == 0) {
		got = recv_frames(s, slab, stride, pkts, (unsigned int)n);
		if (got >= 0)
			return got;
		r = again(s, got, &deadline);
	}
	return r;
}

/* Only a frame without link-layer header can be empty. */
static bool is_readable(const struct l2sock *s)
{
	struct pollfd fd = { .fd = s->fd, .events = POLLIN };

	return l2sys_poll(&fd, 1, 0) > 0 && fd.revents & POLLIN;
}

/*
 * Not by MSG_PEEK: with it the kernel forgets the frame's length on the wire. As this does not take
 * an error that is pending either, that is asked for.
 */
static int64_t look(struct l2sock *s)
{
	size_t len = sizeof(int);
	int error = 0;
	int size = 0;
	int r = l2sys_ioctl(s->fd, SIOCINQ, &size);

	if (r < 0 || size > 0)
		return r < 0 ? r : size;
	r = l2sys_getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (r < 0 || error)
		return r < 0 ? r : -error;
	return s->type == L2SOCK_TYPE_COOKED && is_readable(s) ? 0 : -EAGAIN;
}

int64_t l2sock_next_size(struct l2sock *s, int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	int64_t n = -EAGAIN;
	int r;

	if (!s)
		return -EINVAL;
	r = check_wait(s, timeout_ns);
	while (r == 0) {
		n = look(s);
		if (n >= 0)
			break;
		r = again(s, n, &deadline);
	}
	if (r < 0)
		return r;
	if (s->disarmed)
		l2wait_rearm(s);
	return n;
}
