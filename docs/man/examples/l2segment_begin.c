/* SPDX-License-Identifier: MIT */
/* Cuts a super-frame into frames of 1448 bytes of payload. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t ip[4] = { 192, 0, 2, 1 };

int main(void)
{
	static const uint8_t data[50000];
	static uint8_t super[65536], buf[1514];
	struct l2segment s;
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, super, sizeof(super));
	l2frame_offload(&f, 1448);
	l2frame_eth(&f, mac, mac);
	l2frame_ip4(&f, ip, ip);
	l2frame_tcp(&f, 4000, 80, 1, 1, L2TCP_FLAG_ACK);
	l2frame_payload(&f, data, sizeof(data));
	n = l2frame_finish(&f);
	if (n < 0 ||
	    l2segment_begin(&s, super, (size_t)n, L2_GSO_TCP4, 1448) < 0)
		errx(1, "not a frame that can be cut");
	while ((n = l2segment_next(&s, buf, sizeof(buf))) > 0)
		printf("segment %u of %u: %d bytes\n", s.index, s.n,
		       (int)n);
	return n < 0;
}
