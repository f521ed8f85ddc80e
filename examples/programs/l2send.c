/* SPDX-License-Identifier: MIT */
/* l2send - send frames: typed in hex, from a file, or from a capture file */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/l2sock.h>

#include "args.h"
#include "capfile.h"
#include "hex.h"
#include "opening.h"
#include "outbox.h"
#include "stop.h"

#define PROGRAM "l2send"

enum source { SOURCE_NONE = 0, SOURCE_HEX, SOURCE_FILE, SOURCE_PCAP };

struct options {
	const char *ifname;
	const char *netns; /* NULL: this one */
	enum source source;
	const char *argument; /* of the source */
	const char *cooked;   /* address and ethertype, or NULL */
	uint64_t count;
	uint64_t batch;
	bool legacy;
};

struct sender {
	struct options options;
	struct l2sock *s;
	struct capfile *file; /* of SOURCE_PCAP */
	uint8_t *frame;       /* of the others */
	size_t frame_len;
	struct outbox out;
};

static const char help[] =
	"Usage: l2send -i IFACE [-c COUNT] [-b FRAMES] [--netns NAME]\n"
	"              [--cooked ADDRESS,TYPE | --legacy]\n"
	"              --hex BYTES | --file FILE | --pcap FILE\n"
	"Send Ethernet frames as they are, from the destination address on.\n"
	"\n"
	"  -i IFACE      the interface\n"
	"  -c COUNT      send it all so often; default 1\n"
	"  -b FRAMES     send so many together, 1 to 1024; default 1\n"
	"  --netns NAME\n"
	"                in the network namespace of that name of ip-netns(8), or path\n"
	"  --cooked ADDRESS,TYPE\n"
	"                send what stands behind the Ethernet header, which the kernel\n"
	"                makes: of the receiver's address and the type in hexadecimal\n"
	"  --legacy      send by the kernel's oldest kind of packet socket\n"
	"  --hex BYTES   one frame in hexadecimal digits; blanks, colons, dashes and\n"
	"                line ends may stand between the bytes\n"
	"  --file FILE   one frame, the bytes of the file; - is stdin\n"
	"  --pcap FILE   every frame of a capture file, in order; - is stdin\n"
	"  --help        show this\n"
	"  --version     show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 all sent, 1 some failed,\n"
	"2 misused or could not start.\n";

static int send_captured(struct sender *x, const struct capframe *frame)
{
	char sentence[128];

	if (frame->len >= frame->wire_len)
		return outbox_add(&x->out, frame->data, frame->len);
	snprintf(sentence, sizeof(sentence), "%s: a frame of %u bytes was cut to %u: not sent",
		 x->options.argument, frame->wire_len, frame->len);
	outbox_fail(&x->out, sentence);
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
			outbox_fail(&x->out, capfile_why(x->file));
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
		x->out.failed++;
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
			r = outbox_add(&x->out, x->frame, x->frame_len);
	}
	if (x->out.n && !stop_requested())
		outbox_flush(&x->out);
	complaints_sum(&x->out.complaints, PROGRAM);
	printf("%" PRIu64 " sent, %" PRIu64 " failed\n", x->out.sent, x->out.failed);
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

/* ADDRESS,TYPE: the receiver's address, and the ethertype as four digits. */
static int read_cooked(struct sender *x)
{
	struct l2tx *model = &x->out.model;
	char address[3 * L2_ADDR_MAX];
	uint8_t type[2];
	char why[128];
	const char *comma = strchr(x->options.cooked, ',');
	long n;

	if (!comma || (size_t)(comma - x->options.cooked) >= sizeof(address))
		return refuse_start("--cooked: not an address, a comma and an ethertype");
	snprintf(address, sizeof(address), "%.*s", (int)(comma - x->options.cooked),
		 x->options.cooked);
	n = hex_read(address, model->addr, sizeof(model->addr), why, sizeof(why));
	if (n < 1 || hex_read(comma + 1, type, sizeof(type), why, sizeof(why)) != 2)
		return refuse_start("--cooked: not an address, a comma and an ethertype");
	model->addr_len = (uint8_t)n;
	model->protocol = (uint16_t)(type[0] << 8 | type[1]);
	return 0;
}

