/* SPDX-License-Identifier: MIT */
/* Counters: nothing counted twice, nothing lost, never reset. */
#include <errno.h>
#include <string.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"

#define FRAMES 5000

CASE(stats, every_frame_is_in_one_counter)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .rcvbuf = 100000 };
	struct l2sock_stats stats;
	static struct frame f;
	struct l2sock *s;
	uint64_t drained;
	int fd;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 500, 0);
	for (i = 0; i < FRAMES; i++) {
		flood_send(fd, f.bytes, f.len);
		if (i % 1000 == 0)
			handle_stats(s); /* the kernel forgets what it told; we do not */
	}
	stats = handle_stats(s);
	REQUIRE_EQ(stats.accepted + stats.dropped, FRAMES);
	REQUIRE(stats.dropped > 0);
	REQUIRE_EQ(stats.received, 0);
	drained = (uint64_t)handle_drain(s);
	stats = handle_stats(s);
	REQUIRE_EQ(stats.received, drained);
	REQUIRE_EQ(stats.accepted, drained);
	REQUIRE_EQ(stats.accepted + stats.dropped, FRAMES);
	l2sock_close(s);
}

CASE(stats, flushed_by_a_filter)
{
	static const struct l2insn reject[] = { { 0x06, 0, 0, 0 } };
	struct l2sock_stats stats;
	static struct frame f;
	struct l2sock *s;
	int fd;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	for (i = 0; i < 100; i++)
		flood_send(fd, f.bytes, f.len);
	REQUIRE_EQ(l2sock_set_filter(s, reject, 1), 0);
	stats = handle_stats(s);
	REQUIRE_EQ(stats.flushed, 100);
	REQUIRE_EQ(stats.accepted, 100);
	REQUIRE_EQ(handle_drain(s), 0);
	l2sock_close(s);
}

CASE(stats, sizes)
{
	struct {
		struct l2sock_stats stats;
		uint64_t more;
	} younger;
	struct l2sock *s;

	netns_enter();
	s = handle_open("lo");
	memset(&younger, 0xff, sizeof(younger));
	younger.stats.size = sizeof(younger);
	REQUIRE_EQ(l2sock_get_stats(s, &younger.stats), 0);
	REQUIRE_EQ(younger.stats.size, sizeof(struct l2sock_stats));
	REQUIRE_EQ(younger.stats.sent, 0);
	REQUIRE_EQ(younger.more, 0); /* a counter that this library does not have */
	younger.stats.size = sizeof(struct l2sock_stats) - 1;
	REQUIRE_EQ(l2sock_get_stats(s, &younger.stats), -EINVAL);
	younger.stats.size = 4097;
	REQUIRE_EQ(l2sock_get_stats(s, &younger.stats), -EINVAL);
	REQUIRE_EQ(l2sock_get_stats(s, NULL), -EINVAL);
	l2sock_close(s);
}
