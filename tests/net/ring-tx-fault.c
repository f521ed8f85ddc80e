/* SPDX-License-Identifier: MIT */
/* Transmit rings while system calls fail, and slots as the kernel may leave them. */
#include <errno.h>
#include <string.h>

#include "../../lib/ring/tx-ring-internal.h"

#include "case.h"
#include "fault.h"
#include "handle.h"
#include "netns.h"
#include "txring.h"

#define MOST_CALLS 100

static struct frame f;

static void commit(struct l2ring_tx *tx, size_t len, unsigned int count)
{
	while (count--) {
		frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, len, (uint8_t)count);
		txring_commit(tx, f.bytes, f.len);
	}
}

/* Whatever fails, nothing is left of the ring, and the handle is as before. */
CASE(ring_tx_fault, open)
{
	struct l2sock *s;
	struct l2ring_tx *tx;
	int failures = 0;
	int calls = 1;
	int fds;
	int n;

	netns_enter();
	netns_veth("va", "vb");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	s = handle_open("va");
	tx = NULL;
	REQUIRE_EQ(l2ring_tx_open(&tx, s, NULL), 0); /* the watch stays */
	REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
	fds = handle_count_fds();
	for (n = 1; n <= calls && n < MOST_CALLS; n++) {
		int r;

		tx = NULL;
		fault_arm(n, -EIO);
		r = l2ring_tx_open(&tx, s, NULL);
		calls = fault_disarm() + 1;
		if (r < 0) {
			failures++;
			REQUIRE(r == -EIO || r == -ENOMEM);
			REQUIRE(strlen(l2sock_errmsg(s)) > 5);
			REQUIRE(!tx);
			calls = MOST_CALLS;
		} else {
			REQUIRE_EQ(l2ring_tx_close(tx, NULL), 0);
		}
		REQUIRE_EQ(handle_count_fds(), fds);
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), 0);
	}
	REQUIRE(failures >= 8); /* memory, MTU, version, reserve, vnet, ring, map, advice, memory */
	l2sock_close(s);
}

/* A call that fails is made up for by the next; no frame is lost or counted twice. */
CASE(ring_tx_fault, flush_and_wait)
{
	static const int codes[] = { -EINTR, -EAGAIN, -ENOBUFS, -ENETDOWN, -ENOMEM, -EIO };
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	size_t i;
	int n;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", NULL);
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		for (n = 1; n < 6; n++) {
			commit(tx, 200, 10);
			fault_arm(n, codes[i]);
			l2ring_tx_flush(tx);
			fault_disarm();
			REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
			REQUIRE_EQ(txring_stats(tx).failed, 0);
			REQUIRE_EQ(txring_stats(tx).completed + txring_stats(tx).uncertain,
				   txring_stats(tx).committed);
		}
	}
	REQUIRE_EQ(handle_drain(far), txring_stats(tx).committed);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/*
 * Mistake: a frame that the kernel finds wrong stops the ring for ever. Here the news of a smaller
 * MTU are kept from the library, so that the kernel finds them first.
 */
CASE(ring_tx_fault, wrong_frames_in_the_middle)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .hand_over = L2RING_TX_PAGES };
	struct l2ring_tx_failure failure;
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", &opts);
	commit(tx, 60, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	for (i = 0; i < 10; i++) {
		commit(tx, 300, 2);
		commit(tx, 1400, 2);
	}
	netns_run("ip link set va mtu 1000");
	fault_arm(1, -EAGAIN);
	REQUIRE_EQ(l2ring_tx_flush(tx), 20);
	fault_disarm();
	REQUIRE_EQ(txring_stats(tx).failed_refused, 20);
	REQUIRE_EQ(txring_stats(tx).completed, 21);
	for (i = 0; i < 20; i++) {
		REQUIRE_EQ(l2ring_tx_next_failure(tx, &failure), 1);
		REQUIRE_EQ(failure.number, 1 + 4 * (i / 2) + 2 + i % 2);
		REQUIRE_EQ(failure.code, -EMSGSIZE);
	}
	REQUIRE_EQ(handle_drain(far), 21);
	txring_close(tx, s, 0);
	l2sock_close(far);
}

