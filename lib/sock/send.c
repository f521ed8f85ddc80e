/* SPDX-License-Identifier: MIT */
/* Sending: one frame as it is, or many with what each of them needs. */
#define _GNU_SOURCE
#include <errno.h>

#include "sock-internal.h"
#include "sys-internal.h"
#include "tx-internal.h"

/* The frames of one system call. */
struct load {
	struct l2tx *frames[L2SOCK_BATCH_MAX];
	struct mmsghdr msgs[L2SOCK_BATCH_MAX];
	struct l2parcel parcels[L2SOCK_BATCH_MAX];
	unsigned int n;
};

/* How long a call may wait, and whether it has asked about a link that was said to be down. */
struct effort {
	struct l2deadline deadline;
	bool asked;
};

/* The sentence for a frame that the kernel refused. */
static int refuse(struct l2sock *s, int code, uint32_t ifindex, size_t len)
{
	if (code == -ENXIO)
		code = -ENODEV;
	if (code == -EMSGSIZE || (code == -EINVAL && s->type != L2SOCK_TYPE_COOKED))
		return l2limits_refused(s, code, ifindex, len);
	if (!s->ifindex)
		return l2fail_note(s, code, "send: interface %a: %e", ifindex, 0);
	if (code == -ENODEV)
		return l2link_gone(s, "send: %n is gone");
	if (code == -EINVAL)
		return l2fail_note(s, code, "send: %n makes no header for this address", 0, 0);
	return l2fail_note(s, code, "send: %n: %e", 0, 0);
}

/*
 * After an attempt that failed: 0 to try once more, 1 when this is the kernel's last word, or the
 * code of what ended the wait. A first report of a link that is down may be an old one.
 */
static int again(struct l2sock *s, int64_t code, struct effort *effort)
{
	if (code == -EAGAIN || code == -EINTR)
		return l2wait_for(s, POLLOUT, &effort->deadline);
	if (code != -ENETDOWN || effort->asked)
		return 1;
	effort->asked = true;
	l2link_update(s);
	return 0;
}

static int check_timeout(struct l2sock *s, int64_t timeout_ns)
{
	if (timeout_ns >= L2_FOREVER)
		return 0;
	return l2fail_note(s, -EINVAL, "send: a timeout of %a ns; the least is %b, forever",
			   timeout_ns, L2_FOREVER);
}

/* A frame that needs nothing but its bytes. */
static int send_plain(struct l2sock *s, const void *frame, size_t len, struct effort *effort)
{
	int64_t n;
	int r;

	do {
		n = l2sys_send(s->fd, frame, len, MSG_DONTWAIT);
		if (n >= 0) {
			l2counter_add(&s->counters.sent, 1);
			return 0;
		}
		r = again(s, n, effort);
	} while (r == 0);
	if (r < 0)
		return r;
	l2counter_add(&s->counters.failed, 1);
	return refuse(s, (int)n, s->ifindex, len);
}

/* A frame that takes more than its bytes, or is refused. Apart, to keep the other way lean. */
static __attribute__((__noinline__)) int send_described(struct l2sock *s, const void *frame,
							size_t len, int64_t timeout_ns)
{
	const struct l2tx tx = {
		.data = frame,
		.len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX,
	};

	return l2sock_send_to(s, &tx, timeout_ns);
}

L2_HOT int l2sock_send(struct l2sock *s, const void *frame, size_t len, int64_t timeout_ns)
{
	struct effort effort = { .deadline.timeout_ns = timeout_ns };
	int r;

	if (!s)
		return -EINVAL;
	if (s->type != L2SOCK_TYPE_RAW || !s->ifindex || !frame || !l2limits_fit(s, len) ||
	    s->send_by_ring)
		return send_described(s, frame, len, timeout_ns);
	r = check_timeout(s, timeout_ns);
	return r < 0 ? r : send_plain(s, frame, len, &effort);
}

