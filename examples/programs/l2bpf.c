/* SPDX-License-Identifier: MIT */
/*
 * l2bpf - look at filter programs without a socket
 *
 * Programs speak of Ethernet frames as they are on the wire, and as they are in a capture file.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/filter.h>

#include "args.h"
#include "capfile.h"
#include "ddd.h"
#include "expression.h"

#define PROGRAM    "l2bpf"
#define TEXT_BYTES (L2_FILTER_MAX * 96)

struct options {
	const char *command;
	const char *ddd;
	const char *file;
	bool verbose;
	char **words;
	int n_words;
};

static const char help[] =
	"Usage: l2bpf COMMAND [--ddd FILE | EXPRESSION] [-r FILE] [-v]\n"
	"Look at a classic BPF program for Ethernet frames.\n"
	"\n"
	"  check       tell whether the kernel would take it: exit status 0 yes, 1 no\n"
	"  print       disassemble it\n"
	"  run         count the frames of a capture file that it chooses\n"
	"  wire        disassemble what a handle attaches: the program for frames out of\n"
	"              which the kernel has taken the VLAN tag\n"
	"\n"
	"  EXPRESSION  as in pcap-filter(7)\n"
	"  --ddd FILE  a program in the format of \"tcpdump -ddd\"; - is stdin\n"
	"  -r FILE     the capture file for run; - is stdin\n"
	"  -v          run: the numbers of these frames too, from 1;\n"
	"              check: the kernel memory it takes\n"
	"  --help      show this\n"
	"  --version   show the version\n"
	"\n"
	"Exit status: 0 done, 1 the program is refused or a file damaged, 2 misused.\n";

static int refuse(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return EXIT_FAILED;
}

static int refuse_insn(const struct l2filter_report *report)
{
	args_complain(PROGRAM, "instruction %" PRIu32 ": %s", report->index, report->text);
	return EXIT_FAILED;
}

static int check(const struct options *o, const struct ddd *program)
{
	struct l2filter_report report;

	if (l2filter_check(program->insns, program->n, &report) < 0)
		return refuse_insn(&report);
	if (o->verbose)
		printf("%zu instructions, %" PRId64 " bytes of kernel memory\n", program->n,
		       l2filter_memory(program->insns, program->n));
	return EXIT_OK;
}

static int print(const struct l2insn *insns, size_t n)
{
	char *text = malloc(TEXT_BYTES);
	int status = EXIT_OK;

	if (!text || l2filter_print(insns, n, L2FILTER_D, text, TEXT_BYTES) < 0)
		status = refuse(strerror(ENOMEM));
	else
		fputs(text, stdout);
	free(text);
	return status;
}

static int wire(const struct ddd *program)
{
	static struct l2insn insns[L2_FILTER_MAX];
	struct l2filter_report report;
	int64_t n;

	n = l2filter_wire(program->insns, program->n, 0, insns, L2_FILTER_MAX, &report);
	return n < 0 ? refuse_insn(&report) : print(insns, (size_t)n);
}

/* The kernel runs a program on the whole frame; more than the file has is not known. */
static int64_t run_on(const struct ddd *program, const struct capframe *frame)
{
	struct l2filter_facts facts;

	l2filter_facts_init(&facts, NULL);
	facts.len = frame->wire_len;
	return l2filter_run(program->insns, program->n, frame->data, frame->len, &facts);
}

static int count(const struct options *o, const struct ddd *program, struct capfile *file)
{
	struct capframe frame;
	uint64_t matches = 0;
	uint64_t nr = 0;
	int64_t r;
	int more;

	while ((more = capfile_read(file, &frame)) == 1) {
		nr++;
		r = run_on(program, &frame);
		if (r < 0) {
			args_complain(PROGRAM,
				      "frame %" PRIu64 ": the program asks for more than "
				      "the file has of it",
				      nr);
			return EXIT_FAILED;
		}
		if (!r)
			continue;
		matches++;
		if (o->verbose)
			printf("%" PRIu64 "\n", nr);
	}
	if (more < 0)
		return refuse(capfile_why(file));
	printf("%" PRIu64 "\n", matches);
	return EXIT_OK;
}

static int run(const struct options *o, const struct ddd *program)
{
	struct l2filter_report report;
	struct capfile *file;
	char why[512];
	int status;

	if (l2filter_check(program->insns, program->n, &report) < 0)
		return refuse_insn(&report);
	file = capfile_open(o->file, why, sizeof(why));
	if (!file) {
		args_complain(PROGRAM, "%s", why);
		return EXIT_USAGE;
	}
	status = count(o, program, file);
	capfile_close(file);
	return status;
}

/* Returns -1 with the program, or the exit status. */
static int load(const struct options *o, struct ddd *ret)
{
	char why[512];
	int r;

	if (o->ddd)
		r = ddd_read(ret, o->ddd, why, sizeof(why));
	else
		r = expression_compile(ret, o->words, o->n_words, why, sizeof(why));
	if (r == 0)
		return -1;
	args_complain(PROGRAM, "%s", why);
	return r == -EOPNOTSUPP ? EXIT_FAILED : EXIT_USAGE;
}

static int obey(const struct options *o)
{
	static struct ddd program;
	int status = load(o, &program);

	if (status >= 0)
		return status;
	if (!strcmp(o->command, "check"))
		return check(o, &program);
	if (!strcmp(o->command, "print"))
		return print(program.insns, program.n);
	if (!strcmp(o->command, "wire"))
		return wire(&program);
	return run(o, &program);
}

static bool is_command(const char *word)
{
	return !strcmp(word, "check") || !strcmp(word, "print") || !strcmp(word, "run") ||
	       !strcmp(word, "wire");
}

/* Returns -1 to go on, or the exit status. */
static int check_options(const struct options *o)
{
	if (!is_command(o->command))
		return args_misused(PROGRAM, "%s: no such command", o->command);
	if (!o->ddd == !o->n_words)
		return args_misused(PROGRAM, "one program is needed: --ddd FILE or an expression");
	if (!strcmp(o->command, "run") != !!o->file)
		return args_misused(PROGRAM, "-r FILE goes with run, and run with it");
	return -1;
}

enum { OPTION_DDD = ARGS_OWN };

static const struct option long_options[] = {
	{ "ddd", required_argument, NULL, OPTION_DDD },
	ARGS_COMMON,
};

static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'r':
		o->file = optarg;
		return 0;
	case 'v':
		o->verbose = true;
		return 0;
	case OPTION_DDD:
		o->ddd = optarg;
		return 0;
	}
	return 0;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "r:v",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	if (optind == argc)
		return args_misused(PROGRAM, "a command is missing");
	o->command = argv[optind];
	o->words = argv + optind + 1;
	o->n_words = argc - optind - 1;
	return check_options(o);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = parse_arguments(&o, argc, argv);

	if (status < 0)
		status = obey(&o);
	if (fflush(stdout) || ferror(stdout)) {
		args_complain(PROGRAM, "stdout: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return status;
}
