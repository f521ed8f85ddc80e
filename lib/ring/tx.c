/* SPDX-License-Identifier: MIT */
/* The transmit ring: made, described, given up. */
#include <errno.h>
#include <string.h>

#include "../sock/sys-internal.h"
#include "tx-ring-internal.h"

/* The structs of version 0.1: no caller knows less. */
#define OPTS_LEAST (offsetof(struct l2ring_tx_opts, reserved) + 2 * sizeof(uint32_t))
#define INFO_LEAST (offsetof(struct l2ring_tx_info, reserved) + sizeof(uint32_t))
#define INFO_MOST  4096

/* More slots are no faster: their bytes leave the processor's cache (tests/bench). */
#define SLOTS_USUAL 256
#define SLOTS_LEAST 32
#define SLOTS_MOST  65536
#define BYTES_USUAL (4u << 20)

/*
 * Frames handed over by reference count in the structure of their block. Of large blocks there are
 * few, which stay in the processor's cache; the kernel takes smaller pieces when it has no such.
 */
#define BLOCK_MOST   (64u << 10)
#define BLOCKS_LEAST 4

#define PATIENCE_NS (10 * L2_MSEC)

/* What the kernel charges for a frame beside its bytes, at most. */
#define OVERHEAD 1024

void l2ring_tx_opts_init(struct l2ring_tx_opts *opts, uint32_t size)
{
	if (!opts)
		return;
	memset(opts, 0, size);
	opts->size = size;
}

static int check_handle(struct l2sock *s)
{
	if (s->recv_by_ring || s->send_by_ring)
		return l2fail_note(s, -EBUSY, "ring: the handle has one already", 0, 0);
	if (s->ethertype)
		return l2fail_note(s, -EBUSY, "ring: to send takes a handle that is not bound", 0,
				   0);
	if (s->type != L2SOCK_TYPE_RAW)
		return l2fail_note(s, -EOPNOTSUPP, "ring: to send takes a raw handle", 0, 0);
	if (!s->ifindex)
		return l2fail_note(s, -EINVAL, "ring: to send takes a handle on one interface", 0,
				   0);
	return 0;
}

static int check_opts(struct l2sock *s, const struct l2ring_tx_opts *opts)
{
	if (opts->hand_over > L2RING_TX_PAGES)
		return l2fail_note(s, -EINVAL, "ring: unknown way to hand over, %a",
				   opts->hand_over, 0);
	if (opts->hand_over == L2RING_TX_LINEAR && !l2handover_can_copy(s))
		return l2fail_note(s, -EOPNOTSUPP, "ring: linear frames on a device of type %a",
				   s->hatype, 0);
	if (opts->slots > SLOTS_MOST)
		return l2fail_note(s, -EINVAL, "ring: %a slots; the most is %b", opts->slots,
				   SLOTS_MOST);
	if (opts->frame_max && (opts->frame_max < ETH_HLEN || opts->frame_max > L2_FRAME_MAX))
		return l2fail_note(s, -EINVAL, "ring: frames of %a bytes; from 14 to %b may be",
				   opts->frame_max, L2_FRAME_MAX);
	if (opts->patience_ns < L2_FOREVER)
		return l2fail_note(s, -EINVAL, "ring: a patience of %a ns; the least is %b",
				   opts->patience_ns, L2_FOREVER);
	if (opts->reserved[0] || opts->reserved[1])
		return l2fail_note(s, -EINVAL, "ring: a reserved field is not 0", 0, 0);
	return 0;
}

/* Bytes in front of what the MTU counts: on Ethernet with a tag, elsewhere more than enough. */
static uint32_t longest_header(const struct l2sock *s)
{
	return l2handover_can_copy(s) ? ETH_HLEN + L2_VLAN_TAG_LEN : 2 * L2_ADDR_MAX;
}

