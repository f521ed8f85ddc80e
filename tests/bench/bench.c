/* SPDX-License-Identifier: MIT */
/* The harness: turns, clocks, options. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

/* As many as the slowest machine has ready before rings run full. */
#define SMOKE_BURST 1024
#define COUNT_BURST 4096

struct options {
	const char *csv;
	const char *only;  /* one case */
	const char *count; /* one method, for counting instructions */
	unsigned long count_n;
	unsigned int rounds;
	unsigned int reps;
	unsigned int burst_most; /* 0: no limit */
	int cpu;                 /* -1: the last one allowed */
	bool check;
	bool list;
};

static double now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* One CPU for the whole run. Returns it, or -1 where that cannot be had. */
static int pin(int cpu)
{
	size_t chosen = cpu < 0 ? CPU_SETSIZE - 1 : (size_t)cpu;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -1;
	while (cpu < 0 && chosen > 0 && !CPU_ISSET(chosen, &set))
		chosen--;
	CPU_ZERO(&set);
	CPU_SET(chosen, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -1 : (int)chosen;
}

/*
 * All that callgrind shall count: --toggle-collect=bench_counted. The addition keeps it from ending
 * in a jump.
 */
__attribute__((noinline)) int64_t bench_counted(struct bench_lane *lane, unsigned int n)
{
	int64_t r = lane->method->burst(lane, n);

	if (r > 0)
		lane->done += (uint64_t)r;
	return r;
}

static int fill(struct bench_lane *lane, unsigned int n)
{
	return lane->method->fill ? lane->method->fill(lane, n) : 0;
}

/* One burst. Leaves wall time and CPU time in nanoseconds. */
static int take_turn(struct bench_lane *lane, unsigned int n, double *wall, double *busy)
{
	double busy_start = now_ns(CLOCK_THREAD_CPUTIME_ID);
	double wall_start = now_ns(CLOCK_MONOTONIC);
	int64_t r = bench_counted(lane, n);

	*wall = now_ns(CLOCK_MONOTONIC) - wall_start;
	*busy = now_ns(CLOCK_THREAD_CPUTIME_ID) - busy_start;
	if (r == (int64_t)n)
		return 0;
	fprintf(stderr, "%s: %lld of %u operations%s%s\n", lane->method->name,
		r < 0 ? 0LL : (long long)r, n, r < 0 ? ": " : "", r < 0 ? strerror((int)-r) : "");
	return r < 0 ? (int)r : -EIO;
}

/*
 * A new order for every round: nobody always follows the same other method, whose leavings in the
 * caches would become part of its own time. The orders are the same in every run.
 */
static void shuffle(size_t *order, size_t n, uint64_t *state)
{
	size_t i, j, kept;

	for (i = n - 1; i > 0; i--) {
		*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		j = (size_t)(*state >> 33) % (i + 1);
		kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

/* All lanes in one order, and all at once where the benchmark wants that. */
static int fill_round(const struct bench_result *res, struct bench_lane *lanes, const size_t *order)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < res->bench->n_methods; i++)
		r = fill(&lanes[order[i]], res->burst);
	bench_settle((int)res->bench->settle_ms);
	return r;
}

/* One burst of each method; its time goes to "sample" of its row. */
static int run_round(const struct bench_result *res, struct bench_lane *lanes, size_t *order,
		     uint64_t *state, size_t sample)
{
	size_t n = res->bench->n_methods;
	size_t row = (size_t)res->rounds * res->reps;
	bool together = res->bench->settle_ms > 0;
	size_t i, at;
	int r = 0;

	shuffle(order, n, state);
	if (together) {
		r = fill_round(res, lanes, order);
		shuffle(order, n, state);
	}
	for (i = 0; r == 0 && i < n; i++) {
		at = order[i] * row + sample;
		if (!together)
			r = fill(&lanes[order[i]], res->burst);
		if (r == 0)
			r = take_turn(&lanes[order[i]], res->burst, &res->wall[at], &res->busy[at]);
	}
	return r;
}

/* The rounds to warm up go where the first that counts overwrites them. */
static int run_rounds(const struct bench_result *res, struct bench_lane *lanes, unsigned int rep)
{
	size_t order[BENCH_METHODS_MAX];
	uint64_t state = rep;
	size_t first = (size_t)rep * res->rounds;
	unsigned int i;
	int r = 0;

	for (i = 0; i < res->bench->n_methods; i++)
		order[i] = i;
	for (i = 0; r == 0 && i < res->warmup; i++)
		r = run_round(res, lanes, order, &state, first);
	for (i = 0; r == 0 && i < res->rounds; i++)
		r = run_round(res, lanes, order, &state, first + i);
	return r;
}

/*
 * Every repetition moves the methods on by one device, and by one in the order of opening, which
 * decides about the memory that each gets: neither shall favour any of them.
 */
static int run_repetition(const struct bench_result *res, unsigned int rep)
{
	static struct bench_lane lanes[BENCH_METHODS_MAX];
	const struct bench *b = res->bench;
	size_t opened = 0;
	size_t i, at;
	int r = 0;

	while (r == 0 && opened < b->n_methods) {
		at = (opened + rep) % b->n_methods;
		lanes[at] = (struct bench_lane) { .method = &b->methods[at], .what = res->what };
		r = bench_lane_open(&lanes[at], b, (unsigned int)((at + rep) % b->n_methods));
		opened++;
	}
	if (r == 0)
		r = run_rounds(res, lanes, rep);
	for (i = 0; r == 0 && i < opened; i++)
		r = bench_lane_check(&lanes[i], b);
	for (i = 0; i < opened; i++)
		bench_lane_close(&lanes[(i + rep) % b->n_methods]);
	return r;
}

static int run_case(const struct bench *b, const struct bench_case *what, const struct options *o)
{
	struct bench_result res = {
		.bench = b,
		.what = what,
		.rounds = o->rounds ? o->rounds : b->rounds,
		.reps = o->reps ? o->reps : b->reps,
		.warmup = o->burst_most || !b->warmup ? 1 : b->warmup,
		.burst = what->burst ? what->burst : b->burst,
		.cpu = o->cpu,
	};
	size_t samples = (size_t)res.rounds * res.reps * b->n_methods;
	unsigned int rep;
	int r = 0;

	if (o->burst_most && res.burst > o->burst_most)
		res.burst = o->burst_most;
	if (!bench_have_devices(what, b->n_methods)) {
		printf("%s, %s: skipped, no such devices (run.sh makes them)\n\n", b->name,
		       what->name);
		return 0;
	}
	res.wall = calloc(samples, sizeof(*res.wall));
	res.busy = calloc(samples, sizeof(*res.busy));
	if (!res.wall || !res.busy)
		r = -ENOMEM;
	for (rep = 0; r == 0 && rep < res.reps; rep++)
		r = run_repetition(&res, rep);
	r = r == 0 ? bench_report(&res, o->csv) : BENCH_BROKEN;
	free(res.wall);
	free(res.busy);
	return r;
}

static const struct bench_case *find_case(const struct bench *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n_cases; i++)
		if (!name || strcmp(b->cases[i].name, name) == 0)
			return &b->cases[i];
	return NULL;
}

