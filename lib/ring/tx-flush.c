/* SPDX-License-Identifier: MIT */
/* Flushing: one call that hands over all frames, and what may stand in their way. */
#include <errno.h>

#include "../sock/sys-internal.h"
#include "tx-ring-internal.h"

#define LOOK_NS (L2_MSEC / 5)

/* Patience is over after so many attempts at least, none of them long after the one before. */
#define TRIES_LEAST 3
#define GAP_NS      (100 * L2_MSEC)

/* Attempts in one flush. */
#define TRIES_MOST 64

/* The frame that the kernel comes to next. */
static const struct l2slot *first(const struct l2ring_tx *tx)
{
	return &tx->slots[tx->taken.slot];
}

static bool all_taken(const struct l2ring_tx *tx)
{
	return tx->taken.count == tx->armed.count;
}

/*
 * Linear frames escape the kernel's own check, so all that it has not taken are held against the
 * limits of now. On another kind of interface nobody would check them.
 */
static bool check_lengths(struct l2ring_tx *tx)
{
	struct l2sock *s = tx->s;
	uint32_t news = s->link_news;

	if (s->linkfd >= 0 && news == tx->link_news && s->ifindex == tx->ifindex &&
	    s->limits.span == tx->span)
		return true;
	if (l2limits_renew(s) < 0)
		return false;
	if (s->ifindex != tx->ifindex) {
		tx->linear_max = l2handover_choose(s, tx->hand_over);
		tx->unfit = tx->map.geometry.vnet && !l2handover_can_copy(s);
	}
	tx->link_news = news;
	tx->ifindex = s->ifindex;
	tx->span = s->limits.span;
	l2tx_fail_long(tx);
	return true;
}

/*
 * Link and MTU are as they are now, or were a moment ago: no longer than the kernel may take for
 * the frames of one call, with which a change would coincide as well. A look at each flush would
 * make those that follow each other closely a quarter dearer. Returns false when it is not known
 * what the interface takes.
 */
static bool look_around(struct l2ring_tx *tx)
{
	int64_t now = l2sys_now();

	if (now - tx->looked_at < LOOK_NS && tx->s->ifindex == tx->ifindex &&
	    tx->s->limits.span == tx->span)
		return true;
	l2tx_hear_of_link(tx);
	if (!check_lengths(tx))
		return false;
	tx->looked_at = now;
	return true;
}

/* Every call to the kernel goes through here. Returns 0, or why it stopped. */
static int kick(struct l2ring_tx *tx)
{
	int64_t n = l2sys_send(tx->s->fd, NULL, 0, MSG_DONTWAIT);

	l2counter_add(&tx->stats.calls, 1);
	l2tx_count_taken(tx);
	return n < 0 ? (int)n : 0;
}

/*
 * A frame that is refused while no other of ours is on its way, and the link is up: again and again
 * for all the patience? Gaps in which nobody tried do not count.
 */
static bool is_out_of_patience(struct l2ring_tx *tx)
{
	uint64_t number = first(tx)->number;
	int64_t now = l2sys_now();

	tx->late = tx->taken.count;
	l2tx_harvest(tx);
	l2tx_see_link(tx);
	if (tx->harvested.count != tx->taken.count || tx->s->link != L2SOCK_LINK_UP) {
		tx->refused_times = 0;
		return false;
	}
	if (!tx->refused_times || tx->refused_number != number || now - tx->refused_last > GAP_NS) {
		tx->refused_number = number;
		tx->refused_since = now;
		tx->refused_times = 0;
	}
	tx->refused_last = now;
	return ++tx->refused_times >= TRIES_LEAST && tx->patience_ns != L2_FOREVER &&
	       now - tx->refused_since >= tx->patience_ns;
}

/* Returns 1 when the frame is out of the way. */
static int wait_or_fail(struct l2ring_tx *tx, int code, uint64_t *counter)
{
	if (!is_out_of_patience(tx))
		return 0;
	l2fail_note(tx->s, code, "ring: frame %a of %b bytes: %e", (int64_t)first(tx)->number,
		    first(tx)->len);
	l2tx_fail_first(tx, code, counter);
	return 1;
}

static int gone(struct l2ring_tx *tx)
{
	l2link_gone(tx->s, "ring: %n is gone");
	l2tx_see_link(tx);
	l2tx_fail_all(tx, -ENODEV, &tx->stats.failed_gone);
	return l2link_gone(tx->s, "ring: %n is gone");
}

static int refuse(struct l2ring_tx *tx, int code)
{
	l2fail_note(tx->s, code, "ring: the kernel refuses frame %a of %b bytes: %e",
		    (int64_t)first(tx)->number, first(tx)->len);
	l2tx_fail_first(tx, code, &tx->stats.failed_refused);
	return 1;
}

/*
 * Why the kernel stopped in front of a frame. Returns 1 when another attempt is worth it, which a
 * frame fails for; 0 when the rest has to wait; or -ENODEV.
 */
static int judge(struct l2ring_tx *tx, int code)
{
	if (l2slot_status(first(tx)) & TP_STATUS_WRONG_FORMAT)
		return refuse(tx, code ? code : -EINVAL);
	switch (code) {
	case -ENXIO:
	case -ENODEV:
		return gone(tx);
	case -ENOBUFS:
		l2counter_add(&tx->stats.no_room, 1);
		return wait_or_fail(tx, code, &tx->stats.failed_no_room);
	case -EAGAIN:
	case 0:
		l2counter_add(&tx->stats.no_buffer, 1);
		return 0;
	case -EINTR:
		return 0;
	default: /* as of short memory, or a link that is said to be down: not the frame's fault */
		return wait_or_fail(tx, code, &tx->stats.failed_refused);
	}
}

/*
 * A first report of a link that is down may be an old one: asking takes it away. Each refused frame
 * costs a call, so that only so many are tried.
 */
static int hand_over(struct l2ring_tx *tx)
{
	bool asked = false;
	int tries = TRIES_MOST;
	int r = 1;

	while (r > 0 && tries-- && !all_taken(tx)) {
		int code = kick(tx);

		if (all_taken(tx))
			return 0;
		if (code == -ENETDOWN && !asked) {
			asked = true;
			l2tx_see_link(tx);
			continue;
		}
		r = judge(tx, code);
	}
	return r < 0 ? r : 0;
}

/* While a link is not up whatever discipline it has drops all frames and calls that success. */
static bool may_go(struct l2ring_tx *tx)
{
	uint32_t link = tx->s->link;

	return link == L2SOCK_LINK_UP ||
	       (link == L2SOCK_LINK_NO_CARRIER && l2link_has_carrier(tx->s));
}

static int unfit(struct l2ring_tx *tx)
{
	l2tx_fail_all(tx, -EOPNOTSUPP, &tx->stats.failed_refused);
	return l2fail_note(tx->s, -EOPNOTSUPP, "ring: made for Ethernet, and %n is of type %a",
			   tx->s->hatype, 0);
}

L2_HOT int64_t l2ring_tx_flush(struct l2ring_tx *tx)
{
	uint64_t before;
	bool known;
	int r = 0;

	if (!tx)
		return -EINVAL;
	before = tx->taken.count;
	known = look_around(tx);
	if (tx->s->link == L2SOCK_LINK_GONE)
		r = gone(tx);
	else if (tx->unfit)
		r = unfit(tx);
	else if (known && may_go(tx))
		r = hand_over(tx);
	l2tx_harvest(tx);
	tx->late = tx->taken.count;
	return r < 0 ? r : (int64_t)(tx->taken.count - before);
}