static int longest_frame(struct l2sock *s, const struct l2ring_tx_opts *opts, uint32_t *ret)
{
	uint32_t mtu;
	uint64_t len;
	int r;

	if (opts->frame_max) {
		*ret = opts->frame_max;
		return 0;
	}
	r = l2limits_mtu(s, s->ifindex, &mtu);
	if (r < 0)
		return l2fail_note(s, r, "ring: the MTU of %n: %e", 0, 0);
	len = (uint64_t)mtu + longest_header(s);
	*ret = len < L2_FRAME_MAX ? (uint32_t)len : L2_FRAME_MAX;
	return 0;
}

static uint32_t choose_slots(const struct l2ring_tx_opts *opts, uint32_t slot_size)
{
	uint32_t n = BYTES_USUAL / slot_size;

	if (opts->slots)
		return opts->slots;
	if (n > SLOTS_USUAL)
		return SLOTS_USUAL;
	return n < SLOTS_LEAST ? SLOTS_LEAST : n;
}

static uint32_t enlarge_block(uint32_t block_size, uint64_t bytes)
{
	while (block_size < BLOCK_MOST && 2ull * block_size * BLOCKS_LEAST <= bytes)
		block_size *= 2;
	return block_size;
}

/* TPACKET_V2: as fast as V3, and with one rule less that a frame can break. */
static int solve(struct l2ring_tx *tx, const struct l2ring_tx_opts *opts,
		 struct l2geometry *geometry)
{
	struct l2wish wish = {
		.version = TPACKET_V2,
		.page_size = l2sys_page_size(),
		.transmit = 1,
		.vnet = tx->linear_max > 0,
	};
	uint32_t per_block;
	uint32_t n;
	int r = longest_frame(tx->s, opts, &wish.frame_len);

	if (r < 0)
		return r;
	l2geometry_solve(&wish, geometry);
	n = choose_slots(opts, geometry->frame_size);
	wish.block_size = enlarge_block(geometry->block_size, (uint64_t)n * geometry->frame_size);
	per_block = wish.block_size / geometry->frame_size;
	wish.bytes = (uint64_t)(n + per_block - 1) / per_block * wish.block_size;
	l2geometry_solve(&wish, geometry);
	return 0;
}

static int allocate(struct l2ring_tx *tx)
{
	uint32_t i;

	tx->n = tx->map.geometry.frame_nr;
	tx->slots = l2sys_alloc(tx->n, sizeof(*tx->slots));
	tx->failures = l2sys_alloc(tx->n, sizeof(*tx->failures));
	if (!tx->slots || !tx->failures)
		return l2fail_note(tx->s, -ENOMEM, "ring: out of memory", 0, 0);
	for (i = 0; i < tx->n; i++)
		tx->slots[i].header = (void *)(tx->map.memory +
					       l2geometry_slot(&tx->map.geometry, i));
	return 0;
}

static uint32_t get_sndbuf(const struct l2sock *s)
{
	int value = 0;
	size_t len = sizeof(value);

	l2sys_getsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &value, &len);
	return (uint32_t)value;
}

/* The kernel doubles the value. */
static void set_sndbuf(const struct l2sock *s, uint32_t bytes)
{
	const int value = (int)(bytes / 2);

	if (l2sys_setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &value, sizeof(value)) < 0)
		l2sys_setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof(value));
}

/*
 * All slots shall be on their way at once, and the kernel tells of those that come back only while
 * less than half of the buffer is in use.
 */
static void enlarge_sndbuf(struct l2ring_tx *tx)
{
	const uint64_t wanted = 2ull * tx->n * (tx->room + OVERHEAD);
	const uint32_t before = get_sndbuf(tx->s);

	if (before >= wanted)
		return;
	tx->sndbuf = before;
	set_sndbuf(tx->s, wanted < INT32_MAX ? (uint32_t)wanted : INT32_MAX);
}

static int fill(struct l2ring_tx *tx, const struct l2ring_tx_opts *opts)
{
	struct l2geometry geometry;
	int r;

	tx->hand_over = opts->hand_over;
	tx->linear_max = l2handover_choose(tx->s, opts->hand_over);
	tx->patience_ns = opts->patience_ns ? opts->patience_ns : PATIENCE_NS;
	r = solve(tx, opts, &geometry);
	if (r == 0)
		r = l2map_open(tx->s, &geometry, &tx->map);
	if (r < 0)
		return r;
	tx->offset = l2geometry_tx_offset(&tx->map.geometry);
	tx->room = l2geometry_room(&tx->map.geometry);
	tx->vnet_len = tx->map.geometry.vnet ? L2_VNET_LEN : 0;
	r = allocate(tx);
	if (r < 0) {
		l2map_close(tx->s, &tx->map);
		return r;
	}
	enlarge_sndbuf(tx);
	return 0;
}

