/* SPDX-License-Identifier: MIT */
/* Waiting and waking: one wait for all calls that wait, and a descriptor for other loops. */
#include <errno.h>

#include "sock-internal.h"
#include "sys-internal.h"

/* How long a deletion may go unnoticed while an unwatched link is down: nothing reports it. */
#define DOWN_SLICE_NS L2_SEC

/*
 * Edge-triggered: a report that nobody takes, as of a message in the error queue, or blocks of a
 * ring that are read but not given back, end one wait and not all that follow.
 */
static uint32_t socket_events(const struct l2sock *s)
{
	return (s->send_by_ring && !s->rx ? EPOLLOUT : EPOLLIN) | EPOLLET;
}

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

int l2wait_open(struct l2sock *s)
{
	int r = l2sys_eventfd();

	if (r < 0)
		return l2fail_note(s, r, "open: eventfd: %e", 0, 0);
	s->wakefd = r;
	r = l2sys_epoll_create();
	if (r < 0)
		return l2fail_note(s, r, "open: epoll: %e", 0, 0);
	s->epfd = r;
	r = l2sys_epoll_add(s->epfd, s->wakefd, EPOLLIN);
	return r < 0 ? l2fail_note(s, r, "open: epoll: %e", 0, 0) : 0;
}

/*
 * Lets waits hear of the packet socket, from the first that needs it on: the kernel pays for that
 * with every frame received and sent, which is 5 % of a send.
 */
int l2wait_include(struct l2sock *s)
{
	int r = l2sys_epoll_add(s->epfd, s->fd, socket_events(s));

	if (r == -ENOSPC)
		return l2fail_note(s, -ENOMEM, "wait: fs.epoll.max_user_watches is reached", 0, 0);
	if (r < 0)
		return l2fail_note(s, r, "wait: epoll: %e", 0, 0);
	s->included = true;
	return 0;
}

/* For who sends much and waits seldom; unless somebody polls. */
void l2wait_exclude(struct l2sock *s)
{
	if (s->included && !s->polled && l2sys_epoll_remove(s->epfd, s->fd) == 0)
		s->included = false;
}

static bool link_changed(const struct l2sock *s)
{
	return (s->flags & L2SOCK_LINK_EVENTS) && s->link_changes != s->link_reported;
}

/*
 * Keeps the eventfd readable while there is something to report, and no longer. A wake that comes
 * in between may lose its mark to the reading, so it gets another.
 */
void l2wait_settle(struct l2sock *s)
{
	const uint64_t one = 1;
	uint64_t count;
	bool due = s->polled && (s->link == L2SOCK_LINK_GONE || link_changed(s) || s->rx_ended);

	if (!due) {
		l2sys_read(s->wakefd, &count, sizeof(count));
		due = __atomic_load_n(&s->woken, __ATOMIC_SEQ_CST);
	}
	if (due)
		l2sys_write(s->wakefd, &one, sizeof(one));
}

/* Frames may be left in the queue whose arrival a wait has used up. */
void l2wait_rearm(struct l2sock *s)
{
	s->disarmed = false;
	l2sys_epoll_rearm(s->epfd, s->fd, socket_events(s));
}

/* What is to be told before any wait: each wake once, each change once, the end every time. */
static int report(struct l2sock *s, bool frames_due)
{
	if (__atomic_load_n(&s->woken, __ATOMIC_RELAXED) &&
	    __atomic_exchange_n(&s->woken, 0, __ATOMIC_SEQ_CST)) {
		l2wait_settle(s);
		return l2fail_note(s, -ECANCELED, "wait: %e", 0, 0);
	}
	if (frames_due)
		return 0;
	if (link_changed(s)) {
		s->link_reported++;
		l2wait_settle(s);
		return l2fail_note(s, -ENETDOWN, "wait: the link of %n changed", 0, 0);
	}
	if (s->link == L2SOCK_LINK_GONE)
		return l2link_gone(s, "wait: %n is gone");
	return 0;
}

/* Nanoseconds left, L2_FOREVER, or 0 when the time is over. */
int64_t l2deadline_left(struct l2deadline *deadline)
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

/* An error stands in the way of others, and the socket reports it once. */
void l2wait_take_error(struct l2sock *s)
{
	size_t len = sizeof(int);
	int error = 0;

	l2sys_getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error == ENETDOWN)
		l2link_update(s);
}

/* The edge is used up. With a ring nobody calls the kernel, which would report the error. */
static void take_readiness(struct l2sock *s, uint32_t events)
{
	s->disarmed = s->polled;
	if (s->rx && events & EPOLLERR)
		l2wait_take_error(s);
}

/* Sleeps until one of the descriptors has something, and sees to all but the packet socket. */
static int sleep_for_input(struct l2sock *s, int64_t left)
{
	struct epoll_event events[3];
	int n = s->included ? 0 : l2wait_include(s);
	int i;

	if (n < 0)
		return n;
	n = l2sys_epoll_wait(s->epfd, events, 3, left);
	for (i = 0; i < n; i++) {
		if (events[i].data.fd == s->wakefd)
			l2wait_settle(s);
		else if (events[i].data.fd == s->linkfd)
			l2watch_read(s);
		else
			take_readiness(s, events[i].events);
	}
	return n;
}

