/* SPDX-License-Identifier: MIT */
/* Receive rings: every frame once, in order, byte for byte, with all that is known about it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/net_tstamp.h>
#include <linux/virtio_net.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "random.h"
#include "ring.h"

static struct frame f;
static int sender;

static struct l2sock *start(uint32_t type, uint32_t flags)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .type = type, .flags = flags };
	struct l2sock *s;

	netns_veth("va", "vb");
	netns_await("vb");
	netns_await("va");
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	sender = flood_socket("va");
	return s;
}

static void end(struct l2sock *s, struct l2ring_rx *rx)
{
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
	close(sender);
	netns_run("ip link del dev va");
}

CASE(ring, first_frame_to_last)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_opts(profile);
		struct l2ring_rx *rx = ring_open(s, &opts);
		uint32_t expected = 0;
		struct l2block b;
		const void *h;

		REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -ENOTCONN);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -EAGAIN);
		ring_send(sender, &f, 0, 100);
		while (expected < 100) {
			b = ring_next(rx);
			for (h = l2block_first(&b); h; h = l2block_next(&b, h)) {
				REQUIRE_EQ(l2block_len(&b, h), 64);
				REQUIRE_EQ(l2block_wire_len(&b, h), 64);
				REQUIRE(!memcmp(l2block_data(&b, h), f.bytes, 60));
				REQUIRE_EQ(ring_number(l2block_data(&b, h), 64), expected++);
			}
			REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		}
		REQUIRE_EQ(ring_drain(rx), 0);
		REQUIRE_EQ(handle_stats(s).received, 100);
		REQUIRE_EQ(handle_stats(s).accepted, 100);
		end(s, rx);
	}
}

/* Lengths from the shortest to the longest, and some tags. */
static void send_many_kinds(void)
{
	static const struct tag tags[] = { { 0x88a8, 0x2003 }, { 0x8100, 7 }, { 0x8100, 9 } };
	static struct frame other;
	size_t i;

	for (i = 0; i < 60; i++) {
		frame_make(&other, tags + i % 2, i % 3, L2_ETHERTYPE_EXP2, 60 + i * 24, (uint8_t)i);
		other.bytes[0] = i % 5 ? 0x02 : 0xff; /* multicast too */
		flood_send(sender, other.bytes, other.len);
	}
}

static void require_same(const struct l2pkt *a, const struct l2pkt *b, uint32_t type)
{
	REQUIRE_EQ(a->len, b->len);
	REQUIRE(!memcmp(a->data, b->data, a->len));
	REQUIRE_EQ(a->wire_len, b->wire_len);
	REQUIRE_EQ(a->valid, b->valid);
	REQUIRE_EQ(a->flags, b->flags);
	REQUIRE_EQ(a->ifindex, b->ifindex);
	REQUIRE_EQ(a->protocol, b->protocol);
	REQUIRE_EQ(a->vlan_tci, b->vlan_tci);
	REQUIRE_EQ(a->vlan_tpid, b->vlan_tpid);
	REQUIRE_EQ(a->hatype, b->hatype);
	REQUIRE_EQ(a->pkttype, b->pkttype);
	REQUIRE_EQ(a->csum, b->csum);
	REQUIRE_EQ(a->addr_len, b->addr_len);
	REQUIRE(!memcmp(a->addr, b->addr, sizeof(a->addr)));
	REQUIRE_EQ(a->timestamp_source, b->timestamp_source);
	/* Until the kernel has switched stamps on, each socket makes its own. */
	REQUIRE(a->timestamp - b->timestamp + (uint64_t)L2_SEC < 2 * (uint64_t)L2_SEC);
	REQUIRE(b->headroom >= L2_HEADROOM || type == L2SOCK_TYPE_COOKED);
}

