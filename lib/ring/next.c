/* SPDX-License-Identifier: MIT */
/* The next block: what is there costs no system call; otherwise spin, sleep, and look again. */
#include <errno.h>

#include "../sock/kernel-internal.h"
#include "../sock/sys-internal.h"
#include "rx-internal.h"

/* How often a program that never sleeps learns of errors that are pending on the socket. */
#define LOOK_EVERY_NS (100 * L2_MSEC)

/* Looks at the ring between two looks at the clock. */
#define LOOKS_PER_SPIN 64

static uint32_t left_to_hold(const struct l2ring_rx *rx)
{
	uint32_t held = l2lease_held(rx);

	return held < rx->held_max ? rx->held_max - held : 0;
}

static bool ready(void *ring)
{
	const struct l2ring_rx *rx = ring;

	return left_to_hold(rx) && rx->format->ready(rx);
}

/*
 * Discards what is in the ring while nothing gets in. The block that the kernel is filling cannot
 * be taken from it: of that one the frames so far are left out later.
 */
static void flush(void *ring)
{
	struct l2ring_rx *rx = ring;
	uint64_t flushed = 0;
	struct l2block b;

	while (l2lease_take(rx, rx->cells - l2lease_held(rx), &b)) {
		flushed += b.frames;
		l2ring_rx_release(rx, &b);
	}
	if (l2lease_held(rx) < rx->cells) {
		flushed += rx->format->pending(rx);
		rx->format->skip(rx);
	}
	l2counter_add(&rx->s->counters.flushed, flushed);
}

static bool is_over(const struct l2ring_rx *rx)
{
	return rx->stopped && !rx->format->pending(rx) && !rx->format->ready(rx);
}

/* The handle's descriptor tells of it. */
void l2rx_note_end(struct l2ring_rx *rx)
{
	if (rx->s->rx_ended || !is_over(rx))
		return;
	rx->s->rx_ended = true;
	l2wait_settle(rx->s);
}

/* Why there is nothing, and waiting would not help. */
static int explain(void *ring)
{
	struct l2ring_rx *rx = ring;

	if (!left_to_hold(rx)) {
		l2wait_look(rx->s);
		rx->refused = true;
		return l2fail_note(rx->s, -ENOBUFS, "rx: %a of %b are held: release the oldest",
				   l2lease_held(rx), rx->cells);
	}
	l2rx_note_end(rx);
	return rx->s->rx_ended ? l2fail_note(rx->s, -ESHUTDOWN, "rx: %e", 0, 0) : 0;
}

const struct l2ring_ops l2rx_ops = { ready, flush, explain, l2rx_renew };

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Looks again and again, for the time that the ring's options allow, within the deadline. */
static void spin(struct l2ring_rx *rx, struct l2deadline *deadline)
{
	int64_t left = l2deadline_left(deadline);
	int64_t until;
	int i;

	if (left >= 0 && (uint64_t)left < rx->spin_ns)
		until = l2sys_now() + left;
	else
		until = l2sys_now() + (int64_t)rx->spin_ns;
	do {
		for (i = 0; i < LOOKS_PER_SPIN; i++) {
			if (rx->format->ready(rx))
				return;
			relax();
		}
	} while (!__atomic_load_n(&rx->s->woken, __ATOMIC_RELAXED) && l2sys_now() < until);
}

/*
 * A call that may not wait makes no system call as long as nobody polls the handle, so errors of
 * the socket, the end of its interface among them, would go unnoticed.
 */
static void look_around(struct l2ring_rx *rx)
{
	int64_t now = l2sys_now();

	if (now < rx->look_at)
		return;
	rx->look_at = now + LOOK_EVERY_NS;
	l2wait_take_error(rx->s);
}

/*
 * Returns 0 when it may be worth another look. Frames that wait in a block come before any report
 * of the link; the kernel gives them up within the time to retire.
 */
static int wait_for_more(struct l2ring_rx *rx, struct l2deadline *deadline, bool first)
{
	deadline->frames_due = rx->format->pending(rx) > 0;
	if (!deadline->timeout_ns) {
		look_around(rx);
	} else if (first && rx->spin_ns && rx->s->link != L2SOCK_LINK_GONE) {
		spin(rx, deadline);
		if (rx->format->ready(rx))
			return 0;
	}
	return l2wait_for(rx->s, POLLIN, deadline);
}

static int check(struct l2ring_rx *rx, const struct l2block *ret, int64_t timeout_ns)
{
	if (!ret)
		return l2fail_note(rx->s, -EINVAL, "rx: no place for the block", 0, 0);
	if (timeout_ns < L2_FOREVER)
		return l2fail_note(rx->s, -EINVAL,
				   "rx: a timeout of %a ns; the least is %b, forever", timeout_ns,
				   L2_FOREVER);
	if (!rx->s->ethertype)
		return l2fail_note(rx->s, -ENOTCONN, "rx: %e: l2sock_bind() comes first", 0, 0);
	return 0;
}

/*
 * The kernel marks all blocks once frames were dropped, until somebody reads its counters; the next
 * block after that is marked here, once, whoever read them.
 */
static void mark_losses(struct l2ring_rx *rx, struct l2block *b)
{
	uint64_t dropped;

	if (b->flags & L2_FLAG_LOSING)
		l2stats_harvest(rx->s);
	dropped = __atomic_load_n(&rx->s->counters.dropped, __ATOMIC_RELAXED);
	b->flags = dropped != rx->dropped ? L2_FLAG_LOSING : 0;
	rx->dropped = dropped;
}

static int deliver(struct l2ring_rx *rx, struct l2block *b)
{
	struct l2sock *s = rx->s;

	mark_losses(rx, b);
	if (s->protocol == ETH_P_ALL) /* the hook for one ethertype hides tags */
		b->valid |= L2_VALID_VLAN;
	l2stats_received(s, b->frames);
	if (s->disarmed)
		l2wait_rearm(s);
	if (s->flags & L2SOCK_RESTORE_TAGS)
		l2block_restore_tags(b);
	if (rx->stopped)
		l2rx_note_end(rx);
	return (int)b->frames;
}

L2_HOT int l2ring_rx_next(struct l2ring_rx *rx, struct l2block *ret, int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	bool first = true;
	int r;

	if (!rx)
		return -EINVAL;
	r = check(rx, ret, timeout_ns);
	while (r == 0) {
		if (l2lease_take(rx, left_to_hold(rx), ret))
			return deliver(rx, ret);
		r = explain(rx);
		if (r == 0)
			r = wait_for_more(rx, &deadline, first);
		first = false;
	}
	return r;
}
