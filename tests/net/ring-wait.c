/* SPDX-License-Identifier: MIT */
/* Waiting for blocks: deadlines, wakes, links, descriptors, whatever the program holds. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "random.h"
#include "ring.h"

static struct frame f;
static int sender;

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * L2_SEC + ts.tv_nsec;
}

static struct l2sock *listen_with(uint32_t profile, uint32_t flags, uint64_t spin_ns,
				  struct l2ring_rx **rx)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags };
	struct l2ring_rx_opts ring = ring_small_opts(profile);
	struct l2sock *s;

	ring.spin_ns = spin_ns;
	REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
	*rx = ring_open(s, &ring);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
	return s;
}

static void end(struct l2sock *s, struct l2ring_rx *rx)
{
	REQUIRE_EQ(l2ring_rx_close(rx), 0);
	l2sock_close(s);
}

CASE(ring_wait, deadlines)
{
	static const uint64_t spins[] = { 0, 5 * L2_MSEC, L2_SEC };
	uint32_t profile;
	size_t i;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++)
		for (i = 0; i < 3; i++) {
			struct l2ring_rx *rx;
			struct l2sock *s = listen_with(profile, 0, spins[i], &rx);
			struct l2block b;
			int64_t before = now();

			REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -EAGAIN);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, 20 * L2_MSEC), -ETIMEDOUT);
			REQUIRE(now() - before >= 20 * L2_MSEC);
			REQUIRE(now() - before < L2_SEC);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, -2), -EINVAL);
			REQUIRE_EQ(l2ring_rx_next(rx, NULL, 0), -EINVAL);
			end(s, rx);
		}
}

static void ignore(int signal)
{
	(void)signal;
}

CASE(ring_wait, signals)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = ignore };
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int64_t before;

	sender = ring_network(&f);
	s = listen_with(L2RING_THROUGHPUT, 0, 0, &rx);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	before = now();
	REQUIRE_EQ(l2ring_rx_next(rx, &b, 50 * L2_MSEC), -ETIMEDOUT);
	REQUIRE(now() - before >= 50 * L2_MSEC);
	setitimer(ITIMER_REAL, &never, NULL);
	end(s, rx);
}

static void *wake_later(void *arg)
{
	usleep(20000);
	l2sock_wake(arg);
	return NULL;
}

/* Frames come first; several wakes are one; a wake ends a spin and a sleep. */
CASE(ring_wait, wakes)
{
	static const uint64_t spins[] = { 0, 10 * L2_SEC };
	uint32_t profile;
	size_t i;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++)
		for (i = 0; i < 2; i++) {
			struct l2ring_rx *rx;
			struct l2sock *s = listen_with(profile, 0, spins[i], &rx);
			struct l2block b;
			pthread_t thread;

			ring_send(sender, &f, 0, 1);
			REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
			l2sock_wake(s);
			l2sock_wake(s);
			b = ring_next(rx);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_FOREVER), -ECANCELED);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -EAGAIN);
			REQUIRE(pthread_create(&thread, NULL, wake_later, s) == 0);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_FOREVER), -ECANCELED);
			pthread_join(thread, NULL);
			REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
			end(s, rx);
		}
}

static void *send_later(void *arg)
{
	(void)arg;
	usleep(20000);
	ring_send(sender, &f, 0, 1);
	return NULL;
}

CASE(ring_wait, a_frame_ends_it)
{
	static const uint64_t spins[] = { 0, 10 * L2_SEC };
	uint32_t profile;
	size_t i;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++)
		for (i = 0; i < 2; i++) {
			struct l2ring_rx *rx;
			struct l2sock *s = listen_with(profile, 0, spins[i], &rx);
			struct l2block b;
			pthread_t thread;

			REQUIRE(pthread_create(&thread, NULL, send_later, NULL) == 0);
			REQUIRE_EQ(l2ring_rx_next(rx, &b, 10 * L2_SEC), 1);
			pthread_join(thread, NULL);
			REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
			end(s, rx);
		}
}

/* By default nobody hears of the link; with the option each change once; frames come afterwards. */
CASE(ring_wait, link)
{
	uint32_t profile;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++) {
		struct l2ring_rx *rx;
		struct l2ring_rx *quiet;
		struct l2sock *s = listen_with(profile, L2SOCK_LINK_EVENTS, 0, &rx);
		struct l2sock *t = listen_with(profile, 0, 0, &quiet);
		struct l2block b;

		netns_run("ip link set dev vb down");
		REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_SEC), -ENETDOWN);
		REQUIRE_EQ(l2sock_link(s, NULL), L2SOCK_LINK_DOWN);
		REQUIRE_EQ(l2ring_rx_next(quiet, &b, 20 * L2_MSEC), -ETIMEDOUT);
		netns_run("ip link set dev vb up");
		REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_SEC), -ENETDOWN);
		netns_await("vb");
		ring_send(sender, &f, 0, 1);
		while (l2ring_rx_next(rx, &b, L2_SEC) == -ENETDOWN)
			; /* no carrier comes in between */
		REQUIRE_EQ(b.frames, 1);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		REQUIRE_EQ(ring_drain(quiet), 1);
		end(s, rx);
		end(t, quiet);
	}
}

