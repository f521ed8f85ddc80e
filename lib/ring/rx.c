/* SPDX-License-Identifier: MIT */
/* The receive ring: from options to memory that the kernel fills, and back. */
#include <errno.h>
#include <linux/net_tstamp.h>
#include <string.h>

#include "../sock/kernel-internal.h"
#include "../sock/sys-internal.h"
#include "rx-internal.h"

/* The options and facts of version 0.1: no caller knows fewer. */
#define OPTS_LEAST (offsetof(struct l2ring_rx_opts, reserved) + sizeof(uint32_t))
#define INFO_LEAST (offsetof(struct l2ring_rx_info, frame_max) + sizeof(uint32_t))
#define INFO_MOST  4096

#define KNOWN_FLAGS (L2RING_HASH | L2RING_NIC_TIME | L2RING_OFFLOAD)

#define DEFAULT_BYTES         (UINT64_C(64) << 20)
#define DEFAULT_LATENCY_BYTES (UINT64_C(32) << 20)
#define DEFAULT_RETIRE_MS     20

/* Blocks hold what the kernel has merged, and a slot what the MTU allows, with headers and tags. */
#define MERGED_FRAME 65600
#define MOST_HEADERS 22
#define USUAL_MTU    1500

/* The kernel fills one; another one shall be free when it is full. */
#define KEPT_FREE 2

/* A lease counts cells in 31 bits. */
#define CELLS_MOST INT32_MAX

void l2ring_rx_opts_init(struct l2ring_rx_opts *opts, uint32_t size)
{
	if (size < sizeof(opts->size))
		return;
	memset(opts, 0, size);
	opts->size = size;
}

static int check_profile(struct l2sock *s, const struct l2ring_rx_opts *opts)
{
	if (opts->profile > L2RING_LATENCY)
		return l2fail_note(s, -EINVAL, "rx: unknown profile %a", opts->profile, 0);
	if (opts->profile == L2RING_THROUGHPUT && opts->frame_max)
		return l2fail_note(s, -EINVAL, "rx: frame_max is for LATENCY alone", 0, 0);
	if (opts->profile == L2RING_LATENCY && (opts->retire_ns || opts->block_size ||
						opts->private_size || opts->flags & L2RING_HASH))
		return l2fail_note(s, -EINVAL,
				   "rx: retire_ns, block_size, private_size and L2RING_HASH are "
				   "for THROUGHPUT alone",
				   0, 0);
	if (opts->profile == L2RING_LATENCY && opts->flags & L2RING_OFFLOAD)
		return l2fail_note(s, -EINVAL,
				   "rx: L2RING_OFFLOAD is for THROUGHPUT alone: a frame that the "
				   "header cannot describe stops the kernel in a ring of slots",
				   0, 0);
	return 0;
}

/* The kernel would link the socket into its group anew, as the last member. */
static int refuse_member(struct l2sock *s)
{
	return l2fail_note(s, -EBUSY, "rx: the handle's group is bound", 0, 0);
}

static int check(struct l2sock *s, const struct l2ring_rx_opts *opts)
{
	if (s->recv_by_ring)
		return l2fail_note(s, -EBUSY, "rx: the handle has a ring", 0, 0);
	if (s->grouped && s->protocol)
		return refuse_member(s);
	if (s->type == L2SOCK_TYPE_LEGACY)
		return l2fail_note(s, -EOPNOTSUPP, "rx: SOCK_PACKET has no rings", 0, 0);
	if (opts->flags & ~(uint32_t)KNOWN_FLAGS)
		return l2fail_note(s, -EINVAL, "rx: unknown flags %x",
				   opts->flags & ~(uint32_t)KNOWN_FLAGS, 0);
	if (opts->reserved)
		return l2fail_note(s, -EINVAL, "rx: the reserved field is %a, not 0",
				   opts->reserved, 0);
	if (opts->flags & L2RING_OFFLOAD && s->type != L2SOCK_TYPE_RAW)
		return l2fail_note(s, -EINVAL, "rx: L2RING_OFFLOAD needs a handle of type raw", 0,
				   0);
	if (opts->spin_ns > INT64_MAX / 2 || opts->retire_ns > INT32_MAX * (uint64_t)L2_MSEC)
		return l2fail_note(s, -EINVAL, "rx: a time of many years", 0, 0);
	if (opts->bytes && opts->block_size && opts->bytes / opts->block_size < L2_CELLS_LEAST)
		return l2fail_note(s, -EINVAL, "rx: %a bytes do not hold four blocks of %b",
				   (int64_t)opts->bytes, opts->block_size);
	if (opts->headroom > UINT16_MAX)
		return l2fail_note(s, -EINVAL, "rx: a headroom of %a bytes; the most is below %b",
				   opts->headroom, UINT16_MAX);
	return check_profile(s, opts);
}

