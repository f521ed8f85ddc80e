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

/* A frame's header, whichever of the two kinds it is; compilers make registers of it. */
struct seen {
	const struct sockaddr_ll *from;
	uint32_t step; /* to the next header */
	uint32_t status;
	uint32_t len;
	uint32_t wire_len;
	uint32_t sec;
	uint32_t nsec;
	uint32_t hash;
	uint32_t data_at;
	uint32_t least_data_at; /* what is in front of the data from there on may be written */
	uint16_t tci;
	uint16_t tpid;
};

#define ALIGNED(size) (((size) + TPACKET_ALIGNMENT - 1u) & ~(TPACKET_ALIGNMENT - 1u))

static inline struct seen look3(const void *header)
{
	const struct tpacket3_hdr *h = header;
	const uint32_t own = ALIGNED(sizeof(*h));

	return (struct seen) {
		.from = (const void *)((const uint8_t *)header + own),
		.step = h->tp_next_offset,
		.status = h->tp_status,
		.len = h->tp_snaplen,
		.wire_len = h->tp_len,
		.sec = h->tp_sec,
		.nsec = h->tp_nsec,
		.hash = h->hv1.tp_rxhash,
		.data_at = h->tp_mac,
		.least_data_at = own + (uint32_t)sizeof(struct sockaddr_ll),
		.tci = (uint16_t)h->hv1.tp_vlan_tci,
		.tpid = h->hv1.tp_vlan_tpid,
	};
}

static inline struct seen look2(const void *header)
{
	const struct tpacket2_hdr *h = header;
	const uint32_t own = ALIGNED(sizeof(*h));
	uint32_t step;

	memcpy(&step, h->tp_padding, sizeof(step));
	return (struct seen) {
		.from = (const void *)((const uint8_t *)header + own),
		.step = step,
		.status = h->tp_status,
		.len = h->tp_snaplen,
		.wire_len = h->tp_len,
		.sec = h->tp_sec,
		.nsec = h->tp_nsec,
		.data_at = h->tp_mac,
		.least_data_at = own + (uint32_t)sizeof(struct sockaddr_ll),
		.tci = h->tp_vlan_tci,
		.tpid = h->tp_vlan_tpid,
	};
}

/* The tag that the kernel took out was on the wire, unless no link-layer header shows. */
static inline uint32_t hidden_len(uint32_t facts, uint32_t status)
{
	return status & TP_STATUS_VLAN_VALID && !(facts & L2BLOCK_COOKED) ? L2_VLAN_TAG_LEN : 0;
}

_Static_assert(TP_STATUS_VLAN_VALID >> 3 == L2_FLAG_TAGGED, "a bit that moves");
_Static_assert(TP_STATUS_LOSING == L2_FLAG_LOSING, "a bit that stays");

static inline uint32_t flags_of(uint32_t status, uint32_t len, uint32_t wire_len)
{
	return (status & TP_STATUS_LOSING) | (status & TP_STATUS_VLAN_VALID) >> 3 |
	       (len < wire_len ? L2_FLAG_TRUNCATED : 0);
}

static inline uint64_t time_of(const struct seen *seen)
{
	return seen->sec * (uint64_t)L2_SEC + seen->nsec;
}

static inline void describe_source(const struct seen *seen, struct l2pkt *pkt)
{
	const struct sockaddr_ll *from = seen->from;

	pkt->protocol = ntohs(from->sll_protocol);
	pkt->ifindex = (uint32_t)from->sll_ifindex;
	pkt->hatype = from->sll_hatype;
	pkt->pkttype = from->sll_pkttype;
	pkt->addr_len = from->sll_halen;
	if (pkt->addr_len > sizeof(from->sll_addr))
		pkt->addr_len = sizeof(from->sll_addr);
	memcpy(pkt->addr, from->sll_addr, sizeof(from->sll_addr));
}

/* A tag that was put back is in the data, and stays known. */
static void describe_tag(uint32_t status, uint16_t tci, uint16_t tpid, struct l2pkt *pkt)
{
	if (!(status & (TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID)))
		return;
	pkt->vlan_tci = tci;
	pkt->vlan_tpid = status & TP_STATUS_VLAN_TPID_VALID ? tpid : L2_TPID_8021Q;
}

static inline uint8_t csum_of(uint32_t status)
{
	_Static_assert(TP_STATUS_CSUMNOTREADY >> 2 == L2_CSUM_NOT_READY, "a bit that moves");
	_Static_assert(TP_STATUS_CSUM_VALID >> 7 == L2_CSUM_VALID, "a bit that moves");
	return (uint8_t)((status & TP_STATUS_CSUMNOTREADY) >> 2 |
			 (status & TP_STATUS_CSUM_VALID) >> 7);
}

static void describe_offload(struct l2pkt *pkt)
{
	struct virtio_net_hdr vnet;

	memcpy(&vnet, pkt->data - sizeof(vnet), sizeof(vnet));
	pkt->gso_type = vnet.gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;
	pkt->gso_size = vnet.gso_size;
	pkt->valid |= L2_VALID_GSO;
}

/* What most frames have nothing of; those that have take a way of their own. */
#define RARE                                                                   \
	(TP_STATUS_LOSING | TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID | \
	 TP_STATUS_TS_RAW_HARDWARE)

static inline bool is_rare(const struct seen *seen)
{
	return __builtin_expect(seen->status & RARE || seen->len != seen->wire_len, 0);
}

