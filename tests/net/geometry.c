/* SPDX-License-Identifier: MIT */
/* Which rings are legal? The kernel is asked, by bare system calls. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../lib/ring/geometry-internal.h"
#include "case.h"
#include "netns.h"
#include "random.h"

static int request(int fd, const struct l2geometry *g)
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

	return setsockopt(fd, SOL_PACKET, g->transmit ? PACKET_TX_RING : PACKET_RX_RING, &req,
			  sizeof(req)) < 0
		       ? -errno
		       : 0;
}

/* The kernel's verdict; a ring that came about goes away again with its socket. */
static int ask(const struct l2geometry *g)
{
	int version = (int)g->version;
	int reserve = (int)g->reserve;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int r;

	REQUIRE(fd >= 0);
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)), 0);
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof(reserve)), 0);
	r = request(fd, g);
	close(fd);
	return r;
}

static uint32_t pick(uint64_t *state, const uint32_t *from, size_t n)
{
	return from[random_next(state) % n];
}

/* Near the limits, where the rules are. */
static struct l2geometry some_ring(uint64_t *state)
{
	static const uint32_t blocks[] = { 0, 2048, 4096, 8192, 12288, 5000, 1u << 31 };
	static const uint32_t numbers[] = { 0, 1, 2, 3, 4 };
	static const uint32_t slots[] = { 0, 16, 48, 64, 80, 128, 2040, 2048, 4096, 8192 };
	static const uint32_t privates[] = { 0, 0, 0, 13, 3900, 4032, 4096, UINT32_MAX };
	static const uint32_t reserves[] = { 0, 0, 16, 61, 4096 };
	struct l2geometry g = {
		.version = random_next(state) & 1 ? TPACKET_V2 : TPACKET_V3,
		.transmit = random_next(state) & 1,
		.block_size = pick(state, blocks, 7),
		.block_nr = pick(state, numbers, 5),
		.frame_size = pick(state, slots, 10),
		.reserve = pick(state, reserves, 5),
	};

	if (g.version == TPACKET_V3)
		g.private_size = pick(state, privates, 8);
	if (g.frame_size && random_next(state) % 8)
		g.frame_nr = g.block_size / g.frame_size * g.block_nr;
	return g;
}

/* A ring costs the kernel some milliseconds, a refusal none. */
CASE(geometry, the_kernels_rules)
{
	uint64_t state = random_seed();
	uint64_t legal = random_rounds(24);
	uint64_t illegal = random_rounds(2000);

	netns_enter();
	while (legal && illegal) {
		struct l2geometry g = some_ring(&state);
		struct l2rule broken;
		int r = l2geometry_check(&g, (uint32_t)getpagesize(), &broken);

		if (!g.block_nr)
			continue; /* takes a ring away, to the kernel */
		REQUIRE_EQ(ask(&g), r);
		if (r == 0)
			legal--;
		else
			illegal--;
	}
	REQUIRE_EQ(legal, 0);
}

/* What the solver makes is what the kernel takes. */
CASE(geometry, solutions)
{
	static const uint32_t mtus[] = { 68, 1500, 9000, 65535 };
	size_t i;

	netns_enter();
	for (i = 0; i < 16; i++) {
		const struct l2wish w = {
			.version = i & 1 ? TPACKET_V2 : TPACKET_V3,
			.transmit = i >> 1 & 1,
			.page_size = (uint32_t)getpagesize(),
			.frame_len = mtus[i / 4] + 18,
			.bytes = 1 << 20,
		};
		struct l2geometry g;

		l2geometry_solve(&w, &g);
		REQUIRE_EQ(ask(&g), 0);
	}
}
