/* SPDX-License-Identifier: MIT */
/*
 * What is known of a 32-bit value: it is one of lo, lo + step, lo + 2 * step ... hi.
 *
 * Exact for one value and for any two; header lengths and offsets fit well. A value of which
 * nothing is known is one of 0, 1 ... UINT32_MAX. Every operation gives a range that holds all
 * values possible, and perhaps some more.
 */
#ifndef L2SOCK_RANGE_INTERNAL_H
#define L2SOCK_RANGE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

struct l2range {
	uint32_t lo;
	uint32_t hi;
	uint32_t step; /* 0 when there is only one value */
};

static inline struct l2range l2range_of(uint32_t value)
{
	return (struct l2range) { value, value, 0 };
}

static inline struct l2range l2range_up_to(uint32_t hi)
{
	return (struct l2range) { 0, hi, hi ? 1 : 0 };
}

static inline struct l2range l2range_any(void)
{
	return l2range_up_to(UINT32_MAX);
}

static inline bool l2range_is_one(struct l2range r)
{
	return r.lo == r.hi;
}

/* Is one of the values within first...last? */
bool l2range_meets(struct l2range r, uint32_t first, uint32_t last);

/* All values of both. */
struct l2range l2range_join(struct l2range a, struct l2range b);

/* The results of an operation, BPF_ADD ... BPF_XOR, on any two values. */
struct l2range l2range_compute(unsigned int operation, struct l2range a, struct l2range b);

/*
 * The values with which a comparison, BPF_JEQ ... BPF_JSET, with the value @k comes out as @holds.
 * Returns false when there are none; then @r is as before.
 */
bool l2range_compare(struct l2range *r, unsigned int comparison, uint32_t k, bool holds);

#endif /* L2SOCK_RANGE_INTERNAL_H */
