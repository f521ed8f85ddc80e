/* SPDX-License-Identifier: MIT */
/* Sends a hundred thousand frames, flushing when the ring is full. */
#include <err.h>
#include <errno.h>
#include <string.h>
#include <l2sock/ring.h>

static const uint8_t frame[60] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5
};

static int send_all(struct l2ring_tx *tx, int count)
{
	void *slot;
	int64_t r;

	while (count--) {
		while ((r = l2ring_tx_reserve(tx, sizeof(frame), &slot)) ==
		       -EAGAIN) {
			r = l2ring_tx_wait(tx, 5 * L2_SEC);
			if (r < 0)
				return (int)r;
		}
		memcpy(slot, frame, sizeof(frame));
		r = l2ring_tx_commit(tx, sizeof(frame));
		if (r < 0)
			return (int)r;
	}
	return l2ring_tx_drain(tx, 5 * L2_SEC);
}

int main(int argc, char **argv)
{
	struct l2ring_tx *tx;
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2ring_tx_open(&tx, s, NULL) < 0 || send_all(tx, 100000) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	return 0;
}