/* Frames that cannot be sent get their result here and are left out. */
static void load_up(struct l2sock *s, struct load *load, struct l2tx *tx, size_t n)
{
	size_t i;

	load->n = 0;
	for (i = 0; i < n; i++) {
		tx[i].result = l2tx_check(s, &tx[i]);
		if (tx[i].result == 0)
			tx[i].result = l2tx_message(s, &tx[i], &load->msgs[load->n].msg_hdr,
						    &load->parcels[load->n]);
		if (tx[i].result == 0)
			load->frames[load->n++] = &tx[i];
	}
}

/* Whether what one frame met is in the way of those behind it as well. */
static bool is_final(const struct l2sock *s, int code)
{
	return s->ifindex && (code == -ENETDOWN || code == -ENODEV);
}

/*
 * The kernel takes frames up to the first that it refuses, whose error shows when it comes first.
 * Returns 0 when all have their result, or the code of what ended the call; then @at is the first
 * frame that has none.
 */
static int unload(struct l2sock *s, struct load *load, unsigned int *at, struct effort *effort)
{
	struct l2tx *tx;
	int64_t n;
	int r;

	while (*at < load->n) {
		n = l2sys_sendmmsg(s->fd, load->msgs + *at, load->n - *at, MSG_DONTWAIT);
		if (n > 0) {
			effort->asked = false;
			for (; n > 0; n--)
				load->frames[(*at)++]->result = 0;
			continue;
		}
		r = again(s, n ? n : -EAGAIN, effort);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		tx = load->frames[*at];
		tx->result = refuse(s, (int)n, tx->ifindex ? tx->ifindex : s->ifindex,
				    l2tx_len(tx));
		if (is_final(s, tx->result)) {
			l2counter_add(&s->counters.failed, 1);
			return tx->result;
		}
		(*at)++;
	}
	return 0;
}

/* Counts the first @done frames; those behind share the code of what ended the call. */
static int64_t account(struct l2sock *s, struct l2tx *tx, size_t n, size_t done, int code)
{
	uint64_t failed = 0;
	uint64_t sent = 0;
	size_t i;

	for (i = 0; i < done; i++) {
		sent += tx[i].result == 0;
		failed += tx[i].result < 0;
	}
	for (; i < n; i++)
		tx[i].result = code;
	l2counter_add(&s->counters.sent, sent);
	l2counter_add(&s->counters.failed, failed);
	return done ? (int64_t)done : code;
}

int64_t l2sock_send_batch(struct l2sock *s, struct l2tx *tx, size_t n, int64_t timeout_ns)
{
	struct effort effort = { .deadline.timeout_ns = timeout_ns };
	struct load load;
	size_t done = 0;
	int r;

	if (!s)
		return -EINVAL;
	if (!tx && n)
		return l2fail_note(s, -EINVAL, "send: no descriptors of %a frames", (int64_t)n, 0);
	if (s->send_by_ring)
		return l2fail_note(s, -EBUSY,
				   s->rx ? "send: not with L2RING_OFFLOAD"
					 : "send: the handle's ring does that",
				   0, 0);
	r = check_timeout(s, timeout_ns);
	while (r == 0 && done < n) {
		size_t some = n - done < L2SOCK_BATCH_MAX ? n - done : L2SOCK_BATCH_MAX;
		unsigned int at = 0;

		load_up(s, &load, tx + done, some);
		r = unload(s, &load, &at, &effort);
		done = at < load.n ? (size_t)(load.frames[at] - tx) : done + some;
	}
	return account(s, tx, n, done, r);
}

int l2sock_send_to(struct l2sock *s, const struct l2tx *tx, int64_t timeout_ns)
{
	struct l2tx one;
	int64_t n;

	if (!s)
		return -EINVAL;
	if (!tx)
		return l2fail_note(s, -EINVAL, "send: no descriptor", 0, 0);
	one = *tx;
	n = l2sock_send_batch(s, &one, 1, timeout_ns);
	return n == 1 ? one.result : (int)n;
}
