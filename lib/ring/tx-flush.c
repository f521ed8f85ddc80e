/* SPDX-License-Identifier: MIT */
/* Flushing: one call that hands over all frames, and what may stand in their way. */
#include <errno.h>

#include "../sock/sys-internal.h"
#include "tx-ring-internal.h"

#define LOOK_NS (L2_MSEC / 5)

/* The frame that the kernel comes to next. */
static const struct l2slot *first(const struct l2ring_tx *tx)
{
	return &tx->slots[tx->taken.slot];
}

static bool all_taken(const struct l2ring_tx *tx)
{
	return tx->taken.count == tx->armed.count;
}

/* Linear frames escape the kernel's own check. */
static void check_lengths(struct l2ring_tx *tx)
{
	struct l2sock *s = tx->s;

	if (s->linkfd >= 0 && s->link_news == tx->link_news && s->ifindex == tx->ifindex)
		return;
	tx->link_news = s->link_news;
	tx->ifindex = s->ifindex;
	if (l2limits_renew(s))
		l2tx_fail_long(tx);
}

/*
 * Link and MTU are as they are now, or were a moment ago: no longer than the kernel may take for
 * the frames of one call, with which a change would coincide as well. A look at each flush would
 * make those that follow each other closely a quarter dearer.
 */
static void look_around(struct l2ring_tx *tx)
{
	int64_t now = l2sys_now();

	if (now - tx->looked_at < LOOK_NS && tx->s->ifindex == tx->ifindex)
		return;
	tx->looked_at = now;
	l2tx_hear_of_link(tx);
	check_lengths(tx);
}

/* Every call to the kernel goes through here. Returns 0, or why it stopped. */
static int kick(struct l2ring_tx *tx)
{
	int64_t n = l2sys_send(tx->s->fd, NULL, 0, MSG_DONTWAIT);

	l2counter_add(&tx->stats.calls, 1);
	l2tx_count_taken(tx);
	return n < 0 ? (int)n : 0;
}

/* No room while no other frame of ours is in the way, and the link is up: for how long already? */
static bool is_out_of_patience(struct l2ring_tx *tx)
{
	int64_t now;

	l2tx_harvest(tx);
	if (tx->harvested.count != tx->taken.count || tx->patience_ns == L2_FOREVER)
		return false;
	l2tx_see_link(tx);
	if (tx->s->link != L2SOCK_LINK_UP)
		return false;
	now = l2sys_now();
	if (!tx->refused_since || tx->refused_number != first(tx)->number) {
		tx->refused_number = first(tx)->number;
		tx->refused_since = now;
	}
	return now - tx->refused_since >= tx->patience_ns;
}

static int no_room(struct l2ring_tx *tx)
{
	l2counter_add(&tx->stats.no_room, 1);
	if (!is_out_of_patience(tx))
		return 0;
	l2fail_note(tx->s, -ENOBUFS, "ring: frame %a of %b bytes: %e", (int64_t)first(tx)->number,
		    first(tx)->len);
	l2tx_fail_first(tx, -ENOBUFS, &tx->stats.failed_no_room);
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
		return no_room(tx);
	case -ENETDOWN:
		l2tx_hear_of_link(tx);
		return 0;
	case -EAGAIN:
	case 0:
		l2counter_add(&tx->stats.no_buffer, 1);
		return 0;
	default: /* as of a signal, or short memory: not the frame's fault */
		return 0;
	}
}

/* A first report of a link that is down may be an old one: asking takes it away. */
static int hand_over(struct l2ring_tx *tx)
{
	bool asked = false;
	int r = 1;

	while (r > 0 && !all_taken(tx)) {
		int code = kick(tx);

		if (all_taken(tx))
			return 0;
		r = judge(tx, code);
		if (code == -ENETDOWN && !asked) {
			asked = true;
			r = 1;
		}
	}
	return r < 0 ? r : 0;
}

L2_HOT int64_t l2ring_tx_flush(struct l2ring_tx *tx)
{
	uint64_t before;
	int r = 0;

	if (!tx)
		return -EINVAL;
	before = tx->taken.count;
	look_around(tx);
	if (tx->s->link == L2SOCK_LINK_GONE)
		r = gone(tx);
	else if (tx->s->link == L2SOCK_LINK_UP)
		r = hand_over(tx);
	l2tx_harvest(tx);
	tx->late = tx->taken.count;
	return r < 0 ? r : (int64_t)(tx->taken.count - before);
}
