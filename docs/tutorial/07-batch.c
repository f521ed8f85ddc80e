/* SPDX-License-Identifier: MIT */
/* Sends a thousand datagrams, 64 by a system call. */
#include <err.h>
#include <stdio.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>

#define COUNT  1000
#define STRIDE 64

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t from[4] = { 192, 0, 2, 1 };
static const uint8_t to[4] = { 192, 0, 2, 255 };

/* The same frame but for the source port, which counts up. */
static int64_t make(uint8_t *frames)
{
	static uint64_t ports[COUNT];
	struct l2template t;
	struct l2frame f;
	uint8_t buf[STRIDE];
	int i;

	l2frame_init(&f, buf, sizeof(buf));
	l2frame_eth(&f, (const uint8_t[]) { 255, 255, 255, 255, 255, 255 },
		    mac);
	l2frame_ip4(&f, from, to);
	l2frame_udp(&f, 0, 9);
	l2frame_pad(&f, L2FRAME_PAD);
	if (l2template_init(&t, &f) < 0 ||
	    l2template_vary(&t, L2UDP_SPORT, 0) < 0)
		return -1;
	for (i = 0; i < COUNT; i++)
		ports[i] = 4000 + (uint64_t)i;
	return l2template_stamp_many(&t, frames, STRIDE, COUNT, ports);
}

int main(int argc, char **argv)
{
	static uint8_t frames[COUNT * STRIDE];
	static struct l2tx batch[COUNT];
	struct l2sock *s;
	int64_t n;
	int sent = 0;
	int i;
	int r;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		errx(1, "%s: %s", argv[1], l2sock_strerror(r));
	if (make(frames) != COUNT)
		errx(1, "there is something wrong with the frame");
	for (i = 0; i < COUNT; i++) {
		batch[i].data = frames + i * STRIDE;
		batch[i].len = L2FRAME_PAD;
	}
	n = l2sock_send_batch(s, batch, COUNT, L2_SEC);
	for (i = 0; i < n; i++)
		sent += batch[i].result == 0;
	printf("%d sent\n", sent);
	l2sock_close(s);
	return sent != COUNT;
}
