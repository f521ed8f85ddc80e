/* SPDX-License-Identifier: MIT */
/* A clean end on SIGINT and SIGTERM. */
#ifndef STOP_H
#define STOP_H

#include <stdbool.h>
#include <l2sock/l2sock.h>

/*
 * From now on these signals wake the handle and are remembered. NULL keeps remembering and wakes
 * nobody: to be called before the handle closes.
 */
void stop_on_signals(struct l2sock *s);
bool stop_requested(void);

#endif /* STOP_H */
