/* SPDX-License-Identifier: MIT */
/* l2send - send frames as they are: typed in hex, from a file, or from a capture file */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <l2sock/l2sock.h>

#include "args.h"
#include "capfile.h"
#include "complaints.h"
#include "hex.h"
#include "stop.h"

#define PROGRAM "l2send"

/* How long a frame may wait for room: so many steps of a millisecond. */
#define PATIENCE 1000

enum source { SOURCE_NONE = 0, SOURCE_HEX, SOURCE_FILE, SOURCE_PCAP };

struct options {
	const char *ifname;
	enum source source;
	const char *argument; /* of the source */
	uint64_t count;
};

struct sender {
	struct options options;
	struct l2sock *s;
	struct capfile *file; /* of SOURCE_PCAP */
	uint8_t *frame;       /* of the others */
	size_t frame_len;
	struct complaints complaints;
	uint64_t sent;
	uint64_t failed;
};

static const char help[] =
	"Usage: l2send -i IFACE [-c COUNT] --hex BYTES | --file FILE | --pcap FILE\n"
	"Send Ethernet frames as they are, from the destination address on.\n"
	"\n"
	"  -i IFACE      the interface\n"
	"  -c COUNT      send it all so often; default 1\n"
	"  --hex BYTES   one frame in hexadecimal digits; blanks, colons, dashes and\n"
	"                line ends may stand between the bytes\n"
	"  --file FILE   one frame, the bytes of the file; - is stdin\n"
	"  --pcap FILE   every frame of a capture file, in order; - is stdin\n"
	"  --help        show this\n"
	"  --version     show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 all sent, 1 some failed,\n"
	"2 misused or could not start.\n";

/* A millisecond, or less when a signal comes. */
static void pause_briefly(void)
{
	const struct timespec step = { .tv_nsec = L2_MSEC };

	nanosleep(&step, NULL);
}

/* A full send buffer is waited for by the library, a full queue behind it can only be retried. */
static int send_patiently(struct sender *x, const uint8_t *frame, size_t len)
{
	int r = -ETIMEDOUT;
	int step;

	for (step = 0; step < PATIENCE && !stop_requested(); step++) {
		r = l2sock_send(x->s, frame, len, L2_MSEC);
		if (r == -ENOBUFS)
			pause_briefly();
		else if (r != -ETIMEDOUT)
			return r;
	}
	return stop_requested() ? -ECANCELED : r;
}

static void fail(struct sender *x, const char *sentence)
{
	x->failed++;
	complaints_add(&x->complaints, PROGRAM, sentence);
}

/* Returns 0 also for a frame that failed; -ENODEV or -ECANCELED when there is no going on. */
static int send_frame(struct sender *x, const uint8_t *frame, size_t len)
{
	int r = send_patiently(x, frame, len);

	if (r == 0)
		x->sent++;
	else if (r == -ETIMEDOUT)
		fail(x, "the send buffer stayed full for a second");
	else if (r != -ECANCELED)
		fail(x, l2sock_errmsg(x->s));
	return r == -ENODEV || r == -ECANCELED ? r : 0;
}

static int send_captured(struct sender *x, const struct capframe *frame)
{
	char sentence[128];

	if (frame->len >= frame->wire_len)
		return send_frame(x, frame->data, frame->len);
	snprintf(sentence, sizeof(sentence), "%s: a frame of %u bytes was cut to %u: not sent",
		 x->options.argument, frame->wire_len, frame->len);
	fail(x, sentence);
	return 0;
}

/* Returns 0 at the file's end. */
static int send_file(struct sender *x)
{
	struct capframe frame;
	int r = 0;

	while (r == 0 && !stop_requested()) {
		int got = capfile_read(x->file, &frame);

		if (got == 0)
			return 0;
		if (got < 0) {
			fail(x, capfile_why(x->file));
			return -EIO;
		}
		r = send_captured(x, &frame);
	}
	return r;
}

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

static int open_capture(struct sender *x)
{
	char why[512];

	x->file = capfile_open(x->options.argument, why, sizeof(why));
	return x->file ? 0 : refuse_start(why);
}

/* Each round reads the file anew: captures may be larger than memory. */
static int send_file_again(struct sender *x)
{
	if (!x->file && open_capture(x) < 0) {
		x->failed++;
		return -EIO;
	}
	if (send_file(x) < 0)
		return -EIO;
	capfile_close(x->file);
	x->file = NULL;
	return 0;
}

