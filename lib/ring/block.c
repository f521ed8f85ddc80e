/* SPDX-License-Identifier: MIT */
/* What the kernel tells about the frames of a block. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "../sock/kernel-internal.h"
#include "rx-internal.h"

#ifndef TP_STATUS_CSUM_VALID
#define TP_STATUS_CSUM_VALID (1 << 7)
#endif

#define ALIGNED(size) (((size) + TPACKET_ALIGNMENT - 1u) & ~(TPACKET_ALIGNMENT - 1u))

/* TPACKET_V3 keeps these 16 bits in 32. */
#define TCI3_AT                                           \
	(offsetof(struct tpacket3_hdr, hv1.tp_vlan_tci) + \
	 (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(uint16_t) : 0))

static const struct l2places slots_places = {
	.next = offsetof(struct tpacket2_hdr, tp_padding),
	.status = offsetof(struct tpacket2_hdr, tp_status),
	.len = offsetof(struct tpacket2_hdr, tp_snaplen),
	.wire_len = offsetof(struct tpacket2_hdr, tp_len),
	.time = offsetof(struct tpacket2_hdr, tp_sec),
	.data = offsetof(struct tpacket2_hdr, tp_mac),
	.tci = offsetof(struct tpacket2_hdr, tp_vlan_tci),
	.tpid = offsetof(struct tpacket2_hdr, tp_vlan_tpid),
	.from = ALIGNED(sizeof(struct tpacket2_hdr)),
};

static const struct l2places blocks_places = {
	.next = offsetof(struct tpacket3_hdr, tp_next_offset),
	.status = offsetof(struct tpacket3_hdr, tp_status),
	.len = offsetof(struct tpacket3_hdr, tp_snaplen),
	.wire_len = offsetof(struct tpacket3_hdr, tp_len),
	.time = offsetof(struct tpacket3_hdr, tp_sec),
	.data = offsetof(struct tpacket3_hdr, tp_mac),
	.hash = offsetof(struct tpacket3_hdr, hv1.tp_rxhash),
	.tci = TCI3_AT,
	.tpid = offsetof(struct tpacket3_hdr, hv1.tp_vlan_tpid),
	.from = ALIGNED(sizeof(struct tpacket3_hdr)),
};

const struct l2places *l2block_places(uint32_t facts)
{
	return facts & L2BLOCK_SLOTS ? &slots_places : &blocks_places;
}

/* What is in front of the data from there on may be written. */
static inline uint32_t least_data(const struct l2places *in)
{
	return in->from + (uint32_t)sizeof(struct sockaddr_ll);
}

static inline uint32_t get32(const uint8_t *h, uint32_t at)
{
	uint32_t value;

	memcpy(&value, h + at, sizeof(value));
	return value;
}

static inline uint16_t get16(const uint8_t *h, uint32_t at)
{
	uint16_t value;

	memcpy(&value, h + at, sizeof(value));
	return value;
}

/* The tag that the kernel took out was on the wire, unless no link-layer header shows. */
static inline uint32_t hidden_len(uint32_t facts, uint32_t status)
{
	return status & TP_STATUS_VLAN_VALID && !(facts & L2BLOCK_COOKED) ? L2_VLAN_TAG_LEN : 0;
}

_Static_assert(TP_STATUS_VLAN_VALID >> 3 == L2_FLAG_TAGGED, "a bit that moves");
_Static_assert(TP_STATUS_LOSING == L2_FLAG_LOSING, "a bit that stays");

static uint32_t flags_of(uint32_t status, uint32_t len, uint32_t wire_len)
{
	return (status & TP_STATUS_LOSING) | (status & TP_STATUS_VLAN_VALID) >> 3 |
	       (len < wire_len ? L2_FLAG_TRUNCATED : 0);
}

static inline uint64_t time_of(const struct l2places *in, const uint8_t *h)
{
	return get32(h, in->time) * (uint64_t)L2_SEC + get32(h, in->time + sizeof(uint32_t));
}

