/* SPDX-License-Identifier: MIT */
/* The handle's end, and its descriptor. */
#include <errno.h>

#include "sock-internal.h"
#include "sys-internal.h"

uint32_t l2sock_version(void)
{
	return L2_VERSION;
}

int l2sock_fd(const struct l2sock *s)
{
	return s ? s->fd : -EINVAL;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		l2sys_close(fd);
}

static void destroy(struct l2sock *s)
{
	close_fd(s->epfd);
	close_fd(s->linkfd);
	close_fd(s->wakefd);
	close_fd(s->fd);
	l2program_clear(&s->filter);
	l2program_clear(&s->attached);
	l2ledger_clear(&s->ledger);
	l2sys_free(s);
}

void l2sock_hold(struct l2sock *s)
{
	__atomic_fetch_add(&s->refs, 1, __ATOMIC_RELAXED);
}

void l2sock_drop(struct l2sock *s)
{
	if (__atomic_fetch_sub(&s->refs, 1, __ATOMIC_ACQ_REL) == 1)
		destroy(s);
}

bool l2sock_is_shared(const struct l2sock *s)
{
	return __atomic_load_n(&s->refs, __ATOMIC_RELAXED) > 1;
}

int l2sock_close(struct l2sock *s)
{
	if (!s)
		return 0;
	if (s->grouped)
		return l2fail_note(s, -EBUSY, "close: the handle is a group's", 0, 0);
	l2sock_drop(s);
	return 0;
}
