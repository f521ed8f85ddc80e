/* SPDX-License-Identifier: MIT */
/* Broadcasts one frame of a local experimental ethertype. */
#include <err.h>
#include <l2sock/l2sock.h>

static const uint8_t frame[60] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* destination */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, /* source */
	0x88, 0xb5,                         /* L2_ETHERTYPE_EXP1 */
	'h',  'e',  'l',  'l',  'o',
};

int main(int argc, char **argv)
{
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_send(s, frame, sizeof(frame), L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
