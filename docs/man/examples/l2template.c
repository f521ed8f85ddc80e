/* SPDX-License-Identifier: MIT */
/* Makes a thousand frames that differ in their source port and their number. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

#define COUNT  1000
#define STRIDE 128

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t ip[4] = { 192, 0, 2, 1 };

int main(void)
{
	static uint8_t frames[COUNT * STRIDE];
	static uint64_t values[COUNT][2];
	struct l2template t;
	struct l2frame f;
	uint8_t buf[STRIDE];
	int64_t n;
	int i;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, mac, mac);
	l2frame_ip4(&f, ip, ip);
	l2frame_udp(&f, 0, 5000);
	l2frame_payload(&f, "number: ....", 12);
	n = l2template_init(&t, &f);
	if (n < 0)
		errx(1, "error %d", (int)n);
	if (l2template_vary(&t, L2UDP_SPORT, 0) < 0 ||
	    l2template_vary_bytes(&t, (size_t)n - 4, 4) < 0)
		errx(1, "there are no such fields");
	for (i = 0; i < COUNT; i++) {
		values[i][0] = 1024 + (uint64_t)i;
		values[i][1] = (uint64_t)i;
	}
	n = l2template_stamp_many(&t, frames, STRIDE, COUNT, values[0]);
	printf("%d frames\n", (int)n);
	return 0;
}
