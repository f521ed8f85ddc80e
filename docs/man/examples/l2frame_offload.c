/* SPDX-License-Identifier: MIT */
/* Builds a super-frame and shows what is left to the device. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t ip[4] = { 192, 0, 2, 1 };

int main(void)
{
	static const uint8_t data[50000];
	static uint8_t buf[65536];
	struct l2offload left;
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_offload(&f, 1448);
	l2frame_eth(&f, mac, mac);
	l2frame_ip4(&f, ip, ip);
	l2frame_tcp(&f, 4000, 80, 1, 1, L2TCP_FLAG_ACK);
	l2frame_payload(&f, data, sizeof(data));
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "error %d", (int)n);
	l2frame_get_offload(&f, &left);
	printf("%d bytes in segments of %u, sum from %u to %u + %u\n",
	       (int)n, left.gso_size, left.csum_start, left.csum_start,
	       left.csum_offset);
	return 0;
}