/* The socket's own way to tell, recvmsg(2), is the oracle. */
static void compare_with_plain(uint32_t profile, uint32_t type, uint32_t flags)
{
	struct l2sock *s = start(type, flags);
	struct l2sock_opts plain_opts = {
		.size = sizeof(plain_opts), .type = type, .flags = flags, .rcvbuf = HANDLE_RCVBUF
	};
	struct l2ring_rx_opts opts = ring_opts(profile);
	struct l2ring_rx *rx = ring_open(s, &opts);
	static uint8_t buf[2048];
	struct l2sock *plain;
	struct l2pkt expected;
	struct l2pkt pkts[7];
	uint32_t seen = 0;

	REQUIRE_EQ(l2sock_open(&plain, "vb", &plain_opts), 0);
	REQUIRE_EQ(l2sock_bind(plain, L2_ETHERTYPE_ALL), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	send_many_kinds();
	while (seen < 60) {
		struct l2block b = ring_next(rx);
		const void *h = l2block_first(&b);
		size_t n;
		size_t i;

		while ((n = l2block_pkts(&b, &h, pkts, 7)) > 0)
			for (i = 0; i < n; i++, seen++) {
				REQUIRE(l2sock_recv(plain, buf, sizeof(buf), &expected, 0) >= 0);
				require_same(&expected, &pkts[i], type);
			}
		l2ring_rx_release(rx, &b);
	}
	REQUIRE_EQ(ring_drain(rx), 0);
	l2sock_close(plain);
	end(s, rx);
}

CASE(ring, facts_are_those_of_recv)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		compare_with_plain(profile, L2SOCK_TYPE_RAW, 0);
		compare_with_plain(profile, L2SOCK_TYPE_RAW, L2SOCK_RESTORE_TAGS);
		compare_with_plain(profile, L2SOCK_TYPE_COOKED, 0);
	}
}

/* Three ways to walk a block say the same. */
CASE(ring, short_and_full_and_inline)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_opts(profile);
		struct l2ring_rx *rx = ring_open(s, &opts);
		uint32_t seen = 0;

		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		send_many_kinds();
		while (seen < 60) {
			struct l2block b = ring_next(rx);
			const void *by_spot = l2block_first(&b);
			const void *by_pkt = l2block_first(&b);
			const void *h;
			struct l2spot spot;
			struct l2pkt pkt;

			for (h = l2block_first(&b); h; h = l2block_next(&b, h), seen++) {
				REQUIRE_EQ(l2block_spots(&b, &by_spot, &spot, 1), 1);
				REQUIRE_EQ(l2block_pkts(&b, &by_pkt, &pkt, 1), 1);
				REQUIRE(b.base + spot.offset == pkt.data);
				REQUIRE(l2block_data(&b, h) == pkt.data);
				REQUIRE(spot.offset + spot.len <= b.bytes);
				REQUIRE_EQ(spot.len, pkt.len);
				REQUIRE_EQ(l2block_len(&b, h), pkt.len);
				REQUIRE_EQ(spot.wire_len, pkt.wire_len);
				REQUIRE_EQ(l2block_wire_len(&b, h), pkt.wire_len);
				REQUIRE_EQ(spot.flags, pkt.flags);
				REQUIRE_EQ(spot.timestamp, pkt.timestamp);
				REQUIRE_EQ(l2block_timestamp(&b, h), pkt.timestamp);
			}
			REQUIRE(!by_spot && !by_pkt);
			REQUIRE_EQ(l2block_spots(&b, &by_spot, &spot, 1), 0);
			l2ring_rx_release(rx, &b);
		}
		end(s, rx);
	}
}

/* In the block itself, once. */
CASE(ring, tag_in_place)
{
	static const struct tag tag = { 0x88a8, 0x2003 };
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_opts(profile);
		struct l2ring_rx *rx;
		struct l2block b;
		const void *h;

		if (profile == L2RING_THROUGHPUT)
			opts.flags = L2RING_OFFLOAD;
		rx = ring_open(s, &opts);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP2, 80, 1);
		flood_send(sender, f.bytes, f.len);
		b = ring_next(rx);
		h = l2block_first(&b);
		REQUIRE_EQ(l2block_len(&b, h), 76);
		REQUIRE_EQ(l2block_restore_tag(&b, h), 1);
		REQUIRE_EQ(l2block_len(&b, h), 80);
		REQUIRE_EQ(l2block_wire_len(&b, h), 80);
		REQUIRE(!memcmp(l2block_data(&b, h), f.bytes, 80));
		REQUIRE_EQ(l2block_restore_tag(&b, h), 0);
		l2ring_rx_release(rx, &b);
		REQUIRE_EQ(l2sock_send(s, f.bytes, f.len, 0), opts.flags ? -EBUSY : 0);
		end(s, rx);
	}
}

