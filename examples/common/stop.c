/* SPDX-License-Identifier: MIT */
/* A clean end on SIGINT and SIGTERM. */
#include <signal.h>
#include <string.h>

#include "stop.h"

static struct l2sock *volatile to_wake;
static volatile sig_atomic_t requested;

/* A wake before the wait is not lost, so there is no moment at which a signal goes unnoticed. */
static void handle(int signal)
{
	(void)signal;
	requested = 1;
	l2sock_wake(to_wake);
}

void stop_on_signals(struct l2sock *s)
{
	struct sigaction action;

	to_wake = s;
	if (!s)
		return;
	memset(&action, 0, sizeof(action));
	action.sa_handler = handle;
	action.sa_flags = SA_RESTART;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool stop_requested(void)
{
	return requested;
}