static const struct bench_method *find_method(const struct bench *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n_methods; i++)
		if (strcmp(b->methods[i].name, name) == 0)
			return &b->methods[i];
	return NULL;
}

static int fill_and_settle(struct bench_lane *lane, const struct bench *b, unsigned int n)
{
	int r = fill(lane, n);

	bench_settle((int)b->settle_ms);
	return r;
}

/* N operations of one method, for callgrind. One burst goes before: it binds the symbols. */
static int count(const struct bench *b, const struct options *o)
{
	struct bench_lane lane = { .method = find_method(b, o->count),
				   .what = find_case(b, o->only) };
	unsigned long left = o->count_n;
	unsigned int n = b->burst < COUNT_BURST ? b->burst : COUNT_BURST;
	int64_t r;

	if (!lane.method || !lane.what) {
		fprintf(stderr, "%s: no such method or case\n", b->name);
		return BENCH_BROKEN;
	}
	r = bench_lane_open(&lane, b, 0);
	if (r == 0)
		r = fill_and_settle(&lane, b, n);
	if (r == 0)
		r = lane.method->burst(&lane, n);
	lane.done = n;
	while (r >= 0 && left) {
		n = left < n ? (unsigned int)left : n;
		r = fill_and_settle(&lane, b, n);
		if (r == 0)
			r = bench_counted(&lane, n);
		left -= n;
	}
	if (r >= 0)
		r = bench_lane_check(&lane, b);
	bench_lane_close(&lane);
	return r < 0 ? BENCH_BROKEN : 0;
}

