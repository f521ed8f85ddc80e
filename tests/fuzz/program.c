/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program, facts and a frame: checked, run and printed. What passes the check has to
 * run to a result, and to survive as text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/filter.h>

#define INSNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void print(const struct l2insn *insns, size_t n, int valid)
{
	static char text[INSNS_MAX * 80];
	static char second[INSNS_MAX * 80];
	struct l2insn again[INSNS_MAX];
	uint32_t style;

	for (style = L2FILTER_D; style <= L2FILTER_ASM; style++) {
		int64_t len = l2filter_print(insns, n, style, text, sizeof(text));

		check(len > 0 || (style == L2FILTER_ASM && !valid && len == -EINVAL));
		if (style == L2FILTER_D || len < 0)
			continue;
		check(l2filter_parse(text, (size_t)len, again, INSNS_MAX, NULL) == (int64_t)n);
		check(l2filter_print(again, n, style, second, sizeof(second)) == len);
		check(!strcmp(text, second));
	}
}

/* The frame in memory of its own, so that a byte too far is noticed. */
static void run(const struct l2insn *insns, size_t n, const struct l2filter_facts *facts,
		const uint8_t *data, size_t len, int valid)
{
	uint8_t *frame = malloc(len + 1);
	size_t front = facts->front % (len + 1);
	struct l2filter_facts shifted = *facts;
	int64_t r;

	memcpy(frame, data, len);
	shifted.front = (uint32_t)front;
	r = l2filter_run(insns, n, frame + front, len - front, &shifted);
	check(r >= 0 || r == -ENODATA || (r == -EINVAL && !valid));
	r = l2filter_run(insns, n, frame, len, NULL);
	check(r >= 0 || r == -ENODATA || (r == -EINVAL && !valid));
	free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct l2insn insns[INSNS_MAX];
	struct l2filter_report report;
	struct l2filter_facts facts;
	size_t n;
	int valid;

	if (size < 1 + sizeof(facts))
		return 0;
	n = 1 + data[0] % INSNS_MAX;
	memcpy(&facts, data + 1, sizeof(facts));
	data += 1 + sizeof(facts);
	size -= 1 + sizeof(facts);
	if (size < n * sizeof(insns[0]))
		return 0;
	memcpy(insns, data, n * sizeof(insns[0]));
	data += n * sizeof(insns[0]);
	size -= n * sizeof(insns[0]);
	valid = l2filter_check(insns, n, &report) == 0;
	check(valid || (report.index < n && report.text[0]));
	check(l2filter_memory(insns, n) > 0);
	run(insns, n, &facts, data, size, valid);
	print(insns, n, valid);
	return 0;
}
