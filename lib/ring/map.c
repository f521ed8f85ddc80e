/* SPDX-License-Identifier: MIT */
/* The ring of a socket: every step of it is undone when a later one fails. */
#include <errno.h>

#include "../sock/kernel-internal.h"
#include "../sock/sys-internal.h"
#include "map-internal.h"

static int set(struct l2sock *s, int option, uint32_t value)
{
	return l2sys_setsockopt(s->fd, SOL_PACKET, option, &value, sizeof(value));
}

/* All that the kernel refuses to change while there is a ring. */
static int configure(struct l2sock *s, const struct l2geometry *g)
{
	int r = set(s, PACKET_VERSION, g->version);

	if (r == -EBUSY)
		return l2fail_note(s, r, "ring: the socket has one already", 0, 0);
	if (r < 0)
		return l2fail_note(s, r, "ring: PACKET_VERSION %a: %e", g->version, 0);
	r = set(s, PACKET_RESERVE, g->reserve);
	if (r < 0)
		return l2fail_note(s, r, "ring: PACKET_RESERVE %a: %e", g->reserve, 0);
	r = g->vnet ? set(s, PACKET_VNET_HDR, 1) : 0;
	return r < 0 ? l2fail_note(s, r, "ring: PACKET_VNET_HDR: %e", 0, 0) : 0;
}

/* The request of TPACKET_V2 is the beginning of this one. */
static int request(struct l2sock *s, const struct l2geometry *g)
{
	const struct tpacket_req3 req = {
		.tp_block_size = g->block_size,
		.tp_block_nr = g->block_nr,
		.tp_frame_size = g->frame_size,
		.tp_frame_nr = g->frame_nr,
		.tp_retire_blk_tov = g->retire_ms,
		.tp_sizeof_priv = g->private_size,
		.tp_feature_req_word = g->features,
	};

	return l2sys_setsockopt(s->fd, SOL_PACKET, g->transmit ? PACKET_TX_RING : PACKET_RX_RING,
				&req, sizeof(req));
}

static int take_away(struct l2sock *s, const struct l2geometry *g)
{
	const struct l2geometry none = { .transmit = g->transmit };
	int r = request(s, &none);

	return r == 0 && g->vnet ? set(s, PACKET_VNET_HDR, 0) : r;
}

/* A child of fork() would keep the ring, and with it the socket, in use. */
static int map_memory(struct l2sock *s, struct l2map *map)
{
	void *memory;
	int r;

	map->bytes = l2geometry_bytes(&map->geometry);
	r = l2sys_map(s->fd, map->bytes, &memory);
	if (r == -EAGAIN) /* after mlockall(2), whose limit it exceeds */
		r = -ENOMEM;
	if (r < 0)
		return l2fail_note(s, r, "ring: mmap of %a bytes: %e", (int64_t)map->bytes, 0);
	r = l2sys_keep_from_fork(memory, map->bytes);
	if (r < 0) {
		l2sys_unmap(memory, map->bytes);
		return l2fail_note(s, r, "ring: MADV_DONTFORK: %e", 0, 0);
	}
	map->memory = memory;
	return 0;
}

/* All of it or nothing. */
static int make(struct l2sock *s, struct l2map *map)
{
	const struct l2geometry *g = &map->geometry;
	int r = request(s, g);

	if (r == -ENOMEM)
		return l2fail_note(s, r, "ring: no memory for %a blocks of %b bytes", g->block_nr,
				   g->block_size);
	if (r < 0)
		return l2fail_note(s, r, "ring: the kernel refuses %a blocks of %b bytes: %e",
				   g->block_nr, g->block_size);
	r = map_memory(s, map);
	if (r < 0)
		request(s, &(struct l2geometry) { .transmit = g->transmit });
	return r;
}

/*
 * The kernel keeps the whole ring in memory, and the process needs room for it among its addresses:
 * where either is short, half of it may do.
 */
static int make_what_fits(struct l2sock *s, struct l2map *map)
{
	int r = make(s, map);

	while (r == -ENOMEM && l2geometry_halve(&map->geometry))
		r = make(s, map);
	return r;
}

static int check(struct l2sock *s, const struct l2geometry *g)
{
	struct l2rule broken;
	int r = l2geometry_check(g, l2sys_page_size(), &broken);

	if (r < 0)
		return l2fail_note(s, r, broken.sentence, broken.a, broken.b);
	if ((uint64_t)g->block_size * g->block_nr > SIZE_MAX / 2)
		return l2fail_note(s, -EINVAL,
				   "ring: %a blocks of %b bytes exceed the address space",
				   g->block_nr, g->block_size);
	return 0;
}

int l2map_open(struct l2sock *s, const struct l2geometry *wanted, struct l2map *ret)
{
	struct l2map map = { .geometry = *wanted };
	int r = check(s, wanted);

	if (r == 0)
		r = configure(s, wanted);
	if (r < 0)
		return r;
	r = make_what_fits(s, &map);
	if (r < 0) {
		take_away(s, wanted);
		return r;
	}
	*ret = map;
	return 0;
}

/* Unmapped first: a mapping keeps the ring, and a socket that is closed, in use. */
int l2map_close(struct l2sock *s, struct l2map *map)
{
	l2sys_unmap(map->memory, map->bytes);
	map->memory = NULL;
	return l2sock_is_shared(s) ? take_away(s, &map->geometry) : 0;
}
