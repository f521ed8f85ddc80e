/* SPDX-License-Identifier: MIT */
/* Waking, from threads and signal handlers, and deadlines in a storm of signals. */
#define _GNU_SOURCE
#include <errno.h>
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

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t wait_for(struct l2sock *s, int64_t timeout_ns)
{
	uint8_t buf[64];

	return l2sock_recv(s, buf, sizeof(buf), NULL, timeout_ns);
}

CASE(wake, before_the_wait_counts_once)
{
	struct l2sock *s;

	netns_enter();
	s = handle_listen("lo", L2_ETHERTYPE_ALL);
	l2sock_wake(s);
	l2sock_wake(s);
	l2sock_wake(s);
	REQUIRE_EQ(wait_for(s, L2_FOREVER), -ECANCELED);
	REQUIRE_EQ(wait_for(s, 0), -EAGAIN);
	REQUIRE_EQ(wait_for(s, 20 * L2_MSEC), -ETIMEDOUT);
	l2sock_wake(s);
	REQUIRE_EQ(wait_for(s, 0), -ECANCELED);
	REQUIRE_EQ(wait_for(s, 20 * L2_MSEC), -ETIMEDOUT);
	l2sock_close(s);
}

/* A wake that was reported leaves nothing behind that makes later waits spin. */
CASE(wake, leaves_no_spin)
{
	struct timespec before;
	struct timespec after;
	struct l2sock *s;

	netns_enter();
	s = handle_listen("lo", L2_ETHERTYPE_ALL);
	l2sock_wake(s);
	REQUIRE_EQ(wait_for(s, 0), -ECANCELED);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	REQUIRE_EQ(wait_for(s, 300 * L2_MSEC), -ETIMEDOUT);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	REQUIRE((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 <
		100);
	l2sock_close(s);
}

CASE(wake, frames_come_first)
{
	static struct frame f;
	struct l2sock *s;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 0);
	flood_send(flood_socket("va"), f.bytes, f.len);
	l2sock_wake(s);
	REQUIRE_EQ(wait_for(s, L2_FOREVER), 60);
	REQUIRE_EQ(wait_for(s, L2_FOREVER), -ECANCELED);
	l2sock_close(s);
}

static struct l2sock *handle;

static void on_alarm(int signum)
{
	int before = errno;

	(void)signum;
	errno = 12345;
	l2sock_wake(handle);
	if (errno != 12345)
		_exit(99);
	errno = before;
}

CASE(wake, from_a_signal_handler)
{
	struct itimerval timer = { .it_value = { .tv_usec = 50000 } };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	int i;

	netns_enter();
	handle = handle_listen("lo", L2_ETHERTYPE_ALL);
	sigaction(SIGALRM, &action, NULL);
	for (i = 0; i < 5; i++) {
		setitimer(ITIMER_REAL, &timer, NULL);
		REQUIRE_EQ(wait_for(handle, L2_FOREVER), -ECANCELED);
	}
	l2sock_close(handle);
}

static void nothing(int signum)
{
	(void)signum;
}

/* 10,000 signals a second: a wait of 500 ms lasts that long, and not twice as long. */
CASE(wake, deadline_in_a_signal_storm)
{
	struct itimerval storm = { { .tv_usec = 100 }, { .tv_usec = 100 } };
	struct itimerval calm = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = nothing };
	struct l2sock *s;
	int64_t began;
	int64_t lasted;

	netns_enter();
	s = handle_listen("lo", L2_ETHERTYPE_ALL);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &storm, NULL);
	began = now();
	REQUIRE_EQ(wait_for(s, 500 * L2_MSEC), -ETIMEDOUT);
	lasted = now() - began;
	setitimer(ITIMER_REAL, &calm, NULL);
	REQUIRE(lasted >= 500 * L2_MSEC);
	REQUIRE(lasted < 1000 * L2_MSEC);
	l2sock_close(s);
}

#define WAKES 200

static int reported;

static void *waiter(void *arg)
{
	int64_t r;

	for (;;) {
		r = wait_for(arg, L2_FOREVER);
		if (r == -ECANCELED)
			__atomic_fetch_add(&reported, 1, __ATOMIC_SEQ_CST);
		else if (r < 0)
			return NULL;
		else if (r == 61)
			return arg;
	}
}

/*
 * Wakes and statistics from one thread while another receives. Each wake is answered before the
 * next one, so none may be lost; a frame of 61 bytes ends it.
 */
CASE(wake, from_a_thread)
{
	static struct frame f;
	struct l2sock *s;
	pthread_t thread;
	void *result;
	int fd;
	int i;

	netns_enter();
	netns_veth("va", "vb");
	s = handle_listen("vb", L2_ETHERTYPE_ALL);
	fd = flood_socket("va");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 61, 0);
	REQUIRE_EQ(pthread_create(&thread, NULL, waiter, s), 0);
	for (i = 1; i <= WAKES; i++) {
		int64_t patience = now() + 10 * L2_SEC;

		flood_send(fd, f.bytes, 60);
		REQUIRE_EQ(l2sock_wake(s), 0);
		while (__atomic_load_n(&reported, __ATOMIC_SEQ_CST) < i) {
			handle_stats(s);
			REQUIRE(now() < patience);
		}
	}
	flood_send(fd, f.bytes, 61);
	REQUIRE_EQ(pthread_join(thread, &result), 0);
	REQUIRE(result == s);
	REQUIRE_EQ(reported, WAKES);
	REQUIRE_EQ(handle_stats(s).received, WAKES + 1);
	REQUIRE_EQ(handle_stats(s).accepted, WAKES + 1);
	l2sock_close(s);
}