/* A slot is made for the MTU, and the kernel shows frames that are far longer. */
CASE(ring, giants)
{
	static struct frame giant;
	struct l2ring_rx_opts opts = ring_opts(L2RING_LATENCY);
	struct l2block held[3];
	struct l2ring_rx *rx;
	struct l2sock *s;
	int i;

	netns_enter();
	s = start(L2SOCK_TYPE_RAW, 0);
	rx = ring_open(s, &opts);
	REQUIRE(ring_info(rx).frame_max < 1600);
	netns_run("ip link set dev va mtu 9000 && ip link set dev vb mtu 9000");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	frame_make(&giant, NULL, 0, L2_ETHERTYPE_EXP2, 8999, 1);
	ring_send(sender, &f, 0, 3);
	flood_send(sender, giant.bytes, giant.len);
	giant.bytes[20] ^= 1;
	flood_send(sender, giant.bytes, giant.len);
	ring_send(sender, &f, 3, 1);
	held[0] = ring_next(rx);
	REQUIRE_EQ(held[0].frames, 3);
	for (i = 1; i <= 2; i++) {
		const void *h;

		held[i] = ring_next(rx);
		h = l2block_first(&held[i]);
		REQUIRE_EQ(held[i].frames, 1);
		REQUIRE_EQ(l2block_len(&held[i], h), 8999);
		REQUIRE(!l2block_next(&held[i], h));
	}
	REQUIRE(!memcmp(l2block_data(&held[2], l2block_first(&held[2])), giant.bytes, 8999));
	giant.bytes[20] ^= 1;
	REQUIRE(!memcmp(l2block_data(&held[1], l2block_first(&held[1])), giant.bytes, 8999));
	for (i = 2; i >= 0; i--)
		REQUIRE_EQ(l2ring_rx_release(rx, &held[i]), 0);
	REQUIRE_EQ(ring_drain(rx), 1);
	end(s, rx);
}

/* What no block holds is cut, and says so; the block in front of it may be empty. */
CASE(ring, longer_than_a_block)
{
	static struct frame giant;
	struct l2ring_rx_opts opts = ring_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	struct l2pkt pkt;
	const void *h;
	int i;

	netns_enter();
	s = start(L2SOCK_TYPE_RAW, 0);
	opts.block_size = (uint32_t)getpagesize();
	opts.bytes = 4 * (uint64_t)opts.block_size;
	rx = ring_open(s, &opts);
	if (ring_info(rx).frame_max >= 9000)
		SKIP("pages are large");
	netns_run("ip link set dev va mtu 9000 && ip link set dev vb mtu 9000");
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	frame_make(&giant, NULL, 0, L2_ETHERTYPE_EXP2, 8999, 1);
	for (i = 0; i < 20; i++) {
		flood_send(sender, giant.bytes, giant.len);
		b = ring_next(rx);
		h = l2block_first(&b);
		REQUIRE_EQ(l2block_pkts(&b, &h, &pkt, 1), 1);
		REQUIRE(pkt.len >= ring_info(rx).frame_max && pkt.len < 8999);
		REQUIRE_EQ(pkt.wire_len, 8999);
		REQUIRE(pkt.flags & L2_FLAG_TRUNCATED);
		REQUIRE(!memcmp(pkt.data, giant.bytes, pkt.len));
		l2ring_rx_release(rx, &b);
	}
	end(s, rx);
}

/* Odd sizes, as the kernel's own tests use, and numbers without gaps. */
CASE(ring, blocks_of_the_programs_own)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	uint64_t sequence = 0;
	uint32_t seen = 0;
	int blocks = 0;

	netns_enter();
	s = start(L2SOCK_TYPE_RAW, 0);
	opts.private_size = 13;
	opts.retire_ns = 50 * L2_MSEC;
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	while (blocks < 12) {
		struct l2block b;

		ring_send(sender, &f, seen, 200);
		b = ring_next(rx);
		REQUIRE(b.own && b.own + 13 <= (const uint8_t *)l2block_first(&b));
		REQUIRE(!blocks || b.sequence == sequence + 1);
		REQUIRE_EQ(b.own[0], blocks < 4 ? 0 : blocks - 3); /* the kernel leaves it alone */
		memset(b.own, blocks + 1, 13);
		sequence = b.sequence;
		while (true) {
			seen += b.frames;
			blocks++;
			l2ring_rx_release(rx, &b);
			if (seen % 200 == 0)
				break;
			b = ring_next(rx);
			REQUIRE_EQ(b.sequence, sequence + 1);
			REQUIRE_EQ(b.own[0], blocks < 4 ? 0 : blocks - 3);
			memset(b.own, blocks + 1, 13);
			sequence = b.sequence;
		}
	}
	end(s, rx);
}

