/* SPDX-License-Identifier: MIT */
/* Sums of any bytes, whatever the machine. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include <l2sock/csum.h>

#include "csum-internal.h"

static void first_add(struct l2csum *c, const void *data, size_t len);
static void first_copy(struct l2csum *c, void *dst, const void *src, size_t len);

static const struct l2csum_variant first = { "first", NULL, first_add, first_copy };

/* The only variable of the library that is nobody's: the processor is asked once. */
static const struct l2csum_variant *_Atomic in_use = &first;

static const struct l2csum_variant *variant(void)
{
	return atomic_load_explicit(&in_use, memory_order_relaxed);
}

void l2csum_use(const struct l2csum_variant *v)
{
	atomic_store_explicit(&in_use, v, memory_order_relaxed);
}

/* Threads that come here at once choose the same. */
static const struct l2csum_variant *choose(void)
{
	const struct l2csum_variant *const *v = l2csum_variants;

	while (!(*v)->usable())
		v++;
	l2csum_use(*v);
	return *v;
}

static void first_add(struct l2csum *c, const void *data, size_t len)
{
	choose()->add(c, data, len);
}

static void first_copy(struct l2csum *c, void *dst, const void *src, size_t len)
{
	choose()->copy(c, dst, src, len);
}

void l2csum_add(struct l2csum *c, const void *data, size_t len)
{
	variant()->add(c, data, len);
}

void l2csum_copy(struct l2csum *c, void *dst, const void *src, size_t len)
{
	variant()->copy(c, dst, src, len);
}

void l2csum_addv(struct l2csum *c, const struct l2piece *pieces, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		l2csum_add(c, pieces[i].data, pieces[i].len);
}

static struct l2csum sum_of(const void *data, size_t len)
{
	struct l2csum c = { 0 };

	l2csum_add(&c, data, len);
	return c;
}

uint16_t l2csum_compute(const void *data, size_t len)
{
	const struct l2csum c = sum_of(data, len);

	return l2csum_finish(&c);
}

uint16_t l2csum_replace(uint16_t check, const void *from, const void *to, size_t len, size_t offset)
{
	const struct l2csum before = sum_of(from, len);
	const struct l2csum after = sum_of(to, len);
	struct l2csum change = { .sum = l2csum_finish(&before) };
	struct l2csum c = { .sum = (uint16_t)~check, .odd = offset & 1 };

	l2csum_append(&change, &after);
	l2csum_append(&c, &change);
	return l2csum_finish(&c);
}

int l2csum_complete(void *frame, size_t len, size_t start, size_t offset)
{
	uint8_t *bytes = frame;
	uint16_t check;

	if (!frame || start > len || len - start < sizeof(check) ||
	    offset > len - start - sizeof(check))
		return -EINVAL;
	check = l2csum_nonzero(l2csum_compute(bytes + start, len - start));
	memcpy(bytes + start + offset, &check, sizeof(check));
	return 0;
}
