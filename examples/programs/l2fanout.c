/* SPDX-License-Identifier: MIT */
/* l2fanout - share the frames of an interface out to threads, and count them */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <l2sock/ring.h>

#include "args.h"

#define PROGRAM     "l2fanout"
#define THREADS_MAX 256
#define SECONDS_MAX 1000000000

struct options {
	const char *ifname;
	const struct mode *mode;
	uint64_t threads;
	uint64_t seconds; /* 0: until a signal */
	uint64_t ring_mb;
	bool keep_quiet; /* the interface: no promiscuous mode */
};

/* A member of the group, with its thread. */
struct worker {
	struct fanout *fanout;
	struct l2sock *s;
	struct l2ring_rx *rx;
	pthread_t thread;
	bool started;
	uint64_t frames;
	int code; /* why it ended early, or 0 */
};

struct fanout {
	struct options options;
	struct l2group *group;
	struct worker workers[THREADS_MAX];
	uint32_t n;
	bool stopping; /* atomic: a wake is told behind all frames, and they may never end */
};

struct mode {
	const char *name;
	uint32_t mode;
	uint32_t steering; /* by a program of this kind; 0: by none */
};

static const struct mode modes[] = {
	{ "hash", L2GROUP_MODE_HASH, 0 },
	{ "lb", L2GROUP_MODE_LB, 0 },
	{ "cpu", L2GROUP_MODE_CPU, 0 },
	{ "rollover", L2GROUP_MODE_ROLLOVER, 0 },
	{ "random", L2GROUP_MODE_RANDOM, 0 },
	{ "queue", L2GROUP_MODE_QUEUE, 0 },
	{ "flow", L2GROUP_MODE_STEER, L2GROUP_BY_FLOW },
	{ "vlan", L2GROUP_MODE_STEER, L2GROUP_BY_VLAN },
	{ "inner-flow", L2GROUP_MODE_STEER, L2GROUP_BY_INNER_FLOW },
};

static const char help[] =
	"Usage: l2fanout -i IFACE -n THREADS --mode MODE [-t SECONDS] [-p] [--ring-mb MB]\n"
	"Share the frames of an interface out to threads, and count those of each.\n"
	"\n"
	"  -i IFACE      the interface\n"
	"  -n THREADS    how many, 1 to 256\n"
	"  --mode MODE   which thread gets a frame:\n"
	"                  hash        by the kernel's hash of its flow\n"
	"                  lb          one after the other\n"
	"                  cpu         by the processor that received it\n"
	"                  rollover    one until it has no room, then the next\n"
	"                  random      any\n"
	"                  queue       by the device's queue\n"
	"                  flow        by its flow, both directions the same\n"
	"                  vlan        by the VLAN identifier in its outermost tag\n"
	"                  inner-flow  by the flow inside a tunnel\n"
	"  -t SECONDS    end after this time; otherwise by a signal\n"
	"  -p            leave the interface out of promiscuous mode\n"
	"  --ring-mb MB  memory of each thread's ring; default 8\n"
	"  --help        show this\n"
	"  --version     show the version\n"
	"\n"
	"Exit status: 0 ended by time or signal; 1 failed while running; 2 misused, or\n"
	"could not start.\n";

static int complain_group(struct fanout *f)
{
	args_complain(PROGRAM, "%s", l2group_errmsg(f->group));
	return -1;
}

static int complain_worker(const struct worker *w)
{
	args_complain(PROGRAM, "%s", l2sock_errmsg(w->s));
	return -1;
}

/* What the ring had received is still counted. */
static void *work(void *arg)
{
	struct worker *w = arg;
	struct l2block b;
	int r;

	for (;;) {
		r = l2ring_rx_next(w->rx, &b, L2_FOREVER);
		if (r > 0) {
			w->frames += (uint64_t)r;
			l2ring_rx_release(w->rx, &b);
		}
		if (r < 0 && r != -ECANCELED)
			break;
		if (!__atomic_load_n(&w->fanout->stopping, __ATOMIC_RELAXED))
			continue;
		r = l2ring_rx_stop(w->rx);
		if (r < 0)
			break;
	}
	if (r != -ESHUTDOWN) {
		w->code = r;
		kill(getpid(), SIGTERM); /* one cannot go on: all end */
	}
	return NULL;
}

static int open_rings(struct fanout *f)
{
	const struct l2ring_rx_opts opts = { .size = sizeof(opts),
					     .bytes = f->options.ring_mb << 20 };

	for (; f->n < f->options.threads; f->n++) {
		struct worker *w = &f->workers[f->n];

		w->fanout = f;
		w->s = l2group_member(f->group, f->n);
		if (l2ring_rx_open(&w->rx, w->s, &opts) < 0)
			return complain_worker(w);
	}
	return 0;
}

static int steer(struct fanout *f)
{
	static struct l2insn insns[L2_FILTER_MAX];
	uint32_t kind = f->options.mode->steering;
	int64_t n;

	if (!kind)
		return 0;
	n = l2group_steering(kind, insns, L2_FILTER_MAX);
	if (n < 0 || l2group_set_steering(f->group, insns, (size_t)n) < 0)
		return complain_group(f);
	return 0;
}

