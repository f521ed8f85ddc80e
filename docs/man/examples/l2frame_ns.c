/* SPDX-License-Identifier: MIT */
/* Asks who has an address: all but the question fills itself in. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t src[16] = { 0xfe, 0x80, [15] = 1 };
static const uint8_t target[16] = { 0xfe, 0x80, [15] = 2 };

int main(void)
{
	uint8_t buf[128];
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, mac);
	l2frame_ip6(&f, src, NULL);
	l2frame_ns(&f, target);
	l2frame_nd_addr(&f, L2ND_SOURCE, mac);
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "the frame cannot be built: %d", (int)n);
	printf("%d bytes, to %02x:%02x:%02x:%02x:%02x:%02x\n", (int)n,
	       buf[0], buf[1], buf[2], buf[3], buf[4], buf[5]);
	return 0;
}
