/* SPDX-License-Identifier: MIT */
/* Thirty-two bytes at a time. */
#define WIDTH  32
#define TARGET __attribute__((target("avx2")))

#include "vector-internal.h"

static bool usable(void)
{
	return __builtin_cpu_supports("avx2");
}

TARGET static uint64_t sum(const void *data, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = data }, len);
}

TARGET static uint64_t copy(void *dst, const void *src, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len);
}

const struct l2csum_variant l2csum_avx2 = { "avx2", usable, sum, copy };
