/* SPDX-License-Identifier: MIT */
/* Translates a program in any language into that of the assembler. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/filter.h>

int main(void)
{
	static struct l2insn insns[L2_FILTER_MAX];
	static char text[1 << 20];
	struct l2filter_report report;
	size_t len = fread(text, 1, sizeof(text), stdin);
	int64_t n;

	n = l2filter_parse(text, len, insns, L2_FILTER_MAX, &report);
	if (n < 0)
		errx(1, "line %" PRIu32 ", column %" PRIu32 ": %s",
		     report.line, report.column, report.text);
	if (l2filter_check(insns, (size_t)n, &report) < 0)
		errx(1, "instruction %" PRIu32 ": %s", report.index,
		     report.text);
	l2filter_print(insns, (size_t)n, L2FILTER_ASM, text, sizeof(text));
	fputs(text, stdout);
	return 0;
}
