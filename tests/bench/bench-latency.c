/* SPDX-License-Identifier: MIT */
/*
 * Ping-pong over veth: one thread sends a frame and waits until it is back, another on another
 * processor sends back what it receives. Both receive in the same way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include <l2sock/l2sock.h>
#include <l2sock/rx.h>

#include "bench.h"

#define RING_SIZE (512 << 10)    /* of both libraries */
#define BURST     256            /* once around the ring: the one to warm up touches all of it */
#define SPIN_NS   (50 * L2_USEC) /* the bounded spin: most answers come sooner */
#define PATIENCE  (5 * L2_SEC)   /* a frame that was lost shall not hang the run */

/* As long as PATIENCE at least; a call that blocks returns after a second. */
#define TRIES_SPINNING 100000000
#define TRIES_BLOCKING 5

/* One end of the cable. */
struct end {
	struct l2sock *s;
	struct l2ring_rx *rx;
	pcap_t *pcap;
	int tries;
};

/* How both ends work. */
struct style {
	int (*open)(struct end *end, const char *dev, const struct style *style);
	int (*send)(struct end *end, const uint8_t *frame, size_t len);
	int (*receive)(struct end *end, size_t len);
	int64_t spin_ns; /* l2ring_rx */
	bool spins;      /* libpcap */
};

struct pair {
	struct end near;
	struct end far;
	pthread_t echo;
	bool echoing;
	bool stop;
	int result; /* of the last burst's echoes */
	unsigned int n;
	sem_t go;
	sem_t ready;
	sem_t over;
};

static int open_ring(struct end *end, const char *dev, const struct style *style)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .flags = L2SOCK_IGNORE_OUTGOING };
	const struct l2ring_rx_opts ring = {
		.size = sizeof(ring),
		.profile = L2RING_LATENCY,
		.bytes = RING_SIZE,
		.spin_ns = (uint64_t)style->spin_ns,
	};
	int r = l2sock_open(&end->s, dev, &opts);

	if (r == 0)
		r = l2ring_rx_open(&end->rx, end->s, &ring);
	return r < 0 ? r : l2sock_bind(end->s, L2_ETHERTYPE_ALL);
}

static int send_l2sock(struct end *end, const uint8_t *frame, size_t len)
{
	return l2sock_send(end->s, frame, len, PATIENCE);
}

static int receive_ring(struct end *end, size_t len)
{
	struct l2block b;
	int r = l2ring_rx_next(end->rx, &b, PATIENCE);

	if (r < 0)
		return r;
	r = r == 1 && l2block_len(&b, l2block_first(&b)) == len ? 0 : -EBADMSG;
	l2ring_rx_release(end->rx, &b);
	return r;
}

static int open_pcap(struct end *end, const char *dev, const struct style *style)
{
	char why[PCAP_ERRBUF_SIZE];

	end->pcap = bench_pcap_open(dev, BENCH_PCAP_IMMEDIATE, RING_SIZE);
	end->tries = style->spins ? TRIES_SPINNING : TRIES_BLOCKING;
	if (!end->pcap || pcap_setdirection(end->pcap, PCAP_D_IN) ||
	    pcap_setnonblock(end->pcap, style->spins, why))
		return -EIO;
	return 0;
}

static int send_pcap(struct end *end, const uint8_t *frame, size_t len)
{
	return pcap_inject(end->pcap, frame, len) == (int)len ? 0 : -EIO;
}

static int receive_pcap(struct end *end, size_t len)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int tries, r;

	for (tries = 0; tries < end->tries; tries++) {
		r = pcap_next_ex(end->pcap, &header, &data);
		if (r < 0)
			return -EIO;
		if (r == 1)
			return header->caplen == len ? 0 : -EBADMSG;
	}
	return -ETIMEDOUT;
}

static void close_end(struct end *end)
{
	if (end->pcap)
		pcap_close(end->pcap);
	l2ring_rx_close(end->rx);
	l2sock_close(end->s);
}

/* Away from the processor of the other end, if there is more than one. */
static void move_away(void)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);
	int here = sched_getcpu();
	cpu_set_t set;
	int cpu;

	for (cpu = 0; cpu < n && cpu < CPU_SETSIZE; cpu++) {
		CPU_ZERO(&set);
		CPU_SET((size_t)cpu, &set);
		if (cpu != here && sched_setaffinity(0, sizeof(set), &set) == 0)
			return;
	}
}

