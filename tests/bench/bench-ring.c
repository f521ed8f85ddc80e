/* SPDX-License-Identifier: MIT */
/*
 * Draining a ring that was filled beforehand: no waiting, no wake-up. Every frame is looked at, its
 * first bytes at least, and all rings have the same size.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/l2sock.h>
#include <l2sock/rx.h>

#include "bench-rx.h"
#include "bench.h"

#define BURST_64   16384      /* more than two blocks of 1 MiB */
#define BURST_1514 4096       /* more than six */
#define RING_SIZE  (16 << 20) /* the rest is for blocks that time has closed half full */
#define WARMUP     12         /* until all of the rings has been in use twice */
#define BLOCK_SIZE (1 << 20)
#define RETIRE_MS  20
#define BATCH      64
#define PATIENCE   (5 * L2_SEC) /* a frame that was lost shall not hang the run */

/* What a program that looks at every frame could not do without having read it. */
struct seen {
	uint64_t bytes; /* the sum of their first eight */
	uint64_t len;
};

static inline void look(struct seen *seen, const uint8_t *data, uint32_t len)
{
	uint64_t first;

	memcpy(&first, data, sizeof(first));
	seen->bytes += first;
	seen->len += len;
}

static int64_t account(const struct bench_lane *lane, const struct seen *seen, unsigned int n)
{
	uint64_t first;

	memcpy(&first, lane->frame, sizeof(first));
	if (seen->bytes != n * first || seen->len != n * lane->what->size)
		return -EBADMSG;
	return n;
}

/* A ring of TPACKET_V3 as it is written by hand. */
struct v3 {
	int fd;
	uint8_t *memory;
	unsigned int at; /* the block whose turn it is */
};

static int map_v3(struct v3 *v3)
{
	const struct tpacket_req3 req = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = RING_SIZE / BLOCK_SIZE,
		.tp_frame_size = 2048,
		.tp_frame_nr = RING_SIZE / 2048,
		.tp_retire_blk_tov = RETIRE_MS,
	};
	const int version = TPACKET_V3;
	void *memory;

	if (setsockopt(v3->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(v3->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)) < 0)
		return -errno;
	memory = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, v3->fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	v3->memory = memory;
	return 0;
}

static int setup_v3(struct bench_lane *lane)
{
	struct v3 *v3 = calloc(1, sizeof(*v3));
	int r;

	if (!v3)
		return -ENOMEM;
	lane->state = v3;
	v3->fd = bench_socket(lane->dev, 0);
	if (v3->fd < 0)
		return v3->fd;
	r = map_v3(v3);
	return r < 0 ? r : bench_bind(v3->fd, (int)if_nametoindex(lane->dev), ETH_P_ALL);
}

static void teardown_v3(struct bench_lane *lane)
{
	struct v3 *v3 = lane->state;

	if (v3 && v3->memory)
		munmap(v3->memory, RING_SIZE);
	if (v3 && v3->fd >= 0)
		close(v3->fd);
	free(v3);
}

static struct tpacket_block_desc *wait_for_block(const struct v3 *v3)
{
	struct pollfd p = { .fd = v3->fd, .events = POLLIN | POLLERR };
	uint8_t *at = v3->memory + (size_t)v3->at * BLOCK_SIZE;
	struct tpacket_block_desc *block = (struct tpacket_block_desc *)(void *)at;

