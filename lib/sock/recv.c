/* SPDX-License-Identifier: MIT */
/* Receiving: one frame, one system call when it is already there. */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The kernel counts in 32 bits: its counters are fetched long before they can wrap. */
#define HARVEST_EVERY (UINT64_C(1) << 30)

/* What one recvmsg() needs beside the caller's buffer. */
struct delivery {
	struct msghdr msg;
	struct iovec parts[2];
	uint8_t spill[L2_HEADROOM];
	union {
		struct sockaddr_ll ll;
		uint8_t room[offsetof(struct sockaddr_ll, sll_addr) + L2_ADDR_MAX];
	} from;
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct tpacket_auxdata)) +
						 CMSG_SPACE(sizeof(struct l2kernel_timespec))];
};

/*
 * Lets the frame begin behind the headroom. Its last bytes, which that may push out of the buffer,
 * go to the spill.
 */
static void prepare(struct delivery *d, uint8_t *buf, size_t size, bool headroom)
{
	d->msg = (struct msghdr) { .msg_iov = d->parts, .msg_iovlen = headroom ? 2 : 1 };
	if (!headroom) {
		d->parts[0] = (struct iovec) { buf, size };
		return;
	}
	d->parts[0] = (struct iovec) { buf + L2_HEADROOM, size - L2_HEADROOM };
	d->parts[1] = (struct iovec) { d->spill, L2_HEADROOM };
}

/* The kernel shortens these two to what it wrote, so each attempt sets them anew. */
static void prepare_metadata(struct delivery *d)
{
	d->msg.msg_name = &d->from;
	d->msg.msg_namelen = sizeof(d->from);
	d->msg.msg_control = d->control;
	d->msg.msg_controllen = sizeof(d->control);
}

/* Gives up the headroom for a frame that needs the whole buffer. */
static void unspill(const struct delivery *d, uint8_t *buf, size_t size, size_t len)
{
	size_t whole = size - L2_HEADROOM;

	memmove(buf, buf + L2_HEADROOM, whole);
	memcpy(buf + whole, d->spill, len - whole);
}

/* Where the frame lies, and whether it is all there. */
static void locate(struct l2pkt *pkt, const struct delivery *d, uint8_t *buf, size_t size,
		   int64_t frame_len)
{
	bool headroom = d->msg.msg_iovlen == 2;
	size_t len = (uint64_t)frame_len < size ? (size_t)frame_len : size;
	uint32_t full = pkt->wire_len;

	if (!(pkt->valid & L2_VALID_WIRE_LEN))
		pkt->wire_len = full = (uint32_t)frame_len;
	else if (pkt->flags & L2_FLAG_TAGGED)
		full -= L2_VLAN_TAG_LEN;
	if (len < full)
		pkt->flags |= L2_FLAG_TRUNCATED;
	if (headroom && len > size - L2_HEADROOM) {
		unspill(d, buf, size, len);
		headroom = false;
	}
	pkt->data = headroom ? buf + L2_HEADROOM : buf;
	pkt->headroom = headroom ? L2_HEADROOM : 0;
	pkt->len = (uint32_t)len;
}

static void count(struct l2sock *s, bool truncated)
{
	l2counter_add(&s->counters.received, 1);
	if (truncated)
		l2counter_add(&s->counters.truncated, 1);
	if (s->counters.received % HARVEST_EVERY == 0)
		l2stats_harvest(s);
	if (s->disarmed)
		l2wait_rearm(s);
}

/* One attempt. MSG_TRUNC has the kernel return the frame's length even where it did not fit. */
static int64_t try_recv(struct l2sock *s, struct delivery *d, void *buf, size_t size,
			struct l2pkt *pkt)
{
	int64_t n;

	if (pkt)
		prepare_metadata(d);
	n = l2sys_recvmsg(s->fd, &d->msg, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return n;
	if (!pkt) {
		count(s, (uint64_t)n > size);
		return (uint64_t)n < size ? n : (int64_t)size;
	}
	l2pkt_from_msg(pkt, &d->msg);
	locate(pkt, d, buf, size, n);
	count(s, pkt->flags & L2_FLAG_TRUNCATED);
	return pkt->len;
}

static int check(struct l2sock *s, const void *buf, size_t size, int64_t timeout_ns)
{
	if (!buf && size)
		return l2fail_note(s, -EINVAL, "recv: no buffer for %a bytes", (int64_t)size, 0);
	if (timeout_ns < L2_FOREVER)
		return l2fail_note(s, -EINVAL, "recv: a timeout of %a ns; the least is %b, forever",
				   timeout_ns, L2_FOREVER);
	if (!s->ethertype)
		return l2fail_note(s, -ENOTCONN, "recv: %e: l2sock_bind() comes first", 0, 0);
	return 0;
}

L2_HOT int64_t l2sock_recv(struct l2sock *s, void *buf, size_t size, struct l2pkt *pkt,
			   int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	struct delivery d;
	int64_t r;

	if (!s)
		return -EINVAL;
	r = check(s, buf, size, timeout_ns);
	if (r < 0)
		return r;
	if (size > INT32_MAX)
		size = INT32_MAX;
	prepare(&d, buf, size, pkt && size > L2_HEADROOM);
	for (;;) {
		r = try_recv(s, &d, buf, size, pkt);
		if (r >= 0)
			return r;
		if (r == -ENETDOWN) {
			l2link_update(s);
			continue;
		}
		if (r != -EAGAIN && r != -EINTR)
			return l2fail_note(s, (int)r, "recv: %n: %e", 0, 0);
		r = l2wait_for(s, POLLIN, &deadline);
		if (r < 0)
			return r;
	}
}
