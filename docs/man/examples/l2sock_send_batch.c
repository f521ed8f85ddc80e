/* SPDX-License-Identifier: MIT */
/* Sends a hundred frames that differ in one byte, and tells which failed. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/l2sock.h>

#define COUNT 100

int main(int argc, char **argv)
{
	static uint8_t frames[COUNT][60];
	static struct l2tx tx[COUNT];
	struct l2sock *s;
	size_t done = 0;
	int64_t n;
	size_t i;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	for (i = 0; i < COUNT; i++) {
		memset(frames[i], 0xff, L2_MAC_LEN);
		frames[i][6] = 0x02; /* a source of our own: 02:00:... */
		frames[i][12] = L2_ETHERTYPE_EXP1 >> 8;
		frames[i][13] = L2_ETHERTYPE_EXP1 & 0xff;
		frames[i][14] = (uint8_t)i;
		tx[i].data = frames[i];
		tx[i].len = sizeof(frames[i]);
	}
	while (done < COUNT) {
		n = l2sock_send_batch(s, tx + done, COUNT - done, L2_SEC);
		if (n < 0)
			errx(1, "%s", l2sock_errmsg(s));
		done += (size_t)n;
	}
	for (i = 0; i < COUNT; i++)
		if (tx[i].result < 0)
			printf("%zu: %s\n", i,
			       l2sock_strerror(tx[i].result));
	l2sock_close(s);
	return 0;
}
