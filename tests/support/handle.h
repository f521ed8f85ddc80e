/* SPDX-License-Identifier: MIT */
/* Handles for tests: every step must succeed. */
#ifndef TEST_HANDLE_H
#define TEST_HANDLE_H

#include <l2sock/l2sock.h>

#include "frames.h"

#define HANDLE_RCVBUF (8 << 20)

struct l2sock *handle_open(const char *ifname);

/* Open and bound, with a queue for some thousand frames. */
struct l2sock *handle_listen(const char *ifname, uint32_t ethertype);

/* Receives what is queued until nothing comes for a while; returns how many frames that were. */
int handle_drain(struct l2sock *s);

/* The next frame must be these bytes on the wire, with its tag restored. */
void handle_expect(struct l2sock *s, const struct frame *f);

struct l2sock_stats handle_stats(struct l2sock *s);

/* Open descriptors of this process. */
int handle_count_fds(void);

#endif /* TEST_HANDLE_H */
