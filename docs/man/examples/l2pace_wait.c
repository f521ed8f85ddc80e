/* SPDX-License-Identifier: MIT */
/* Sends a frame of its own kind, 100 times a second for a second. */
#include <stdio.h>
#include <l2sock/l2sock.h>
#include <l2sock/pace.h>

static const uint8_t frame[60] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5
};

static int send_all(struct l2sock *s)
{
	struct l2pace pace = { .rate = 100 };
	int64_t left = 100;
	int64_t n;
	int r = 0;

	while (left > 0 && r == 0) {
		n = l2pace_wait(&pace, (uint32_t)left);
		if (n < 0)
			return (int)n;
		for (left -= n; n > 0 && r == 0; n--)
			r = l2sock_send(s, frame, sizeof(frame), L2_SEC);
	}
	return r;
}

int main(int argc, char **argv)
{
	struct l2sock *s = NULL;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r == 0)
		r = send_all(s);
	if (r < 0)
		fprintf(stderr, "%s\n", l2sock_strerror(r));
	l2sock_close(s);
	return r < 0;
}
