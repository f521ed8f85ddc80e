/* SPDX-License-Identifier: MIT */
/* l2gen - send many frames, fast or at a rate */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <l2sock/ring.h>

#include "args.h"
#include "stop.h"
#include "traffic.h"
#include "transmit.h"

#define PROGRAM  "l2gen"
#define PATIENCE (5 * L2_SEC)

struct options {
	const char *ifname;
	uint64_t count; /* 0: without end */
	uint64_t rate;  /* 0: as fast as it goes */
	uint64_t size;
	uint64_t flows;
	enum transmit_mode mode;
	bool queued; /* through the queueing discipline */
	struct traffic_plan plan;
};

struct generator {
	struct options options;
	struct l2sock *s;
	struct transmit out;
	struct traffic traffic;
	struct l2pace pace;
	uint64_t start;
	uint64_t shown; /* when the live line was written */
	bool live;
};

static const char help[] =
	"Usage: l2gen -i IFACE [-c COUNT] [-s SIZE] [--mode send|batch|ring] [--rate PPS]\n"
	"             [--vlan TPID:VID[:PCP],...] [--flows N] [--proto PROTO] [--qdisc]\n"
	"Send many frames of one kind.\n"
	"\n"
	"  -i IFACE      the interface\n"
	"  -c COUNT      so many frames; default: until SIGINT or SIGTERM\n"
	"  -s SIZE       bytes of a frame without frame check sequence; default 60,\n"
	"                or what the headers take\n"
	"  --mode MODE   send: one system call for a frame; batch: for 64;\n"
	"                ring: frames are written where the kernel reads them. Default ring\n"
	"  --rate PPS    so many frames a second; default: as fast as it goes\n"
	"  --vlan TPID:VID[:PCP],...\n"
	"                VLAN tags, the outermost first; TPID in hexadecimal digits\n"
	"  --flows N     let ports, addresses or identifiers take N values; default 1\n"
	"  --proto PROTO udp, tcp, icmp, arp or igmp; default udp\n"
	"  --qdisc       through the queueing discipline; otherwise past it\n"
	"  --help        show this\n"
	"  --version     show the version\n"
	"\n"
	"Exit status: 0 all sent, 1 some not, 2 misused or could not start.\n";

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * L2_SEC + (uint64_t)ts.tv_nsec;
}

static double per_second(const struct generator *g, uint64_t n)
{
	uint64_t passed = now_ns() - g->start;

	return (double)n * (double)L2_SEC / (double)(passed ? passed : 1);
}

static void print_counts(const struct generator *g, FILE *to)
{
	const struct transmit *out = &g->out;
	double pps = per_second(g, out->completed + out->uncertain);

	fprintf(to, "%" PRIu64 " sent, %" PRIu64 " completed, %" PRIu64 " failed", out->sent,
		out->completed, out->failed);
	if (out->uncertain)
		fprintf(to, ", %" PRIu64 " uncertain", out->uncertain);
	if (out->sent - out->completed - out->failed - out->uncertain)
		fprintf(to, ", %" PRIu64 " pending",
			out->sent - out->completed - out->failed - out->uncertain);
	fprintf(to, ", %.0f pps, %.3f Gbit/s", pps, pps * (double)g->traffic.len * 8 / 1e9);
}

/* Once a second, over itself. */
static void show_live(struct generator *g)
{
	uint64_t now;

	if (!g->live)
		return;
	now = now_ns();
	if (now - g->shown < (uint64_t)L2_SEC)
		return;
	g->shown = now;
	transmit_count(&g->out);
	fputc('\r', stderr);
	print_counts(g, stderr);
	fputs("\033[K", stderr);
}

/* How many frames may go now, or a negative errno. */
static int64_t allowed(struct generator *g, uint64_t given)
{
	uint32_t most = TRANSMIT_BURST;

	if (g->options.count && g->options.count - given < most)
		most = (uint32_t)(g->options.count - given);
	return most ? l2pace_wait(&g->pace, most) : 0;
}

/* Returns 0, or the code of what ended it early. */
static int generate(struct generator *g)
{
	uint64_t given = 0;
	int64_t n;
	int r = 0;

	while (r == 0 && !stop_requested() && (n = allowed(g, given)) != 0) {
		if (n < 0) /* a signal */
			continue;
		r = transmit_burst(&g->out, &g->traffic, (uint32_t)n);
		given += (uint64_t)n;
		show_live(g);
	}
	return r;
}

