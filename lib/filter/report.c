/* SPDX-License-Identifier: MIT */
/* What is wrong with a program, in words. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "filter-internal.h"

int l2report_insn(struct l2filter_report *report, int code, size_t index, const char *format, ...)
{
	va_list args;

	if (!report)
		return code;
	memset(report, 0, sizeof(*report));
	report->code = code;
	report->index = (uint32_t)index;
	va_start(args, format);
	vsnprintf(report->text, sizeof(report->text), format, args);
	va_end(args);
	return code;
}

int l2report_text(struct l2filter_report *report, int code, size_t line, size_t column,
		  const char *format, ...)
{
	va_list args;

	if (!report)
		return code;
	memset(report, 0, sizeof(*report));
	report->code = code;
	report->line = (uint32_t)line;
	report->column = (uint32_t)column;
	va_start(args, format);
	vsnprintf(report->text, sizeof(report->text), format, args);
	va_end(args);
	return code;
}
