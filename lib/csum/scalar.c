/* SPDX-License-Identifier: MIT */
/* Eight bytes at a time, on any machine. */
#define WIDTH 8
#define TARGET

#include "vector-internal.h"

static bool usable(void)
{
	return true;
}

TARGET static void add_bytes(struct l2csum *c, const void *data, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = data }, len), len);
}

TARGET static void copy_bytes(struct l2csum *c, void *dst, const void *src, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len), len);
}

const struct l2csum_variant l2csum_scalar = { "scalar", usable, add_bytes, copy_bytes };