/* Both of them at one go where they are neighbours; in descriptors they are. */
static inline void copy_lengths(const struct l2places *in, const uint8_t *h, uint8_t *len)
{
	if (in->wire_len == in->len + sizeof(uint32_t)) {
		memcpy(len, h + in->len, 2 * sizeof(uint32_t));
		return;
	}
	memcpy(len, h + in->len, sizeof(uint32_t));
	memcpy(len + sizeof(uint32_t), h + in->wire_len, sizeof(uint32_t));
}

_Static_assert(offsetof(struct l2pkt, wire_len) == offsetof(struct l2pkt, len) + 4, "neighbours");
_Static_assert(offsetof(struct l2spot, wire_len) == offsetof(struct l2spot, len) + 4, "neighbours");

/* What a header keeps of the sender's address, which may be longer. */
#define ADDR_KEPT sizeof(((struct sockaddr_ll *)0)->sll_addr)

static inline void describe_source(const struct sockaddr_ll *from, struct l2pkt *pkt)
{
	pkt->protocol = ntohs(from->sll_protocol);
	pkt->ifindex = (uint32_t)from->sll_ifindex;
	pkt->hatype = from->sll_hatype;
	pkt->pkttype = from->sll_pkttype;
	pkt->addr_len = from->sll_halen;
	memcpy(pkt->addr, from->sll_addr, ADDR_KEPT);
}

/* A tag that was put back is in the data, and stays known. */
static void describe_tag(const struct l2places *in, const uint8_t *h, struct l2pkt *pkt)
{
	uint32_t status = get32(h, in->status);

	if (!(status & (TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID)))
		return;
	pkt->vlan_tci = get16(h, in->tci);
	pkt->vlan_tpid = status & TP_STATUS_VLAN_TPID_VALID ? get16(h, in->tpid) : L2_TPID_8021Q;
}

/* Two bits change places, by one multiplication: one goes 2 to the right, the other 7. */
static inline uint8_t csum_of(uint32_t status)
{
	_Static_assert(TP_STATUS_CSUMNOTREADY >> 2 == L2_CSUM_NOT_READY, "a bit that moves");
	_Static_assert(TP_STATUS_CSUM_VALID >> 7 == L2_CSUM_VALID, "a bit that moves");
	status &= TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID;
	return (uint8_t)(status * (1 + (1 << 5)) >> 7 & (L2_CSUM_NOT_READY | L2_CSUM_VALID));
}

static void describe_offload(struct l2pkt *pkt)
{
	struct virtio_net_hdr vnet;

	memcpy(&vnet, pkt->data - sizeof(vnet), sizeof(vnet));
	pkt->gso_type = vnet.gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;
	pkt->gso_size = vnet.gso_size;
	pkt->valid |= L2_VALID_GSO;
}

/* Everything in front of it is written one by one. */
#define CLEARED_AT offsetof(struct l2pkt, protocol)

/* What most frames have nothing of; those that have take a way of their own. */
#define RARE                                                                   \
	(TP_STATUS_LOSING | TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID | \
	 TP_STATUS_TS_RAW_HARDWARE)

static inline bool is_rare(const struct l2places *in, const uint8_t *h)
{
	bool marked = get32(h, in->status) & RARE;
	bool cut = get32(h, in->len) != get32(h, in->wire_len);

	return __builtin_expect(marked, 0) || __builtin_expect(cut, 0);
}

static __attribute__((__noinline__)) void describe_rare(uint32_t facts, const uint8_t *h,
							struct l2pkt *pkt)
{
	const struct l2places *in = l2block_places(facts);
	uint32_t status = get32(h, in->status);

	pkt->flags = flags_of(status, pkt->len, pkt->wire_len);
	pkt->wire_len += hidden_len(facts, status);
	if (status & TP_STATUS_TS_RAW_HARDWARE)
		pkt->timestamp_source = L2_TIME_NIC;
	if (pkt->addr_len > ADDR_KEPT)
		pkt->addr_len = ADDR_KEPT;
	describe_tag(in, h, pkt);
}

