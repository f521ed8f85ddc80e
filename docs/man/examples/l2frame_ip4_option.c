/* SPDX-License-Identifier: MIT */
/* Builds a TCP SYN with the options that hosts send, and shows its header. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t ip4[4] = { 192, 0, 2, 1 };

int main(void)
{
	uint8_t buf[128];
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, mac, mac);
	l2frame_ip4(&f, ip4, ip4);
	l2frame_tcp(&f, 4000, 80, 1, 0, L2TCP_FLAG_SYN);
	l2frame_tcp_mss(&f, 1460);
	l2frame_tcp_sack_permitted(&f);
	l2frame_tcp_timestamps(&f, 1, 0);
	l2frame_tcp_option(&f, L2TCPOPT_NOP, NULL, 0);
	l2frame_tcp_wscale(&f, 7);
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "the frame cannot be built: %d", (int)n);
	for (n = 34; n < (int64_t)l2frame_size(&f); n++)
		printf("%02x ", buf[n]);
	printf("\n");
	return 0;
}