static void *echo(void *arg)
{
	struct bench_lane *lane = arg;
	const struct style *style = lane->method->data;
	struct pair *pair = lane->state;
	unsigned int i;
	int r;

	move_away();
	for (;;) {
		sem_wait(&pair->go);
		if (pair->stop)
			return NULL;
		sem_post(&pair->ready);
		r = 0;
		for (i = 0; r == 0 && i < pair->n; i++) {
			r = style->receive(&pair->far, lane->what->size);
			if (r == 0)
				r = style->send(&pair->far, lane->frame, lane->what->size);
		}
		pair->result = r;
		sem_post(&pair->over);
	}
}

static int setup(struct bench_lane *lane)
{
	const struct style *style = lane->method->data;
	struct pair *pair = calloc(1, sizeof(*pair));
	int r;

	if (!pair)
		return -ENOMEM;
	lane->state = pair;
	sem_init(&pair->go, 0, 0);
	sem_init(&pair->ready, 0, 0);
	sem_init(&pair->over, 0, 0);
	r = style->open(&pair->near, lane->dev, style);
	if (r == 0)
		r = style->open(&pair->far, lane->far, style);
	if (r == 0)
		r = -pthread_create(&pair->echo, NULL, echo, lane);
	pair->echoing = r == 0;
	return r;
}

static void teardown(struct bench_lane *lane)
{
	struct pair *pair = lane->state;

	if (!pair)
		return;
	if (pair->echoing) {
		pair->stop = true;
		sem_post(&pair->go);
		pthread_join(pair->echo, NULL);
	}
	close_end(&pair->near);
	close_end(&pair->far);
	sem_destroy(&pair->go);
	sem_destroy(&pair->ready);
	sem_destroy(&pair->over);
	free(pair);
}

/* Wakes the other thread, which then waits for frames. */
static int fill(struct bench_lane *lane, unsigned int n)
{
	struct pair *pair = lane->state;

	pair->n = n;
	sem_post(&pair->go);
	sem_wait(&pair->ready);
	return 0;
}

static int64_t burst(struct bench_lane *lane, unsigned int n)
{
	const struct style *style = lane->method->data;
	struct pair *pair = lane->state;
	unsigned int i;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++) {
		r = style->send(&pair->near, lane->frame, lane->what->size);
		if (r == 0)
			r = style->receive(&pair->near, lane->what->size);
	}
	sem_wait(&pair->over);
	if (r == 0)
		r = pair->result;
	return r < 0 ? r : (int64_t)n;
}

static const struct style pcap_spin = { open_pcap, send_pcap, receive_pcap, .spins = true };
static const struct style pcap_block = { open_pcap, send_pcap, receive_pcap };
static const struct style ring_spin = { open_ring, send_l2sock, receive_ring, PATIENCE };
static const struct style ring_spin_sleep = { open_ring, send_l2sock, receive_ring, SPIN_NS };
static const struct style ring_sleep = { open_ring, send_l2sock, receive_ring };

static const struct bench_method methods[] = {
	{ "pcap immediate spinning", setup, fill, burst, teardown, &pcap_spin },
	{ "the same again", setup, fill, burst, teardown, &pcap_spin },
	{ "l2ring_rx spinning", setup, fill, burst, teardown, &ring_spin },
	{ "l2ring_rx 50 us spin", setup, fill, burst, teardown, &ring_spin_sleep },
	{ "l2ring_rx sleeping", setup, fill, burst, teardown, &ring_sleep },
	{ "pcap immediate blocking", setup, fill, burst, teardown, &pcap_block },
};

static const struct bench_case cases[] = {
	{ "veth 64", BENCH_VETH, 64 },
};

static const struct bench_bar bars[] = {
	{ "l2ring_rx spinning", "pcap immediate spinning", 0.75 },
	{ "l2ring_rx 50 us spin", "pcap immediate blocking", 1 / 8.0 },
	{ "l2ring_rx sleeping", "pcap immediate blocking", 1.2 },
};

static const struct bench bench = {
	.name = "latency",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_RECEIVED,
	.burst = BURST,
	.rounds = 25,
	.reps = 7,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
