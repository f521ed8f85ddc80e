/* SPDX-License-Identifier: MIT */
/*
 * Receiving live, a million frames a second and more: XDP makes frames and passes them to the
 * loopback device of a new network namespace, as fast as one processor can; the methods receive
 * them on another, in turns. What counts is the receiver's CPU time for each, and what is lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <l2sock/l2sock.h>
#include <l2sock/rx.h>

#include "bench-rx.h"
#include "bench-xdp.h"
#include "bench.h"

#define FRAMES     4000000 /* of one turn */
#define ROUNDS     5
#define RING_SIZE  (64 << 20) /* of all that have a ring */
#define RETIRE_MS  20
#define FRAME_ROOM 88 /* that a ring needs for a frame besides its bytes, at least */
#define BATCH      64
#define BUF_SIZE   2048
#define QUIET_MS   200 /* after the last frame, until no more can come */
#define SIZES      2

static volatile uint64_t seen; /* what a program that looks at frames has of them */

struct method {
	const char *name;
	int (*open)(struct bench_lane *lane);
	int64_t (*receive)(struct bench_lane *lane, unsigned int n); /* one wait; 0: none */
	void (*interrupt)(struct bench_lane *lane);
	void (*close)(struct bench_lane *lane);
	unsigned int memory; /* of its ring */
};

/* One method's turn. */
struct turn {
	struct bench_lane lane;
	const struct method *method;
	size_t size;
	int prog;
	int result;  /* of the generator */
	int over;    /* nothing comes any more */
	double rate; /* frames a second */
};

struct figure {
	double cpu_ns; /* for each frame */
	double lost;   /* of all, a part */
	double rate;
};

static inline void look(const uint8_t *data)
{
	uint64_t first;

	memcpy(&first, data, sizeof(first));
	seen += first;
}

static int open_ring(struct bench_lane *lane)
{
	return bench_rx_open(lane, RING_SIZE, RETIRE_MS * L2_MSEC);
}

static int64_t receive_ring(struct bench_lane *lane, unsigned int n)
{
	const struct bench_rx *ring = lane->state;
	struct l2block b;
	const void *h;
	int r = l2ring_rx_next(ring->rx, &b, L2_FOREVER);

	(void)n;
	if (r < 0)
		return r == -ECANCELED ? 0 : r;
	for (h = l2block_first(&b); h; h = l2block_next(&b, h))
		look(l2block_data(&b, h));
	l2ring_rx_release(ring->rx, &b);
	return r;
}

static void interrupt_ring(struct bench_lane *lane)
{
	l2sock_wake(((const struct bench_rx *)lane->state)->s);
}

static int open_pcap(struct bench_lane *lane)
{
	lane->state = bench_pcap_open(lane->dev, RETIRE_MS, RING_SIZE);
	return lane->state ? 0 : -EIO;
}

static void see(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
	(void)user;
	(void)header;
	look(data);
}

static int64_t receive_pcap(struct bench_lane *lane, unsigned int n)
{
	int r = pcap_dispatch(lane->state, (int)n, see, NULL);

	return r == PCAP_ERROR_BREAK ? 0 : r < 0 ? -EIO : r;
}

static void interrupt_pcap(struct bench_lane *lane)
{
	pcap_breakloop(lane->state);
}

static void close_pcap(struct bench_lane *lane)
{
	if (lane->state)
		pcap_close(lane->state);
}

struct bare {
	int fd;
	struct mmsghdr msgs[BATCH];
	struct iovec parts[BATCH];
	uint8_t bufs[BATCH][BUF_SIZE];
};

static int open_bare(struct bench_lane *lane)
{
	const struct timeval patience = { .tv_usec = QUIET_MS * 1000 };
	struct bare *bare = calloc(1, sizeof(*bare));
	int i;

	if (!bare)
		return -ENOMEM;
	lane->state = bare;
	for (i = 0; i < BATCH; i++) {
		bare->parts[i] = (struct iovec) { bare->bufs[i], BUF_SIZE };
		bare->msgs[i].msg_hdr.msg_iov = &bare->parts[i];
		bare->msgs[i].msg_hdr.msg_iovlen = 1;
	}
	bare->fd = bench_socket(lane->dev, ETH_P_ALL);
	if (bare->fd < 0)
		return bare->fd;
	return setsockopt(bare->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ? -errno
											  : 0;
}

static int64_t receive_bare(struct bench_lane *lane, unsigned int n)
{
	struct bare *bare = lane->state;
	int r = recvmmsg(bare->fd, bare->msgs, n < BATCH ? n : BATCH, MSG_WAITFORONE, NULL);
	int i;

	for (i = 0; i < r; i++)
		look(bare->bufs[i]);
	return r < 0 ? errno == EAGAIN ? 0 : -errno : r;
}

static void interrupt_bare(struct bench_lane *lane)
{
	(void)lane; /* SO_RCVTIMEO does it */
}

static void close_bare(struct bench_lane *lane)
{
	struct bare *bare = lane->state;

	if (bare && bare->fd >= 0)
		close(bare->fd);
	free(bare);
}

static const struct method methods[] = {
	{ "pcap_dispatch", open_pcap, receive_pcap, interrupt_pcap, close_pcap, RING_SIZE },
	{ "pcap_dispatch again", open_pcap, receive_pcap, interrupt_pcap, close_pcap, RING_SIZE },
	{ "l2ring_rx inline", open_ring, receive_ring, interrupt_ring, bench_rx_close, RING_SIZE },
	{ "recvmmsg, 64 frames", open_bare, receive_bare, interrupt_bare, close_bare, 0 },
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))
#define CONTROL 1
#define OURS    2
#define BARE    3

