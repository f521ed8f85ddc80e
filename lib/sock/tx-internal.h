/* SPDX-License-Identifier: MIT */
/* The transmit descriptor: see tx.c. */
#ifndef L2SOCK_TX_INTERNAL_H
#define L2SOCK_TX_INTERNAL_H

#include "kernel-internal.h"
#include "sock-internal.h"

/* What the message of a frame needs beside the memory of its descriptor. */
struct l2parcel {
	struct iovec part;
	union l2kernel_address to;
};

int l2tx_check(struct l2sock *s, const struct l2tx *tx);
size_t l2tx_len(const struct l2tx *tx);
int l2tx_message(struct l2sock *s, const struct l2tx *tx, struct msghdr *msg,
		 struct l2parcel *parcel);

/* legacy.c */
int l2legacy_address(struct l2sock *s, uint32_t ifindex, uint16_t protocol,
		     struct sockaddr_pkt *ret);

#endif /* L2SOCK_TX_INTERNAL_H */
