/* SPDX-License-Identifier: MIT */
/*
 * ring.h - rings: frames in memory that the program shares with the kernel
 *
 * Includes the headers of all kinds of them.
 */
#ifndef L2SOCK_RING_H
#define L2SOCK_RING_H

#include <l2sock/fanout.h>
#include <l2sock/pace.h>
#include <l2sock/rx.h>
#include <l2sock/tx.h>

#endif /* L2SOCK_RING_H */
