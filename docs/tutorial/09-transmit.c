/* SPDX-License-Identifier: MIT */
/* Sends a thousand frames that are written where the kernel reads them. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/l2sock.h>
#include <l2sock/ring.h>

static const uint8_t header[14] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5
};

static int send_one(struct l2ring_tx *tx, uint32_t number)
{
	void *slot;
	int64_t r;

	while ((r = l2ring_tx_reserve(tx, 60, &slot)) == -EAGAIN) {
		r = l2ring_tx_wait(tx, L2_SEC);
		if (r < 0)
			return (int)r;
	}
	if (r < 0)
		return (int)r;
	memset(slot, 0, 60);
	memcpy(slot, header, sizeof(header));
	memcpy((uint8_t *)slot + sizeof(header), &number, sizeof(number));
	return l2ring_tx_commit(tx, 60);
}

int main(int argc, char **argv)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };
	struct l2ring_tx *tx;
	struct l2sock *s;
	uint32_t i;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	r = l2ring_tx_open(&tx, s, NULL);
	if (r < 0)
		errx(1, "%s", l2sock_errmsg(s));
	for (i = 0; i < 1000 && r == 0; i++)
		r = send_one(tx, i);
	if (r < 0 || l2ring_tx_drain(tx, L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2ring_tx_get_stats(tx, &stats);
	printf("%" PRIu64 " sent, %" PRIu64 " failed, %" PRIu64 " calls\n",
	       stats.completed, stats.failed, stats.calls);
	l2ring_tx_close(tx, NULL);
	l2sock_close(s);
	return 0;
}
