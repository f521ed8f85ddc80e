/* SPDX-License-Identifier: MIT */
/* Pacing: frame k is due k / rate seconds after the first. */
#include <errno.h>
#include <stdbool.h>

#include <l2sock/pace.h>

#include "../sock/sys-internal.h"

#define NS_PER_SEC UINT64_C(1000000000)

/* Frames of so long make the default burst: a thread may have to wait that long for a processor. */
#define BURSTS_PER_SEC 50
#define BURST_LEAST    16

/* A sleep may end so much too late: shorter gaps are not slept through. */
#define SPIN_NS 100000

/* A frame in less than a nanosecond is no schedule. */
static bool is_unlimited(const struct l2pace *p)
{
	return !p->rate || p->rate > NS_PER_SEC;
}

static uint64_t burst_of(const struct l2pace *p)
{
	if (p->burst)
		return p->burst;
	return p->rate < BURSTS_PER_SEC * BURST_LEAST ? BURST_LEAST : p->rate / BURSTS_PER_SEC;
}

/* Frames 0 to k are due by the time of k: so many, counted from the start. */
static uint64_t count_due(const struct l2pace *p, uint64_t now)
{
	uint64_t passed = now - p->start;
	uint64_t whole = passed / NS_PER_SEC * p->rate;

	return whole + passed % NS_PER_SEC * p->rate / NS_PER_SEC + 1;
}

/* With less than a second's frames in "taken" no product exceeds 64 bits, nothing is rounded. */
static void take(struct l2pace *p, uint64_t n)
{
	p->taken += n;
	p->start += p->taken / p->rate * NS_PER_SEC;
	p->taken %= p->rate;
}

uint32_t l2pace_due(struct l2pace *p, uint64_t now, uint32_t most)
{
	uint64_t burst = burst_of(p);
	uint64_t due;

	if (is_unlimited(p))
		return most;
	if (!p->start)
		p->start = now ? now : 1;
	if (now < p->start)
		return 0;
	due = count_due(p, now);
	due = due > p->taken ? due - p->taken : 0;
	if (due > burst) {
		p->skipped += due - burst;
		take(p, due - burst);
		due = burst;
	}
	if (due > most)
		due = most;
	take(p, due);
	return (uint32_t)due;
}

uint64_t l2pace_next(const struct l2pace *p)
{
	if (is_unlimited(p) || !p->start)
		return 0;
	return p->start + (p->taken * NS_PER_SEC + p->rate - 1) / p->rate;
}

int64_t l2pace_wait(struct l2pace *p, uint32_t most)
{
	uint64_t now;
	uint64_t next;
	uint32_t due;
	int r;

	if (!p || !most)
		return -EINVAL;
	for (;;) {
		now = (uint64_t)l2sys_now();
		due = l2pace_due(p, now, most);
		if (due)
			return due;
		next = l2pace_next(p);
		r = next - now > SPIN_NS ? l2sys_sleep_until((int64_t)next) : 0;
		if (r < 0)
			return r;
	}
}
