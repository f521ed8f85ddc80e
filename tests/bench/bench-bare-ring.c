/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench-bare-ring.h"

#define SLOT_SIZE  2048
#define RING_BYTES ((size_t)BARE_RING_SLOTS * SLOT_SIZE)
#define VNET_LEN   10

struct bare_ring {
	int fd;
	uint8_t *memory;
	unsigned int next;
	uint32_t offset; /* from a slot's start to the frame */
	uint32_t vnet_len;
	int version;
};

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ? -errno : 0;
}

static int make_ring(struct bare_ring *ring)
{
	const struct tpacket_req3 req = {
		.tp_block_size = 65536,
		.tp_block_nr = RING_BYTES / 65536,
		.tp_frame_size = SLOT_SIZE,
		.tp_frame_nr = BARE_RING_SLOTS,
	};
	int r = set(ring->fd, PACKET_VERSION, ring->version);

	if (r == 0 && ring->vnet_len)
		r = set(ring->fd, PACKET_VNET_HDR, 1);
	if (r == 0)
		r = set(ring->fd, PACKET_QDISC_BYPASS, 1);
	if (r == 0 && setsockopt(ring->fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		r = -errno;
	if (r < 0)
		return r;
	ring->memory = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	return ring->memory == MAP_FAILED ? -errno : 0;
}

int bare_ring_setup(struct bench_lane *lane)
{
	const struct bare_ring_kind *kind = lane->method->data;
	struct bare_ring *ring = calloc(1, sizeof(*ring));
	uint32_t header = kind->version == TPACKET_V3 ? sizeof(struct tpacket3_hdr)
						      : sizeof(struct tpacket2_hdr);

	if (!ring)
		return -ENOMEM;
	lane->state = ring;
	ring->version = kind->version;
	ring->vnet_len = kind->linear ? VNET_LEN : 0;
	ring->offset = header + ring->vnet_len;
	ring->memory = MAP_FAILED;
	ring->fd = bench_socket(lane->dev, 0);
	return ring->fd < 0 ? ring->fd : make_ring(ring);
}

/* Both versions' headers, as far as sending needs them. */
static uint32_t *status_of(const struct bare_ring *ring, void *slot)
{
	return ring->version == TPACKET_V3 ? &((struct tpacket3_hdr *)slot)->tp_status
					   : &((struct tpacket2_hdr *)slot)->tp_status;
}

static void set_len(const struct bare_ring *ring, void *slot, uint32_t len)
{
	if (ring->version == TPACKET_V3)
		((struct tpacket3_hdr *)slot)->tp_len = len;
	else
		((struct tpacket2_hdr *)slot)->tp_len = len;
}

static int put(struct bare_ring *ring, const struct bench_lane *lane)
{
	uint8_t *slot = ring->memory + (size_t)ring->next * SLOT_SIZE;
	uint32_t *status = status_of(ring, slot);
	uint16_t len = (uint16_t)lane->what->size;

	if (__atomic_load_n(status, __ATOMIC_ACQUIRE) &
	    (TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING))
		return -ENOBUFS;
	memcpy(slot + ring->offset, lane->frame, len);
	if (ring->vnet_len)
		memcpy(slot + ring->offset - VNET_LEN + 2, &len, sizeof(len));
	set_len(ring, slot, len + ring->vnet_len);
	__atomic_store_n(status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
	ring->next = (ring->next + 1) % BARE_RING_SLOTS;
	return 0;
}

int64_t bare_ring_burst(struct bench_lane *lane, unsigned int n)
{
	struct bare_ring *ring = lane->state;
	unsigned int i;
	int r;

	for (i = 1; i <= n; i++) {
		r = put(ring, lane);
		if (r < 0)
			return r;
		if ((i % BARE_RING_BATCH == 0 || i == n) &&
		    send(ring->fd, NULL, 0, MSG_DONTWAIT) < 0)
			return -errno;
	}
	return n;
}

void bare_ring_teardown(struct bench_lane *lane)
{
	struct bare_ring *ring = lane->state;

	if (!ring)
		return;
	if (ring->memory != MAP_FAILED)
		munmap(ring->memory, RING_BYTES);
	if (ring->fd >= 0)
		close(ring->fd);
	free(ring);
}
