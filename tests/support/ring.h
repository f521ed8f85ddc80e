/* SPDX-License-Identifier: MIT */
/* Receive rings for tests: every step must succeed. */
#ifndef TEST_RING_H
#define TEST_RING_H

#include <l2sock/ring.h>

#include "frames.h"

/* Both profiles have to do the same. */
#define RING_PROFILES 2

/*
 * A block is over after 1 ms, however few frames are in it: there are more of them than a test
 * sends frames before it reads.
 */
struct l2ring_rx_opts ring_opts(uint32_t profile);

/* Small, so that its limits are near: four blocks of 64 KiB, or some hundred slots. */
struct l2ring_rx_opts ring_small_opts(uint32_t profile);

/*
 * A network of its own, with va and vb passing frames on. Returns a bare socket that sends on va,
 * and a frame for it.
 */
int ring_network(struct frame *f);

struct l2ring_rx *ring_open(struct l2sock *s, const struct l2ring_rx_opts *opts);
struct l2ring_rx_info ring_info(struct l2ring_rx *rx);

/* The next block, which comes within a second. */
struct l2block ring_next(struct l2ring_rx *rx);

/* Receives what is there until nothing comes for a while; returns how many frames that were. */
uint32_t ring_drain(struct l2ring_rx *rx);

/* Sends the frame so many times, each with its number in its last four bytes. */
void ring_send(int fd, struct frame *f, uint32_t first, uint32_t n);
uint32_t ring_number(const uint8_t *data, uint32_t len);

#endif /* TEST_RING_H */
