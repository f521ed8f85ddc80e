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

int l2sock_close(struct l2sock *s)
{
	if (!s)
		return 0;
	close_fd(s->epfd);
	close_fd(s->linkfd);
	close_fd(s->wakefd);
	close_fd(s->fd);
	l2program_clear(&s->filter);
	l2program_clear(&s->attached);
	l2ledger_clear(&s->ledger);
	l2sys_free(s);
	return 0;
}
