/* SPDX-License-Identifier: MIT */
/* Classic-BPF programs as "tcpdump -ddd" prints them: their count, then "code jt jf k" lines. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ddd.h"

struct reader {
	FILE *file;
	const char *name;
	unsigned int line;
	char text[128]; /* the line, without its end */
	char *why;
	size_t size;
};

static int refuse(struct reader *r, const char *sentence)
{
	snprintf(r->why, r->size, "%s: line %u: %s", r->name, r->line, sentence);
	return -1;
}

/* Returns 1 with the next line, 0 at the end of the file. */
static int next_line(struct reader *r)
{
	size_t len;

	r->line++;
	if (!fgets(r->text, sizeof(r->text), r->file)) {
		if (ferror(r->file))
			return refuse(r, strerror(errno));
		return 0;
	}
	len = strlen(r->text);
	if (len && r->text[len - 1] == '\n')
		r->text[len - 1] = '\0';
	else if (!feof(r->file))
		return refuse(r, "too long, or not text");
	return 1;
}

/* Takes one decimal number off the front, and the blanks behind it; false when there is none. */
static bool take_number(const char **text, uint64_t *ret)
{
	size_t digits = strspn(*text, "0123456789");

	if (!digits || digits > 10)
		return false;
	*ret = strtoull(*text, NULL, 10);
	*text += digits;
	if (**text && **text != ' ')
		return false;
	*text += strspn(*text, " ");
	return true;
}

static int parse_count(struct reader *r, size_t *ret)
{
	const char *text = r->text;
	uint64_t n;

	if (!take_number(&text, &n) || *text)
		return refuse(r, "not a number of instructions");
	if (n < 1 || n > L2_FILTER_MAX)
		return refuse(r, "a program has 1 to 4096 instructions");
	*ret = (size_t)n;
	return 0;
}

static int parse_insn(struct reader *r, struct l2insn *ret)
{
	static const uint64_t most[] = { UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT32_MAX };
	static const char *const beyond[] = {
		"the code exceeds 65535",
		"jt exceeds 255",
		"jf exceeds 255",
		"k exceeds 4294967295",
	};
	const char *text = r->text;
	uint64_t v[4];
	int i;

	for (i = 0; i < 4; i++) {
		if (!take_number(&text, &v[i]))
			return refuse(r, "not an instruction: four numbers, code jt jf k");
		if (v[i] > most[i])
			return refuse(r, beyond[i]);
	}
	if (*text)
		return refuse(r, "more than the four numbers of an instruction");
	*ret = (struct l2insn) { (uint16_t)v[0], (uint8_t)v[1], (uint8_t)v[2], (uint32_t)v[3] };
	return 0;
}

static int read_program(struct reader *r, struct ddd *ret)
{
	size_t n = 0;
	size_t i;
	int got = next_line(r);

	if (got <= 0)
		return got < 0 ? got : refuse(r, "the file is empty");
	if (parse_count(r, &n) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		got = next_line(r);
		if (got <= 0)
			return got < 0 ? got
				       : refuse(r, "fewer instructions than the first line says");
		if (parse_insn(r, &ret->insns[i]) < 0)
			return -1;
	}
	got = next_line(r);
	if (got)
		return got < 0 ? got : refuse(r, "more instructions than the first line says");
	ret->n = n;
	return 0;
}

int ddd_read(struct ddd *ret, const char *path, char *why, size_t size)
{
	struct reader r = { .why = why, .size = size };
	int result;

	if (!strcmp(path, "-")) {
		r.file = stdin;
		r.name = "stdin";
		return read_program(&r, ret);
	}
	r.file = fopen(path, "re");
	r.name = path;
	if (!r.file) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	result = read_program(&r, ret);
	fclose(r.file);
	return result;
}
