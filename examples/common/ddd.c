/* SPDX-License-Identifier: MIT */
/* Classic-BPF programs from files. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/filter.h>

#include "ddd.h"

/* The longest program in the wordiest language is shorter. */
#define TEXT_MAX (1u << 20)

static int read_text(FILE *file, const char *name, char *text, size_t *ret, char *why, size_t size)
{
	size_t len = fread(text, 1, TEXT_MAX, file);

	if (ferror(file))
		snprintf(why, size, "%s: %s", name, strerror(errno));
	else if (len == TEXT_MAX)
		snprintf(why, size, "%s: more than %u bytes", name, TEXT_MAX - 1);
	else {
		*ret = len;
		return 0;
	}
	return -1;
}

static int read_program(struct ddd *ret, FILE *file, const char *name, char *why, size_t size)
{
	char *text = malloc(TEXT_MAX);
	struct l2filter_report report;
	int64_t n = -1;
	size_t len;

	if (!text) {
		snprintf(why, size, "%s: %s", name, strerror(ENOMEM));
		return -1;
	}
	if (read_text(file, name, text, &len, why, size) == 0) {
		n = l2filter_parse(text, len, ret->insns, L2_FILTER_MAX, &report);
		if (n < 0)
			snprintf(why, size, "%s: line %" PRIu32 ", column %" PRIu32 ": %s", name,
				 report.line, report.column, report.text);
	}
	free(text);
	if (n < 0)
		return -1;
	ret->n = (size_t)n;
	return 0;
}

int ddd_read(struct ddd *ret, const char *path, char *why, size_t size)
{
	FILE *file;
	int result;

	if (!strcmp(path, "-"))
		return read_program(ret, stdin, "stdin", why, size);
	file = fopen(path, "re");
	if (!file) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	result = read_program(ret, file, path, why, size);
	fclose(file);
	return result;
}