/* Until the end is reported; by calls that wait and by calls that do not. */
static int64_t wait_for_the_end(struct l2ring_rx *rx, int64_t timeout_ns)
{
	int64_t before = now();
	struct l2block b;
	int r;

	do {
		r = l2ring_rx_next(rx, &b, timeout_ns);
		REQUIRE(r == -ENODEV || r == (timeout_ns ? -ETIMEDOUT : -EAGAIN));
		REQUIRE(now() - before < 20 * L2_SEC);
	} while (r != -ENODEV);
	REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_FOREVER), -ENODEV);
	return now() - before;
}

/* The kernel may give up a block between any two frames. */
static void fetch_the_rest(struct l2ring_rx *rx, uint32_t n)
{
	while (n > 0) {
		struct l2block b = ring_next(rx);

		REQUIRE(b.frames <= n);
		n -= b.frames;
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	}
}

/*
 * What was received before is still there; then the end, each time, until the handle has moved. A
 * block is held meanwhile; where the frames are in several, too many could be.
 */
CASE(ring_wait, gone_and_made_again)
{
	static const int64_t timeouts[] = { 0, 3 * L2_SEC };
	static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 1, 2, 3 };
	uint32_t profile;
	size_t i;

	sender = ring_network(&f);
	for (profile = 0; profile < RING_PROFILES; profile++)
		for (i = 0; i < 2; i++) {
			struct l2ring_rx *rx;
			struct l2sock *s = listen_with(profile, 0, 0, &rx);
			struct l2block b;
			bool holding;
			int joined;

			REQUIRE_EQ(l2sock_join(s, L2SOCK_MULTICAST, group, 6), 0);
			joined = netns_multicast_count("vb");
			ring_send(sender, &f, 0, 3);
			REQUIRE_EQ(l2sock_wait(s, L2_SEC), 0);
			if (i)
				netns_run("ip link set dev vb down");
			netns_run("ip link del dev vb");
			close(sender);
			b = ring_next(rx);
			holding = b.frames == 3;
			if (!holding) {
				REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
				fetch_the_rest(rx, 3 - b.frames);
			}
			wait_for_the_end(rx, timeouts[i]);
			netns_veth("va", "vb");
			netns_await("vb");
			sender = flood_socket("va");
			REQUIRE_EQ(l2sock_rebind(s, NULL), 0);
			REQUIRE_EQ(netns_multicast_count("vb"), joined);
			ring_send(sender, &f, 7, 2);
			if (holding)
				REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
			REQUIRE_EQ(ring_drain(rx), 2);
			REQUIRE_EQ(l2sock_leave(s, L2SOCK_MULTICAST, group, 6), 0);
			end(s, rx);
		}
}

static bool readable(struct l2sock *s)
{
	struct pollfd p = { .fd = l2sock_pollfd(s), .events = POLLIN };
	int r = poll(&p, 1, 0);

	REQUIRE(r >= 0);
	return r > 0;
}

#define MOST_HELD 8

/* A run of events in any order, the program holding what it likes. */
struct scene {
	struct l2sock *s;
	struct l2ring_rx *rx;
	struct l2block held[MOST_HELD];
	uint32_t n_held;
	uint32_t unread;
	bool woken;
	bool alarmed; /* readable for nothing, since the last event */
	uint64_t state;
};

static void arrive(struct scene *c)
{
	if (c->unread + ring_info(c->rx).held > 60)
		return;
	ring_send(sender, &f, 0, 1);
	while (l2sock_wait(c->s, L2_SEC) == -ECANCELED)
		c->woken = false;
	c->unread++;
	c->alarmed = false;
}

static void fetch(struct scene *c)
{
	int r;

	if (c->n_held == MOST_HELD)
		return;
	r = l2ring_rx_next(c->rx, &c->held[c->n_held], 0);
	if (r > 0) {
		REQUIRE((uint32_t)r <= c->unread);
		c->unread -= (uint32_t)r;
		c->n_held++;
		c->alarmed = false;
		return;
	}
	REQUIRE_EQ(c->unread, 0);
	REQUIRE_EQ(r, c->woken ? -ECANCELED : -EAGAIN);
	c->woken = false;
}

static void give_back(struct scene *c)
{
	uint32_t i;

	if (!c->n_held)
		return;
	i = (uint32_t)random_next(&c->state) % c->n_held;
	REQUIRE_EQ(l2ring_rx_release(c->rx, &c->held[i]), 0);
	c->held[i] = c->held[--c->n_held];
}

static void wake(struct scene *c)
{
	l2sock_wake(c->s);
	c->woken = true;
}

