/* SPDX-License-Identifier: MIT */
/* Waiting and waking: one wait for all calls that wait. */
#include <errno.h>

#include "sock-internal.h"
#include "sys-internal.h"

/* How long a deletion may go unnoticed while the link is down: nothing reports it then. */
#define DOWN_SLICE_NS L2_SEC

/*
 * The flag carries the wake, the eventfd only ends the wait. The flag is set first: whoever finds
 * the eventfd readable finds the flag too, unless that wake was reported already.
 */
int l2sock_wake(struct l2sock *s)
{
	const uint64_t one = 1;
	int before = errno; /* a signal handler must leave it alone */

	if (!s)
		return -EINVAL;
	__atomic_store_n(&s->woken, 1, __ATOMIC_SEQ_CST);
	l2sys_write(s->wakefd, &one, sizeof(one));
	errno = before;
	return 0;
}

/* Tells of a wake, once. */
static int take_wake(struct l2sock *s)
{
	if (!__atomic_load_n(&s->woken, __ATOMIC_RELAXED) ||
	    !__atomic_exchange_n(&s->woken, 0, __ATOMIC_SEQ_CST))
		return 0;
	return l2fail_note(s, -ECANCELED, "wait: %e", 0, 0);
}

static void drain_wakefd(struct l2sock *s)
{
	uint64_t count;

	l2sys_read(s->wakefd, &count, sizeof(count));
}

/* Nanoseconds left, L2_FOREVER, or 0 when the time is over. */
static int64_t remaining(struct l2deadline *deadline)
{
	int64_t now;

	if (deadline->timeout_ns <= 0)
		return deadline->timeout_ns;
	now = l2sys_now();
	if (!deadline->at && __builtin_add_overflow(now, deadline->timeout_ns, &deadline->at))
		deadline->at = INT64_MAX;
	return deadline->at > now ? deadline->at - now : 0;
}

static int over(struct l2sock *s, const struct l2deadline *deadline)
{
	if (!deadline->timeout_ns)
		return l2fail_note(s, -EAGAIN, "wait: %e", 0, 0);
	return l2fail_note(s, -ETIMEDOUT, "wait: not ready within %a ns", deadline->timeout_ns, 0);
}

/*
 * Waits until the socket may be worth another try. Returns 0 then, also when it was for nothing;
 * -EAGAIN or -ETIMEDOUT when the time is over, -ECANCELED when woken, -ENODEV when the interface
 * is gone.
 */
int l2wait_for(struct l2sock *s, short events, struct l2deadline *deadline)
{
	struct pollfd fds[2] = { { .fd = s->fd, .events = events },
				 { .fd = s->wakefd, .events = POLLIN } };
	int64_t left = remaining(deadline);
	int r = take_wake(s);

	if (r < 0)
		return r;
	if (left == 0 && s->link == L2LINK_DOWN)
		l2link_update(s); /* a caller that only polls must learn of the end as well */
	if (s->link == L2LINK_GONE)
		return l2link_gone(s, "wait: %n is gone");
	if (left == 0)
		return over(s, deadline);
	if (s->link == L2LINK_DOWN && (left < 0 || left > DOWN_SLICE_NS))
		left = DOWN_SLICE_NS;
	r = l2sys_poll(fds, 2, left);
	if (r < 0 && r != -EINTR)
		return l2fail_note(s, r, "wait: poll: %e", 0, 0);
	if (r > 0 && fds[1].revents)
		drain_wakefd(s);
	if (s->link == L2LINK_DOWN)
		l2link_update(s);
	return 0;
}
