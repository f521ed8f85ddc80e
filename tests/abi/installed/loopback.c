/* SPDX-License-Identifier: MIT */
/*
 * A user's first program, valid C and C++: without arguments it asks the library who it is, with
 * an interface that loops back it sends itself one frame.
 */
#include <stdio.h>
#include <string.h>

#include <l2sock/l2sock.h>

#define FRAME_LEN 60

static int failed(const char *step, int64_t err)
{
	fprintf(stderr, "%s: %d (%s)\n", step, (int)err, l2sock_strerror((int)err));
	return 1;
}

static int check_version(void)
{
	if (l2sock_version() == L2_VERSION)
		return 0;
	fprintf(stderr, "headers of version %x, library of version %x\n", (unsigned int)L2_VERSION,
		(unsigned int)l2sock_version());
	return 1;
}

static int exchange(struct l2sock *s)
{
	uint8_t frame[FRAME_LEN], buf[2048];
	struct l2pkt pkt;
	int64_t n;

	memset(frame, 0x5a, sizeof(frame));
	frame[12] = L2_ETHERTYPE_EXP1 >> 8;
	frame[13] = L2_ETHERTYPE_EXP1 & 0xff;
	n = l2sock_bind(s, L2_ETHERTYPE_EXP1);
	if (n < 0)
		return failed("l2sock_bind", n);
	n = l2sock_send(s, frame, sizeof(frame), L2_SEC);
	if (n < 0)
		return failed("l2sock_send", n);
	n = l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC);
	if (n < 0)
		return failed("l2sock_recv", n);
	if (n == FRAME_LEN && pkt.len == FRAME_LEN && !memcmp(pkt.data, frame, FRAME_LEN))
		return 0;
	fprintf(stderr, "another frame than the one sent, %d bytes long\n", (int)n);
	return 1;
}

int main(int argc, char **argv)
{
	struct l2sock *s;
	int r = check_version();

	if (r || argc < 2)
		return r;
	r = l2sock_open(&s, argv[1], NULL);
	if (r < 0)
		return failed("l2sock_open", r);
	r = exchange(s);
	l2sock_close(s);
	return r;
}