/* It may be readable for nothing once after an event, and a call makes that go away. */
static void look(struct scene *c)
{
	struct l2block b;

	if (c->unread || c->woken) {
		REQUIRE(readable(c->s));
	} else if (readable(c->s)) {
		REQUIRE(!c->alarmed);
		REQUIRE_EQ(l2ring_rx_next(c->rx, &b, 0), -EAGAIN);
		REQUIRE(!readable(c->s));
		c->alarmed = true;
	}
}

CASE(ring_wait, descriptor_in_any_order)
{
	struct scene c = { .state = random_seed() };
	uint64_t rounds = random_share(1000000);

	sender = ring_network(&f);
	c.s = listen_with(L2RING_LATENCY, 0, 0, &c.rx);
	l2sock_pollfd(c.s);
	while (rounds--) {
		switch (random_next(&c.state) % 8) {
		case 0:
		case 1:
			arrive(&c);
			break;
		case 2:
		case 3:
			fetch(&c);
			break;
		case 4:
		case 5:
		case 6:
			give_back(&c);
			break;
		default:
			wake(&c);
		}
		look(&c);
	}
	while (c.n_held)
		give_back(&c);
	end(c.s, c.rx);
}

/* A descriptor that is not readable becomes so with the next block, whatever is held. */
CASE(ring_wait, descriptor_and_blocks)
{
	struct pollfd p = { .events = POLLIN };
	struct l2block held[2];
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int i;

	sender = ring_network(&f);
	s = listen_with(L2RING_THROUGHPUT, 0, 0, &rx);
	p.fd = l2sock_pollfd(s);
	REQUIRE(!readable(s));
	for (i = 0; i < 50; i++) {
		ring_send(sender, &f, 0, 1);
		REQUIRE_EQ(poll(&p, 1, 1000), 1);
		held[0] = ring_next(rx);
		ring_send(sender, &f, 1, 1);
		while (l2ring_rx_next(rx, &held[1], 0) == -EAGAIN)
			REQUIRE_EQ(poll(&p, 1, 1000), 1); /* for nothing once, perhaps */
		REQUIRE_EQ(l2ring_rx_release(rx, &held[i % 2]), 0);
		REQUIRE_EQ(l2ring_rx_release(rx, &held[!(i % 2)]), 0);
		while (readable(s))
			REQUIRE_EQ(l2ring_rx_next(rx, &b, 0), -EAGAIN);
	}
	end(s, rx);
}

/* With all held that may be, nothing spins, sleeps for ever or is missed. */
CASE(ring_wait, too_many_held)
{
	struct l2block held[2];
	struct l2ring_rx *rx;
	struct l2sock *s;
	struct l2block b;
	int i;

	sender = ring_network(&f);
	s = listen_with(L2RING_THROUGHPUT, 0, 0, &rx);
	l2sock_pollfd(s);
	for (i = 0; i < 2; i++) {
		ring_send(sender, &f, 0, 1);
		held[i] = ring_next(rx);
	}
	ring_send(sender, &f, 0, 1);
	usleep(50000); /* the kernel hands over one that cannot be leased */
	for (i = 0; i < 3; i++)
		REQUIRE_EQ(l2ring_rx_next(rx, &b, L2_FOREVER), -ENOBUFS);
	REQUIRE(!readable(s));
	REQUIRE_EQ(l2sock_wait(s, L2_FOREVER), -ENOBUFS);
	REQUIRE(!readable(s));
	REQUIRE_EQ(l2ring_rx_release(rx, &held[0]), 0);
	REQUIRE(readable(s));
	b = ring_next(rx);
	REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
	REQUIRE_EQ(l2ring_rx_release(rx, &held[1]), 0);
	end(s, rx);
}

/* What is in a block that the kernel is filling comes before the news of the link. */
CASE(ring_wait, frames_before_reports)
{
	static const uint32_t flags[] = { 0, L2SOCK_LINK_EVENTS };
	size_t i;

	sender = ring_network(&f);
	for (i = 0; i < 2; i++) {
		struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags[i] };
		struct l2ring_rx_opts ring = ring_small_opts(L2RING_THROUGHPUT);
		struct l2ring_rx *rx;
		struct l2sock *s;
		struct l2block b;

		ring.retire_ns = 300 * L2_MSEC;
		REQUIRE_EQ(l2sock_open(&s, "vb", &opts), 0);
		rx = ring_open(s, &ring);
		REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_EXP1), 0);
		ring_send(sender, &f, 0, 5);
		netns_run(i ? "ip link set dev vb down" : "ip link del dev vb");
		b = ring_next(rx);
		REQUIRE_EQ(b.frames, 5);
		REQUIRE_EQ(l2ring_rx_next(rx, &b, 5 * L2_SEC), i ? -ENETDOWN : -ENODEV);
		REQUIRE_EQ(l2ring_rx_release(rx, &b), 0);
		end(s, rx);
		if (!i) {
			netns_veth("va", "vb");
			netns_await("vb");
			sender = flood_socket("va");
		}
	}
}
