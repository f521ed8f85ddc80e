/* SPDX-License-Identifier: MIT */
/*
 * l2dump - show or save the frames of an interface
 *
 * Each frame is shown as it was on the wire, with the tag back in place that the kernel took out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <l2sock/ring.h>

#include "args.h"
#include "capfile.h"
#include "ddd.h"
#include "expression.h"
#include "facts.h"
#include "intake.h"
#include "line.h"
#include "opening.h"
#include "stop.h"

#define PROGRAM      "l2dump"
#define RCVBUF_BYTES (16u << 20)
#define LINES_BYTES  (64u << 10)
#define RING_MB_MOST (1u << 20)

struct options {
	struct opening opening;
	const char *file;
	const char *ddd;
	char **words; /* of the expression */
	int n_words;
	uint64_t count; /* 0: no limit */
	uint64_t snaplen;
	uint64_t stats_every; /* seconds; 0: only at the end */
	const char *profile;  /* of a ring; NULL: none, unless its size is given */
	uint64_t ring_mb;     /* 0: the library's choice */
	bool facts;
	bool link_events;
	bool keep_quiet; /* the interface, not the program: no promiscuous mode */
};

struct dump {
	struct options options;
	struct l2sock *s;
	struct capfile *file; /* NULL: lines on stdout */
	struct daytime daytime;
	struct ddd *program;
	struct intake intake;
	uint64_t captured;
	uint64_t truncated;
	int64_t stats_at; /* monotonic time of the next statistics */
	uint64_t stop_at; /* time of the request to stop, 0 before */
};

static const char help[] =
	"Usage: l2dump -i IFACE [-c COUNT] [-s SNAPLEN] [-w FILE] [-e] [-p] [--ddd FILE]\n"
	"              [--cooked | --legacy] [--netns NAME] [--link-events] [--stats SECONDS]\n"
	"              [--profile latency | throughput] [--ring-mb N] [EXPRESSION]\n"
	"Show the frames of an interface, one a line, or save them in a capture file.\n"
	"\n"
	"  -i IFACE    the interface; any: all of them\n"
	"  -c COUNT    end after so many frames\n"
	"  -s SNAPLEN  keep so many bytes of a frame, tags included; default 262144, all\n"
	"  -w FILE     write a capture file with nanosecond time stamps; - is stdout\n"
	"  -e          show in addition what the kernel knows about each frame\n"
	"  -p          leave the interface out of promiscuous mode\n"
	"  --ddd FILE  only frames that this program chooses, as \"tcpdump -ddd\" prints\n"
	"              it or in other languages; - is stdin\n"
	"  EXPRESSION  only frames that it chooses on the wire: see pcap-filter(7)\n"
	"  --cooked    let the kernel strip the link-layer header\n"
	"  --legacy    use a socket of type SOCK_PACKET\n"
	"  --netns NAME\n"
	"              in the network namespace of that name of ip-netns(8), or path\n"
	"  --link-events\n"
	"              tell when the link goes down or comes up\n"
	"  --profile latency | throughput\n"
	"              receive by a ring that hands over each frame at once, or many\n"
	"              together\n"
	"  --ring-mb N\n"
	"              receive by a ring of so many MiB\n"
	"  --stats SECONDS\n"
	"              tell the counts so often, on stderr\n"
	"  --help      show this\n"
	"  --version   show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 done, 1 failed while running,\n"
	"2 misused or could not start.\n";

/* Tells why nothing more can be written; returns the error. */
static int complain_output(const struct dump *d, int error)
{
	args_complain(PROGRAM, "%s: %s", d->file ? d->options.file : "stdout", strerror(-error));
	return error;
}

/* What was captured before the pause is seen now, not when a buffer happens to be full. */
static int flush(struct dump *d)
{
	int r;

	if (d->file)
		r = capfile_flush(d->file);
	else
		r = fflush(stdout) ? -errno : 0;
	return r < 0 ? complain_output(d, r) : 0;
}