/* Held for a random while, given back in random order. */
#define MOST_HELD 8

/* Sent by one call. */
#define MOST_SENT 128

/* Of the 64 bytes all behind the type are the number's own. */
static void number_frame(uint32_t nr, uint8_t *bytes)
{
	uint64_t state = nr;
	size_t at;

	memcpy(bytes, f.bytes, 16);
	for (at = 16; at < 56; at += 8) {
		uint64_t word = random_next(&state);

		memcpy(bytes + at, &word, 8);
	}
	memcpy(bytes + 56, f.bytes + 56, 4);
	memcpy(bytes + 60, &nr, sizeof(nr));
}

static void send_numbers(uint32_t first, uint32_t n)
{
	static uint8_t frames[MOST_SENT][64];
	static struct iovec pieces[MOST_SENT];
	static struct mmsghdr messages[MOST_SENT];
	uint32_t done = 0;
	uint32_t i;

	for (i = 0; i < n; i++) {
		number_frame(first + i, frames[i]);
		pieces[i] = (struct iovec) { frames[i], sizeof(frames[i]) };
		messages[i].msg_hdr.msg_iov = &pieces[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	while (done < n) {
		int r = sendmmsg(sender, messages + done, n - done, 0);

		REQUIRE(r > 0);
		done += (uint32_t)r;
	}
}

/* The number must be the next one; those left out were dropped. Returns how many. */
static uint32_t check_frames(const struct l2block *b, uint32_t *expected)
{
	uint8_t sent[64];
	uint32_t missing = 0;
	const void *h;

	for (h = l2block_first(b); h; h = l2block_next(b, h)) {
		const uint8_t *data = l2block_data(b, h);
		uint32_t nr = ring_number(data, l2block_len(b, h));

		number_frame(nr, sent);
		REQUIRE(l2block_len(b, h) == 64 && !memcmp(data, sent, 64) && nr >= *expected);
		missing += nr - *expected;
		*expected = nr + 1;
	}
	return missing;
}

static void release_some(struct l2ring_rx *rx, struct l2block *held, uint32_t *n, uint32_t most,
			 uint64_t *state)
{
	while (*n && (*n == most || random_next(state) % 2)) {
		uint32_t i = (uint32_t)random_next(state) % *n;
		struct l2block b = held[i];

		held[i] = held[--*n];
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), -EINVAL);
	}
}

/* As much is sent as a small ring does not always take: what is lost must be counted. */
static void hold_and_release(uint32_t profile, uint32_t total)
{
	struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
	struct l2ring_rx_opts opts = ring_small_opts(profile);
	struct l2ring_rx *rx = ring_open(s, &opts);
	uint64_t state = random_seed();
	struct l2block held[MOST_HELD];
	uint32_t most = profile == L2RING_THROUGHPUT ? ring_info(rx).held_max : MOST_HELD;
	uint32_t expected = 0;
	uint64_t missing = 0;
	uint32_t sent = 0;
	uint32_t n = 0;
	int r = 1;

	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	while (sent < total || r > 0 || n) {
		uint32_t some = (uint32_t)random_next(&state) % MOST_SENT;

		if (some > total - sent)
			some = total - sent;
		send_numbers(sent, some);
		sent += some;
		release_some(rx, held, &n, most, &state);
		r = l2ring_rx_next(rx, &held[n], sent == total && !n ? 100 * L2_MSEC : 0);
		if (r > 0)
			missing += check_frames(&held[n++], &expected);
	}
	missing += total - expected;
	REQUIRE_EQ(handle_stats(s).dropped, missing);
	REQUIRE_EQ(handle_stats(s).received, total - missing);
	REQUIRE(missing < total);
	REQUIRE_EQ(ring_info(rx).held, 0);
	end(s, rx);
}

CASE(ring, any_order)
{
	netns_enter();
	hold_and_release(L2RING_THROUGHPUT, (uint32_t)random_share(1000000));
	hold_and_release(L2RING_LATENCY, (uint32_t)random_share(1000000));
}

