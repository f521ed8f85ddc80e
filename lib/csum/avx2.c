/* SPDX-License-Identifier: MIT */
/* Thirty-two bytes at a time. */
#define WIDTH  32
#define TARGET __attribute__((target("avx2")))

#include "vector-internal.h"

static bool usable(void)
{
	return __builtin_cpu_supports("avx2");
}

TARGET static void add_bytes(struct l2csum *c, const void *data, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = data }, len), len);
}

TARGET static void copy_bytes(struct l2csum *c, void *dst, const void *src, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len), len);
}

const struct l2csum_variant l2csum_avx2 = { "avx2", usable, add_bytes, copy_bytes };