static int write_line(struct dump *d, const struct l2pkt *pkt, bool tag_taken_out)
{
	struct text t;

	t.len = 0;
	line_text(&t, &d->daytime, pkt, d->options.opening.type);
	if (d->options.facts)
		facts_text(pkt, tag_taken_out, &t);
	text_str(&t, "\n");
	return fwrite(t.buf, t.len, 1, stdout) == 1 ? 0 : -errno;
}

static int write_frame(struct dump *d, struct l2pkt *pkt)
{
	bool tag_taken_out = pkt->vlan_tpid; /* and put back by the library */
	int r;

	if (pkt->len > d->options.snaplen)
		pkt->len = (uint32_t)d->options.snaplen;
	r = d->file ? capfile_write(d->file, pkt) : write_line(d, pkt, tag_taken_out);
	if (r < 0)
		return complain_output(d, r);
	d->captured++;
	if (pkt->len < pkt->wire_len)
		d->truncated++;
	return 0;
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * L2_SEC + ts.tv_nsec;
}

/* Nanoseconds to the next statistics. */
static int64_t patience(const struct dump *d)
{
	int64_t left = d->stats_at - now();

	if (!d->options.stats_every)
		return L2_FOREVER;
	return left > 0 ? left : 0;
}

static void show_counts(const struct dump *d)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };

	l2sock_get_stats(d->s, &stats);
	fprintf(stderr, "%" PRIu64 " captured, %" PRIu64 " dropped, %" PRIu64 " truncated\n",
		d->captured, stats.dropped, d->truncated);
}

static void show_counts_in_time(struct dump *d)
{
	if (!d->options.stats_every || patience(d) > 0)
		return;
	show_counts(d);
	d->stats_at = now() + (int64_t)d->options.stats_every * L2_SEC;
}

static void show_link(const struct dump *d)
{
	static const char *const states[] = { "unknown", "up", "without carrier", "down", "gone" };
	uint32_t changes = 0;
	int state = l2sock_link(d->s, &changes);

	fprintf(stderr, "link of %s: %s, changes: %" PRIu32 "\n", d->options.opening.ifname,
		states[state > 0 ? state : 0], changes);
}

/*
 * A frame that is already there costs one system call and leaves the output buffered. Returns the
 * length, -EAGAIN when something else happened, -ECANCELED or -ESHUTDOWN to end, or another error
 * after telling it.
 */
static int64_t next_frame(struct dump *d, struct l2pkt *pkt)
{
	int64_t r = intake_next(&d->intake, pkt, 0);

	if (r == -EAGAIN) {
		r = flush(d);
		if (r < 0)
			return r;
		r = intake_next(&d->intake, pkt, patience(d));
	}
	if (r == -ENETDOWN) {
		show_link(d);
		return -EAGAIN;
	}
	if (r == -ETIMEDOUT)
		return -EAGAIN;
	if (r == -ECANCELED && intake_stop(&d->intake))
		return -EAGAIN;
	if (r < 0 && r != -ECANCELED && r != -EAGAIN && r != -ESHUTDOWN)
		args_complain(PROGRAM, "%s", l2sock_errmsg(d->s));
	return r;
}

/*
 * Queued frames come before the wake, so under a flood the wake alone would never end the program:
 * the first frame from after the signal does.
 */
static bool beyond_stop(struct dump *d, const struct l2pkt *pkt)
{
	struct timespec now;

	if (!stop_requested())
		return false;
	if (!d->stop_at) {
		clock_gettime(CLOCK_REALTIME, &now);
		d->stop_at = (uint64_t)now.tv_sec * L2_SEC + (uint64_t)now.tv_nsec;
	}
	return pkt->timestamp > d->stop_at;
}

static int capture(struct dump *d)
{
	struct l2pkt pkt;
	int64_t r;

	while (!d->options.count || d->captured < d->options.count) {
		r = next_frame(d, &pkt);
		show_counts_in_time(d);
		if (r == -EAGAIN)
			continue;
		if (r == -ECANCELED || r == -ESHUTDOWN)
			break;
		if (r < 0)
			return (int)r;
		if (beyond_stop(d, &pkt))
			break;
		r = write_frame(d, &pkt);
		if (r < 0)
			return (int)r;
	}
	return flush(d);
}

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

