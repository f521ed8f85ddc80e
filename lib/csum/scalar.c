/* SPDX-License-Identifier: MIT */
/* Eight bytes at a time, on any machine. */
#define WIDTH 8
#define TARGET

#include "vector-internal.h"

static bool usable(void)
{
	return true;
}

TARGET static uint64_t sum(const void *data, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = data }, len);
}

TARGET static uint64_t copy(void *dst, const void *src, size_t len)
{
	return sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len);
}

const struct l2csum_variant l2csum_scalar = { "scalar", usable, sum, copy };
