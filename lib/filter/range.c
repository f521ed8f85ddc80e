/* SPDX-License-Identifier: MIT */
/* Ranges of values: arithmetic on all of them at once. */
#include <linux/filter.h>

#include "range-internal.h"

/* So many values are computed one by one, which is exact; more are bounded. */
#define FEW 64

static uint32_t gcd(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* From lo to at most hi, in steps: hi becomes the last value that a step leads to. */
static struct l2range make(uint32_t lo, uint32_t hi, uint32_t step)
{
	if (lo == hi || step > hi - lo)
		return l2range_of(lo);
	return (struct l2range) { lo, hi - (hi - lo) % step, step };
}

static uint64_t count(struct l2range r)
{
	return l2range_is_one(r) ? 1 : (uint64_t)(r.hi - r.lo) / r.step + 1;
}

static uint32_t nth(struct l2range r, uint32_t n)
{
	return r.lo + n * r.step;
}

/* The first value from @first on, which must not be above the last one. */
static uint32_t next_from(struct l2range r, uint32_t first)
{
	uint32_t beyond;

	if (first <= r.lo)
		return r.lo;
	beyond = (first - r.lo) % r.step;
	return beyond ? first + (r.step - beyond) : first;
}

bool l2range_meets(struct l2range r, uint32_t first, uint32_t last)
{
	return first <= r.hi && next_from(r, first) <= last;
}

struct l2range l2range_join(struct l2range a, struct l2range b)
{
	uint32_t lo = a.lo < b.lo ? a.lo : b.lo;
	uint32_t hi = a.hi > b.hi ? a.hi : b.hi;
	uint32_t apart = a.lo > b.lo ? a.lo - b.lo : b.lo - a.lo;

	return make(lo, hi, gcd(gcd(a.step, b.step), apart));
}

static uint32_t compute(unsigned int operation, uint32_t a, uint32_t b)
{
	switch (operation) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV: /* by 0 ends the program: there is no result */
		return b ? a / b : 0;
	case BPF_MOD:
		return b ? a % b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	default: /* BPF_NEG */
		return 0 - a;
	}
}

static struct l2range compute_each(unsigned int operation, struct l2range a, struct l2range b)
{
	struct l2range all = l2range_of(compute(operation, a.lo, b.lo));
	uint32_t i;
	uint32_t k;

	for (i = 0; i < count(a); i++)
		for (k = 0; k < count(b); k++)
			all = l2range_join(all,
					   l2range_of(compute(operation, nth(a, i), nth(b, k))));
	return all;
}

/* The bounds, unless they exceed 32 bits: then the values wrap around and may be anything. */
static struct l2range bounded(uint64_t lo, uint64_t hi, uint64_t step)
{
	if (hi > UINT32_MAX)
		return l2range_any();
	return make((uint32_t)lo, (uint32_t)hi, (uint32_t)step);
}

static struct l2range multiply(struct l2range a, uint32_t by)
{
	return bounded((uint64_t)a.lo * by, (uint64_t)a.hi * by, (uint64_t)a.step * by);
}

/* The least 2^n - 1 that is not below the value. */
static uint32_t all_ones(uint32_t value)
{
	unsigned int shift;

	for (shift = 1; shift < 32; shift *= 2)
		value |= value >> shift;
	return value;
}

/* With masks whose lower bits are 0 the results keep a distance. */
static struct l2range mask(struct l2range a, struct l2range b)
{
	uint32_t hi = a.hi < b.hi ? a.hi : b.hi;

	if (l2range_is_one(b) && b.lo)
		return make(0, hi, b.lo & (0 - b.lo));
	return l2range_up_to(hi);
}

static struct l2range compute_by_one(unsigned int operation, struct l2range a, uint32_t b)
{
	switch (operation) {
	case BPF_MUL:
		return multiply(a, b);
	case BPF_LSH:
		return multiply(a, (uint32_t)1 << (b & 31));
	case BPF_RSH:
		return make(a.lo >> (b & 31), a.hi >> (b & 31), 1);
	case BPF_DIV:
		return b ? make(a.lo / b, a.hi / b, 1) : l2range_any();
	case BPF_MOD:
		return b ? l2range_up_to(a.hi < b ? a.hi : b - 1) : l2range_any();
	default:
		return l2range_any();
	}
}

struct l2range l2range_compute(unsigned int operation, struct l2range a, struct l2range b)
{
	if (count(a) <= FEW && count(b) <= FEW && count(a) * count(b) <= FEW)
		return compute_each(operation, a, b);
	switch (operation) {
	case BPF_ADD:
		return bounded((uint64_t)a.lo + b.lo, (uint64_t)a.hi + b.hi, gcd(a.step, b.step));
	case BPF_SUB:
		return a.lo >= b.hi ? make(a.lo - b.hi, a.hi - b.lo, gcd(a.step, b.step))
				    : l2range_any();
	case BPF_AND:
		return mask(a, b);
	case BPF_OR:
	case BPF_XOR:
		return l2range_up_to(all_ones(a.hi | b.hi));
	default:
		return l2range_is_one(b) ? compute_by_one(operation, a, b.lo) : l2range_any();
	}
}

/* Cuts off what is below @first and above @last. */
static bool keep(struct l2range *r, uint32_t first, uint32_t last)
{
	uint32_t lo;

	if (first > last || !l2range_meets(*r, first, last))
		return false;
	lo = next_from(*r, first);
	*r = make(lo, r->hi < last ? r->hi : last, r->step ? r->step : 1);
	return true;
}

static bool keep_other_than(struct l2range *r, uint32_t k)
{
	if (l2range_is_one(*r))
		return r->lo != k;
	if (r->lo == k)
		return keep(r, k + 1, r->hi);
	if (r->hi == k)
		return keep(r, r->lo, k - 1);
	return true;
}

static bool keep_masked(struct l2range *r, uint32_t k, bool holds)
{
	struct l2range kept = *r;
	bool found = false;
	uint32_t i;

	if (count(*r) > FEW)
		return true;
	for (i = 0; i < count(*r); i++) {
		uint32_t value = nth(*r, i);

		if (!!(value & k) != holds)
			continue;
		kept = found ? l2range_join(kept, l2range_of(value)) : l2range_of(value);
		found = true;
	}
	*r = kept;
	return found;
}

bool l2range_compare(struct l2range *r, unsigned int comparison, uint32_t k, bool holds)
{
	switch (comparison) {
	case BPF_JEQ:
		return holds ? keep(r, k, k) : keep_other_than(r, k);
	case BPF_JGT:
		if (!holds)
			return keep(r, 0, k);
		return k < UINT32_MAX && keep(r, k + 1, UINT32_MAX);
	case BPF_JGE:
		if (holds)
			return keep(r, k, UINT32_MAX);
		return k > 0 && keep(r, 0, k - 1);
	default: /* BPF_JSET */
		return keep_masked(r, k, holds);
	}
}