static int load_program(struct dump *d)
{
	const struct options *o = &d->options;
	char why[512];
	int r;

	if (!o->ddd && !o->n_words)
		return 0;
	d->program = calloc(1, sizeof(*d->program));
	if (!d->program)
		return refuse_start(strerror(ENOMEM));
	if (o->ddd)
		r = ddd_read(d->program, o->ddd, why, sizeof(why));
	else
		r = expression_compile(d->program, o->words, o->n_words, why, sizeof(why));
	return r < 0 ? refuse_start(why) : 0;
}

/* Capture files of this program are for Ethernet frames. */
static int check_device(const struct dump *d)
{
	struct l2sock_info info = { .size = sizeof(info) };

	if (d->options.opening.type == L2SOCK_TYPE_COOKED)
		return refuse_start("-w saves Ethernet frames only: not with --cooked");
	if (l2sock_get_info(d->s, &info) < 0)
		return refuse_start(l2sock_errmsg(d->s));
	if (!info.ifindex)
		return refuse_start("-w saves Ethernet frames only: not of all interfaces");
	if (is_ethernet(info.hatype))
		return 0;
	args_complain(PROGRAM, "%s has device type %u: -w saves Ethernet frames only",
		      d->options.opening.ifname, info.hatype);
	return -1;
}

static int open_output(struct dump *d)
{
	char why[512];

	if (!d->options.file) {
		setvbuf(stdout, NULL, _IOFBF, LINES_BYTES);
		return 0;
	}
	if (check_device(d) < 0)
		return -1;
	d->file = capfile_create(d->options.file, (uint32_t)d->options.snaplen, why, sizeof(why));
	return d->file ? 0 : refuse_start(why);
}

static int open_handle(struct dump *d)
{
	uint32_t flags = d->options.link_events ? L2SOCK_LINK_EVENTS : 0;
	struct l2err err;
	struct l2sock_opts opts = {
		.size = sizeof(opts),
		.flags = flags,
		.err = &err,
		.rcvbuf = RCVBUF_BYTES,
	};

	if (d->options.opening.type != L2SOCK_TYPE_LEGACY)
		opts.flags |= L2SOCK_RESTORE_TAGS;
	if (opening_open(&d->options.opening, &opts, &d->s) < 0)
		return refuse_start(err.text);
	stop_on_signals(d->s);
	return 0;
}

/* A ring, if one was asked for. */
static int open_intake(struct dump *d)
{
	const struct options *o = &d->options;
	struct l2ring_rx_opts opts = { .size = sizeof(opts), .bytes = o->ring_mb << 20 };
	bool by_ring = o->profile || o->ring_mb;

	if (o->profile && !strcmp(o->profile, "latency"))
		opts.profile = L2RING_LATENCY;
	if (intake_open(&d->intake, d->s, by_ring ? &opts : NULL, (size_t)o->snaplen) < 0)
		return refuse_start(by_ring ? l2sock_errmsg(d->s) : strerror(ENOMEM));
	return 0;
}

/* SOCK_PACKET has no memberships, and all interfaces are too many for one. */
static bool takes_promiscuous(const struct options *o)
{
	return !o->keep_quiet && o->opening.type != L2SOCK_TYPE_LEGACY &&
	       strcmp(o->opening.ifname, "any");
}

/* Filter and membership come before bind: they hold for the first frame. */
static int let_frames_flow(struct dump *d)
{
	int r = 0;

	if (d->program)
		r = l2sock_set_filter(d->s, d->program->insns, d->program->n);
	if (r == 0 && takes_promiscuous(&d->options))
		r = l2sock_join(d->s, L2SOCK_PROMISC, NULL, 0);
	if (r == 0)
		r = l2sock_bind(d->s, L2_ETHERTYPE_ALL);
	if (r < 0)
		return refuse_start(l2sock_errmsg(d->s));
	fprintf(stderr, "listening on %s\n", d->options.opening.ifname);
	d->stats_at = now() + (int64_t)d->options.stats_every * L2_SEC;
	return 0;
}