/* The program may write to what it has on lease; headers come from functions that return const. */
static inline uint8_t *writable(const struct l2block *b, const void *h)
{
	return b->base + ((const uint8_t *)h - b->base);
}

static inline const uint8_t *following(const struct l2places *in, const uint8_t *h)
{
	uint32_t step = get32(h, in->next);

	return step ? h + step : NULL;
}

/* From here on everything is inlined for each kind of header: its places become constants. */
#define FOR_EACH_KIND static inline __attribute__((__always_inline__))

/* Describes a frame, and returns the header of the next. */
FOR_EACH_KIND const uint8_t *describe(const struct l2places *in, const struct l2block *b,
				      uint32_t valid, const uint8_t *h,
				      struct l2pkt *__restrict pkt)
{
	const struct sockaddr_ll *from = (const void *)(h + in->from);
	const uint32_t data_at = get16(h, in->data);
	uint8_t *bytes = (uint8_t *)pkt;

	memset(bytes + CLEARED_AT, 0, sizeof(*pkt) / 2 - CLEARED_AT); /* in pieces: see pkt.c */
	memset(bytes + sizeof(*pkt) / 2, 0, sizeof(*pkt) / 2);
	pkt->timestamp = time_of(in, h);
	copy_lengths(in, h, bytes + offsetof(struct l2pkt, len));
	pkt->valid = valid;
	pkt->flags = 0;
	pkt->hash = in->hash ? get32(h, in->hash) : 0;
	pkt->headroom = (uint16_t)(data_at - least_data(in));
	pkt->timestamp_source = L2_TIME_SOFTWARE;
	pkt->csum = csum_of(get32(h, in->status));
	pkt->data = writable(b, h) + data_at;
	describe_source(from, pkt);
	if (is_rare(in, h) || __builtin_expect(from->sll_halen > ADDR_KEPT, 0))
		describe_rare(b->facts, h, pkt);
	return following(in, h);
}

FOR_EACH_KIND size_t describe_all(const struct l2places *in, const struct l2block *b,
				  const void **at, struct l2pkt *pkts, size_t n)
{
	const struct l2pkt *end = pkts + n;
	const uint32_t valid = b->valid;
	struct l2pkt *pkt = pkts;
	const uint8_t *h = *at;

	for (; h && pkt != end; pkt++)
		h = describe(in, b, valid, h, pkt);
	*at = h;
	return (size_t)(pkt - pkts);
}

L2_HOT size_t l2block_pkts(const struct l2block *b, const void **at, struct l2pkt *pkts, size_t n)
{
	size_t i;

	if (b->facts & L2BLOCK_SLOTS)
		return describe_all(&slots_places, b, at, pkts, n);
	n = describe_all(&blocks_places, b, at, pkts, n);
	for (i = 0; b->facts & L2BLOCK_VNET && i < n; i++)
		describe_offload(&pkts[i]);
	return n;
}

static __attribute__((__noinline__)) void locate_rare(uint32_t facts, const uint8_t *h,
						      struct l2spot *spot)
{
	uint32_t status = get32(h, l2block_places(facts)->status);

	spot->flags = flags_of(status, spot->len, spot->wire_len);
	spot->wire_len += hidden_len(facts, status);
}

/* Tells where a frame is, and returns the header of the next. */
FOR_EACH_KIND const uint8_t *locate(const struct l2places *in, const struct l2block *b,
				    const uint8_t *h, struct l2spot *__restrict spot)
{
	uint8_t *bytes = (uint8_t *)spot;

	spot->timestamp = time_of(in, h);
	spot->offset = (uint32_t)(h + get16(h, in->data) - b->base);
	copy_lengths(in, h, bytes + offsetof(struct l2spot, len));
	spot->flags = 0;
	if (is_rare(in, h))
		locate_rare(b->facts, h, spot);
	return following(in, h);
}