/* What a slot has to hold; an interface that is gone makes opening fail later. */
static uint32_t longest_frame(struct l2sock *s)
{
	uint32_t mtu = USUAL_MTU;

	if (s->ifindex)
		l2limits_mtu(s, s->ifindex, &mtu);
	return mtu + MOST_HEADERS;
}

static uint32_t retire_ms(const struct l2ring_rx_opts *opts)
{
	return opts->retire_ns
		       ? (uint32_t)((opts->retire_ns + (uint64_t)L2_MSEC - 1) / (uint64_t)L2_MSEC)
		       : DEFAULT_RETIRE_MS;
}

/* The kernel leaves some bytes in front of every frame anyway, enough for a tag. */
static struct l2wish wish_for(struct l2sock *s, const struct l2ring_rx_opts *opts)
{
	struct l2wish wish = {
		.page_size = l2sys_page_size(),
		.bytes = opts->bytes,
		.reserve = (opts->headroom + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT *
			   TPACKET_ALIGNMENT,
		.vnet = !!(opts->flags & L2RING_OFFLOAD),
	};

	if (opts->profile == L2RING_LATENCY) {
		wish.version = TPACKET_V2;
		wish.frame_len = opts->frame_max ? opts->frame_max : longest_frame(s);
		if (!wish.bytes)
			wish.bytes = DEFAULT_LATENCY_BYTES;
		return wish;
	}
	wish.version = TPACKET_V3;
	wish.frame_len = MERGED_FRAME;
	if (!wish.bytes)
		wish.bytes = DEFAULT_BYTES;
	wish.block_size = opts->block_size;
	wish.private_size = opts->private_size;
	wish.retire_ms = retire_ms(opts);
	wish.features = opts->flags & L2RING_HASH ? TP_FT_REQ_FILL_RXHASH : 0;
	return wish;
}

/* A frame that exceeds its slot is queued whole beside the ring; NIC timestamps where wanted. */
static int configure(struct l2sock *s, uint32_t profile, uint32_t flags)
{
	const int whole = profile == L2RING_LATENCY;
	const int time = flags & L2RING_NIC_TIME ? SOF_TIMESTAMPING_RAW_HARDWARE : 0;
	int r = l2sys_setsockopt(s->fd, SOL_PACKET, PACKET_COPY_THRESH, &whole, sizeof(whole));

	if (r < 0)
		return l2fail_note(s, r, "rx: PACKET_COPY_THRESH: %e", 0, 0);
	r = l2sys_setsockopt(s->fd, SOL_PACKET, PACKET_TIMESTAMP, &time, sizeof(time));
	return r < 0 ? l2fail_note(s, r, "rx: PACKET_TIMESTAMP: %e", 0, 0) : 0;
}

/* What functions on blocks have to know: where a header's fields are, and the handle's facts. */
static struct l2block describe(const struct l2ring_rx *rx)
{
	const struct l2places *in;
	struct l2block b = { 0 };

