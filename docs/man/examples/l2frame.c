/* SPDX-License-Identifier: MIT */
/* Sends a UDP datagram in a tagged frame: no length or checksum in sight. */
#include <err.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

static const uint8_t dst[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t src[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t my_ip[4] = { 192, 0, 2, 1 };
static const uint8_t dst_ip[4] = { 192, 0, 2, 2 };

int main(int argc, char **argv)
{
	struct l2frame f;
	struct l2sock *s;
	struct l2err e;
	uint8_t buf[1518];
	int64_t n;
	int r;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, dst, src);
	l2frame_vlan(&f, L2_TPID_8021Q, l2frame_tci(3, 0, 100));
	l2frame_ip4(&f, my_ip, dst_ip);
	l2frame_set(&f, L2IP4_TTL, 1);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, "hello", 5);
	n = l2frame_finish(&f);
	if (n < 0) {
		l2frame_error(&f, &e);
		errx(1, "%s", e.text);
	}
	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_send(s, buf, (size_t)n, 0) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
