/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, cut and laid down anywhere: every way of adding up must agree with the simple one, and
 * replacing must agree with adding up anew.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/csum/csum-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static uint16_t bytewise(const uint8_t *data, size_t len)
{
	uint64_t sum = 0;
	uint8_t bytes[2];
	uint16_t n;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : (uint64_t)data[i] << 8;
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	bytes[0] = (uint8_t)(sum >> 8);
	bytes[1] = (uint8_t)sum;
	memcpy(&n, bytes, sizeof(n));
	return n;
}

/* Bytes in memory that holds nothing else. */
static uint8_t *alone(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	check(copy != NULL);
	memcpy(copy, data, len);
	return copy;
}

static void add_up(const struct l2csum_variant *v, const uint8_t *data, size_t len, size_t cut)
{
	uint8_t *first = alone(data, cut);
	uint8_t *second = alone(data + cut, len - cut);
	uint8_t *to = alone(data, len);
	struct l2csum added = { 0 };
	struct l2csum copied = { 0 };

	memset(to, 0, len);
	v->add(&added, first, cut);
	v->add(&added, second, len - cut);
	v->copy(&copied, to, first, cut);
	v->copy(&copied, to + cut, second, len - cut);
	check(l2csum_fold(&added) == bytewise(data, len));
	check(l2csum_fold(&copied) == bytewise(data, len));
	check(memcmp(to, data, len) == 0);
	free(to);
	free(second);
	free(first);
}

/* The second half in place of the first, with a byte in front that keeps all from being 0. */
static void replace(const uint8_t *data, size_t len, size_t at)
{
	const size_t n = len / 2;
	uint8_t *whole = calloc(1, 1 + at + n);
	uint16_t check_before, check_after;

	check(whole != NULL);
	whole[0] = 1;
	memcpy(whole + 1 + at, data, n);
	check_before = l2csum_compute(whole, 1 + at + n);
	memcpy(whole + 1 + at, data + n, n);
	check_after = l2csum_replace(check_before, data, data + n, n, 1 + at);
	check(check_after == l2csum_compute(whole, 1 + at + n));
	free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct l2csum_variant *const *v;
	size_t cut;

	if (size < 2)
		return 0;
	cut = (size_t)(data[0] << 8 | data[1]) % (size - 1);
	for (v = l2csum_variants; *v; v++)
		if ((*v)->usable())
			add_up(*v, data + 2, size - 2, cut < size - 2 ? cut : size - 2);
	replace(data + 2, size - 2, cut % 5);
	return 0;
}