static uint32_t type_of(const struct options *o)
{
	if (o->cooked)
		return L2SOCK_TYPE_COOKED;
	return o->legacy ? L2SOCK_TYPE_LEGACY : L2SOCK_TYPE_RAW;
}

static int prepare_outbox(struct sender *x)
{
	x->out.program = PROGRAM;
	x->out.room = (size_t)x->options.batch;
	if (x->options.cooked && read_cooked(x) < 0)
		return -1;
	return outbox_open(&x->out) < 0 ? refuse_start(strerror(ENOMEM)) : 0;
}

/* Never bound: the handle sends and receives nothing. */
static int open_handle(struct sender *x)
{
	const struct opening opening = { .ifname = x->options.ifname,
					 .netns = x->options.netns,
					 .type = type_of(&x->options) };
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err };

	if (opening_open(&opening, &opts, &x->s) < 0)
		return refuse_start(err.text);
	x->out.s = x->s;
	stop_on_signals(x->s);
	return 0;
}

static int run(struct sender *x)
{
	if (prepare_source(x) < 0 || prepare_outbox(x) < 0 || open_handle(x) < 0)
		return EXIT_USAGE;
	send_all(x);
	if (fflush(stdout)) {
		args_complain(PROGRAM, "stdout: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return x->out.failed ? EXIT_FAILED : EXIT_OK;
}

static void clean_up(struct sender *x)
{
	stop_on_signals(NULL);
	capfile_close(x->file);
	l2sock_close(x->s);
	outbox_close(&x->out);
	free(x->frame);
}

enum {
	OPTION_HEX = ARGS_OWN,
	OPTION_FILE,
	OPTION_PCAP,
	OPTION_COOKED,
	OPTION_LEGACY,
	OPTION_NETNS,
};

static const struct option long_options[] = {
	{ "hex", required_argument, NULL, OPTION_HEX },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "pcap", required_argument, NULL, OPTION_PCAP },
	{ "cooked", required_argument, NULL, OPTION_COOKED },
	{ "legacy", no_argument, NULL, OPTION_LEGACY },
	{ "netns", required_argument, NULL, OPTION_NETNS },
	ARGS_COMMON,
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
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'i':
		o->ifname = optarg;
		return 0;
	case 'c':
		return args_number_of(PROGRAM, "-c", 1, UINT64_MAX, &o->count);
	case 'b':
		return args_number_of(PROGRAM, "-b", 1, OUTBOX_MOST, &o->batch);
	case OPTION_COOKED:
		o->cooked = optarg;
		return 0;
	case OPTION_LEGACY:
		o->legacy = true;
		return 0;
	case OPTION_NETNS:
		o->netns = optarg;
		return 0;
	case OPTION_HEX:
		return choose_source(o, SOURCE_HEX);
	case OPTION_FILE:
		return choose_source(o, SOURCE_FILE);
	case OPTION_PCAP:
		return choose_source(o, SOURCE_PCAP);
	}
	return 0;
}

static int check_options(const struct options *o, int argc, char **argv)
{
	if (optind < argc)
		return args_misused(PROGRAM, "%s: takes no such argument", argv[optind]);
	if (!o->ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	if (o->source == SOURCE_NONE)
		return args_misused(PROGRAM, "nothing to send: --hex, --file or --pcap is missing");
	if (o->cooked && o->legacy)
		return args_misused(PROGRAM, "one of --cooked and --legacy");
	if (o->cooked && o->source == SOURCE_PCAP)
		return args_misused(PROGRAM, "--cooked: the frames of --pcap have their headers");
	if (o->source == SOURCE_PCAP && !strcmp(o->argument, "-") && o->count > 1)
		return args_misused(PROGRAM, "--pcap -: stdin can be sent once only");
	return -1;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:c:b:",
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
	struct sender x = { .options = { .count = 1, .batch = 1 } };
	int status = parse_arguments(&x.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&x);
	clean_up(&x);
	return status;
}
