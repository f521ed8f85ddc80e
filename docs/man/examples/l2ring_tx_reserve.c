/* SPDX-License-Identifier: MIT */
/* Builds ten frames where the kernel reads them. */
#include <err.h>
#include <l2sock/frame.h>
#include <l2sock/ring.h>

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t mine[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t from[4] = { 192, 0, 2, 1 };
static const uint8_t to[4] = { 192, 0, 2, 255 };

/* An UDP datagram with a number in it. */
static int64_t build(void *slot, size_t room, uint8_t number)
{
	struct l2frame f;

	l2frame_init(&f, slot, room);
	l2frame_eth(&f, broadcast, mine);
	l2frame_ip4(&f, from, to);
	l2frame_udp(&f, 4000, 9);
	l2frame_payload(&f, &number, sizeof(number));
	l2frame_pad(&f, L2FRAME_PAD);
	return l2frame_finish(&f);
}

int main(int argc, char **argv)
{
	struct l2ring_tx *tx;
	struct l2sock *s;
	uint8_t i;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_tx_open(&tx, s, NULL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	for (i = 0; i < 10; i++) {
		void *slot;
		int64_t n;

		if (l2ring_tx_reserve(tx, 64, &slot) < 0)
			errx(1, "%s", l2sock_errmsg(s));
		n = build(slot, 64, i);
		if (n < 0 || l2ring_tx_commit(tx, (uint32_t)n) < 0)
			errx(1, "%s", l2sock_errmsg(s));
	}
	if (l2ring_tx_drain(tx, L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	return 0;
}
