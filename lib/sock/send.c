/* SPDX-License-Identifier: MIT */
/* Sending: one frame, one system call. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The kernel checks lengths itself; the MTU is asked for only to explain its refusal. */
static int too_long(struct l2sock *s, size_t len)
{
	struct ifreq request = { 0 };

	request.ifr_ifindex = (int)s->ifindex; /* the name may have changed */
	if (l2sys_ioctl(s->fd, SIOCGIFNAME, &request) < 0 ||
	    l2sys_ioctl(s->fd, SIOCGIFMTU, &request) < 0)
		return l2fail_note(s, -EMSGSIZE, "send: %a bytes: %e", (int64_t)len, 0);
	return l2fail_note(s, -EMSGSIZE,
			   "send: %a bytes exceed the MTU of %n, %b, and its link-layer header",
			   (int64_t)len, request.ifr_mtu);
}

static int refuse(struct l2sock *s, int code, size_t len)
{
	l2counter_add(&s->counters.failed, 1);
	switch (code) {
	case -EMSGSIZE:
		return too_long(s, len);
	case -EINVAL:
		return l2fail_note(s, code,
				   "send: %a bytes are less than the link-layer header of %n",
				   (int64_t)len, 0);
	case -ENXIO:
	case -ENODEV:
		return l2link_gone(s, "send: %n is gone");
	default:
		return l2fail_note(s, code, "send: %n: %e", 0, 0);
	}
}

static int check(struct l2sock *s, const void *frame, int64_t timeout_ns)
{
	if (!frame)
		return l2fail_note(s, -EINVAL, "send: no frame", 0, 0);
	if (timeout_ns < L2_FOREVER)
		return l2fail_note(s, -EINVAL, "send: a timeout of %a ns; the least is %b, forever",
				   timeout_ns, L2_FOREVER);
	if (!s->ifindex)
		return l2fail_note(s, -EDESTADDRREQ, "send: %e", 0, 0);
	return 0;
}

L2_HOT int l2sock_send(struct l2sock *s, const void *frame, size_t len, int64_t timeout_ns)
{
	struct l2deadline deadline = { .timeout_ns = timeout_ns };
	bool down = false;
	int64_t r;

	if (!s)
		return -EINVAL;
	r = check(s, frame, timeout_ns);
	if (r < 0)
		return (int)r;
	for (;;) {
		r = l2sys_send(s->fd, frame, len, MSG_DONTWAIT);
		if (r >= 0) {
			l2counter_add(&s->counters.sent, 1);
			return 0;
		}
		if (r == -ENETDOWN && !down) {
			/* Perhaps the report of a link that is up again: ask once more. */
			down = true;
			l2link_update(s);
			continue;
		}
		if (r != -EAGAIN && r != -EINTR)
			return refuse(s, (int)r, len);
		r = l2wait_for(s, POLLOUT, &deadline);
		if (r < 0)
			return (int)r;
	}
}