static int list(const struct bench *b)
{
	size_t i;

	for (i = 0; i < b->n_methods; i++)
		printf("%s\n", b->methods[i].name);
	return 0;
}

static int usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [options]\n"
		"  --quick            a few rounds: less exact\n"
		"  --smoke            hardly any: to see that all methods work\n"
		"  --check            exit 1 when a bar is not met, 77 when the run is noisy\n"
		"  --csv FILE         append: bench,case,method,quantity,value\n"
		"  --case NAME        only this one\n"
		"  --cpu N            run there\n"
		"  --rounds N         bursts in one repetition\n"
		"  --reps N           repetitions\n"
		"  --list             name the methods\n"
		"  --count METHOD N   do nothing but N operations, in bench_counted()\n",
		program);
	return BENCH_BROKEN;
}

static const struct option long_options[] = {
	{ "quick", no_argument, NULL, 'q' },
	{ "smoke", no_argument, NULL, 's' },
	{ "check", no_argument, NULL, 'k' },
	{ "list", no_argument, NULL, 'l' },
	{ "csv", required_argument, NULL, 'o' },
	{ "case", required_argument, NULL, 'c' },
	{ "cpu", required_argument, NULL, 'p' },
	{ "count", required_argument, NULL, 'n' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "reps", required_argument, NULL, 'e' },
	{ NULL, 0, NULL, 0 },
};

/* A positive number that fits an int, or 0. */
static unsigned int number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return *end || n > INT32_MAX ? 0 : (unsigned int)n;
}

static void fewer(struct options *o, const struct bench *b, unsigned int divisor, unsigned int reps)
{
	o->rounds = b->rounds / divisor + 2;
	o->reps = reps;
}

static bool read_option(struct options *o, const struct bench *b, int c)
{
	switch (c) {
	case 'q':
		fewer(o, b, 5, 3);
		return true;
	case 's':
		fewer(o, b, b->rounds, 2);
		o->burst_most = SMOKE_BURST;
		return true;
	case 'k':
		return o->check = true;
	case 'l':
		return o->list = true;
	case 'o':
		o->csv = optarg;
		return true;
	case 'c':
		o->only = optarg;
		return true;
	case 'p':
		o->cpu = (int)number(optarg);
		return true;
	case 'r':
		return (o->rounds = number(optarg)) > 0;
	case 'e':
		return (o->reps = number(optarg)) > 0;
	case 'n':
		o->count = optarg;
		return true;
	default:
		return false;
	}
}

static bool read_options(struct options *o, const struct bench *b, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!read_option(o, b, c))
			return false;
	if (o->count && optind < argc)
		o->count_n = number(argv[optind++]);
	return optind == argc && (!o->count || o->count_n) && find_case(b, o->only);
}

int bench_main(const struct bench *b, int argc, char **argv)
{
	struct options o = { .cpu = -1 };
	int worst = 0;
	size_t i;
	int r;

	if (b->n_methods > BENCH_METHODS_MAX || !read_options(&o, b, argc, argv))
		return usage(argv[0]);
	if (o.list)
		return list(b);
	o.cpu = pin(o.cpu);
	if (o.count)
		return count(b, &o);
	for (i = 0; i < b->n_cases; i++) {
		if (o.only && strcmp(o.only, b->cases[i].name) != 0)
			continue;
		r = run_case(b, &b->cases[i], &o);
		if (r == BENCH_BROKEN)
			return r;
		if (r && worst != BENCH_NOT_MET)
			worst = r;
	}
	return o.check ? worst : 0;
}
