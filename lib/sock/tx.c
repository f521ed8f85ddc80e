/* SPDX-License-Identifier: MIT */
/* The transmit descriptor: checked, and made a message for the kernel. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <stddef.h>
#include <string.h>

#include "tx-internal.h"

_Static_assert(sizeof(struct l2piece) == sizeof(struct iovec) &&
		       offsetof(struct l2piece, len) == offsetof(struct iovec, iov_len),
	       "l2piece is iovec");

#define ADDR_OFFSET offsetof(struct sockaddr_ll, sll_addr)
#define TYPE_OFFSET (2 * ETH_ALEN)

/* All bytes of the frame; SIZE_MAX when there are too many to count. */
size_t l2tx_len(const struct l2tx *tx)
{
	size_t len = tx->len;
	uint32_t i;

	for (i = 0; i < tx->n_pieces; i++)
		if (__builtin_add_overflow(len, tx->pieces[i].len, &len))
			return SIZE_MAX;
	return len;
}

/* A byte of the frame, wherever it lies; 0 behind its end. */
static uint8_t byte_at(const struct l2tx *tx, size_t at)
{
	uint32_t i;

	if (!tx->n_pieces)
		return at < tx->len ? ((const uint8_t *)tx->data)[at] : 0;
	for (i = 0; i < tx->n_pieces; i++) {
		if (at < tx->pieces[i].len)
			return ((const uint8_t *)tx->pieces[i].data)[at];
		at -= tx->pieces[i].len;
	}
	return 0;
}

/* The type field that the frame has or will get. */
static uint16_t type_of(const struct l2sock *s, const struct l2tx *tx)
{
	if (s->type == L2SOCK_TYPE_COOKED)
		return tx->protocol;
	return (uint16_t)(byte_at(tx, TYPE_OFFSET) << 8 | byte_at(tx, TYPE_OFFSET + 1));
}

static int check_bytes(struct l2sock *s, const struct l2tx *tx)
{
	uint32_t i;

	if (tx->flags)
		return l2fail_note(s, -EINVAL, "send: unknown flags %x", tx->flags, 0);
	if (!tx->n_pieces)
		return tx->data || !tx->len ? 0 : l2fail_note(s, -EINVAL, "send: no frame", 0, 0);
	if (tx->data || tx->len || !tx->pieces)
		return l2fail_note(s, -EINVAL, "send: a frame is either data or pieces", 0, 0);
	if (tx->n_pieces > L2_PIECES_MAX)
		return l2fail_note(s, -EINVAL, "send: %a pieces; the most is %b", tx->n_pieces,
				   L2_PIECES_MAX);
	for (i = 0; i < tx->n_pieces; i++)
		if (!tx->pieces[i].data && tx->pieces[i].len)
			return l2fail_note(s, -EINVAL, "send: piece %a has no data", i, 0);
	return 0;
}

static int check_interface(struct l2sock *s, const struct l2tx *tx)
{
	if (!s->ifindex && !tx->ifindex)
		return l2fail_note(s, -EDESTADDRREQ,
				   "send: a handle on all interfaces needs the index of one", 0, 0);
	if (tx->ifindex > INT32_MAX)
		return l2fail_note(s, -EINVAL, "send: interface index %a is beyond %b", tx->ifindex,
				   INT32_MAX);
	if (s->ifindex && tx->ifindex && tx->ifindex != s->ifindex)
		return l2fail_note(s, -EINVAL, "send: interface %a from a handle on %n, %b",
				   tx->ifindex, s->ifindex);
	return 0;
}

/* Without an address the kernel would make up one of zeros. */
static int check_address(struct l2sock *s, const struct l2tx *tx)
{
	bool ethernet = s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK;

	if (s->type != L2SOCK_TYPE_COOKED)
		return !tx->addr_len ? 0
				     : l2fail_note(s, -EINVAL,
						   "send: an address is for cooked handles: here "
						   "it is in the frame",
						   0, 0);
	if (tx->addr_len > L2_ADDR_MAX)
		return l2fail_note(s, -EINVAL, "send: an address of %a bytes; the most is %b",
				   tx->addr_len, L2_ADDR_MAX);
	if (ethernet && !tx->addr_len)
		return l2fail_note(s, -EDESTADDRREQ, "send: a cooked frame needs an address", 0, 0);
	if (ethernet && tx->addr_len != ETH_ALEN)
		return l2fail_note(s, -EINVAL, "send: an address of %a bytes; %n has %b",
				   tx->addr_len, ETH_ALEN);
	if (!tx->protocol)
		return l2fail_note(s, -EINVAL, "send: a cooked frame needs a protocol", 0, 0);
	return 0;
}

/* Finds what is wrong with a frame before the kernel does, with a sentence. */
int l2tx_check(struct l2sock *s, const struct l2tx *tx)
{
	int r = check_bytes(s, tx);
	size_t len;

	if (r == 0)
		r = check_interface(s, tx);
	if (r == 0)
		r = check_address(s, tx);
	if (r < 0)
		return r;
	len = l2tx_len(tx);
	return l2limits_fit(s, len) ? 0 : l2limits_check(s, len, type_of(s, tx));
}

static uint32_t ifindex_of(const struct l2sock *s, const struct l2tx *tx)
{
	return tx->ifindex ? tx->ifindex : s->ifindex;
}

static void address(const struct l2sock *s, const struct l2tx *tx, struct msghdr *msg,
		    union l2kernel_address *to)
{
	to->ll = (struct sockaddr_ll) {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(tx->protocol),
		.sll_ifindex = (int)ifindex_of(s, tx),
		.sll_halen = tx->addr_len,
	};
	memcpy(to->room + ADDR_OFFSET, tx->addr, tx->addr_len);
	msg->msg_name = to;
	msg->msg_namelen = sizeof(to->ll);
	if (ADDR_OFFSET + tx->addr_len > sizeof(to->ll))
		msg->msg_namelen = (socklen_t)(ADDR_OFFSET + tx->addr_len);
}

/* SOCK_PACKET does not look for the protocol in the frame. */
static int address_by_name(struct l2sock *s, const struct l2tx *tx, struct msghdr *msg,
			   union l2kernel_address *to)
{
	uint16_t protocol = tx->protocol ? tx->protocol : type_of(s, tx);

	msg->msg_name = to;
	msg->msg_namelen = sizeof(to->pkt);
	return l2legacy_address(s, ifindex_of(s, tx), protocol, &to->pkt);
}

/* The message refers to the parcel and to the descriptor's memory, and copies neither. */
int l2tx_message(struct l2sock *s, const struct l2tx *tx, struct msghdr *msg,
		 struct l2parcel *parcel)
{
	*msg = (struct msghdr) { .msg_iov = &parcel->part, .msg_iovlen = 1 };
	parcel->part = (struct iovec) { (void *)(uintptr_t)tx->data, tx->len };
	if (tx->n_pieces) {
		msg->msg_iov = (struct iovec *)(uintptr_t)tx->pieces;
		msg->msg_iovlen = (__typeof__(msg->msg_iovlen))tx->n_pieces; /* int with musl */
	}
	if (s->type == L2SOCK_TYPE_LEGACY)
		return address_by_name(s, tx, msg, &parcel->to);
	if (s->type == L2SOCK_TYPE_COOKED || !s->ifindex || tx->protocol)
		address(s, tx, msg, &parcel->to);
	return 0;
}