/* The watch may be missing: then each flush asks. */
static void begin(struct l2ring_tx *tx)
{
	struct l2sock *s = tx->s;

	s->recv_by_ring = true;
	s->send_by_ring = true;
	if (s->linkfd < 0)
		l2watch_open(s, false);
	if (s->included)
		l2wait_rearm(s);
	l2link_ask(s);
	tx->link_turns = s->link_turns;
}

static void free_memory(struct l2ring_tx *tx)
{
	l2sys_free(tx->slots);
	l2sys_free(tx->failures);
	l2sys_free(tx);
}

/* While the ring is made the reference is there already: what undoes it looks for one. */
int l2ring_tx_open(struct l2ring_tx **ret, struct l2sock *s, const struct l2ring_tx_opts *opts)
{
	struct l2ring_tx_opts known = { 0 };
	struct l2ring_tx *tx;
	int r;

	if (!s)
		return -EINVAL;
	if (!ret)
		return l2fail_note(s, -EINVAL, "ring: no place for it", 0, 0);
	r = opts ? l2opts_copy(&known, sizeof(known), opts, OPTS_LEAST) : 0;
	if (r < 0)
		return l2fail_note(s, r, "ring: options: %e", 0, 0);
	r = check_handle(s);
	if (r == 0)
		r = check_opts(s, &known);
	if (r < 0)
		return r;
	tx = l2sys_alloc(1, sizeof(*tx));
	if (!tx)
		return l2fail_note(s, -ENOMEM, "ring: out of memory", 0, 0);
	tx->s = s;
	l2sock_hold(s);
	r = fill(tx, &known);
	if (r < 0) {
		l2sock_drop(s);
		free_memory(tx);
		return r;
	}
	begin(tx);
	*ret = tx;
	return 0;
}

int l2ring_tx_get_info(const struct l2ring_tx *tx, struct l2ring_tx_info *ret)
{
	struct l2ring_tx_info info = { 0 };

	if (!tx || !ret || ret->size < INFO_LEAST || ret->size > INFO_MOST)
		return -EINVAL;
	info.size = ret->size < sizeof(info) ? ret->size : (uint32_t)sizeof(info);
	info.slots = tx->n;
	info.frame_max = tx->room;
	info.slot_size = tx->map.geometry.frame_size;
	info.block_size = tx->map.geometry.block_size;
	info.blocks = tx->map.geometry.block_nr;
	info.version = 2;
	info.linear_max = tx->linear_max < tx->room ? tx->linear_max : tx->room;
	info.sndbuf = get_sndbuf(tx->s);
	memset(ret, 0, ret->size);
	memcpy(ret, &info, info.size);
	return 0;
}

/* The kernel keeps a ring as long as it has frames of it, and with it the socket out of use. */
int64_t l2ring_tx_close(struct l2ring_tx *tx, struct l2ring_tx_stats *last)
{
	struct l2sock *s;
	int64_t pending;

	if (!tx)
		return 0;
	s = tx->s;
	if (last && !l2tx_stats_fit(last))
		return l2fail_note(s, -EINVAL, "ring: a struct for the counters of %a bytes",
				   last->size, 0);
	l2tx_harvest(tx);
	pending = (int64_t)l2tx_pending(tx);
	if (last)
		l2tx_stats_copy(tx, last);
	if (l2map_close(s, &tx->map) == 0) {
		s->recv_by_ring = false;
		s->send_by_ring = false;
		if (tx->sndbuf && l2sock_is_shared(s))
			set_sndbuf(s, tx->sndbuf);
		if (s->included)
			l2wait_rearm(s);
	}
	l2sock_drop(s);
	free_memory(tx);
	return pending;
}
