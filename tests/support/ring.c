/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/socket.h>

#include "case.h"
#include "flood.h"
#include "netns.h"
#include "ring.h"

#define QUIET (100 * L2_MSEC)

struct l2ring_rx_opts ring_opts(uint32_t profile)
{
	struct l2ring_rx_opts opts = { .size = sizeof(opts),
				       .profile = profile,
				       .bytes = 16 << 20 };

	if (profile == L2RING_THROUGHPUT) {
		opts.block_size = 1 << 16;
		opts.retire_ns = L2_MSEC;
	}
	return opts;
}

struct l2ring_rx_opts ring_small_opts(uint32_t profile)
{
	struct l2ring_rx_opts opts = ring_opts(profile);

	opts.bytes = 4 << 16;
	return opts;
}

int ring_network(struct frame *f)
{
	netns_enter();
	netns_veth("va", "vb");
	netns_await("va");
	netns_await("vb");
	frame_make(f, NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	return flood_socket("va");
}

struct l2ring_rx *ring_open(struct l2sock *s, const struct l2ring_rx_opts *opts)
{
	struct l2ring_rx *rx = NULL;

	REQUIRE_EQ(l2ring_rx_open(&rx, s, opts), 0);
	REQUIRE(rx);
	return rx;
}

struct l2ring_rx_info ring_info(struct l2ring_rx *rx)
{
	struct l2ring_rx_info info = { .size = sizeof(info) };

	REQUIRE_EQ(l2ring_rx_get_info(rx, &info), 0);
	return info;
}

struct l2block ring_next(struct l2ring_rx *rx)
{
	struct l2block b;
	int r = l2ring_rx_next(rx, &b, L2_SEC);

	REQUIRE(r > 0);
	REQUIRE_EQ(b.frames, r);
	return b;
}

uint32_t ring_drain(struct l2ring_rx *rx)
{
	struct l2block b;
	uint32_t n = 0;
	int r;

	while ((r = l2ring_rx_next(rx, &b, QUIET)) > 0) {
		n += (uint32_t)r;
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	}
	return n;
}

void ring_send(int fd, struct frame *f, uint32_t first, uint32_t n)
{
	uint32_t i;

	for (i = first; i < first + n; i++) {
		memcpy(f->bytes + f->len - sizeof(i), &i, sizeof(i));
		REQUIRE_EQ(send(fd, f->bytes, f->len, 0), f->len);
	}
}

uint32_t ring_number(const uint8_t *data, uint32_t len)
{
	uint32_t nr;

	REQUIRE(len >= sizeof(nr));
	memcpy(&nr, data + len - sizeof(nr), sizeof(nr));
	return nr;
}
