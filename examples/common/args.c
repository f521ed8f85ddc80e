/* SPDX-License-Identifier: MIT */
/* What all programs do with their arguments. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/l2sock.h>

#include "args.h"

int args_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret)
{
	unsigned long long value;

	/* strtoull() takes blanks and signs: "-1" would be a large number. */
	if (!text[0] || text[strspn(text, "0123456789")])
		return -1;
	errno = 0;
	value = strtoull(text, NULL, 10);
	if (errno || value < least || value > most)
		return -1;
	*ret = value;
	return 0;
}

static void complain(const char *program, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void complain(const char *program, const char *format, va_list args)
{
	fprintf(stderr, "%s: ", program);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void args_complain(const char *program, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(program, format, args);
	va_end(args);
}

int args_misused(const char *program, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(program, format, args);
	va_end(args);
	fprintf(stderr, "Try: %s --help\n", program);
	return EXIT_USAGE;
}

int args_number_of(const char *program, const char *option, uint64_t least, uint64_t most,
		   uint64_t *ret)
{
	if (args_number(optarg, least, most, ret) == 0)
		return 0;
	return args_misused(program, "%s %s: not a number from %" PRIu64 " to %" PRIu64, option,
			    optarg, least, most);
}

static void show_version(const char *program)
{
	uint32_t v = l2sock_version();

	printf("%s %d.%d.%d (libl2sock %u.%u.%u)\n", program, L2_VERSION_MAJOR, L2_VERSION_MINOR,
	       L2_VERSION_MICRO, v >> 16, v >> 8 & 0xff, v & 0xff);
}

int args_read(const struct args_syntax *syntax, void *into, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, syntax->letters, syntax->options, NULL)) >= 0) {
		switch (option) {
		case ARGS_HELP:
			fputs(syntax->help, stdout);
			return EXIT_OK;
		case ARGS_VERSION:
			show_version(syntax->program);
			return EXIT_OK;
		case '?': /* getopt has told what is wrong */
			fprintf(stderr, "Try: %s --help\n", syntax->program);
			return EXIT_USAGE;
		default:
			if (syntax->take(into, option))
				return EXIT_USAGE;
		}
	}
	return -1;
}
