/* SPDX-License-Identifier: MIT */
/* Sending by a ring and in batches, past the queueing discipline. The far end counts and drops. */
#include <errno.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <string.h>

#include <l2sock/ring.h>

#include "bench-bare-ring.h"
#include "bench.h"

static int setup_pcap(struct bench_lane *lane)
{
	lane->state = bench_pcap_open(lane->dev, 1000, 0);
	return lane->state ? 0 : -EIO;
}

static int64_t burst_pcap(struct bench_lane *lane, unsigned int n)
{
	pcap_t *p = lane->state;
	unsigned int i;

	for (i = 0; i < n; i++)
		if (pcap_inject(p, lane->frame, lane->what->size) < 0)
			return -EIO;
	return n;
}

static void teardown_pcap(struct bench_lane *lane)
{
	if (lane->state)
		pcap_close(lane->state);
}

static int open_handle(const struct bench_lane *lane, struct l2sock **ret)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_QDISC_BYPASS };

	return l2sock_open(ret, lane->dev, &opts);
}

static int setup_batch(struct bench_lane *lane)
{
	struct l2sock *s = NULL;
	int r = open_handle(lane, &s);

	lane->state = s;
	return r;
}

static void teardown_batch(struct bench_lane *lane)
{
	l2sock_close(lane->state);
}

/* The ring keeps the handle. */
static int setup_ring(struct bench_lane *lane)
{
	const uint32_t *hand_over = lane->method->data;
	const struct l2ring_tx_opts opts = { .size = sizeof(opts), .hand_over = *hand_over };
	struct l2ring_tx *tx = NULL;
	struct l2sock *s = NULL;
	int r = open_handle(lane, &s);

	if (r == 0)
		r = l2ring_tx_open(&tx, s, &opts);
	lane->state = tx;
	l2sock_close(s);
	return r;
}

static int put(struct l2ring_tx *tx, const struct bench_lane *lane)
{
	uint32_t len = (uint32_t)lane->what->size;
	void *slot;
	int r = l2ring_tx_reserve(tx, len, &slot);

	if (r < 0)
		return r;
	memcpy(slot, lane->frame, len);
	return l2ring_tx_commit(tx, len);
}

static int64_t burst_ring(struct bench_lane *lane, unsigned int n)
{
	struct l2ring_tx *tx = lane->state;
	unsigned int i;
	int64_t r;

	for (i = 1; i <= n; i++) {
		r = put(tx, lane);
		if (r == 0 && (i % BARE_RING_BATCH == 0 || i == n))
			r = l2ring_tx_flush(tx);
		if (r < 0)
			return r;
	}
	return n;
}

/* Slots by the batch: how a program does it that has as many frames at hand. */
static int64_t put_many(struct l2ring_tx *tx, const struct bench_lane *lane, size_t n)
{
	uint32_t lens[BARE_RING_BATCH];
	void *slots[BARE_RING_BATCH];
	size_t i;
	int64_t r = l2ring_tx_reserve_many(tx, (uint32_t)lane->what->size, slots, n);

	if (r < 0)
		return r;
	n = (size_t)r;
	for (i = 0; i < n; i++) {
		memcpy(slots[i], lane->frame, lane->what->size);
		lens[i] = (uint32_t)lane->what->size;
	}
	r = l2ring_tx_commit_many(tx, lens, n);
	return r < 0 ? r : l2ring_tx_flush(tx);
}

static int64_t burst_ring_many(struct bench_lane *lane, unsigned int n)
{
	unsigned int done;
	int64_t r;

	for (done = 0; done < n; done += (unsigned int)r) {
		r = put_many(lane->state, lane,
			     n - done < BARE_RING_BATCH ? n - done : BARE_RING_BATCH);
		if (r < 0)
			return r;
	}
	return n;
}

static void teardown_ring(struct bench_lane *lane)
{
	l2ring_tx_close(lane->state, NULL);
}

static const uint32_t automatic = L2RING_TX_AUTO;
static const uint32_t linear = L2RING_TX_LINEAR;
static const uint32_t pages = L2RING_TX_PAGES;

static const struct bare_ring_kind bare_pages = { TPACKET_V2, false };
static const struct bare_ring_kind bare_linear = { TPACKET_V2, true };
static const struct bare_ring_kind bare_v3 = { TPACKET_V3, true };

#define BARE      bare_ring_setup, NULL, bare_ring_burst, bare_ring_teardown
#define RING      setup_ring, NULL, burst_ring, teardown_ring
#define RING_MANY setup_ring, NULL, burst_ring_many, teardown_ring

static const struct bench_method methods[] = {
	{ "pcap_inject", setup_pcap, NULL, burst_pcap, teardown_pcap, NULL },
	{ "pcap_inject again", setup_pcap, NULL, burst_pcap, teardown_pcap, NULL },
	{ "l2sock_send_batch", setup_batch, NULL, bench_send_batch, teardown_batch, NULL },
	{ "l2ring_tx", RING, &automatic },
	{ "l2ring_tx linear", RING, &linear },
	{ "l2ring_tx pages", RING, &pages },
	{ "l2ring_tx many, linear", RING_MANY, &linear },
	{ "l2ring_tx many, pages", RING_MANY, &pages },
	{ "bare ring linear", BARE, &bare_linear },
	{ "bare ring pages", BARE, &bare_pages },
	{ "bare ring V3", BARE, &bare_v3 },
};

static const struct bench_case cases[] = {
	{ "veth 64", BENCH_VETH, 64 },     { "veth 512", BENCH_VETH, 512 },
	{ "veth 1514", BENCH_VETH, 1514 }, { "ifb 64", BENCH_IFB, 64 },
	{ "ifb 512", BENCH_IFB, 512 },     { "ifb 1514", BENCH_IFB, 1514 },
};

static const struct bench_bar bars[] = {
	{ "l2ring_tx", "pcap_inject", 1 / 1.65, false, "veth 64" },
	{ "l2ring_tx", "pcap_inject", 1 / 1.55, false, "veth 512" },
	{ "l2ring_tx", "pcap_inject", 1 / 1.4, false, "veth 1514" },
	{ "l2ring_tx", "pcap_inject", 1 / 2.0, false, "ifb 64" },
	{ "l2ring_tx", "pcap_inject", 1 / 1.75, false, "ifb 1514" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.3, false, "veth 64" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.3, false, "veth 512" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.3, false, "veth 1514" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.4, false, "ifb 64" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.4, false, "ifb 512" },
	{ "l2sock_send_batch", "pcap_inject", 1 / 1.4, false, "ifb 1514" },
	{ "l2ring_tx linear", "bare ring linear", 1.03, false },
	{ "l2ring_tx pages", "bare ring pages", 1.03, false },
	{ "l2ring_tx many, linear", "bare ring linear", 1.03, false },
	{ "l2ring_tx many, pages", "bare ring pages", 1.03, false },
	{ "bare ring V3", "bare ring linear", 0, false },
};

static const struct bench bench = {
	.name = "tx",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_SENT,
	.burst = 4096, /* as in a stream: few looks at the link */
	.rounds = 20,
	.reps = 7,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