/* A full ring: what is lost is counted, and what comes after it is marked. */
CASE(ring, losses)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2ring_rx *rx = ring_open(s, &opts);
		struct l2sock_stats stats;
		uint32_t kept;

		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		ring_send(sender, &f, 0, 5000);
		kept = ring_drain(rx);
		stats = handle_stats(s);
		REQUIRE(kept && kept < 5000);
		REQUIRE_EQ(stats.received, kept);
		REQUIRE_EQ(stats.received + stats.dropped, 5000);
		REQUIRE_EQ(stats.freezes, profile == L2RING_THROUGHPUT);
		end(s, rx);
	}
}

CASE(ring, loss_is_marked)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_small_opts(profile);
		struct l2ring_rx *rx = ring_open(s, &opts);
		struct l2block b;
		uint32_t marked = 0;
		int r;

		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		ring_send(sender, &f, 0, 5000);
		while ((r = l2ring_rx_next(rx, &b, 20 * L2_MSEC)) > 0)
			l2ring_rx_release(rx, &b);
		ring_send(sender, &f, 0, 1);
		b = ring_next(rx);
		marked += !!(b.flags & L2_FLAG_LOSING);
		l2ring_rx_release(rx, &b);
		ring_send(sender, &f, 0, 1);
		b = ring_next(rx);
		REQUIRE(!(b.flags & L2_FLAG_LOSING)); /* reported once */
		REQUIRE_EQ(marked, 1);
		l2ring_rx_release(rx, &b);
		end(s, rx);
	}
}

/* At the limit the call says so, and the queue goes on when there is room again. */
CASE(ring, too_many_held)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2block held[4];
	struct l2ring_rx *rx;
	struct l2sock *s;
	uint32_t most;
	uint32_t i;

	netns_enter();
	s = start(L2SOCK_TYPE_RAW, 0);
	rx = ring_open(s, &opts);
	most = ring_info(rx).held_max;
	REQUIRE_EQ(most, 2);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	for (i = 0; i < most; i++) {
		ring_send(sender, &f, i, 1);
		held[i] = ring_next(rx);
	}
	ring_send(sender, &f, most, 1);
	REQUIRE_EQ(ring_info(rx).held, most);
	REQUIRE_EQ(l2ring_rx_next(rx, &held[3], 20 * L2_MSEC), -ENOBUFS);
	REQUIRE_EQ(l2ring_rx_close(rx), -EBUSY);
	REQUIRE_EQ(l2ring_rx_release(rx, &held[1]), 0); /* the older one is held */
	REQUIRE_EQ(l2ring_rx_next(rx, &held[3], 0), -ENOBUFS);
	REQUIRE_EQ(l2ring_rx_release(rx, &held[0]), 0);
	REQUIRE_EQ(ring_drain(rx), 1);
	REQUIRE_EQ(handle_stats(s).freezes, 0);
	end(s, rx);
}

/* A device whose far end is this process, which may say what is left to do to a frame. */
static int open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		SKIP("no /dev/net/tun");
	strcpy(request.ifr_name, name);
	REQUIRE_EQ(ioctl(fd, TUNSETIFF, &request), 0);
	netns_run("ip link set dev %s up", name);
	return fd;
}

/* 3000 bytes of UDP that somebody has still to cut, in a way or in another. */
static void write_super_frame(int tap, uint8_t gso_type)
{
	struct virtio_net_hdr header = { .hdr_len = 42,
					 .gso_type = gso_type,
					 .gso_size = 1000,
					 .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
					 .csum_start = 34,
					 .csum_offset = 6 };
	static const uint8_t headers[] = { 0x45, 0, 0x0b, 0xd4, 0, 0, 0, 0, 64, 17, 0, 0,    10,
					   0,    0, 1,    10,   0, 0, 2, 1, 1,  2,  2, 0x0b, 0xc0 };
	static uint8_t bytes[sizeof(header) + 42 + 3000];

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), f.bytes, 12);
	bytes[sizeof(header) + 12] = 0x08;
	memcpy(bytes + sizeof(header) + 14, headers, sizeof(headers));
	REQUIRE_EQ(write(tap, bytes, sizeof(bytes)), sizeof(bytes));
}

