/* SPDX-License-Identifier: MIT */
/* Sixteen bytes at a time, which every 64-bit x86 can. */
#define WIDTH  16
#define TARGET __attribute__((target("sse2")))

#include "vector-internal.h"

static bool usable(void)
{
	return __builtin_cpu_supports("sse2");
}

TARGET static uint64_t sum(const void *data, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = data }, len);
}

TARGET static uint64_t copy(void *dst, const void *src, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len);
}

const struct l2csum_variant l2csum_sse2 = { "sse2", usable, sum, copy };