/* Mistake: a slot is taken for the program's only when its status is 0. There may be more bits. */
CASE(ring_tx_fault, timestamp_bits)
{
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint32_t i;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	commit(tx, 60, 3);
	for (i = 0; i < 3; i++)
		tx->slots[i].header->tp_status = TP_STATUS_AVAILABLE |
						 (i ? TP_STATUS_TS_RAW_HARDWARE
						    : TP_STATUS_TS_SOFTWARE);
	tx->slots[2].header->tp_status |= TP_STATUS_SENDING;
	l2tx_count_taken(tx);
	l2tx_harvest(tx);
	REQUIRE_EQ(txring_stats(tx).completed, 2);
	REQUIRE_EQ(txring_stats(tx).pending, 1);
	tx->slots[2].header->tp_status = TP_STATUS_TS_RAW_HARDWARE;
	l2tx_harvest(tx);
	txring_close(tx, s, 0);
}

/* More failures than are kept: the latest are told. */
CASE(ring_tx_fault, many_failures)
{
	struct l2ring_tx_failure failure;
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint64_t number;
	int told = 0;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", NULL);
	for (i = 0; i < 4; i++) {
		netns_run("ip link set va mtu 1500");
		l2ring_tx_flush(tx);
		commit(tx, 1400, 100);
		netns_run("ip link set va mtu 1000");
		REQUIRE_EQ(l2ring_tx_flush(tx), 0);
	}
	REQUIRE_EQ(txring_stats(tx).failed_length, 400);
	number = 400 - tx->n;
	for (; l2ring_tx_next_failure(tx, &failure) == 1; told++)
		REQUIRE_EQ(failure.number, number++);
	REQUIRE_EQ(told, tx->n);
	txring_close(tx, s, 0);
}

/* Each refused frame costs a call: one flush makes only so many. */
CASE(ring_tx_fault, flush_is_bounded)
{
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .hand_over = L2RING_TX_PAGES };
	struct l2sock *s;
	struct l2ring_tx *tx;
	uint64_t calls;

	netns_enter();
	netns_veth("va", "vb");
	tx = txring_open(&s, "va", &opts);
	commit(tx, 60, 1);
	REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	commit(tx, 1400, 200);
	calls = txring_stats(tx).calls;
	netns_run("ip link set va mtu 1000");
	fault_arm(1, -EAGAIN);
	REQUIRE_EQ(l2ring_tx_flush(tx), 0);
	fault_disarm();
	REQUIRE_EQ(txring_stats(tx).calls - calls, 64);
	REQUIRE_EQ(l2ring_tx_drain(tx, 5 * L2_SEC), 0);
	REQUIRE_EQ(txring_stats(tx).failed, 200);
	txring_close(tx, s, 0);
}

/* News that could not be followed up are not forgotten, and nothing goes unchecked. */
CASE(ring_tx_fault, mtu_that_could_not_be_asked_for)
{
	struct l2sock *far;
	struct l2sock *s;
	struct l2ring_tx *tx;
	int n;

	netns_enter();
	netns_veth("va", "vb");
	far = handle_listen("vb", L2_ETHERTYPE_EXP1);
	tx = txring_open(&s, "va", NULL);
	for (n = 2; n < 10; n++) { /* 1 reads the news */
		netns_run("ip link set va mtu 1500");
		l2ring_tx_flush(tx);
		commit(tx, 1400, 1);
		netns_run("ip link set va mtu 1000");
		fault_arm(n, -EIO);
		l2ring_tx_flush(tx);
		fault_disarm();
		REQUIRE_EQ(l2ring_tx_drain(tx, L2_SEC), 0);
	}
	REQUIRE_EQ(txring_stats(tx).failed_length, 8);
	REQUIRE_EQ(handle_drain(far), 0);
	txring_close(tx, s, 0);
	l2sock_close(far);
}