static void send_all(struct sender *x)
{
	uint64_t round;
	int r = 0;

	for (round = 0; r == 0 && round < x->options.count && !stop_requested(); round++) {
		if (x->options.source == SOURCE_PCAP)
			r = send_file_again(x);
		else
			r = send_frame(x, x->frame, x->frame_len);
	}
	complaints_sum(&x->complaints, PROGRAM);
	printf("%" PRIu64 " sent, %" PRIu64 " failed\n", x->sent, x->failed);
}

static int read_hex(struct sender *x)
{
	char why[128];
	long n = hex_read(x->options.argument, x->frame, L2_FRAME_MAX, why, sizeof(why));

	if (n < 0) {
		args_complain(PROGRAM, "--hex: %s", why);
		return -1;
	}
	x->frame_len = (size_t)n;
	return 0;
}

static int read_file(struct sender *x)
{
	const char *path = x->options.argument;
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	bool failed = !file;

	if (file) {
		x->frame_len = fread(x->frame, 1, L2_FRAME_MAX, file);
		failed = ferror(file);
	}
	if (failed) {
		args_complain(PROGRAM, "%s: %s", path, strerror(errno));
	} else if (fgetc(file) != EOF) {
		args_complain(PROGRAM, "%s: no frame is longer than %d bytes", path, L2_FRAME_MAX);
		failed = true;
	}
	if (file && file != stdin)
		fclose(file);
	return failed ? -1 : 0;
}

static int prepare_source(struct sender *x)
{
	if (x->options.source == SOURCE_PCAP)
		return open_capture(x);
	x->frame = malloc(L2_FRAME_MAX);
	if (!x->frame)
		return refuse_start(strerror(ENOMEM));
	return x->options.source == SOURCE_HEX ? read_hex(x) : read_file(x);
}

/* Never bound: the handle sends and receives nothing. */
static int open_handle(struct sender *x)
{
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err };

	if (l2sock_open(&x->s, x->options.ifname, &opts) < 0)
		return refuse_start(err.text);
	stop_on_signals(x->s);
	return 0;
}

static int run(struct sender *x)
{
	if (prepare_source(x) < 0 || open_handle(x) < 0)
		return EXIT_USAGE;
	send_all(x);
	if (fflush(stdout)) {
		args_complain(PROGRAM, "stdout: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return x->failed ? EXIT_FAILED : EXIT_OK;
}

static void clean_up(struct sender *x)
{
	stop_on_signals(NULL);
	capfile_close(x->file);
	l2sock_close(x->s);
	free(x->frame);
}

enum { OPTION_HEX = 256, OPTION_FILE, OPTION_PCAP, OPTION_HELP, OPTION_VERSION };

static const struct option long_options[] = {
	{ "hex", required_argument, NULL, OPTION_HEX },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "pcap", required_argument, NULL, OPTION_PCAP },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

static int choose_source(struct options *o, enum source source)
{
	if (o->source != SOURCE_NONE)
		return args_misused(PROGRAM, "one of --hex, --file and --pcap, and once");
	o->source = source;
	o->argument = optarg;
	return 0;
}

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(struct options *o, int option)
{
	switch (option) {
	case 'i':
		o->ifname = optarg;
		return 0;
	case 'c':
		if (args_number(optarg, 1, UINT64_MAX, &o->count) < 0)
			return args_misused(PROGRAM, "-c %s: not a number from 1 to %" PRIu64,
					    optarg, UINT64_MAX);
		return 0;
	case OPTION_HEX:
		return choose_source(o, SOURCE_HEX);
	case OPTION_FILE:
		return choose_source(o, SOURCE_FILE);
	case OPTION_PCAP:
		return choose_source(o, SOURCE_PCAP);
	default: /* getopt has told what is wrong */
		fputs("Try: l2send --help\n", stderr);
		return EXIT_USAGE;
	}
}

static int check_options(const struct options *o, int argc, char **argv)
{
	if (optind < argc)
		return args_misused(PROGRAM, "%s: takes no such argument", argv[optind]);
	if (!o->ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	if (o->source == SOURCE_NONE)
		return args_misused(PROGRAM, "nothing to send: --hex, --file or --pcap is missing");
	if (o->source == SOURCE_PCAP && !strcmp(o->argument, "-") && o->count > 1)
		return args_misused(PROGRAM, "--pcap -: stdin can be sent once only");
	return -1;
}

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "i:c:", long_options, NULL)) >= 0) {
		if (option == OPTION_HELP) {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (option == OPTION_VERSION) {
			args_version(PROGRAM);
			return EXIT_OK;
		}
		if (parse_option(o, option))
			return EXIT_USAGE;
	}
	return check_options(o, argc, argv);
}

int main(int argc, char **argv)
{
	struct sender x = { .options.count = 1 };
	int status = parse_arguments(&x.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&x);
	clean_up(&x);
	return status;
}