	if (rx->profile == L2RING_LATENCY)
		b.facts |= L2BLOCK_SLOTS;
	if (rx->s->type == L2SOCK_TYPE_COOKED)
		b.facts |= L2BLOCK_COOKED;
	if (rx->map.geometry.vnet)
		b.facts |= L2BLOCK_VNET;
	in = l2block_places(b.facts);
	b.next_at = in->next;
	b.len_at = in->len;
	b.wire_len_at = in->wire_len;
	b.status_at = in->status;
	b.time_at = in->time;
	b.data_at = in->data;
	b.valid = L2_VALID_WIRE_LEN | L2_VALID_TIMESTAMP | L2_VALID_IFINDEX | L2_VALID_PKTTYPE |
		  L2_VALID_PROTOCOL | L2_VALID_ADDR;
	if (rx->map.geometry.features & TP_FT_REQ_FILL_RXHASH)
		b.valid |= L2_VALID_HASH;
	return b;
}

static void free_ring(struct l2ring_rx *rx)
{
	l2sys_free(rx->leases);
	l2sys_free(rx);
}

static struct l2ring_rx *new_ring(struct l2sock *s, const struct l2ring_rx_opts *opts,
				  const struct l2geometry *g)
{
	struct l2ring_rx *rx = l2sys_alloc(1, sizeof(*rx));

	if (!rx)
		return NULL;
	rx->s = s;
	rx->profile = opts->profile;
	rx->flags = opts->flags;
	rx->format = opts->profile == L2RING_LATENCY ? &l2rx_slots : &l2rx_blocks;
	rx->spin_ns = opts->spin_ns;
	rx->leases = l2sys_alloc(l2geometry_cells(g), sizeof(*rx->leases));
	if (rx->leases)
		return rx;
	free_ring(rx);
	return NULL;
}

static void count_cells(struct l2ring_rx *rx)
{
	rx->cells = l2geometry_cells(&rx->map.geometry);
	rx->held_max = rx->cells - KEPT_FREE;
	rx->plain = describe(rx);
}

static void detach(struct l2ring_rx *rx)
{
	struct l2sock *s = rx->s;

	s->rx = NULL;
	s->recv_by_ring = s->send_by_ring = s->rx_ended = false;
	l2wait_settle(s);
}

static void attach(struct l2ring_rx *rx)
{
	struct l2sock *s = rx->s;

	count_cells(rx);
	s->rx = rx;
	s->rx_ops = &l2rx_ops;
	s->recv_by_ring = true;
	s->send_by_ring = rx->map.geometry.vnet; /* what it sends would need the header as well */
	l2sock_hold(s);
}

static int take_away(struct l2ring_rx *rx)
{
	struct l2sock *s = rx->s;
	int r = l2map_close(s, &rx->map);

	if (l2sock_is_shared(s))
		configure(s, L2RING_THROUGHPUT, 0);
	return r;
}

/* A ring whose handle the kernel has made deaf is none. */
static int let_frames_in(struct l2ring_rx *rx)
{
	struct l2sock *s = rx->s;
	int r = l2attach_resume(s);

	if (r == 0)
		return 0;
	s->halted = true;
	l2attach_resume(s); /* may have been for lack of memory */
	return l2fail_note(s, r, "rx: putting the filter back: %e", 0, 0);
}

/* While nothing gets in; what is queued beside the ring would never be received. */
static int make_ring(struct l2ring_rx *rx, const struct l2geometry *g)
{
	struct l2sock *s = rx->s;
	int r = s->protocol ? l2attach_halt(s) : 0;

	if (r == 0 && s->protocol)
		r = l2attach_flush(s);
	if (r < 0)
		l2fail_note(s, r, "rx: emptying the queue: %e", 0, 0);
	if (r == 0)
		r = configure(s, rx->profile, rx->flags);
	if (r == 0)
		r = l2map_open(s, g, &rx->map);
	if (r < 0) {
		struct l2fail why = s->fail;

		configure(s, L2RING_THROUGHPUT, 0);
		let_frames_in(rx);
		s->fail = why;
		return r;
	}
	attach(rx);
	r = let_frames_in(rx);
	if (r < 0) {
		detach(rx);
		take_away(rx);
		l2sock_drop(s);
	}
	return r;
}

/* What cannot come about; the kernel's rules are looked at later. */
static int check_geometry(struct l2sock *s, const struct l2geometry *g)
{
	if (l2geometry_cells(g) > CELLS_MOST)
		return l2fail_note(s, -EINVAL, "rx: more than %a blocks or slots", CELLS_MOST, 0);
	if (g->block_size && !l2geometry_room(g))
		return l2fail_note(s, -EINVAL,
				   "rx: blocks or slots of %a bytes hold nothing of a frame behind "
				   "headroom, headers and private bytes",
				   g->frame_size, 0);
	return 0;
}

int l2ring_rx_open(struct l2ring_rx **ret, struct l2sock *s, const struct l2ring_rx_opts *opts)
{
	struct l2ring_rx_opts known = { 0 };
	struct l2geometry g;
	struct l2ring_rx *rx;
	struct l2wish wish;
	int r;

	if (!s)
		return -EINVAL;
	if (!ret)
		return l2fail_note(s, -EINVAL, "rx: no place for the ring", 0, 0);
	r = opts ? l2opts_copy(&known, sizeof(known), opts, OPTS_LEAST) : 0;
	if (r < 0)
		return l2fail_note(s, r, "rx: options of %a bytes: %e", opts->size, 0);
	r = check(s, &known);
	if (r < 0)
		return r;
	l2link_ask(s);
	if (s->link == L2SOCK_LINK_GONE)
		return l2link_gone(s, "rx: %n is gone");
	wish = wish_for(s, &known);
	l2geometry_solve(&wish, &g);
	r = check_geometry(s, &g);
	if (r < 0)
		return r;
	rx = new_ring(s, &known, &g);
	if (!rx)
		return l2fail_note(s, -ENOMEM, "rx: out of memory", 0, 0);
	r = make_ring(rx, &g);
	if (r < 0) {
		free_ring(rx);
		return r;
	}
	*ret = rx;
	return 0;
}

/* The old socket lives until its ring is unmapped. Where memory is short the new one is smaller. */
int l2rx_renew(void *ring)
{
	struct l2ring_rx *rx = ring;
	struct l2map map;
	int r = configure(rx->s, rx->profile, rx->flags);

	if (r == 0)
		r = l2map_open(rx->s, &rx->map.geometry, &map);
	if (r < 0)
		return r;
	l2sys_unmap(rx->map.memory, rx->map.bytes);
	rx->map = map;
	count_cells(rx);
	l2lease_restart(rx);
	return 0;
}

int l2ring_rx_close(struct l2ring_rx *rx)
{
	struct l2sock *s;
	int r = 0;

	if (!rx)
		return 0;
	s = rx->s;
	if (l2lease_held(rx))
		return l2fail_note(s, -EBUSY, "rx: %a are held: release them first",
				   l2lease_held(rx), 0);
	if (s->grouped && s->protocol)
		return refuse_member(s);
	detach(rx);
	take_away(rx);
	if (l2sock_is_shared(s))
		r = let_frames_in(rx);
	free_ring(rx);
	l2sock_drop(s);
	return r;
}

int l2ring_rx_stop(struct l2ring_rx *rx)
{
	int r;

	if (!rx)
		return -EINVAL;
	if (rx->stopped)
		return 0;
	r = l2attach_halt(rx->s);
	if (r < 0) {
		let_frames_in(rx);
		return l2fail_note(rx->s, r, "rx: stop: %e", 0, 0);
	}
	rx->stopped = true;
	l2rx_note_end(rx);
	return 0;
}

int l2ring_rx_get_info(struct l2ring_rx *rx, struct l2ring_rx_info *ret)
{
	const struct l2geometry *g;
	struct l2ring_rx_info info = { 0 };
	uint32_t size;

	if (!rx || !ret || ret->size < INFO_LEAST || ret->size > INFO_MOST)
		return -EINVAL;
	g = &rx->map.geometry;
	size = ret->size < sizeof(info) ? ret->size : (uint32_t)sizeof(info);
	info.size = size;
	info.profile = rx->profile;
	info.bytes = rx->map.bytes;
	info.retire_ns = g->retire_ms * (uint64_t)L2_MSEC;
	info.block_size = g->block_size;
	info.block_nr = g->block_nr;
	info.cells = rx->cells;
	info.held_max = rx->held_max;
	info.held = l2lease_held(rx);
	info.frame_max = l2geometry_room(g);
	memset(ret, 0, ret->size);
	memcpy(ret, &info, size);
	return 0;
}
