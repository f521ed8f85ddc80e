/* SPDX-License-Identifier: MIT */
/*
 * Super-frames cut by the library are what the kernel makes of them. Its own cut is seen by
 * tcpdump, behind a device that does not take super-frames.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <l2sock/frame.h>

#include "case.h"
#include "flood.h"
#include "netns.h"
#include "random.h"
#include "samples.h"
#include "tcpdump.h"

#define SUPER_FRAMES 60
#define PAYLOAD_MAX  24000

static uint8_t frame[70000];
static uint8_t segment[2000];
static uint8_t kept[SUPER_FRAMES][PAYLOAD_MAX + 300];
static uint64_t dice;

static uint32_t below(uint32_t n)
{
	return (uint32_t)(random_next(&dice) % n);
}

/* Without checksums of its own a device cannot cut either: the kernel does both. */
static void no_offload(int fd, const char *ifname)
{
	struct ethtool_value off = { .cmd = ETHTOOL_STXCSUM };
	struct ifreq request = { .ifr_data = (void *)&off };

	strcpy(request.ifr_name, ifname);
	REQUIRE_EQ(ioctl(fd, SIOCETHTOOL, &request), 0);
}

static void add_ip4(struct l2frame *f)
{
	static const uint8_t option[] = { 0x94, 4, 0, 0 };

	l2frame_ip4(f, sample_ip4_src, sample_ip4_dst);
	l2frame_set(f, L2IP4_ID, 0xfff0 + below(16));
	l2frame_set(f, L2IP4_TTL, 1 + below(255));
	if (below(2))
		l2frame_set(f, L2IP4_TOS, below(256));
	if (below(3) == 0)
		l2frame_ip4_option(f, option[0], option + 2, 2);
}

static void add_ip6(struct l2frame *f)
{
	l2frame_ip6(f, sample_ip6_src, sample_ip6_dst);
	l2frame_set(f, L2IP6_FLOW, below(1 << 20));
	if (below(3) == 0)
		l2frame_ip6_dest(f);
}

static void add_tcp(struct l2frame *f)
{
	l2frame_tcp(f, (uint16_t)below(65536), (uint16_t)below(65536), (uint32_t)random_next(&dice),
		    (uint32_t)random_next(&dice),
		    (uint16_t)(below(256) & ~(uint32_t)(L2TCP_FLAG_SYN | L2TCP_FLAG_RST)));
	l2frame_set(f, L2TCP_WINDOW, below(65536));
	if (below(2))
		l2frame_tcp_timestamps(f, below(1u << 31), below(1u << 31));
}

/* A random super-frame. Returns its length. */
static size_t make(struct l2offload *left)
{
	const uint16_t gso_size = (uint16_t)(300 + below(1101));
	uint32_t tags = below(3);
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, frame, sizeof(frame));
	l2frame_offload(&f, gso_size);
	l2frame_eth(&f, sample_dst, sample_src);
	while (tags--)
		l2frame_vlan(&f, 0, (uint16_t)below(65536));
	if (below(2))
		add_ip4(&f);
	else
		add_ip6(&f);
	if (below(2))
		add_tcp(&f);
	else
		l2frame_udp(&f, (uint16_t)(1 + below(65535)), (uint16_t)(1 + below(65535)));
	/* Some are no longer than a segment, some a multiple of it. */
	l2frame_payload(&f, sample_data,
			below(4) ? 1 + below(PAYLOAD_MAX) : gso_size * (1 + below(10)));
	n = l2frame_finish(&f);
	REQUIRE(n > 0);
	l2frame_get_offload(&f, left);
	REQUIRE_EQ(left->gso_size, gso_size);
	return (size_t)n;
}

static void send_super(int fd, size_t len, const struct l2offload *left)
{
	struct virtio_net_hdr header = { .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
					 .gso_type = left->gso_type,
					 .hdr_len = left->hdr_len,
					 .gso_size = left->gso_size,
					 .csum_start = left->csum_start,
					 .csum_offset = left->csum_offset };
	struct iovec pieces[] = { { &header, sizeof(header) }, { frame, len } };

	REQUIRE_EQ(writev(fd, pieces, 2), (ssize_t)(sizeof(header) + len));
}

CASE(segment, as_the_kernel)
{
	const uint32_t total = (uint32_t)random_rounds(SUPER_FRAMES);
	struct l2offload left[SUPER_FRAMES];
	uint32_t done, i;
	int on = 1;
	int fd;

	dice = random_seed();
	netns_enter();
	netns_veth("va", "vb");
	netns_await("va");
	fd = flood_socket("va");
	no_offload(fd, "va");
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)), 0);
	for (done = 0; done < total; done += SUPER_FRAMES) {
		size_t lens[SUPER_FRAMES], expected = 0, nr = 0;
		struct l2segment s;
		struct tcpdump t;

		tcpdump_start(&t, "vb", "");
		for (i = 0; i < SUPER_FRAMES; i++) {
			lens[i] = make(&left[i]);
			memcpy(kept[i], frame, lens[i]);
			expected += (size_t)l2segment_begin(&s, kept[i], lens[i], left[i].gso_type,
							    left[i].gso_size);
			send_super(fd, lens[i], &left[i]);
		}
		tcpdump_stop(&t, expected);
		REQUIRE_EQ(t.count, expected);
		for (i = 0; i < SUPER_FRAMES; i++) {
			int64_t n;

			l2segment_begin(&s, kept[i], lens[i], left[i].gso_type, left[i].gso_size);
			while ((n = l2segment_next(&s, segment, sizeof(segment))) > 0) {
				size_t len;
				const uint8_t *theirs = tcpdump_frame(&t, nr++, &len);

				REQUIRE_EQ(len, n);
				REQUIRE(!memcmp(theirs, segment, len));
			}
			REQUIRE_EQ(n, 0);
		}
		tcpdump_free(&t);
	}
	close(fd);
}