static int open_group(struct fanout *f)
{
	struct l2err err = { 0 };
	const struct l2group_opts opts = { .size = sizeof(opts),
					   .err = &err,
					   .mode = f->options.mode->mode };

	if (l2group_open(&f->group, f->options.ifname, (uint32_t)f->options.threads, &opts) < 0) {
		args_complain(PROGRAM, "%s", err.text);
		return -1;
	}
	if (open_rings(f) < 0 || steer(f) < 0)
		return -1;
	if (!f->options.keep_quiet && l2sock_join(f->workers[0].s, L2SOCK_PROMISC, NULL, 0) < 0)
		return complain_worker(&f->workers[0]);
	return l2group_bind(f->group, L2_ETHERTYPE_ALL) < 0 ? complain_group(f) : 0;
}

static int start_threads(struct fanout *f)
{
	uint32_t i;

	for (i = 0; i < f->n; i++) {
		int r = pthread_create(&f->workers[i].thread, NULL, work, &f->workers[i]);

		if (r) {
			args_complain(PROGRAM, "thread %" PRIu32 ": %s", i, strerror(r));
			return -1;
		}
		f->workers[i].started = true;
	}
	return 0;
}

/* Returns EXIT_OK, or EXIT_FAILED when a thread ended by itself. */
static int stop_threads(struct fanout *f)
{
	int status = EXIT_OK;
	uint32_t i;

	__atomic_store_n(&f->stopping, true, __ATOMIC_RELAXED);
	l2group_wake(f->group);
	for (i = 0; i < f->n; i++) {
		struct worker *w = &f->workers[i];

		if (w->started)
			pthread_join(w->thread, NULL);
		if (w->code)
			status = EXIT_FAILED;
	}
	for (i = 0; i < f->n && status == EXIT_FAILED; i++)
		if (f->workers[i].code) {
			complain_worker(&f->workers[i]);
			break;
		}
	return status;
}

static void report(const struct fanout *f)
{
	uint64_t frames = 0;
	uint64_t dropped = 0;
	uint32_t i;

	for (i = 0; i < f->n; i++) {
		struct l2sock_stats stats = { .size = sizeof(stats) };

		l2sock_get_stats(f->workers[i].s, &stats);
		printf("%" PRIu32 ": %" PRIu64 " frames, %" PRIu64 " dropped\n", i,
		       f->workers[i].frames, stats.dropped);
		frames += f->workers[i].frames;
		dropped += stats.dropped;
	}
	printf("total: %" PRIu64 " frames, %" PRIu64 " dropped\n", frames, dropped);
}

static struct timespec now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts;
}

/* Time that is left, at least none. */
static struct timespec until(const struct timespec *end)
{
	struct timespec start = now();
	int64_t ns = (end->tv_sec - start.tv_sec) * L2_SEC + end->tv_nsec - start.tv_nsec;

	if (ns < 0)
		ns = 0;
	return (struct timespec) { .tv_sec = (time_t)(ns / L2_SEC),
				   .tv_nsec = (long)(ns % L2_SEC) };
}

/* The signals that end the program are waited for, here and in no thread; others interrupt. */
static void await_end(const struct options *o, const sigset_t *ending)
{
	struct timespec end = now();
	struct timespec left;
	int r;

	end.tv_sec += (time_t)o->seconds;
	do {
		left = until(&end);
		r = o->seconds ? sigtimedwait(ending, NULL, &left) : sigwaitinfo(ending, NULL);
	} while (r < 0 && errno == EINTR);
}

static int run(struct fanout *f)
{
	sigset_t ending;
	int status;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, NULL);
	if (open_group(f) < 0)
		return EXIT_USAGE;
	if (start_threads(f) < 0) {
		stop_threads(f);
		return EXIT_USAGE;
	}
	fprintf(stderr, "listening on %s\n", f->options.ifname);
	await_end(&f->options, &ending);
	status = stop_threads(f);
	report(f);
	if (fflush(stdout) != 0) {
		args_complain(PROGRAM, "stdout: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return status;
}

static void clean_up(struct fanout *f)
{
	uint32_t i;

	l2group_close(f->group);
	for (i = 0; i < f->n; i++)
		l2ring_rx_close(f->workers[i].rx);
}

enum { OPTION_MODE = ARGS_OWN, OPTION_RING };

static const struct option long_options[] = {
	{ "mode", required_argument, NULL, OPTION_MODE },
	{ "ring-mb", required_argument, NULL, OPTION_RING },
	ARGS_COMMON,
};

static int parse_mode(struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, name)) {
			o->mode = &modes[i];
			return 0;
		}
	return args_misused(PROGRAM, "--mode: there is no mode %s", name);
}

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'i':
		o->ifname = optarg;
		return 0;
	case 'n':
		return args_number_of(PROGRAM, "-n", 1, THREADS_MAX, &o->threads);
	case 't':
		return args_number_of(PROGRAM, "-t", 1, SECONDS_MAX, &o->seconds);
	case 'p':
		o->keep_quiet = true;
		return 0;
	case OPTION_MODE:
		return parse_mode(o, optarg);
	case OPTION_RING:
		return args_number_of(PROGRAM, "--ring-mb", 1, 1u << 20, &o->ring_mb);
	}
	return 0;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:n:t:p",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	if (optind < argc)
		return args_misused(PROGRAM, "%s: takes no such argument", argv[optind]);
	if (!o->ifname || !o->threads || !o->mode)
		return args_misused(PROGRAM, "-i IFACE, -n THREADS and --mode MODE are needed");
	return -1;
}

int main(int argc, char **argv)
{
	static struct fanout f = { .options.ring_mb = 8 };
	int status = parse_arguments(&f.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&f);
	clean_up(&f);
	return status;
}