	while (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		if (poll(&p, 1, (int)(PATIENCE / L2_MSEC)) <= 0)
			return NULL;
	return block;
}

static int64_t burst_v3(struct bench_lane *lane, unsigned int n)
{
	struct tpacket_block_desc *block;
	const struct tpacket3_hdr *frame;
	struct v3 *v3 = lane->state;
	struct seen seen = { 0 };
	unsigned int done = 0;
	const uint8_t *at;
	uint32_t i;

	while (done < n) {
		block = wait_for_block(v3);
		if (!block)
			return done;
		at = (const uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
		for (i = 0; i < block->hdr.bh1.num_pkts; i++) {
			frame = (const void *)at;
			look(&seen, at + frame->tp_mac, frame->tp_snaplen);
			at += frame->tp_next_offset;
		}
		done += i;
		__atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		v3->at = (v3->at + 1) % (RING_SIZE / BLOCK_SIZE);
	}
	return account(lane, &seen, done);
}

static int setup_ring(struct bench_lane *lane)
{
	return bench_rx_open(lane, RING_SIZE, RETIRE_MS * L2_MSEC);
}

/* Block by block; inlined, so that "walk" is no call. */
static inline int64_t drain(struct bench_lane *lane, unsigned int n,
			    void (*walk)(const struct l2block *b, struct seen *seen))
{
	const struct bench_rx *ring = lane->state;
	struct seen seen = { 0 };
	unsigned int done = 0;
	struct l2block b;
	int r;

	while (done < n) {
		r = l2ring_rx_next(ring->rx, &b, PATIENCE);
		if (r < 0)
			return r;
		walk(&b, &seen);
		done += (unsigned int)r;
		l2ring_rx_release(ring->rx, &b);
	}
	return account(lane, &seen, done);
}

static inline void walk_inline(const struct l2block *b, struct seen *seen)
{
	const void *h;

	for (h = l2block_first(b); h; h = l2block_next(b, h))
		look(seen, l2block_data(b, h), l2block_len(b, h));
}

static inline void walk_spots(const struct l2block *b, struct seen *seen)
{
	const void *at = l2block_first(b);
	struct l2spot spots[BATCH];
	struct seen sum = *seen; /* not written to memory with each frame */
	size_t n, i;

	while ((n = l2block_spots(b, &at, spots, BATCH)) > 0)
		for (i = 0; i < n; i++)
			look(&sum, b->base + spots[i].offset, spots[i].len);
	*seen = sum;
}

static inline void walk_pkts(const struct l2block *b, struct seen *seen)
{
	const void *at = l2block_first(b);
	struct l2pkt pkts[BATCH];
	struct seen sum = *seen;
	size_t n, i;

	while ((n = l2block_pkts(b, &at, pkts, BATCH)) > 0)
		for (i = 0; i < n; i++)
			look(&sum, pkts[i].data, pkts[i].len);
	*seen = sum;
}

static int64_t burst_inline(struct bench_lane *lane, unsigned int n)
{
	return drain(lane, n, walk_inline);
}

static int64_t burst_spots(struct bench_lane *lane, unsigned int n)
{
	return drain(lane, n, walk_spots);
}

static int64_t burst_pkts(struct bench_lane *lane, unsigned int n)
{
	return drain(lane, n, walk_pkts);
}

static int setup_pcap(struct bench_lane *lane)
{
	lane->state = bench_pcap_open(lane->dev, RETIRE_MS, RING_SIZE);
	return lane->state ? 0 : -EIO;
}

static void teardown_pcap(struct bench_lane *lane)
{
	if (lane->state)
		pcap_close(lane->state);
}

static void see(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
	look((struct seen *)(void *)user, data, header->caplen);
}

static int64_t burst_dispatch(struct bench_lane *lane, unsigned int n)
{
	struct seen seen = { 0 };
	unsigned int done = 0;
	int r;

	while (done < n) {
		r = pcap_dispatch(lane->state, (int)(n - done), see, (u_char *)&seen);
		if (r < 0)
			return -EIO;
		done += (unsigned int)r;
	}
	return account(lane, &seen, done);
}

static int64_t burst_next_ex(struct bench_lane *lane, unsigned int n)
{
	struct pcap_pkthdr *header;
	struct seen seen = { 0 };
	unsigned int done = 0;
	const u_char *data;
	int r;

	while (done < n) {
		r = pcap_next_ex(lane->state, &header, &data);
		if (r < 0)
			return -EIO;
		if (r == 0)
			continue;
		look(&seen, data, header->caplen);
		done++;
	}
	return account(lane, &seen, done);
}

static const struct bench_method methods[] = {
	{ "TPACKET_V3 by hand", setup_v3, bench_feed, burst_v3, teardown_v3 },
	{ "by hand again", setup_v3, bench_feed, burst_v3, teardown_v3 },
	{ "l2ring_rx inline", setup_ring, bench_feed, burst_inline, bench_rx_close },
	{ "l2block_spots", setup_ring, bench_feed, burst_spots, bench_rx_close },
	{ "l2block_pkts", setup_ring, bench_feed, burst_pkts, bench_rx_close },
	{ "pcap_dispatch", setup_pcap, bench_feed, burst_dispatch, teardown_pcap },
	{ "pcap_next_ex", setup_pcap, bench_feed, burst_next_ex, teardown_pcap },
};

static const struct bench_case cases[] = {
	{ "veth 64", BENCH_VETH, 64 },
	{ "veth 1514", BENCH_VETH, 1514, .burst = BURST_1514 },
};

static const struct bench_bar bars[] = {
	{ "l2ring_rx inline", "TPACKET_V3 by hand", 1.03 },
	{ "l2ring_rx inline", "pcap_dispatch", 1 / 2.0, .what = "veth 64" },
	{ "l2ring_rx inline", "pcap_dispatch", 0, .what = "veth 1514" },
	{ "l2ring_rx inline", "pcap_next_ex", 1 / 3.5, .what = "veth 64" },
	{ "l2ring_rx inline", "pcap_next_ex", 1 / 7.0, .what = "veth 1514" },
	{ "l2block_spots", "pcap_dispatch", 0 },
	{ "l2block_pkts", "pcap_dispatch", 0 },
};

static const struct bench bench = {
	.name = "ring",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_RECEIVED,
	.burst = BURST_64,
	.rounds = 30,
	.reps = 14,
	.warmup = WARMUP,
	.settle_ms = RETIRE_MS,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
