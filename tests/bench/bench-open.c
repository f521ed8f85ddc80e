/* SPDX-License-Identifier: MIT */
/*
 * Making a socket that receives, and closing it again. Closing waits for the kernel's readers
 * (RCU), so most of the time is nobody's work: look at the CPU column as well.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/l2sock.h>

#include "bench.h"

#ifndef SO_TIMESTAMPNS_NEW
#define SO_TIMESTAMPNS_NEW 64
#endif

static int setup_index(struct bench_lane *lane)
{
	int *ifindex = malloc(sizeof(*ifindex));

	if (!ifindex)
		return -ENOMEM;
	*ifindex = (int)if_nametoindex(lane->dev);
	lane->state = ifindex;
	return 0;
}

static void teardown_index(struct bench_lane *lane)
{
	free(lane->state);
}

static int configure(int fd, int ifindex)
{
	const int on = 1;
	int r = bench_bind(fd, ifindex, 0);

	if (r < 0)
		return r;
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS_NEW, &on, sizeof(on)))
		return -errno;
	return bench_bind(fd, ifindex, ETH_P_ALL);
}

static int64_t burst_bare(struct bench_lane *lane, unsigned int n)
{
	int ifindex = *(const int *)lane->state;
	unsigned int i;
	int fd, r;

	for (i = 0; i < n; i++) {
		fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
		if (fd < 0)
			return -errno;
		r = configure(fd, ifindex);
		close(fd);
		if (r < 0)
			return r;
	}
	return n;
}

static int setup_nothing(struct bench_lane *lane)
{
	lane->state = NULL;
	return 0;
}

static void teardown_nothing(struct bench_lane *lane)
{
	(void)lane;
}

static int64_t burst_l2sock(struct bench_lane *lane, unsigned int n)
{
	struct l2sock *s;
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		r = l2sock_open(&s, lane->dev, NULL);
		if (r < 0)
			return r;
		r = l2sock_bind(s, L2_ETHERTYPE_ALL);
		l2sock_close(s);
		if (r < 0)
			return r;
	}
	return n;
}

static int64_t burst_pcap(struct bench_lane *lane, unsigned int n)
{
	unsigned int i;
	pcap_t *p;

	for (i = 0; i < n; i++) {
		p = bench_pcap_open(lane->dev, 1000, 0);
		if (!p)
			return -EIO;
		pcap_close(p);
	}
	return n;
}

static const struct bench_method methods[] = {
	{ "bare calls", setup_index, NULL, burst_bare, teardown_index, NULL },
	{ "bare calls again", setup_index, NULL, burst_bare, teardown_index, NULL },
	{ "l2sock_open", setup_nothing, NULL, burst_l2sock, teardown_nothing, NULL },
	{ "pcap_activate", setup_nothing, NULL, burst_pcap, teardown_nothing, NULL },
};

static const struct bench_case cases[] = {
	{ "veth", BENCH_VETH, 64 },
};

static const struct bench_bar bars[] = {
	{ "l2sock_open", "bare calls", 1.10, false },
	{ "l2sock_open", "bare calls", 0, true },
	{ "l2sock_open", "pcap_activate", 0, false },
};

static const struct bench bench = {
	.name = "open",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_NONE,
	.burst = 2,
	.rounds = 20,
	.reps = 3,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
