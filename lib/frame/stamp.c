/* SPDX-License-Identifier: MIT */
/* Stamping: copy the frame, write what varies, and complete the sums from what stays in them. */
#include <errno.h>

#include "template-internal.h"

/* What a patch writes: the bytes in memory order, in front, and zeros behind them. */
static int fill(const struct l2stamp *t, const uint64_t *values, uint64_t *words)
{
	uint8_t i;

	for (i = 0; i < t->n_patches; i++) {
		const struct l2patch *p = &t->patches[i];
		uint64_t word = p->rest | values[i] << p->shift;

		if (values[i] > p->most)
			return -ERANGE;
		words[i] = l2bytes_swap64(word << (64 - 8 * p->n));
	}
	return 0;
}

static void put(uint8_t *to, const uint64_t *word, uint8_t n)
{
	const uint8_t *from = (const uint8_t *)word;

	if (n == 8) {
		memcpy(to, from, 8);
		return;
	}
	if (n & 4) {
		memcpy(to, from, 4);
		to += 4;
		from += 4;
	}
	if (n & 2) {
		memcpy(to, from, 2);
		to += 2;
		from += 2;
	}
	if (n & 1)
		*to = *from;
}

/* The patches of a mask, summed up as if they began at an even place. */
static uint64_t sum_patches(uint32_t mask, const uint64_t *words)
{
	uint64_t sum = 0;

	for (; mask; mask &= mask - 1) {
		uint64_t word = words[__builtin_ctz(mask)];

		sum += (word & 0xffffffff) + (word >> 32);
	}
	return sum;
}

static uint64_t sum_sums(uint32_t mask, const uint16_t *sums)
{
	uint64_t sum = 0;

	for (; mask; mask &= mask - 1)
		sum += sums[__builtin_ctz(mask)];
	return sum;
}

/* Sums cover sums: the value of each is kept for those further out. */
static void complete(const struct l2stamp *t, uint8_t *dst, const uint64_t *words)
{
	uint16_t within[L2TEMPLATE_SUMS];
	uint8_t i;

	for (i = 0; i < t->n_sums; i++) {
		const struct l2follow *f = &t->sums[i];
		uint64_t sum = f->rest + sum_patches(f->patches, words);
		uint16_t value;

		if (f->sums)
			sum += sum_sums(f->sums, within);
		if (f->odd_patches | f->odd_sums)
			sum += __builtin_bswap16(l2sum_fold(sum_patches(f->odd_patches, words) +
							    sum_sums(f->odd_sums, within)));
		value = (uint16_t)~l2sum_fold(sum);
		if (!value && f->flags & L2FOLLOW_NONZERO)
			value = 0xffff;
		/* Completed, what is left sums up to the complement of its pseudo-header. */
		within[i] = value;
		if (f->flags & L2FOLLOW_LEFT)
			value = l2sum_fold(sum);
		memcpy(dst + f->at, &value, sizeof(value));
	}
}

static int stamp(const struct l2stamp *t, uint8_t *dst, const uint64_t *values)
{
	uint64_t words[L2TEMPLATE_VALUES];
	int r = fill(t, values, words);
	uint8_t i;

	if (r < 0)
		return r;
	memcpy(dst, t->bytes, t->len);
	for (i = 0; i < t->n_patches; i++)
		put(dst + t->patches[i].at, &words[i], t->patches[i].n);
	complete(t, dst, words);
	return 0;
}

int64_t l2template_stamp(const struct l2template *template, void *dst, size_t cap,
			 const uint64_t *values)
{
	const struct l2stamp *t = (const struct l2stamp *)(const void *)template;
	int r;

	if (cap < t->len)
		return -ENOSPC;
	r = stamp(t, dst, values);
	return r < 0 ? r : (int64_t)t->len;
}

int64_t l2template_stamp_many(const struct l2template *template, void *dst, size_t stride,
			      uint32_t count, const uint64_t *values)
{
	const struct l2stamp *t = (const struct l2stamp *)(const void *)template;
	uint8_t *to = dst;
	uint32_t i;
	int r;

	if (stride < t->len)
		return -ENOSPC;
	for (i = 0; i < count; i++) {
		r = stamp(t, to, values);
		if (r < 0)
			return i ? (int64_t)i : r;
		to += stride;
		values += t->n_patches;
	}
	return count;
}
