/* SPDX-License-Identifier: MIT */
/* LATENCY: the kernel hands over each frame in a slot of its own (TPACKET_V2). */
#include <string.h>

#include "../sock/kernel-internal.h"
#include "../sock/sys-internal.h"
#include "rx-internal.h"

/* What is looked through at once: more would keep the first of them waiting. */
#define MOST_FRAMES 64

static struct tpacket2_hdr *slot_at(const struct l2ring_rx *rx, uint32_t cell)
{
	uint8_t *at = rx->map.memory + l2geometry_slot(&rx->map.geometry, cell);

	return (struct tpacket2_hdr *)(void *)at;
}

static uint32_t status_of(const struct tpacket2_hdr *h)
{
	return __atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE);
}

static bool ready(const struct l2ring_rx *rx)
{
	return status_of(slot_at(rx, rx->head_cell)) & TP_STATUS_USER;
}

/* Slots of one block of memory follow each other at equal distances. */
static uint32_t slots_in_line(const struct l2ring_rx *rx)
{
	uint32_t per_block = l2geometry_slots_per_block(&rx->map.geometry);

	return per_block - rx->head_cell % per_block;
}

/* The header's last bytes are for padding: the way to the next is kept there. */
static void set_step(struct tpacket2_hdr *h, uint32_t step)
{
	memcpy(h->tp_padding, &step, sizeof(step));
}

/*
 * The frame whole, as the kernel queued it beside the ring. An error that stands in the way of it
 * is reported once.
 */
static int64_t receive(struct l2sock *s, uint8_t *buf, size_t size)
{
	int64_t n = l2sys_recv(s->fd, buf, size, MSG_DONTWAIT);

	if (n == -ENETDOWN || n == -EINTR) {
		if (n == -ENETDOWN)
			l2link_update(s);
		n = l2sys_recv(s->fd, buf, size, MSG_DONTWAIT);
	}
	return n;
}

/*
 * Puts the header, with what lies between it and the data, and the whole frame behind it into
 * memory of their own. Without memory, or when the copy is not what is queued, what the slot holds
 * of the frame has to do.
 */
static struct l2rx_giant *take_giant(struct l2ring_rx *rx, const struct tpacket2_hdr *slot)
{
	size_t before = slot->tp_mac;
	size_t size = slot->tp_len;
	struct l2rx_giant *giant = l2sys_alloc(1, sizeof(*giant) + before + size);
	struct tpacket2_hdr *h;
	uint8_t none;

	if (!giant) {
		receive(rx->s, &none, 0);
		return NULL;
	}
	memcpy(giant->bytes, slot, before);
	if (receive(rx->s, giant->bytes + before, size) != (int64_t)size) {
		l2sys_free(giant);
		return NULL;
	}
	h = (struct tpacket2_hdr *)(void *)giant->bytes;
	h->tp_snaplen = h->tp_len;
	set_step(h, 0);
	giant->lease = rx->head;
	giant->next = rx->giants;
	rx->giants = giant;
	return giant;
}

static uint32_t take_alone(struct l2ring_rx *rx, struct tpacket2_hdr *slot, struct l2block *b)
{
	struct l2rx_giant *giant = take_giant(rx, slot);

	set_step(slot, 0);
	b->base = giant ? giant->bytes : (uint8_t *)slot;
	b->bytes = giant ? slot->tp_mac + slot->tp_len : rx->map.geometry.frame_size;
	b->first = b->base;
	b->frames = 1;
	if (slot->tp_status & TP_STATUS_LOSING)
		b->flags = L2_FLAG_LOSING;
	return 1;
}

static bool is_early(struct l2ring_rx *rx, const struct tpacket2_hdr *h)
{
	return rx->s->since && l2early_is(rx->s, h->tp_sec * (uint64_t)L2_SEC + h->tp_nsec);
}

/* A slot that goes back unseen. */
static uint32_t leave_out(struct l2ring_rx *rx, const struct tpacket2_hdr *slot, struct l2block *b)
{
	uint8_t none;

	if (slot->tp_status & TP_STATUS_COPY)
		receive(rx->s, &none, 0);
	l2counter_add(&rx->s->counters.flushed, 1);
	b->frames = 0;
	return 1;
}

static uint32_t take(struct l2ring_rx *rx, uint32_t most, struct l2block *b)
{
	uint32_t frame_size = rx->map.geometry.frame_size;
	uint32_t in_line = slots_in_line(rx);
	struct tpacket2_hdr *first = slot_at(rx, rx->head_cell);
	struct tpacket2_hdr *last = first;
	struct tpacket2_hdr *h = first;
	uint32_t n = 0;

	if (is_early(rx, first))
		return leave_out(rx, first, b);
	if (most > in_line)
		most = in_line;
	if (most > MOST_FRAMES)
		most = MOST_FRAMES;
	while (n < most) {
		uint32_t status = status_of(h);

		if (!(status & TP_STATUS_USER) || (status & TP_STATUS_COPY && n) || is_early(rx, h))
			break;
		if (status & TP_STATUS_COPY)
			return take_alone(rx, h, b);
		if (status & TP_STATUS_LOSING)
			b->flags = L2_FLAG_LOSING;
		set_step(h, frame_size);
		last = h;
		h = (struct tpacket2_hdr *)(void *)((uint8_t *)h + frame_size);
		n++;
	}
	set_step(last, 0);
	b->base = b->first = (uint8_t *)first;
	b->bytes = n * frame_size;
	b->frames = n;
	return n;
}

static void free_giant(struct l2ring_rx *rx, uint64_t lease)
{
	struct l2rx_giant **at = &rx->giants;
	struct l2rx_giant *giant;

	while (*at && (*at)->lease != lease)
		at = &(*at)->next;
	giant = *at;
	if (!giant)
		return;
	*at = giant->next;
	l2sys_free(giant);
}

static void give(struct l2ring_rx *rx, uint32_t cell)
{
	if (rx->giants)
		free_giant(rx, rx->tail);
	__atomic_store_n(&slot_at(rx, cell)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

/* A slot that the kernel still has holds nothing. */
static uint32_t pending(const struct l2ring_rx *rx)
{
	(void)rx;
	return 0;
}

static void skip(struct l2ring_rx *rx)
{
	(void)rx;
}

const struct l2rx_format l2rx_slots = { ready, take, give, pending, skip };
