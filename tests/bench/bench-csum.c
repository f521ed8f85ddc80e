/* SPDX-License-Identifier: MIT */
/* Checksums beside the mere reading of the data, beside copying them, beside other libraries. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/csum.h>

#include "../../lib/csum/csum-internal.h"
#include "bench-limit.h"
#include "bench-peers.h"
#include "bench.h"

#define HOT_MAX      65535
#define MIXED        8192 /* sizes, in an order that nobody learns */
#define MIXED_LEAST  20
#define MIXED_MOST   1514
#define COLD_BYTES   ((size_t)256 << 20) /* more than caches hold */
#define COLD_STRIDE  1536
#define FRAME_OFFSET 14

typedef uint64_t work(const void *data, size_t len);

/* What a method does. */
struct job {
	work *run;
	bool sums; /* it returns a sum of all the data, which can be checked */
};

/* What a case does it to: n times. Returns something that depends on all of it. */
struct data {
	uint64_t (*walk)(work *run, size_t size, unsigned int n);
	size_t size; /* at most */
};

static uint8_t hot[FRAME_OFFSET + HOT_MAX] __attribute__((aligned(64)));
static uint8_t copied[HOT_MAX] __attribute__((aligned(64)));
static uint16_t sizes[MIXED];
static uint8_t *cold;
static size_t cold_at; /* what nobody has read for longest */
static volatile uint64_t sink;

static uint32_t draw(void)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static int make_data(void)
{
	size_t at;

	cold = malloc(COLD_BYTES);
	if (!cold)
		return -ENOMEM;
	for (at = 0; at < sizeof(hot); at++)
		hot[at] = (uint8_t)draw();
	for (at = 0; at < MIXED; at++)
		sizes[at] = (uint16_t)(MIXED_LEAST + draw() % (MIXED_MOST - MIXED_LEAST + 1));
	for (at = 0; at + COLD_STRIDE <= COLD_BYTES; at += COLD_STRIDE)
		memcpy(cold + at, hot, COLD_STRIDE);
	return 0;
}

/* The compiler must not know that it is the same data again and again. */
static const void *unknown(const void *data)
{
	__asm__ volatile("" : "+r"(data) : : "memory");
	return data;
}

static uint64_t walk_at(const uint8_t *data, work *run, size_t size, unsigned int n)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		sum += run(unknown(data), size);
	return sum;
}

static uint64_t walk_hot(work *run, size_t size, unsigned int n)
{
	return walk_at(hot, run, size, n);
}

static uint64_t walk_frame(work *run, size_t size, unsigned int n)
{
	return walk_at(hot + FRAME_OFFSET, run, size, n);
}

static uint64_t walk_mixed(work *run, size_t size, unsigned int n)
{
	uint64_t sum = 0;
	unsigned int i;

	(void)size;
	for (i = 0; i < n; i++)
		sum += run(unknown(hot), sizes[i % MIXED]);
	return sum;
}

static uint64_t walk_cold(work *run, size_t size, unsigned int n)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (cold_at + COLD_STRIDE > COLD_BYTES)
			cold_at = 0;
		sum += run(unknown(cold + cold_at), size);
		cold_at += COLD_STRIDE;
	}
	return sum;
}

#define VARIANT(name)                                            \
	static uint64_t run_##name(const void *data, size_t len) \
	{                                                        \
		struct l2csum c = { 0 };                         \
		l2csum_##name.add(&c, data, len);                \
		return l2csum_fold(&c);                          \
	}

VARIANT(scalar)
#if defined(__x86_64__) || defined(__i386__)
VARIANT(sse2)
VARIANT(avx2)
#endif
#if defined(__x86_64__)
VARIANT(avx512)
#endif

static uint16_t fold(uint64_t sum)
{
	const struct l2csum c = { .sum = sum };

	return l2csum_fold(&c);
}

/* Who computes something else is not compared. */
static int setup(struct bench_lane *lane)
{
	const struct job *job = lane->method->data;
	const struct data *data = lane->what->data;

	if (!cold && make_data() < 0)
		return -ENOMEM;
	if (job->sums && fold(job->run(hot, data->size)) != run_scalar(hot, data->size))
		return -EBADMSG;
	return 0;
}

static void teardown(struct bench_lane *lane)
{
	(void)lane;
}

static int64_t burst(struct bench_lane *lane, unsigned int n)
{
	const struct job *job = lane->method->data;
	const struct data *data = lane->what->data;

	sink = data->walk(job->run, data->size, n);
	return n;
}

static uint64_t run_l2csum(const void *data, size_t len)
{
	struct l2csum c = { 0 };

	l2csum_add(&c, data, len);
	return l2csum_fold(&c);
}

static uint64_t run_l2csum_copy(const void *data, size_t len)
{
	struct l2csum c = { 0 };

	l2csum_copy(&c, copied, data, len);
	return l2csum_fold(&c);
}

static uint64_t run_memcpy(const void *data, size_t len)
{
	memcpy(copied, data, len);
	return copied[0];
}

static uint64_t run_ip4(const void *data, size_t len)
{
	return l2csum_ip4(data, len);
}

/* Where the size is known to the compiler, as that of most headers is, there is no call. */
static int64_t burst_ip4(struct bench_lane *lane, unsigned int n)
{
	const struct data *data = lane->what->data;
	uint64_t sum = 0;
	unsigned int i;

	if (data->size != 20)
		return burst(lane, n);
	for (i = 0; i < n; i++)
		sum += l2csum_ip4(unknown(hot), 20);
	sink = sum;
	return n;
}

