/* SPDX-License-Identifier: MIT */
/* Answers a packet with "port unreachable". */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

#define PORT_UNREACHABLE 3

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t here[4] = { 192, 0, 2, 1 };
static const uint8_t there[4] = { 192, 0, 2, 2 };

static size_t received(uint8_t *packet, size_t room)
{
	struct l2frame f;

	l2frame_init(&f, packet, room);
	l2frame_ip4(&f, there, here);
	l2frame_udp(&f, 4000, 5000);
	return (size_t)l2frame_finish(&f);
}

int main(void)
{
	uint8_t packet[64];
	uint8_t buf[128];
	size_t len = received(packet, sizeof(packet));
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, mac, mac);
	l2frame_ip4(&f, here, there);
	l2frame_icmp4_error(&f, L2ICMP4_UNREACHABLE, PORT_UNREACHABLE, 0,
			    packet, len);
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "the frame cannot be built: %d", (int)n);
	printf("%d bytes\n", (int)n);
	return 0;
}
