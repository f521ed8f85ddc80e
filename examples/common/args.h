/* SPDX-License-Identifier: MIT */
/* What all programs do with their arguments. */
#ifndef ARGS_H
#define ARGS_H

#include <getopt.h>
#include <stdint.h>

/* Exit statuses. */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* while running */
	EXIT_USAGE = 2,  /* or could not start */
};

/* Every program has these long options; its own are numbered from ARGS_OWN on. */
enum { ARGS_HELP = 256, ARGS_VERSION, ARGS_OWN };

/* The end of the list of long options. */
/* clang-format off */
#define ARGS_COMMON                                        \
	{ "help", no_argument, NULL, ARGS_HELP },          \
	{ "version", no_argument, NULL, ARGS_VERSION },    \
	{ NULL, 0, NULL, 0 }
/* clang-format on */

/* The options that a program takes. */
struct args_syntax {
	const char *program;
	const char *help;
	const char *letters;          /* as getopt() wants them */
	const struct option *options; /* long ones, ARGS_COMMON last */

	/* Takes an option of the program's own: 0, or EXIT_USAGE after telling why. NULL: none. */
	int (*take)(void *into, int option);
};

/* Reads the options, up to argv[optind]. Returns -1 to go on, or the exit status. */
int args_read(const struct args_syntax *syntax, void *into, int argc, char **argv);

/* Reads a decimal number and nothing else. Returns 0, or -1 when it is none or out of range. */
int args_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret);

/* The same for an option's argument, optarg. Returns 0, or EXIT_USAGE after telling why. */
int args_number_of(const char *program, const char *option, uint64_t least, uint64_t most,
		   uint64_t *ret);

/* Writes "PROGRAM: ..." to stderr. */
void args_complain(const char *program, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with a hint at --help; returns EXIT_USAGE. */
int args_misused(const char *program, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* ARGS_H */