static const struct job limit = { bench_limit, false };
static const struct job limit32 = { bench_limit32, false };
static const struct job l2csum = { run_l2csum, true };
static const struct job l2csum_copying = { run_l2csum_copy, true };
static const struct job ip4 = { run_ip4, false };
static const struct job copying = { run_memcpy, false };

static struct bench_method methods[BENCH_METHODS_MAX] = {
	{ "limit", setup, NULL, burst, teardown, &limit },
	{ "limit again", setup, NULL, burst, teardown, &limit },
	{ "l2csum_add", setup, NULL, burst, teardown, &l2csum },
	{ "l2csum_copy", setup, NULL, burst, teardown, &l2csum_copying },
	{ "l2csum_ip4", setup, NULL, burst_ip4, teardown, &ip4 },
	{ "memcpy", setup, NULL, burst, teardown, &copying },
	{ "limit of 32 bytes", setup, NULL, burst, teardown, &limit32 },
};
static size_t n_methods = 7;

static void add_method(const char *name, const struct job *job)
{
	methods[n_methods++] = (struct bench_method) { name, setup, NULL, burst, teardown, job };
}

static void add_variant(const struct l2csum_variant *v, const struct job *job)
{
	if (v->usable())
		add_method(v->name, job);
}

static void add_variants(void)
{
	static const struct job scalar = { run_scalar, true };
#if defined(__x86_64__) || defined(__i386__)
	static const struct job sse2 = { run_sse2, true };
	static const struct job avx2 = { run_avx2, true };
#endif
#if defined(__x86_64__)
	static const struct job avx512 = { run_avx512, true };

	add_variant(&l2csum_avx512, &avx512);
#endif
#if defined(__x86_64__) || defined(__i386__)
	add_variant(&l2csum_avx2, &avx2);
	add_variant(&l2csum_sse2, &sse2);
#endif
	add_variant(&l2csum_scalar, &scalar);
}

static void add_peers(void)
{
	static const struct {
		const char *name;
		struct job job;
	} peers[] = {
#ifdef BENCH_LIBDNET
		{ "libdnet", { bench_libdnet_sum, true } },
#endif
#ifdef BENCH_LIBNET
		{ "libnet", { bench_libnet_sum, true } },
#endif
#ifdef BENCH_LIBTINS
		{ "libtins", { bench_libtins_sum, true } },
#endif
#ifdef BENCH_DPDK
		{ "dpdk", { bench_dpdk_sum, true } },
#endif
		{ NULL, { NULL, false } },
	};
	size_t i;

	for (i = 0; peers[i].name; i++)
		add_method(peers[i].name, &peers[i].job);
}

static const struct data data_20 = { walk_hot, 20 };
static const struct data data_64 = { walk_hot, 64 };
static const struct data data_576 = { walk_hot, 576 };
static const struct data data_1500 = { walk_hot, 1500 };
static const struct data data_9000 = { walk_hot, 9000 };
static const struct data data_65535 = { walk_hot, HOT_MAX };
static const struct data data_in_frame = { walk_frame, 1500 };
static const struct data data_mixed = { walk_mixed, MIXED_MOST };
static const struct data data_cold = { walk_cold, 1500 };

static const struct bench_case cases[] = {
	{ "20", BENCH_NO_DEVICE, 0, &data_20, 16384 },
	{ "64", BENCH_NO_DEVICE, 0, &data_64, 16384 },
	{ "576", BENCH_NO_DEVICE, 0, &data_576, 4096 },
	{ "1500", BENCH_NO_DEVICE, 0, &data_1500, 2048 },
	{ "1500 in a frame", BENCH_NO_DEVICE, 0, &data_in_frame, 2048 },
	{ "9000", BENCH_NO_DEVICE, 0, &data_9000, 512 },
	{ "65535", BENCH_NO_DEVICE, 0, &data_65535, 64 },
	{ "20 to 1514", BENCH_NO_DEVICE, 0, &data_mixed, MIXED },
	{ "1500 from memory", BENCH_NO_DEVICE, 0, &data_cold, 2048 },
};

static const struct bench_bar bars[] = {
	{ "l2csum_ip4", "memcpy", 0.6, false, "20" },
	{ "avx512", "limit", 1.8, false, "1500" },
	{ "avx2", "limit of 32 bytes", 2.2, false, "1500" },
	{ "l2csum_add", "libdnet", 1 / 12.0, false, "1500" },
	{ "l2csum_add", "libnet", 1 / 12.0, false, "1500" },
	{ "avx512", "limit", 1.5, false, "9000" },
	{ "avx2", "limit of 32 bytes", 2.2, false, "9000" },
	{ "l2csum_add", "libdnet", 1 / 12.0, false, "9000" },
	{ "l2csum_add", "libnet", 1 / 12.0, false, "9000" },
	{ "l2csum_copy", "memcpy", 1.2, false, "9000" },
	{ "l2csum_add", "limit", 1.7, false, "20 to 1514" },
	{ "l2csum_add", "libdnet", 0, false, "20 to 1514" },
	{ "l2csum_add", "limit", 1.3, false, "1500 from memory" },
};

int main(int argc, char **argv)
{
	struct bench bench = {
		.name = "csum",
		.methods = methods,
		.cases = cases,
		.n_cases = sizeof(cases) / sizeof(cases[0]),
		.bars = bars,
		.n_bars = sizeof(bars) / sizeof(bars[0]),
		.counter = BENCH_COUNT_NONE,
		.burst = 1024,
		.rounds = 50,
		.reps = 5,
	};

	add_variants();
	add_peers();
	bench.n_methods = n_methods;
	return bench_main(&bench, argc, argv);
}
