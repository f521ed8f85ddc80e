/* SPDX-License-Identifier: MIT */
/* What all programs do with their arguments. */
#ifndef ARGS_H
#define ARGS_H

#include <stdint.h>

/* Exit statuses. */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* while running */
	EXIT_USAGE = 2,  /* or could not start */
};

/* Reads a decimal number and nothing else. Returns 0, or -1 when it is none or out of range. */
int args_number(const char *text, uint64_t least, uint64_t most, uint64_t *ret);

/* Writes "PROGRAM: ..." to stderr. */
void args_complain(const char *program, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with a hint at --help; returns EXIT_USAGE. */
int args_misused(const char *program, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void args_version(const char *program);

#endif /* ARGS_H */