/*
 * Super-frames come whole, with what is needed to cut them. Where the kernel has no words for what
 * is needed it drops the frame, and leaves a place in the block that holds none.
 */
CASE(ring, offload)
{
	struct l2ring_rx_opts opts = ring_small_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	uint32_t super = 0;
	int tap;
	int i;

	netns_enter();
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 64, 0);
	tap = open_tap("tap");
	s = handle_open("tap");
	opts.flags = L2RING_OFFLOAD;
	opts.retire_ns = 20 * L2_MSEC;
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	for (i = 0; i < 100; i++) { /* some times around the ring */
		write_super_frame(tap, VIRTIO_NET_HDR_GSO_UDP);
		write_super_frame(tap, L2_GSO_UDP);
		write_super_frame(tap, VIRTIO_NET_HDR_GSO_UDP);
		while (super <= (uint32_t)i) {
			struct l2block b = ring_next(rx);
			const void *at = l2block_first(&b);
			struct l2pkt pkt;
			uint32_t n = 0;

			for (; l2block_pkts(&b, &at, &pkt, 1); n++) {
				REQUIRE_EQ(pkt.len, 3042);
				REQUIRE_EQ(pkt.wire_len, 3042);
				REQUIRE(pkt.valid & L2_VALID_GSO);
				REQUIRE_EQ(pkt.gso_type, L2_GSO_UDP);
				REQUIRE_EQ(pkt.gso_size, 1000);
			}
			REQUIRE_EQ(n, b.frames);
			super += n;
			memset(b.base + 200, 0xee, 3000); /* what phantoms would be made of */
			REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		}
	}
	REQUIRE_EQ(ring_drain(rx), 0);
	REQUIRE_EQ(super, 100);
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
	close(tap);
}

static int time_option(struct l2sock *s)
{
	socklen_t len = sizeof(int);
	int value = -1;

	REQUIRE_EQ(getsockopt(l2sock_fd(s), SOL_PACKET, PACKET_TIMESTAMP, &value, &len), 0);
	return value;
}

/* The device's own time is asked for; one that makes none leaves the kernel's, and that is told. */
CASE(ring, times_of_the_device)
{
	uint32_t profile;

	netns_enter();
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2sock *s = start(L2SOCK_TYPE_RAW, 0);
		struct l2ring_rx_opts opts = ring_opts(profile);
		struct l2ring_rx *rx;
		struct l2block b;
		struct l2pkt pkt;
		const void *at;

		opts.flags = L2RING_NIC_TIME;
		rx = ring_open(s, &opts);
		REQUIRE_EQ(time_option(s), SOF_TIMESTAMPING_RAW_HARDWARE);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
		ring_send(sender, &f, 0, 1);
		b = ring_next(rx);
		at = l2block_first(&b);
		REQUIRE_EQ(l2block_pkts(&b, &at, &pkt, 1), 1);
		REQUIRE_EQ(pkt.timestamp_source, L2_TIME_SOFTWARE);
		REQUIRE(pkt.timestamp);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(l2ring_rx_close(rx), 0);
		REQUIRE_EQ(time_option(s), 0);
		rx = ring_open(s, NULL);
		REQUIRE_EQ(time_option(s), 0);
		end(s, rx);
	}
}

CASE(ring, hash_and_headroom)
{
	struct l2ring_rx_opts opts = ring_opts(L2RING_THROUGHPUT);
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	const void *at;
	struct l2pkt pkt;

	netns_enter();
	s = start(L2SOCK_TYPE_RAW, 0);
	opts.flags = L2RING_HASH;
	opts.headroom = 100;
	rx = ring_open(s, &opts);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	ring_send(sender, &f, 0, 1);
	b = ring_next(rx);
	at = l2block_first(&b);
	REQUIRE_EQ(l2block_pkts(&b, &at, &pkt, 1), 1);
	REQUIRE(pkt.headroom >= 100);
	REQUIRE(pkt.valid & L2_VALID_HASH);
	REQUIRE(pkt.hash);
	memset(pkt.data - pkt.headroom, 0xff, pkt.headroom);
	REQUIRE(!memcmp(pkt.data, f.bytes, 64));
	at = l2block_first(&b);
	REQUIRE_EQ(l2block_pkts(&b, &at, &pkt, 1), 1); /* the header is not in there */
	REQUIRE_EQ(pkt.len, 64);
	REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	end(s, rx);
}
