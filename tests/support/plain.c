/* SPDX-License-Identifier: MIT */
/* The plain runner: every case in a process of its own, TAP on stdout. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

#define EXIT_SKIP        77
#define CASE_TIMEOUT_SEC 240

static struct plain_case *first;

/* Constructors of one file run in its order; keep it. */
void plain_register(struct plain_case *c)
{
	struct plain_case **last = &first;

	while (*last)
		last = &(*last)->next;
	*last = c;
}

void plain_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# %s:%d: ", file, line);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	exit(EXIT_FAILURE);
}

void plain_skip(const char *why)
{
	printf("# cannot run here: %s\n", why);
	exit(test_required() ? EXIT_FAILURE : EXIT_SKIP);
}

static int run(const struct plain_case *c)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return EXIT_FAILURE;
	if (pid == 0) {
		alarm(CASE_TIMEOUT_SEC);
		c->run();
		exit(EXIT_SUCCESS);
	}
	if (waitpid(pid, &status, 0) != pid)
		return EXIT_FAILURE;
	if (WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
	struct plain_case *c;
	int number = 0;
	int failed = 0;

	for (c = first; c; c = c->next) {
		int result;

		if (only && strcmp(only, c->name))
			continue;
		result = run(c);
		failed += result != EXIT_SUCCESS && result != EXIT_SKIP;
		printf("%sok %d - %s::%s%s\n",
		       result == EXIT_SUCCESS || result == EXIT_SKIP ? "" : "not ", ++number,
		       c->suite, c->name, result == EXIT_SKIP ? " # SKIP" : "");
	}
	printf("1..%d\n", number);
	return failed || !number;
}
