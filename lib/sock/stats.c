/* SPDX-License-Identifier: MIT */
/* Counters: 64 bits, readable from any thread, never reset by reading. */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The counters of version 0.1: no caller knows fewer. */
#define STATS_LEAST (offsetof(struct l2sock_stats, freezes) + sizeof(uint64_t))
#define STATS_MOST  4096

static void add_shared(uint64_t *counter, uint64_t n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

static uint64_t read_counter(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/*
 * The kernel hands out its counters once and starts again at 0, so whoever fetched them adds them
 * up. Its count of packets includes the drops.
 */
int l2stats_harvest(struct l2sock *s)
{
	union tpacket_stats_u kernel = { .stats3.tp_freeze_q_cnt = 0 };
	size_t len = sizeof(kernel);
	int r;

	if (s->type == L2SOCK_TYPE_LEGACY)
		return 0; /* no such counters */
	r = l2sys_getsockopt(s->fd, SOL_PACKET, PACKET_STATISTICS, &kernel, &len);
	if (r < 0)
		return r;
	add_shared(&s->counters.accepted, kernel.stats1.tp_packets - kernel.stats1.tp_drops);
	add_shared(&s->counters.dropped, kernel.stats1.tp_drops);
	add_shared(&s->counters.freezes, kernel.stats3.tp_freeze_q_cnt); /* 0 without such a ring */
	return 0;
}

int l2sock_get_stats(struct l2sock *s, struct l2sock_stats *ret)
{
	struct l2sock_stats stats = { 0 };
	uint32_t size;
	int r;

	if (!s || !ret || ret->size < STATS_LEAST || ret->size > STATS_MOST)
		return -EINVAL;
	r = l2stats_harvest(s);
	if (r < 0)
		return r;
	size = ret->size < sizeof(stats) ? ret->size : (uint32_t)sizeof(stats);
	stats.size = size;
	stats.accepted = read_counter(&s->counters.accepted);
	stats.dropped = read_counter(&s->counters.dropped);
	stats.received = read_counter(&s->counters.received);
	stats.flushed = read_counter(&s->counters.flushed);
	stats.truncated = read_counter(&s->counters.truncated);
	stats.sent = read_counter(&s->counters.sent);
	stats.failed = read_counter(&s->counters.failed);
	stats.freezes = read_counter(&s->counters.freezes);
	memset(ret, 0, ret->size);
	memcpy(ret, &stats, size);
	return 0;
}
