/* SPDX-License-Identifier: MIT */
/* Every way of adding up bytes against one that takes them one by one, in the order of the wire. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <l2sock/csum.h>

#include "../../lib/csum/csum-internal.h"
#include "case.h"

#define LENGTHS 3100 /* beyond where the widest variant begins with its longest blocks */
#define SHORT   300  /* beyond where every variant has used all its other parts */
#define OFFSETS 64
#define MARGIN  64

static uint32_t seed = 1;

static uint32_t draw(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static void fill_randomly(uint8_t *bytes, size_t n)
{
	while (n--)
		*bytes++ = (uint8_t)draw();
}

/* The bytes of the wire, first one first. */
static uint16_t wire_order(uint16_t value)
{
	const uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };
	uint16_t n;

	memcpy(&n, bytes, sizeof(n));
	return n;
}

/* Takes the byte at a distance from the start. */
static void one_more(uint64_t *sum, uint8_t byte, size_t at)
{
	*sum += at % 2 ? byte : (uint64_t)byte << 8;
}

static uint16_t folded(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return wire_order((uint16_t)sum);
}

static uint16_t bytewise(const uint8_t *data, size_t len)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		one_more(&sum, data[i], i);
	return folded(sum);
}

static uint16_t sum_by(const struct l2csum_variant *v, const uint8_t *data, size_t len)
{
	struct l2csum c = { 0 };

	v->add(&c, data, len);
	return l2csum_fold(&c);
}

static uint16_t copy_by(const struct l2csum_variant *v, uint8_t *to, const uint8_t *from,
			size_t len)
{
	struct l2csum c = { 0 };

	v->copy(&c, to, from, len);
	return l2csum_fold(&c);
}

/* Calls the function for every way that works here; the last one does everywhere. */
static void with_each(void (*check)(const struct l2csum_variant *v))
{
	const struct l2csum_variant *const *v;

	for (v = l2csum_variants; *v; v++)
		if ((*v)->usable())
			check(*v);
}

static void check_lengths(const struct l2csum_variant *v, const uint8_t *bytes, size_t lengths)
{
	static uint8_t room[MARGIN + LENGTHS + MARGIN];
	uint8_t *copy = room + MARGIN;
	uint64_t sum = 0;
	size_t len;

	for (len = 0; len < lengths; len++) {
		REQUIRE_EQ(sum_by(v, bytes, len), folded(sum));
		memset(room, 0xa5, MARGIN + len + MARGIN);
		REQUIRE_EQ(copy_by(v, copy, bytes, len), folded(sum));
		REQUIRE(memcmp(copy, bytes, len) == 0);
		REQUIRE_EQ(copy[-1], 0xa5);
		REQUIRE_EQ(copy[len], 0xa5);
		one_more(&sum, bytes[len], len);
	}
}

static void check_offsets(const struct l2csum_variant *v)
{
	static uint8_t bytes[OFFSETS + LENGTHS];
	size_t offset;

	for (offset = 0; offset < OFFSETS; offset++) {
		fill_randomly(bytes, sizeof(bytes));
		check_lengths(v, bytes + offset, offset < 2 ? LENGTHS : SHORT);
	}
}

CASE(csum, all_lengths_and_offsets)
{
	with_each(check_offsets);
}

/* Zeros, the highest carries, the signs of words and of bytes. */
static void check_fills(const struct l2csum_variant *v)
{
	static const uint8_t fills[] = { 0x00, 0xff, 0x80, 0x7f, 0x01 };
	static uint8_t bytes[1 + LENGTHS];
	size_t i;

	for (i = 0; i < sizeof(fills); i++) {
		memset(bytes, fills[i], sizeof(bytes));
		check_lengths(v, bytes, 4 * SHORT);
		check_lengths(v, bytes + 1, SHORT);
	}
}

CASE(csum, uniform_bytes)
{
	with_each(check_fills);
}

static uint8_t *big;

/* Beyond all that fits 32 bits: 65537 words of 0xffff do not. */
static void check_big(const struct l2csum_variant *v)
{
	static const size_t sizes[] = { 131072, 131074, 262147, (1 << 20) + 1, (3 << 20) + 4095 };
	static const int fills[] = { 0x00, 0xff, 0x80, 0x7f, -1 };
	size_t i, j;

	for (i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
		if (fills[i] < 0)
			fill_randomly(big, 4 << 20);
		else
			memset(big, fills[i], 4 << 20);
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++)
			REQUIRE_EQ(sum_by(v, big + 1, sizes[j]), bytewise(big + 1, sizes[j]));
	}
}

CASE(csum, megabytes)
{
	big = malloc(4 << 20);
	REQUIRE(big);
	with_each(check_big);
	free(big);
}

/* Some pages that end, and begin, where nothing can be read. */
static uint8_t *between_guards(size_t *size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t pages = 2 + (2 * LENGTHS + page - 1) / page;
	uint8_t *all = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(all != MAP_FAILED);
	*size = (pages - 2) * page;
	REQUIRE(mprotect(all + page, *size, PROT_READ | PROT_WRITE) == 0);
	return all + page;
}

