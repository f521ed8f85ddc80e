/* SPDX-License-Identifier: MIT */
/* Any bytes as a match and a frame: what compiles is a program for the kernel, and runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/filter.h>
#include <l2sock/match.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct l2insn insns[L2_FILTER_MAX];
	struct l2match m;
	uint8_t *frame;
	int64_t n;
	int64_t r;

	if (size < sizeof(m))
		return 0;
	memcpy(&m, data, sizeof(m));
	m.size = sizeof(m);
	n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);
	if (n < 0) {
		check(n == -EINVAL);
		return 0;
	}
	check(l2filter_check(insns, (size_t)n, NULL) == 0);
	size -= sizeof(m);
	frame = malloc(size + 1);
	memcpy(frame, data + sizeof(m), size);
	r = l2filter_run(insns, (size_t)n, frame, size, NULL);
	check(r == 0 || r == (m.snaplen ? m.snaplen : UINT32_MAX));
	free(frame);
	return 0;
}
