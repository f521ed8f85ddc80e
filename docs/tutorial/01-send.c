/* SPDX-License-Identifier: MIT */
/* Sends one frame to everybody on the link. */
#include <err.h>
#include <l2sock/l2sock.h>

static const uint8_t frame[60] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* to all */
	2,    0,    0,    0,    0,    1,    /* from an address of ours */
	0x88, 0xb5, /* an ethertype for experiments */
	'h',  'e',  'l',  'l',  'o',
};

int main(int argc, char **argv)
{
	struct l2sock *s;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (l2sock_send(s, frame, sizeof(frame), L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
