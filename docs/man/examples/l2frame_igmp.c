/* SPDX-License-Identifier: MIT */
/* Reports a membership for one source of a group. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t src[4] = { 192, 0, 2, 1 };
static const uint8_t group[4] = { 232, 0, 0, 5 };
static const uint8_t sender[4] = { 198, 51, 100, 7 };

int main(void)
{
	uint8_t buf[128];
	struct l2frame f;
	int64_t n;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, NULL, mac);
	l2frame_ip4(&f, src, NULL);
	l2frame_igmp_report(&f);
	l2frame_igmp_record(&f, L2GROUP_ALLOW, group);
	l2frame_group_source(&f, sender);
	n = l2frame_finish(&f);
	if (n < 0)
		errx(1, "the frame cannot be built: %d", (int)n);
	printf("%d bytes\n", (int)n);
	return 0;
}
