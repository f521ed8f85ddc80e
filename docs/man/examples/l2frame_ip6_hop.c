/* SPDX-License-Identifier: MIT */
/* Builds UDP behind a segment routing header. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t src[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
/* Where it goes in the end comes first, the next stop last. */
static const uint8_t way[2][16] = {
	{ 0x20, 0x01, 0x0d, 0xb8, [15] = 9 },
	{ 0x20, 0x01, 0x0d, 0xb8, [15] = 5 },
};

int main(void)
{
	uint8_t buf[256];
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, mac, mac);
	l2frame_ip6(&f, src, way[1]);
	l2frame_ip6_segments(&f, 1, way, 2);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, "hello", 5);
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "the frame cannot be built: %d", (int)n);
	printf("%d bytes\n", (int)n);
	return 0;
}