static int open_handle(struct generator *g)
{
	struct l2sock_info info = { .size = sizeof(info) };
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts),
				    .err = &err,
				    .flags = g->options.queued ? 0 : L2SOCK_QDISC_BYPASS };

	if (l2sock_open(&g->s, g->options.ifname, &opts) < 0)
		return refuse_start(err.text);
	if (l2sock_get_info(g->s, &info) < 0)
		return refuse_start(l2sock_errmsg(g->s));
	if (info.addr_len == L2_MAC_LEN)
		memcpy(g->options.plan.src, info.addr, L2_MAC_LEN);
	stop_on_signals(g->s);
	return 0;
}

static int prepare(struct generator *g)
{
	char why[512];

	if (open_handle(g) < 0)
		return -1;
	if (traffic_prepare(&g->traffic, &g->options.plan, why, sizeof(why)) < 0)
		return refuse_start(why);
	if (transmit_open(&g->out, g->options.mode, g->s, g->traffic.len) < 0)
		return refuse_start(l2sock_errmsg(g->s));
	g->pace.rate = g->options.rate;
	g->live = isatty(STDERR_FILENO);
	return 0;
}

static int run(struct generator *g)
{
	int r;

	if (prepare(g) < 0)
		return EXIT_USAGE;
	g->start = g->shown = now_ns();
	r = generate(g);
	if (r == 0)
		r = transmit_finish(&g->out, stop_requested() ? 0 : PATIENCE);
	transmit_count(&g->out);
	if (g->live)
		fputs("\r\033[K", stderr);
	if (r < 0 && !stop_requested())
		args_complain(PROGRAM, "%s", l2sock_errmsg(g->s));
	print_counts(g, stdout);
	if (puts("") == EOF || fflush(stdout)) {
		args_complain(PROGRAM, "stdout: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return g->out.failed || (r < 0 && !stop_requested()) ? EXIT_FAILED : EXIT_OK;
}

static void clean_up(struct generator *g)
{
	stop_on_signals(NULL);
	transmit_close(&g->out);
	l2sock_close(g->s);
}

enum {
	OPTION_MODE = ARGS_OWN,
	OPTION_RATE,
	OPTION_VLAN,
	OPTION_FLOWS,
	OPTION_PROTO,
	OPTION_QDISC,
};

static const struct option long_options[] = {
	{ "mode", required_argument, NULL, OPTION_MODE },
	{ "rate", required_argument, NULL, OPTION_RATE },
	{ "vlan", required_argument, NULL, OPTION_VLAN },
	{ "flows", required_argument, NULL, OPTION_FLOWS },
	{ "proto", required_argument, NULL, OPTION_PROTO },
	{ "qdisc", no_argument, NULL, OPTION_QDISC },
	ARGS_COMMON,
};

static int choose_mode(struct options *o)
{
	static const char *const names[] = { "send", "batch", "ring" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (!strcmp(optarg, names[i])) {
			o->mode = (enum transmit_mode)i;
			return 0;
		}
	}
	return args_misused(PROGRAM, "--mode %s: send, batch or ring", optarg);
}

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'i':
		o->ifname = optarg;
		return 0;
	case 'c':
		return args_number_of(PROGRAM, "-c", 1, UINT64_MAX, &o->count);
	case 's':
		return args_number_of(PROGRAM, "-s", L2_ETH_HEADER_LEN, L2_FRAME_MAX, &o->size);
	case OPTION_MODE:
		return choose_mode(o);
	case OPTION_RATE:
		return args_number_of(PROGRAM, "--rate", 1, 1000000000, &o->rate);
	case OPTION_FLOWS:
		return args_number_of(PROGRAM, "--flows", 1, TRAFFIC_FLOWS_MOST, &o->flows);
	case OPTION_PROTO:
		o->plan.proto = optarg;
		return 0;
	case OPTION_QDISC:
		o->queued = true;
		return 0;
	case OPTION_VLAN:
		if (traffic_read_tags(&o->plan, optarg) == 0)
			return 0;
		return args_misused(PROGRAM, "--vlan %s: not TPID:VID[:PCP],..., at most %d",
				    optarg, TRAFFIC_TAGS);
	}
	return 0;
}

static int check_options(struct options *o, int argc, char **argv)
{
	if (optind < argc)
		return args_misused(PROGRAM, "%s: takes no such argument", argv[optind]);
	if (!o->ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	o->plan.size = (size_t)o->size;
	o->plan.flows = (uint32_t)o->flows;
	return -1;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:c:s:",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	return check_options(o, argc, argv);
}

int main(int argc, char **argv)
{
	static struct generator g = {
		.options = { .flows = 1, .mode = TRANSMIT_RING, .plan.proto = "udp" }
	};
	int status = parse_arguments(&g.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&g);
	clean_up(&g);
	return status;
}
