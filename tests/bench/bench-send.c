/* SPDX-License-Identifier: MIT */
/* Sending one frame per call, and many. Nobody listens at the far end: it counts and drops. */
#define _GNU_SOURCE
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/l2sock.h>

#include "bench.h"

static int setup_pcap(struct bench_lane *lane)
{
	lane->state = bench_pcap_open(lane->dev, 1000, 0);
	return lane->state ? 0 : -EIO;
}

static int64_t burst_pcap(struct bench_lane *lane, unsigned int n)
{
	pcap_t *p = lane->state;
	unsigned int i;

	for (i = 0; i < n; i++)
		if (pcap_inject(p, lane->frame, lane->what->size) < 0)
			return -EIO;
	return n;
}

static void teardown_pcap(struct bench_lane *lane)
{
	if (lane->state)
		pcap_close(lane->state);
}

static int setup_bare(struct bench_lane *lane)
{
	int *fd = malloc(sizeof(*fd));

	if (!fd)
		return -ENOMEM;
	lane->state = fd;
	*fd = bench_socket(lane->dev, 0);
	return *fd < 0 ? *fd : 0;
}

static int64_t burst_bare(struct bench_lane *lane, unsigned int n)
{
	int fd = *(const int *)lane->state;
	unsigned int i;

	for (i = 0; i < n; i++)
		if (send(fd, lane->frame, lane->what->size, 0) < 0)
			return -errno;
	return n;
}

static void teardown_bare(struct bench_lane *lane)
{
	int *fd = lane->state;

	if (fd && *fd >= 0)
		close(*fd);
	free(fd);
}

static int setup_l2sock(struct bench_lane *lane)
{
	struct l2sock *s = NULL;
	int r = l2sock_open(&s, lane->dev, NULL);

	lane->state = s;
	return r;
}

static int64_t burst_l2sock(struct bench_lane *lane, unsigned int n)
{
	struct l2sock *s = lane->state;
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		r = l2sock_send(s, lane->frame, lane->what->size, L2_FOREVER);
		if (r < 0)
			return r;
	}
	return n;
}

/* All messages name the same frame. */
static int64_t burst_sendmmsg(struct bench_lane *lane, unsigned int n)
{
	int fd = *(const int *)lane->state;
	struct iovec part = { lane->frame, lane->what->size };
	struct mmsghdr msgs[L2SOCK_BATCH_MAX];
	unsigned int i;
	int r;

	for (i = 0; i < L2SOCK_BATCH_MAX; i++)
		msgs[i].msg_hdr = (struct msghdr) { .msg_iov = &part, .msg_iovlen = 1 };
	for (i = 0; i < n; i += (unsigned int)r) {
		r = sendmmsg(fd, msgs, n - i < L2SOCK_BATCH_MAX ? n - i : L2SOCK_BATCH_MAX, 0);
		if (r < 0)
			return -errno;
	}
	return n;
}

static void teardown_l2sock(struct bench_lane *lane)
{
	l2sock_close(lane->state);
}

static const struct bench_method methods[] = {
	{ "pcap_inject", setup_pcap, NULL, burst_pcap, teardown_pcap, NULL },
	{ "pcap_inject again", setup_pcap, NULL, burst_pcap, teardown_pcap, NULL },
	{ "send", setup_bare, NULL, burst_bare, teardown_bare, NULL },
	{ "l2sock_send", setup_l2sock, NULL, burst_l2sock, teardown_l2sock, NULL },
	{ "sendmmsg", setup_bare, NULL, burst_sendmmsg, teardown_bare, NULL },
	{ "l2sock_send_batch", setup_l2sock, NULL, bench_send_batch, teardown_l2sock, NULL },
};

static const struct bench_case cases[] = {
	{ "veth 64", BENCH_VETH, 64 },     { "veth 512", BENCH_VETH, 512 },
	{ "veth 1514", BENCH_VETH, 1514 }, { "ifb 64", BENCH_IFB, 64 },
	{ "ifb 512", BENCH_IFB, 512 },     { "ifb 1514", BENCH_IFB, 1514 },
};

static const struct bench_bar bars[] = {
	{ "l2sock_send", "send", 1.03, false },
	{ "l2sock_send", "pcap_inject", 0, false },
	{ "l2sock_send_batch", "l2sock_send", 0, false },
	{ "l2sock_send_batch", "sendmmsg", 0, false },
};

static const struct bench bench = {
	.name = "send",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_SENT,
	.burst = 256,
	.rounds = 200,
	.reps = 7,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