/* For a call that delivers and may have something to tell as well. Nothing is readable then. */
int l2wait_take(struct l2sock *s)
{
	int r = report(s, false);

	if (r == 0 && s->polled)
		sleep_for_input(s, 0);
	return r;
}

/* Takes note of what is there, so that the descriptor is not readable for it again. */
void l2wait_look(struct l2sock *s)
{
	if (s->polled)
		sleep_for_input(s, 0);
}

static int sleep_for_output(struct l2sock *s, int64_t left)
{
	struct pollfd fds[3] = { { .fd = s->fd, .events = POLLOUT },
				 { .fd = s->wakefd, .events = POLLIN },
				 { .fd = s->linkfd, .events = POLLIN } };
	int n = l2sys_poll(fds, 3, left);

	if (n > 0 && fds[1].revents)
		l2wait_settle(s);
	if (n > 0 && fds[2].revents)
		l2watch_read(s);
	return n;
}

static int sleep_for(struct l2sock *s, short events, int64_t left)
{
	int r = events == POLLIN ? sleep_for_input(s, left) : sleep_for_output(s, left);

	if (s->link == L2SOCK_LINK_DOWN && s->linkfd < 0)
		l2link_ask(s);
	return r < 0 && r != -EINTR ? l2fail_note(s, r, "wait: poll: %e", 0, 0) : 0;
}

/*
 * Whether a look without waiting may tell something: who only polls must learn of the link as
 * well, and must not find the descriptor readable again for what led to nothing.
 */
static bool worth_a_look(const struct l2sock *s)
{
	return s->polled || s->linkfd >= 0 || s->link == L2SOCK_LINK_DOWN;
}

/*
 * Waits until the socket may be worth another try. Returns 0 then, also when it was for nothing;
 * -EAGAIN or -ETIMEDOUT when the time is over, -ECANCELED when woken, -ENETDOWN when the link
 * changed and the caller wants to know, -ENODEV when the interface is gone.
 */
int l2wait_for(struct l2sock *s, short events, struct l2deadline *deadline)
{
	int64_t left = l2deadline_left(deadline);
	int r = report(s, deadline->frames_due);

	if (r < 0)
		return r;
	if (left == 0 && (deadline->looked || !worth_a_look(s)))
		return over(s, deadline);
	deadline->looked = left == 0;
	if (s->link == L2SOCK_LINK_DOWN && s->linkfd < 0 && (left < 0 || left > DOWN_SLICE_NS))
		left = DOWN_SLICE_NS;
	if (deadline->slice_ns && (left < 0 || left > deadline->slice_ns))
		left = deadline->slice_ns;
	return sleep_for(s, events, left);
}

/* Whether a receive call would deliver. An error that stands in the way is taken and acted upon. */
static bool has_input(struct l2sock *s)
{
	struct pollfd pollfd = { .fd = s->fd, .events = POLLIN };

	if (s->rx && s->rx_ops->ready(s->rx))
		return true;
	if (l2sys_poll(&pollfd, 1, 0) <= 0)
		return false;
	if (pollfd.revents & POLLERR)
		l2wait_take_error(s);
	return !s->rx && pollfd.revents & POLLIN;
}

int l2sock_wait(struct l2sock *s, int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	int r = 0;

	if (!s)
		return -EINVAL;
	if (timeout_ns < L2_FOREVER)
		return l2fail_note(s, -EINVAL, "wait: a timeout of %a ns; the least is %b, forever",
				   timeout_ns, L2_FOREVER);
	if (s->recv_by_ring && !s->rx)
		return l2fail_note(s, -EBUSY, "wait: the handle only sends, by its ring", 0, 0);
	if (!s->ethertype)
		return l2fail_note(s, -ENOTCONN, "wait: %e: l2sock_bind() comes first", 0, 0);
	while (!has_input(s)) {
		if (s->rx)
			r = s->rx_ops->explain(s->rx);
		if (r < 0)
			return r;
		r = l2wait_for(s, POLLIN, &deadline);
		if (r < 0)
			return r;
	}
	if (s->disarmed)
		l2wait_rearm(s);
	return 0;
}

/* From now on each call that finds nothing leaves the descriptor not readable. */
int l2sock_pollfd(struct l2sock *s)
{
	int r;

	if (!s)
		return -EINVAL;
	if (s->polled)
		return s->epfd;
	r = s->included ? 0 : l2wait_include(s);
	if (r < 0)
		return r;
	if (s->ifindex && s->linkfd < 0)
		l2watch_open(s, false);
	s->polled = true;
	l2wait_rearm(s);
	l2wait_settle(s);
	return s->epfd;
}