static double now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void pin(size_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Makes all frames of a turn, and ends the turn when the last that got through must be there. */
static void *generate(void *arg)
{
	struct turn *t = arg;
	double start = now_ns(CLOCK_MONOTONIC);

	pin(0);
	t->result = bench_xdp_run(t->prog, t->lane.frame, t->size, FRAMES);
	t->rate = FRAMES / (now_ns(CLOCK_MONOTONIC) - start) * 1e9;
	usleep(QUIET_MS * 1000);
	__atomic_store_n(&t->over, 1, __ATOMIC_RELEASE);
	t->method->interrupt(&t->lane);
	return NULL;
}

/* The first use of a ring's memory is dear: what goes around three times is not counted. */
static int receive_all(struct turn *t, struct figure *ret)
{
	const unsigned int warm = 3 * t->method->memory / (unsigned int)(t->size + FRAME_ROOM);
	double start = 0;
	unsigned int before = 0; /* the clock started */
	unsigned int got = 0;
	int64_t r = 0;

	while (r >= 0 && got < FRAMES && !__atomic_load_n(&t->over, __ATOMIC_ACQUIRE)) {
		r = t->method->receive(&t->lane, FRAMES - got);
		got += r > 0 ? (unsigned int)r : 0;
		if (!before && got >= warm) {
			before = got;
			start = now_ns(CLOCK_THREAD_CPUTIME_ID);
		}
	}
	if (!before || got == before)
		return r < 0 ? (int)r : -ENODATA;
	ret->cpu_ns = (now_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (got - before);
	ret->lost = 1 - (double)got / FRAMES;
	return r < 0 ? (int)r : 0;
}

static int take_turn(int prog, const struct method *method, size_t size, struct figure *ret)
{
	struct turn t = { .method = method, .size = size, .prog = prog };
	pthread_t thread;
	int r;

	snprintf(t.lane.dev, sizeof(t.lane.dev), "lo");
	memcpy(t.lane.frame, "\2\0\0\0\0\2\2\0\0\0\0\1\x88\xb5", ETH_HLEN);
	r = method->open(&t.lane);
	if (r == 0)
		r = -pthread_create(&thread, NULL, generate, &t);
	if (r == 0) {
		r = receive_all(&t, ret);
		pthread_join(thread, NULL);
		ret->rate = t.rate;
		r = r < 0 ? r : t.result;
	}
	method->close(&t.lane);
	if (r < 0)
		fprintf(stderr, "live: %s: %s\n", method->name, strerror(-r));
	return r;
}

static int compare(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median over the rounds of a method's CPU time over that of another; that of itself: time. */
static double median(struct figure figures[ROUNDS][METHODS], size_t method, size_t against)
{
	double values[ROUNDS];
	size_t i;

	for (i = 0; i < ROUNDS; i++)
		values[i] = figures[i][method].cpu_ns /
			    (method == against ? 1 : figures[i][against].cpu_ns);
	qsort(values, ROUNDS, sizeof(values[0]), compare);
	return values[ROUNDS / 2];
}

static void report(struct figure figures[ROUNDS][METHODS], size_t size)
{
	double lost, rate;
	size_t i, round;

	printf("live, %zu bytes: %d frames, %d rounds\n", size, FRAMES, ROUNDS);
	printf("  %-24s %10s %10s %10s\n", "method", "cpu ns", "frames/s", "lost");
	for (i = 0; i < METHODS; i++) {
		lost = rate = 0;
		for (round = 0; round < ROUNDS; round++) {
			lost += figures[round][i].lost / ROUNDS;
			rate += figures[round][i].rate / ROUNDS;
		}
		printf("  %-24s %10.1f %10.0f %9.3f%%\n", methods[i].name, median(figures, i, i),
		       rate, lost * 100);
	}
	printf("  control: %.3f\n", median(figures, CONTROL, 0));
	printf("  %s / %s: %.3f, at most %.3f\n", methods[OURS].name, methods[0].name,
	       median(figures, OURS, 0), 1 / 1.8);
	printf("  %s / %s: %.4f, at most %.4f\n\n", methods[OURS].name, methods[BARE].name,
	       median(figures, OURS, BARE), 1 / 30.0);
}

static int run(int prog, size_t size)
{
	static struct figure figures[ROUNDS][METHODS];
	size_t round, i, method;
	int r = 0;

	for (round = 0; r == 0 && round < ROUNDS; round++)
		for (i = 0; r == 0 && i < METHODS; i++) {
			method = (round + i) % METHODS;
			r = take_turn(prog, &methods[method], size, &figures[round][method]);
		}
	if (r == 0)
		report(figures, size);
	return r;
}

/* A namespace with nothing in it but its loopback device, which is up. */
static int enter_namespace(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, r;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = ioctl(fd, SIOCSIFFLAGS, &request) ? -errno : 0;
	close(fd);
	return r;
}

int main(void)
{
	static const size_t sizes[SIZES] = { 64, 1514 };
	int prog, i;
	int r = enter_namespace();

	prog = r < 0 ? r : bench_xdp_load();
	if (prog < 0 || sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		fprintf(stderr, "live: needs root and two processors\n");
		return BENCH_NOISY;
	}
	pin(1);
	for (i = 0; i < SIZES; i++)
		if (run(prog, sizes[i]) < 0)
			return BENCH_BROKEN;
	return 0;
}
