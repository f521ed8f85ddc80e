/* SPDX-License-Identifier: MIT */
/*
 * One body for every width. Data that do not fill a vector end in one that overlaps with what was
 * read before: nothing is masked out, for nobody wants the sum.
 */
#include <string.h>

#include "bench-limit.h"

#define LIMIT(name, width, attribute)                                       \
	typedef uint64_t name##_vector __attribute__((vector_size(width))); \
	attribute static inline __attribute__((always_inline))              \
	name##_vector name##_load(const uint8_t *from)                      \
	{                                                                   \
		name##_vector v;                                            \
		memcpy(&v, from, sizeof(v));                                \
		return v;                                                   \
	}                                                                   \
	attribute static uint64_t name(const uint8_t *data, size_t len)     \
	{                                                                   \
		name##_vector a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };   \
		uint64_t sum = 0;                                           \
		size_t at, i;                                               \
		for (at = 0; at + 4 * width <= len; at += 4 * width) {      \
			a += name##_load(data + at);                        \
			b += name##_load(data + at + width);                \
			c += name##_load(data + at + 2 * width);            \
			d += name##_load(data + at + 3 * width);            \
		}                                                           \
		for (; at + width <= len; at += width)                      \
			a += name##_load(data + at);                        \
		b += name##_load(data + len - width);                       \
		a += b + c + d;                                             \
		for (i = 0; i < width / sizeof(sum); i++)                   \
			sum += a[i];                                        \
		return sum;                                                 \
	}

#if defined(__x86_64__) || defined(__i386__)
LIMIT(read64, 64, __attribute__((target("avx512f"))))
LIMIT(read32, 32, __attribute__((target("avx2,tune=haswell"))))
#endif
LIMIT(read16, 16, )
LIMIT(read8, 8, )

uint64_t bench_limit32(const void *data, size_t len)
{
#if defined(__x86_64__) || defined(__i386__)
	if (len >= 32 && __builtin_cpu_supports("avx2"))
		return read32(data, len);
#endif
	return len >= 16 ? read16(data, len) : read8(data, len);
}

uint64_t bench_limit(const void *data, size_t len)
{
#if defined(__x86_64__) || defined(__i386__)
	if (len >= 64 && __builtin_cpu_supports("avx512f"))
		return read64(data, len);
#endif
	return bench_limit32(data, len);
}
