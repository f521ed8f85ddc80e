/* SPDX-License-Identifier: MIT */
/* Making a socket in another network namespace: the calling thread goes there and comes back. */
#include <errno.h>

#include "sock-internal.h"
#include "sys-internal.h"

/*
 * Moves the calling thread into the namespace and returns a descriptor of its own one, to be handed
 * to l2netns_leave(). The way back is tried before the first step: who could not return stays.
 */
int l2netns_enter(struct l2sock *s, int netns)
{
	int home = l2sys_own_netns();
	int r;

	if (home < 0)
		return l2fail_note(s, home, "open: the thread's own network namespace: %e", 0, 0);
	r = l2sys_setns(home);
	if (r == 0)
		r = l2sys_setns(netns);
	if (r == 0)
		return home;
	l2sys_close(home);
	if (r == -EPERM)
		return l2fail_note(s, r, "open: entering a network namespace needs CAP_SYS_ADMIN",
				   0, 0);
	return l2fail_note(s, r, "open: descriptor %a is not a network namespace's: %e", netns, 0);
}

int l2netns_leave(struct l2sock *s, int home)
{
	int r = l2sys_setns(home);

	l2sys_close(home);
	if (r < 0)
		return l2fail_note(s, r, "open: no way back from the network namespace: %e", 0, 0);
	return 0;
}
