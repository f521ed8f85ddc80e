/* SPDX-License-Identifier: MIT */
/* THROUGHPUT: the kernel fills blocks with frames and hands over whole blocks (TPACKET_V3). */
#include "../sock/kernel-internal.h"
#include "rx-internal.h"

static struct tpacket_block_desc *block_at(const struct l2ring_rx *rx, uint32_t cell)
{
	uint8_t *at = rx->map.memory + (size_t)rx->map.geometry.block_size * cell;

	return (struct tpacket_block_desc *)(void *)at;
}

static uint32_t status_of(const struct tpacket_block_desc *desc)
{
	return __atomic_load_n(&desc->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
}

static bool ready(const struct l2ring_rx *rx)
{
	return status_of(block_at(rx, rx->head_cell)) & TP_STATUS_USER;
}

/* Frames of an old filter come first in the block that the kernel was filling. */
static void leave_out(struct l2block *b, uint32_t n)
{
	const void *h = b->first;

	if (n >= b->frames) {
		b->frames = 0;
		return;
	}
	b->frames -= n;
	while (n--)
		h = l2block_next(b, h);
	b->first = b->base + ((const uint8_t *)h - b->base);
}

/*
 * With a virtio-net header the kernel can refuse a frame (of a kind of offload that the header has
 * no words for) when its place in the block is taken already: what is there is left from before,
 * and only its status tells.
 */
static bool is_phantom(const struct l2ring_rx *rx, const struct tpacket3_hdr *h)
{
	return rx->map.geometry.vnet && !(h->tp_status & TP_STATUS_USER);
}

static bool is_early(struct l2ring_rx *rx, const struct tpacket3_hdr *h)
{
	return rx->s->since && l2early_flush(rx->s, h->tp_sec * (uint64_t)L2_SEC + h->tp_nsec);
}

/* What is not to be seen is left out of the walk. */
static void sift(struct l2ring_rx *rx, struct l2block *b)
{
	struct tpacket3_hdr *kept = NULL;
	uint8_t *at = b->first;
	uint32_t left = 0;
	uint32_t i;

	for (i = 0; i < b->frames; i++) {
		struct tpacket3_hdr *h = (struct tpacket3_hdr *)(void *)at;

		at += h->tp_next_offset;
		if (is_phantom(rx, h) || is_early(rx, h))
			continue;
		if (kept)
			kept->tp_next_offset = (uint32_t)((uint8_t *)h - (uint8_t *)kept);
		else
			b->first = (uint8_t *)h;
		kept = h;
		left++;
	}
	if (kept)
		kept->tp_next_offset = 0;
	b->frames = left;
}

/*
 * A block can be empty: the kernel gives it up when its first frame turns out to be too long for
 * any.
 */
static uint32_t take(struct l2ring_rx *rx, uint32_t most, struct l2block *b)
{
	struct tpacket_block_desc *desc = block_at(rx, rx->head_cell);

	(void)most;
	b->base = (uint8_t *)desc;
	b->bytes = desc->hdr.bh1.blk_len;
	b->sequence = desc->hdr.bh1.seq_num;
	b->frames = desc->hdr.bh1.num_pkts;
	b->first = b->base + desc->hdr.bh1.offset_to_first_pkt;
	if (rx->map.geometry.private_size)
		b->own = b->base + desc->offset_to_priv;
	if (desc->hdr.bh1.block_status & TP_STATUS_LOSING)
		b->flags = L2_FLAG_LOSING;
	if (rx->skip_frames && rx->skip_lease == rx->head) {
		leave_out(b, rx->skip_frames);
		rx->skip_frames = 0;
	}
	if (rx->map.geometry.vnet || rx->s->since)
		sift(rx, b);
	return 1;
}

/* The kernel clears the count when it opens the block; pending() must not see the old one. */
static void give(struct l2ring_rx *rx, uint32_t cell)
{
	struct tpacket_block_desc *desc = block_at(rx, cell);

	__atomic_store_n(&desc->hdr.bh1.num_pkts, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&desc->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

/* The kernel counts as it fills. Exact while nothing gets in. */
static uint32_t pending(const struct l2ring_rx *rx)
{
	const struct tpacket_block_desc *desc = block_at(rx, rx->head_cell);
	uint32_t n = __atomic_load_n(&desc->hdr.bh1.num_pkts, __ATOMIC_RELAXED);

	if (rx->skip_frames && rx->skip_lease == rx->head)
		n -= rx->skip_frames < n ? rx->skip_frames : n;
	return n;
}

static void skip(struct l2ring_rx *rx)
{
	uint32_t before = rx->skip_lease == rx->head ? rx->skip_frames : 0;

	rx->skip_frames = before + pending(rx);
	rx->skip_lease = rx->head;
}

const struct l2rx_format l2rx_blocks = { ready, take, give, pending, skip };