static void check_guards(const struct l2csum_variant *v)
{
	size_t from_size, to_size, len;
	uint8_t *from = between_guards(&from_size);
	uint8_t *to = between_guards(&to_size);
	uint8_t *last = from + from_size;

	fill_randomly(from, from_size);
	for (len = 0; len < LENGTHS; len++) {
		REQUIRE_EQ(sum_by(v, from, len), bytewise(from, len));
		REQUIRE_EQ(sum_by(v, last - len, len), bytewise(last - len, len));
		copy_by(v, to, last - len, len);
		REQUIRE(memcmp(to, last - len, len) == 0);
		copy_by(v, to + to_size - len, from, len);
		REQUIRE(memcmp(to + to_size - len, from, len) == 0);
	}
}

CASE(csum, nothing_beyond_the_ends)
{
	with_each(check_guards);
}

CASE(csum, nothing_at_all)
{
	struct l2csum c = { 0 };
	const struct l2piece none = { NULL, 0 };

	l2csum_add(&c, NULL, 0);
	l2csum_addv(&c, &none, 1);
	l2csum_addv(&c, NULL, 0);
	l2csum_copy(&c, NULL, NULL, 0);
	REQUIRE_EQ(c.sum, 0);
	REQUIRE_EQ(c.odd, 0);
	REQUIRE_EQ(l2csum_finish(&c), 0xffff);
	REQUIRE_EQ(l2csum_compute(NULL, 0), 0xffff);
}

/* Bytes cut at random, each piece laid down at a place of its own. */
struct cut {
	uint8_t whole[3000];
	uint8_t pieces[2 * 3000 + 64 * 16];
	struct l2piece list[64];
	size_t len;
	size_t n;
};

static void cut_randomly(struct cut *c)
{
	size_t at = 0;
	size_t to = 0;

	c->len = draw() % sizeof(c->whole);
	fill_randomly(c->whole, c->len);
	for (c->n = 0; at < c->len; c->n++) {
		size_t n = draw() % 3 ? draw() % 5 : draw() % 700;

		if (n > c->len - at || c->n + 1 == sizeof(c->list) / sizeof(c->list[0]))
			n = c->len - at;
		to += draw() % 16;
		memcpy(c->pieces + to, c->whole + at, n);
		c->list[c->n] = (struct l2piece) { c->pieces + to, n };
		at += n;
		to += n;
	}
}

static void check_cuts(const struct l2csum_variant *v)
{
	static struct cut cut;
	static uint8_t copy[sizeof(cut.whole)];
	int round;

	l2csum_use(v);
	for (round = 0; round < 2000; round++) {
		struct l2csum added = { 0 };
		struct l2csum listed = { 0 };
		struct l2csum copied = { 0 };
		struct l2csum appended = { 0 };
		size_t at = 0;
		size_t i;
		uint16_t sum;

		cut_randomly(&cut);
		sum = bytewise(cut.whole, cut.len);
		for (i = 0; i < cut.n; i++) {
			struct l2csum next = { 0 };

			l2csum_add(&added, cut.list[i].data, cut.list[i].len);
			l2csum_copy(&copied, copy + at, cut.list[i].data, cut.list[i].len);
			l2csum_add(&next, cut.list[i].data, cut.list[i].len);
			l2csum_append(&appended, &next);
			at += cut.list[i].len;
		}
		l2csum_addv(&listed, cut.list, cut.n);
		REQUIRE_EQ(l2csum_fold(&added), sum);
		REQUIRE_EQ(l2csum_fold(&listed), sum);
		REQUIRE_EQ(l2csum_fold(&copied), sum);
		REQUIRE_EQ(l2csum_fold(&appended), sum);
		REQUIRE_EQ(added.odd, cut.len % 2);
		REQUIRE(memcmp(copy, cut.whole, cut.len) == 0);
		REQUIRE_EQ(l2csum_compute(cut.whole, cut.len), (uint16_t)~sum);
	}
}

CASE(csum, pieces_of_odd_lengths)
{
	with_each(check_cuts);
}

/* A sum that a program has added up for years. */
CASE(csum, accumulator_at_its_limit)
{
	const uint8_t bytes[6] = { 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa };
	struct l2csum c = { .sum = UINT64_MAX };
	struct l2csum odd = { .sum = UINT64_MAX, .odd = 1 };

	l2csum_add(&c, bytes, sizeof(bytes));
	REQUIRE_EQ(l2csum_fold(&c), bytewise(bytes, sizeof(bytes)));
	l2csum_add(&odd, bytes + 1, sizeof(bytes) - 1);
	REQUIRE_EQ(l2csum_fold(&odd),
		   bytewise((const uint8_t[]) { 0, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa }, 6));
}

/* The first call finds out what the machine can; here each case is a process of its own. */
CASE(csum, first_call)
{
	const uint8_t bytes[3] = { 1, 2, 3 };
	uint8_t copy[3] = { 0 };
	struct l2csum c = { 0 };

	l2csum_copy(&c, copy, bytes, sizeof(bytes));
	REQUIRE_EQ(l2csum_fold(&c), bytewise(bytes, sizeof(bytes)));
	REQUIRE(memcmp(copy, bytes, sizeof(bytes)) == 0);
	REQUIRE_EQ(l2csum_compute(bytes, sizeof(bytes)), (uint16_t)~bytewise(bytes, sizeof(bytes)));
}