/* Two by two: of so short a loop, what it takes to go round is a part worth halving. */
FOR_EACH_KIND size_t locate_all(const struct l2places *in, const struct l2block *b, const void **at,
				struct l2spot *spots, size_t n)
{
	const struct l2spot *even = spots + n / 2 * 2;
	struct l2spot *spot = spots;
	const uint8_t *h = *at;

	while (h && spot != even) {
		h = locate(in, b, h, spot);
		if (!h) {
			spot++;
			break;
		}
		h = locate(in, b, h, spot + 1);
		spot += 2;
	}
	if (h && n % 2)
		h = locate(in, b, h, spot++);
	*at = h;
	return (size_t)(spot - spots);
}

L2_HOT size_t l2block_spots(const struct l2block *b, const void **at, struct l2spot *spots,
			    size_t n)
{
	return b->facts & L2BLOCK_SLOTS ? locate_all(&slots_places, b, at, spots, n)
					: locate_all(&blocks_places, b, at, spots, n);
}

/* The virtio-net header stays in front of the data, and counts from its start. */
static void move_offload(uint8_t *data)
{
	struct virtio_net_hdr vnet;

	memcpy(&vnet, data - sizeof(vnet), sizeof(vnet));
	if (vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		vnet.csum_start = (uint16_t)(vnet.csum_start + L2_VLAN_TAG_LEN);
	if (vnet.hdr_len)
		vnet.hdr_len = (uint16_t)(vnet.hdr_len + L2_VLAN_TAG_LEN);
	memcpy(data - L2_VLAN_TAG_LEN - sizeof(vnet), &vnet, sizeof(vnet));
}

static void put32(uint8_t *header, uint16_t at, uint32_t value)
{
	memcpy(header + at, &value, sizeof(value));
}

/* The frame has its tag: the header says so from now on. */
static void update_header(const struct l2places *in, uint8_t *header)
{
	uint16_t data_at = (uint16_t)(get16(header, in->data) - L2_VLAN_TAG_LEN);

	memcpy(header + in->data, &data_at, sizeof(data_at));
	put32(header, in->len, get32(header, in->len) + L2_VLAN_TAG_LEN);
	put32(header, in->wire_len, get32(header, in->wire_len) + L2_VLAN_TAG_LEN);
	put32(header, in->status, get32(header, in->status) & ~(uint32_t)TP_STATUS_VLAN_VALID);
}

int l2block_restore_tag(const struct l2block *b, const void *h)
{
	const struct l2places *in = l2block_places(b->facts);
	uint32_t before = b->facts & L2BLOCK_VNET ? L2_VNET_LEN : 0;
	uint8_t *header = writable(b, h);
	uint32_t data_at = get16(header, in->data);
	struct l2pkt pkt = { .data = header + data_at, .len = get32(header, in->len) };

	pkt.flags = flags_of(get32(header, in->status), pkt.len, get32(header, in->wire_len));
	if (!(pkt.flags & L2_FLAG_TAGGED))
		return 0;
	if (b->facts & L2BLOCK_COOKED || pkt.len < 2 * L2_MAC_LEN)
		return -EINVAL;
	if (data_at < least_data(in) + before + L2_VLAN_TAG_LEN)
		return -ENOSPC;
	pkt.headroom = L2_VLAN_TAG_LEN;
	describe_tag(in, header, &pkt);
	if (before)
		move_offload(pkt.data);
	update_header(in, header);
	return l2pkt_restore_tag(&pkt);
}

void l2block_restore_tags(const struct l2block *b)
{
	const void *h;

	for (h = l2block_first(b); h; h = l2block_next(b, h))
		l2block_restore_tag(b, h);
}

uint32_t l2block_wire_len(const struct l2block *b, const void *h)
{
	uint32_t status;
	uint32_t len;

	memcpy(&status, (const uint8_t *)h + b->status_at, sizeof(status));
	memcpy(&len, (const uint8_t *)h + b->wire_len_at, sizeof(len));
	return len + hidden_len(b->facts, status);
}
