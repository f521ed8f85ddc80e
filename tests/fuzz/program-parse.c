/* SPDX-License-Identifier: MIT */
/* Any text as a program; what is read is printed and read again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/filter.h>

#define INSNS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void read_again(const struct l2insn *insns, size_t n)
{
	static char text[INSNS_MAX * 80];
	static struct l2insn again[INSNS_MAX];
	int64_t len = l2filter_print(insns, n, L2FILTER_DDD, text, sizeof(text));

	check(len > 0);
	check(l2filter_parse(text, (size_t)len, again, INSNS_MAX, NULL) == (int64_t)n);
	check(!memcmp(insns, again, n * sizeof(*insns)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct l2insn insns[INSNS_MAX];
	struct l2filter_report report = { 0 };
	char *text = malloc(size + 1); /* and not size: malloc(0) may be NULL */
	int64_t n;

	memcpy(text, data, size);
	n = l2filter_parse(text, size, insns, INSNS_MAX, &report);
	if (n >= 0)
		check(n > 0 && n <= INSNS_MAX && report.code == 0);
	else
		check(report.code == n && report.line > 0 && report.column > 0 && report.text[0]);
	if (n > 0)
		read_again(insns, (size_t)n);
	free(text);
	return 0;
}
