/* SPDX-License-Identifier: MIT */
/* Pacing: every frame at its time, at any rate, and no bursts behind a stall. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <l2sock/pace.h>

#include "case.h"
#include "program.h"

#define SEC UINT64_C(1000000000)

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	REQUIRE(clock_gettime(id, &ts) == 0);
	return (uint64_t)ts.tv_sec * SEC + (uint64_t)ts.tv_nsec;
}

CASE(pace, size_is_frozen)
{
	REQUIRE_EQ(sizeof(struct l2pace), 48);
}

/* The time of frame k by the rule in the header, in numbers that cannot overflow. */
static uint64_t time_of(uint64_t k, uint64_t rate)
{
	return k / rate * SEC + (k % rate * SEC + rate - 1) / rate;
}

/* Each frame is due at its time, and not a nanosecond earlier, over many seconds. */
CASE(pace, every_frame_at_its_time)
{
	static const uint64_t rates[] = { 1, 3, 7, 999, 1000, 14881, 999999999, SEC };
	size_t i;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct l2pace p = { .rate = rates[i] };
		const uint64_t start = 12345;
		uint64_t k;

		REQUIRE_EQ(l2pace_next(&p), 0);
		REQUIRE_EQ(l2pace_due(&p, start, 1), 1);
		for (k = 1; k < 100000; k++) {
			uint64_t at = start + time_of(k, rates[i]);

			REQUIRE_EQ(l2pace_next(&p), at);
			REQUIRE_EQ(l2pace_due(&p, at - 1, 1), 0);
			REQUIRE_EQ(l2pace_due(&p, at, 1), 1);
			REQUIRE_EQ(l2pace_due(&p, at, 1), 0);
		}
		REQUIRE_EQ(p.skipped, 0);
	}
}

/* However a program looks at the clock: taken and skipped make what the clock allows. */
CASE(pace, any_looks)
{
	struct dice d;
	uint64_t nr;

	for (nr = 0; nr < 200; nr++) {
		struct l2pace p = { 0 };
		uint64_t start = 1 + nr;
		uint64_t now = start;
		uint64_t taken = 0;
		int i;

		dice_start(&d, nr);
		p.rate = 1 + dice_below(&d, 2000000);
		p.burst = dice_below(&d, 3) ? dice_below(&d, 500) : 0;
		for (i = 0; i < 1000; i++) {
			uint32_t most = 1 + dice_below(&d, 64);
			uint32_t n = l2pace_due(&p, now, most);
			uint64_t passed = now - start;
			uint64_t allowed = passed / SEC * p.rate + passed % SEC * p.rate / SEC + 1;

			REQUIRE(n <= most);
			taken += n;
			REQUIRE(taken + p.skipped <= allowed);
			if (n < most) /* nothing is left */
				REQUIRE_EQ(taken + p.skipped, allowed);
			now += dice_below(&d, dice_below(&d, 100) ? 100000 : 3000000000u);
		}
	}
}

/* After a stall no more than the burst comes at once, and then the old rhythm. */
CASE(pace, no_burst_behind_a_stall)
{
	struct l2pace p = { .rate = 1000000, .burst = 20 };
	struct l2pace usual = { .rate = 1000000 };
	struct l2pace slow = { .rate = 100 };

	REQUIRE_EQ(l2pace_due(&p, 1, 64), 1);
	REQUIRE_EQ(l2pace_due(&p, 1 + SEC, 64), 20);
	REQUIRE_EQ(p.skipped, 1000000 - 20);
	REQUIRE_EQ(l2pace_due(&p, 1 + SEC, 64), 0);
	REQUIRE_EQ(l2pace_due(&p, 1 + SEC + 999, 64), 0);
	REQUIRE_EQ(l2pace_due(&p, 1 + SEC + 1000, 64), 1);
	REQUIRE_EQ(l2pace_due(&usual, 1, 50000), 1);
	REQUIRE_EQ(l2pace_due(&usual, 1 + SEC, 50000), 20000);
	REQUIRE_EQ(l2pace_due(&slow, 1, 64), 1);
	REQUIRE_EQ(l2pace_due(&slow, 1 + SEC, 64), 16);
}

CASE(pace, odd_clocks_and_no_limit)
{
	struct l2pace p = { .rate = 1000 };
	struct l2pace none = { 0 };
	struct l2pace beyond = { .rate = SEC + 1 };

	REQUIRE_EQ(l2pace_due(&p, SEC, 1), 1);
	REQUIRE_EQ(l2pace_due(&p, SEC - 1, 1), 0);
	REQUIRE_EQ(l2pace_due(&p, UINT64_MAX, 64), 20); /* centuries later: one burst */
	REQUIRE_EQ(l2pace_due(&none, 5, 17), 17);
	REQUIRE_EQ(l2pace_due(&none, 5, 17), 17);
	REQUIRE_EQ(l2pace_next(&none), 0);
	REQUIRE_EQ(l2pace_due(&beyond, 5, 17), 17);
	REQUIRE_EQ(l2pace_wait(&none, 8), 8);
	REQUIRE_EQ(l2pace_wait(&p, 0), -EINVAL);
	REQUIRE_EQ(l2pace_wait(NULL, 1), -EINVAL);
}

/*
 * At a low rate the processor is idle, and the last frame comes neither early nor for nothing. Who
 * waits busily takes all of the time; an emulator a tenth of it for what it translates.
 */
CASE(pace, waiting_is_sleeping)
{
	struct l2pace p = { .rate = 200, .burst = 1000 };
	uint64_t wall = clock_ns(CLOCK_MONOTONIC);
	uint64_t busy = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int64_t sent = 0;

	while (sent < 41) {
		int64_t n = l2pace_wait(&p, 64);

		REQUIRE(n > 0);
		sent += n;
	}
	wall = clock_ns(CLOCK_MONOTONIC) - wall;
	busy = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - busy;
	REQUIRE(wall >= 200 * UINT64_C(1000000));
	REQUIRE(busy < wall / 4);
}

/* At a high rate frames are not saved up: most waits give a few, also when some come late. */
CASE(pace, no_bursts_at_a_high_rate)
{
	struct l2pace p = { .rate = 50000 };
	int64_t sent = 0;
	int waits = 0;
	int short_ones = 0;

	while (sent + (int64_t)p.skipped < 5000) {
		int64_t n = l2pace_wait(&p, 1000);

		REQUIRE(n > 0 && n <= 1000);
		sent += n;
		waits++;
		short_ones += n <= 8;
	}
	REQUIRE(short_ones > waits / 2);
}

static void nothing(int signal)
{
	(void)signal;
}

CASE(pace, signal)
{
	const struct sigaction action = { .sa_handler = nothing };
	const struct itimerval timer = { .it_value.tv_usec = 20000 };
	struct l2pace p = { .rate = 1 };

	REQUIRE(sigaction(SIGALRM, &action, NULL) == 0);
	REQUIRE_EQ(l2pace_wait(&p, 1), 1);
	REQUIRE(setitimer(ITIMER_REAL, &timer, NULL) == 0);
	REQUIRE_EQ(l2pace_wait(&p, 1), -EINTR);
}
