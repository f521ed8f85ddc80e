/* SPDX-License-Identifier: MIT */
/* l2check - name the layers of captured frames and judge their checksums, or correct them */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/frame.h>
#include <l2sock/verdict.h>

#include "args.h"
#include "capfile.h"
#include "text.h"

#define PROGRAM     "l2check"
#define LINES_BYTES (64u << 10)
#define VERDICTS    (L2VERDICT_UNKNOWN + 1)

struct options {
	const char *in;
	const char *out;
	bool fix;
};

struct check {
	struct options options;
	struct capfile *in;
	struct capfile *out;
	uint8_t *frame; /* a copy, to be corrected */
	uint64_t frames;
	uint64_t fixed;
	uint64_t sums[VERDICTS]; /* by verdict; after correction */
};

static const char help[] =
	"Usage: l2check -r FILE\n"
	"       l2check --fix -r FILE -w FILE\n"
	"Name the layers of captured Ethernet frames and judge their checksums, or\n"
	"correct these.\n"
	"\n"
	"  -r FILE    the capture file; - is stdin\n"
	"  --fix      write the frames with correct checksums\n"
	"  -w FILE    to this capture file; - is stdout\n"
	"  --help     show this\n"
	"  --version  show the version\n"
	"\n"
	"Exit status: 0 read to the end, no checksum is bad; 1 some are; 2 misused, or a\n"
	"file could not be read or written.\n";

static const char *const verdicts[VERDICTS] = {
	[L2VERDICT_NONE] = NULL,
	[L2VERDICT_GOOD] = "good",
	[L2VERDICT_BAD] = "bad",
	[L2VERDICT_ABSENT] = "absent",
	[L2VERDICT_NOT_READY] = "not-ready",
	[L2VERDICT_FRAGMENT] = "fragment",
	[L2VERDICT_TRUNCATED] = "truncated",
	[L2VERDICT_UNKNOWN] = "unknown",
};

/* As in "eth/vlan/ip4/udp", and what ended the walk when that was not the payload. */
static void write_layers(struct text *t, const struct l2parse *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		text_str(t, i ? "/" : " ");
		text_str(t, l2proto_name(p->layer[i].proto));
	}
	if (!p->n)
		text_str(t, " none");
	if (p->stop == L2PARSE_TRUNCATED)
		text_str(t, " truncated");
	else if (p->stop == L2PARSE_MALFORMED)
		text_str(t, " malformed");
}

/* As in " ip4=good udp=bad". */
static void judge(struct check *c, const struct l2parse *p, struct text *t)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		int verdict = l2parse_verdict(p, i);

		if (verdict <= L2VERDICT_NONE || verdict >= VERDICTS)
			continue;
		c->sums[verdict]++;
		text_str(t, " ");
		text_str(t, l2proto_name(p->layer[i].proto));
		text_str(t, "=");
		text_str(t, verdicts[verdict]);
	}
}

static int refuse(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

static int complain_output(const struct check *c)
{
	args_complain(PROGRAM, "%s: %s", c->out ? c->options.out : "stdout", strerror(errno));
	return -1;
}

/* A line with the verdicts, or the corrected frame. */
static int check_frame(struct check *c, struct l2pkt *pkt)
{
	struct text t = { .len = 0 };
	struct l2parse p;
	int fixed;

	l2parse_pkt(&p, pkt, 0);
	if (c->options.fix) {
		fixed = l2parse_fix(&p, pkt->data);
		c->fixed += fixed > 0 ? (uint64_t)fixed : 0;
	}
	text_dec(&t, ++c->frames);
	write_layers(&t, &p);
	judge(c, &p, &t);
	text_str(&t, "\n");
	if (c->options.fix)
		return capfile_write(c->out, pkt) < 0 ? complain_output(c) : 0;
	return fwrite(t.buf, t.len, 1, stdout) == 1 ? 0 : complain_output(c);
}

static int check_all(struct check *c)
{
	struct capframe frame;
	int got;

	while ((got = capfile_read(c->in, &frame)) > 0) {
		struct l2pkt pkt = { .data = c->frame,
				     .len = frame.len,
				     .wire_len = frame.wire_len,
				     .timestamp = frame.timestamp,
				     .valid = L2_VALID_WIRE_LEN };

		if (frame.len > L2_FRAME_MAX)
			return refuse("a frame is longer than any");
		memcpy(c->frame, frame.data, frame.len);
		if (check_frame(c, &pkt) < 0)
			return -1;
	}
	return got < 0 ? refuse(capfile_why(c->in)) : 0;
}

/* Beside the frames, which may go to stdout. */
static void sum_up(const struct check *c)
{
	FILE *to = c->options.fix ? stderr : stdout;
	int i;

	fprintf(to, "%" PRIu64 " frames", c->frames);
	if (c->options.fix)
		fprintf(to, ", %" PRIu64 " checksums corrected", c->fixed);
	for (i = L2VERDICT_GOOD; i < VERDICTS; i++)
		fprintf(to, ", %" PRIu64 " %s", c->sums[i], verdicts[i]);
	fputc('\n', to);
}

static int start(struct check *c)
{
	char why[512];

	c->frame = malloc(L2_FRAME_MAX);
	if (!c->frame)
		return refuse(strerror(ENOMEM));
	c->in = capfile_open(c->options.in, why, sizeof(why));
	if (!c->in)
		return refuse(why);
	if (!c->options.fix)
		return setvbuf(stdout, NULL, _IOFBF, LINES_BYTES);
	c->out = capfile_create(c->options.out, L2_FRAME_MAX, why, sizeof(why));
	return c->out ? 0 : refuse(why);
}

static int run(struct check *c)
{
	if (start(c) < 0 || check_all(c) < 0)
		return EXIT_USAGE;
	sum_up(c);
	if (c->out ? capfile_flush(c->out) < 0 : fflush(stdout) != 0) {
		complain_output(c);
		return EXIT_USAGE;
	}
	return c->sums[L2VERDICT_BAD] ? EXIT_FAILED : EXIT_OK;
}

static void clean_up(struct check *c)
{
	capfile_close(c->in);
	capfile_close(c->out);
	free(c->frame);
}

enum { OPTION_FIX = ARGS_OWN };

static const struct option long_options[] = {
	{ "fix", no_argument, NULL, OPTION_FIX },
	ARGS_COMMON,
};

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'r':
		o->in = optarg;
		return 0;
	case 'w':
		o->out = optarg;
		return 0;
	case OPTION_FIX:
		o->fix = true;
		return 0;
	}
	return 0;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "r:w:",
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
	if (!o->in)
		return args_misused(PROGRAM, "-r FILE is missing");
	if (o->fix != (o->out != NULL))
		return args_misused(PROGRAM, "--fix and -w FILE belong together");
	return -1;
}

int main(int argc, char **argv)
{
	struct check c = { 0 };
	int status = parse_arguments(&c.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&c);
	clean_up(&c);
	return status;
}