static __attribute__((__noinline__)) void describe_rare(uint32_t facts, uint32_t status,
							uint16_t tci, uint16_t tpid,
							struct l2pkt *pkt)
{
	pkt->flags = flags_of(status, pkt->len, pkt->wire_len);
	pkt->wire_len += hidden_len(facts, status);
	if (status & TP_STATUS_TS_RAW_HARDWARE)
		pkt->timestamp_source = L2_TIME_NIC;
	describe_tag(status, tci, tpid, pkt);
}

static inline void describe(uint32_t facts, uint32_t valid, const struct seen *seen,
			    uint8_t *header, struct l2pkt *pkt)
{
	uint8_t *bytes = (uint8_t *)pkt;

	memset(bytes, 0, sizeof(*pkt) / 2); /* see pkt.c */
	memset(bytes + sizeof(*pkt) / 2, 0, sizeof(*pkt) / 2);
	pkt->timestamp = time_of(seen);
	pkt->timestamp_source = L2_TIME_SOFTWARE;
	pkt->len = seen->len;
	pkt->wire_len = seen->wire_len;
	pkt->valid = valid;
	pkt->hash = seen->hash;
	pkt->headroom = (uint16_t)(seen->data_at - seen->least_data_at);
	pkt->csum = csum_of(seen->status);
	pkt->data = header + seen->data_at;
	describe_source(seen, pkt);
	if (is_rare(seen))
		describe_rare(facts, seen->status, seen->tci, seen->tpid, pkt);
	if (facts & L2BLOCK_VNET)
		describe_offload(pkt);
}

/* The program may write to what it has on lease; headers come from functions that return const. */
static uint8_t *writable(const struct l2block *b, const void *h)
{
	return b->base + ((const uint8_t *)h - b->base);
}

static inline const uint8_t *following(const uint8_t *h, const struct seen *seen)
{
	return seen->step ? h + seen->step : NULL;
}

L2_HOT size_t l2block_pkts(const struct l2block *b, const void **at, struct l2pkt *pkts, size_t n)
{
	const uint32_t facts = b->facts;
	const uint32_t valid = b->valid;
	const uint8_t *h = *at;
	struct l2pkt *pkt = pkts;
	struct seen seen;

	if (facts & L2BLOCK_SLOTS) {
		for (; h && pkt != pkts + n; h = following(h, &seen)) {
			seen = look2(h);
			describe(facts, valid, &seen, writable(b, h), pkt++);
		}
	} else {
		for (; h && pkt != pkts + n; h = following(h, &seen)) {
			seen = look3(h);
			describe(facts, valid, &seen, writable(b, h), pkt++);
		}
	}
	*at = h;
	return (size_t)(pkt - pkts);
}

static __attribute__((__noinline__)) void locate_rare(uint32_t facts, uint32_t status,
						      struct l2spot *spot)
{
	spot->flags = flags_of(status, spot->len, spot->wire_len);
	spot->wire_len += hidden_len(facts, status);
}

static inline void locate(uint32_t facts, const struct seen *seen, uint32_t offset,
			  struct l2spot *spot)
{
	spot->timestamp = time_of(seen);
	spot->offset = offset + seen->data_at;
	spot->len = seen->len;
	spot->wire_len = seen->wire_len;
	spot->flags = 0;
	if (is_rare(seen))
		locate_rare(facts, seen->status, spot);
}

L2_HOT size_t l2block_spots(const struct l2block *b, const void **at, struct l2spot *spots,
			    size_t n)
{
	const uint32_t facts = b->facts;
	const uint8_t *base = b->base;
	const uint8_t *h = *at;
	struct l2spot *spot = spots;
	struct seen seen;

	if (facts & L2BLOCK_SLOTS) {
		for (; h && spot != spots + n; h = following(h, &seen)) {
			seen = look2(h);
			locate(facts, &seen, (uint32_t)(h - base), spot++);
		}
	} else {
		for (; h && spot != spots + n; h = following(h, &seen)) {
			seen = look3(h);
			locate(facts, &seen, (uint32_t)(h - base), spot++);
		}
	}
	*at = h;
	return (size_t)(spot - spots);
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
static void update_header(const struct l2block *b, const struct seen *seen, uint8_t *header)
{
	uint16_t data_at = (uint16_t)(seen->data_at - L2_VLAN_TAG_LEN);

	memcpy(header + b->data_at, &data_at, sizeof(data_at));
	put32(header, b->len_at, seen->len + L2_VLAN_TAG_LEN);
	put32(header, b->wire_len_at, seen->wire_len + L2_VLAN_TAG_LEN);
	put32(header, b->status_at, seen->status & ~(uint32_t)TP_STATUS_VLAN_VALID);
}

int l2block_restore_tag(const struct l2block *b, const void *h)
{
	uint8_t *header = writable(b, h);
	uint32_t before = b->facts & L2BLOCK_VNET ? L2_VNET_LEN : 0;
	struct seen seen = b->facts & L2BLOCK_SLOTS ? look2(h) : look3(h);
	struct l2pkt pkt = { .data = header + seen.data_at, .len = seen.len };

	pkt.flags = flags_of(seen.status, seen.len, seen.wire_len);
	if (!(pkt.flags & L2_FLAG_TAGGED))
		return 0;
	if (b->facts & L2BLOCK_COOKED || pkt.len < 2 * L2_MAC_LEN)
		return -EINVAL;
	if (seen.data_at < seen.least_data_at + before + L2_VLAN_TAG_LEN)
		return -ENOSPC;
	pkt.headroom = L2_VLAN_TAG_LEN;
	describe_tag(seen.status, seen.tci, seen.tpid, &pkt);
	if (before)
		move_offload(pkt.data);
	update_header(b, &seen, header);
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