static int start(struct dump *d)
{
	if (load_program(d) < 0 || open_handle(d) < 0 || open_intake(d) < 0 || open_output(d) < 0)
		return -1;
	return let_frames_flow(d);
}

static int run(struct dump *d)
{
	int status = EXIT_OK;
	int r;

	if (start(d) < 0)
		return EXIT_USAGE;
	if (capture(d) < 0) {
		flush(d);
		status = EXIT_FAILED;
	}
	r = capfile_close(d->file);
	if (r < 0 && status == EXIT_OK) {
		complain_output(d, r);
		status = EXIT_FAILED;
	}
	d->file = NULL;
	show_counts(d);
	return status;
}

static void clean_up(struct dump *d)
{
	stop_on_signals(NULL);
	capfile_close(d->file);
	intake_close(&d->intake);
	l2sock_close(d->s);
	free(d->program);
}

enum {
	OPTION_COOKED = ARGS_OWN,
	OPTION_DDD,
	OPTION_LEGACY,
	OPTION_LINK_EVENTS,
	OPTION_NETNS,
	OPTION_PROFILE,
	OPTION_RING_MB,
	OPTION_STATS,
};

static const struct option long_options[] = {
	{ "cooked", no_argument, NULL, OPTION_COOKED },
	{ "ddd", required_argument, NULL, OPTION_DDD },
	{ "legacy", no_argument, NULL, OPTION_LEGACY },
	{ "link-events", no_argument, NULL, OPTION_LINK_EVENTS },
	{ "netns", required_argument, NULL, OPTION_NETNS },
	{ "profile", required_argument, NULL, OPTION_PROFILE },
	{ "ring-mb", required_argument, NULL, OPTION_RING_MB },
	{ "stats", required_argument, NULL, OPTION_STATS },
	ARGS_COMMON,
};

static int parse_long_option(struct options *o, int option)
{
	switch (option) {
	case OPTION_COOKED:
		o->opening.type = L2SOCK_TYPE_COOKED;
		return 0;
	case OPTION_LEGACY:
		o->opening.type = L2SOCK_TYPE_LEGACY;
		return 0;
	case OPTION_NETNS:
		o->opening.netns = optarg;
		return 0;
	case OPTION_LINK_EVENTS:
		o->link_events = true;
		return 0;
	case OPTION_PROFILE:
		o->profile = optarg;
		if (!strcmp(optarg, "latency") || !strcmp(optarg, "throughput"))
			return 0;
		return args_misused(PROGRAM, "--profile %s: neither latency nor throughput",
				    optarg);
	case OPTION_RING_MB:
		return args_number_of(PROGRAM, "--ring-mb", 1, RING_MB_MOST, &o->ring_mb);
	case OPTION_STATS:
		return args_number_of(PROGRAM, "--stats", 1, 86400, &o->stats_every);
	}
	return 0;
}

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'i':
		o->opening.ifname = optarg;
		return 0;
	case 'c':
		return args_number_of(PROGRAM, "-c", 1, UINT64_MAX, &o->count);
	case 's':
		return args_number_of(PROGRAM, "-s", 1, L2_FRAME_MAX, &o->snaplen);
	case 'w':
		o->file = optarg;
		return 0;
	case 'e':
		o->facts = true;
		return 0;
	case 'p':
		o->keep_quiet = true;
		return 0;
	case OPTION_DDD:
		o->ddd = optarg;
		return 0;
	default:
		return parse_long_option(o, option);
	}
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:c:s:w:ep",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	o->words = argv + optind;
	o->n_words = argc - optind;
	if (o->ddd && o->n_words)
		return args_misused(PROGRAM, "an expression and --ddd at once");
	if (!o->opening.ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	return -1;
}

int main(int argc, char **argv)
{
	struct dump d = { .options.snaplen = L2_FRAME_MAX };
	int status = parse_arguments(&d.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&d);
	clean_up(&d);
	return status;
}
