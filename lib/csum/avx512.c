/* SPDX-License-Identifier: MIT */
/*
 * With AVX-512 and its dot product, which adds up signed words: 32768 too little for each. What
 * does not fill a vector is read, and written, under a mask.
 */
#include <immintrin.h>

#include "csum-internal.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vnni,bmi2")))
#define INLINE TARGET static inline __attribute__((always_inline))

#define WIDTH ((size_t)64)
#define BLOCK (8 * WIDTH)
#define LONG  ((size_t)2048)  /* where eight sums are worth the adding of them */
#define CHUNK ((size_t)65536) /* as much as cannot overflow the 32 bits of a lane */

static bool usable(void)
{
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni") &&
	       __builtin_cpu_supports("bmi2");
}

INLINE __m512i take(const struct l2csum_bytes *b, size_t at)
{
	const __m512i v = _mm512_loadu_si512(b->from + at);

	if (b->to)
		_mm512_storeu_si512(b->to + at, v);
	return v;
}

/* What does not fill a vector, if anything; zeros behind it. */
INLINE __m512i take_rest(const struct l2csum_bytes *b, size_t at, size_t n)
{
	const __mmask64 mask = _bzhi_u64(UINT64_MAX, (uint32_t)n);
	const __m512i v = _mm512_maskz_loadu_epi8(mask, b->from + at);

	if (b->to)
		_mm512_mask_storeu_epi8(b->to + at, mask, v);
	return v;
}

/* Kept in registers: gcc 12 would make constants anew in every loop, and move sums about. */
#define KEEP(v) __asm__("" : "+v"(v))

struct constants {
	__m512i bias;
	__m512i ones;
};

INLINE __m512i add(__m512i sum, __m512i v, struct constants k)
{
	sum = _mm512_dpwssd_epi32(sum, _mm512_xor_si512(v, k.bias), k.ones);
	KEEP(sum);
	return sum;
}

INLINE void add_four(__m512i *sum, const struct l2csum_bytes *b, size_t at, struct constants k)
{
	sum[0] = add(sum[0], take(b, at), k);
	sum[1] = add(sum[1], take(b, at + WIDTH), k);
	sum[2] = add(sum[2], take(b, at + 2 * WIDTH), k);
	sum[3] = add(sum[3], take(b, at + 3 * WIDTH), k);
}

/* Eight sums keep it busy, because each takes the next vector only some cycles later. */
INLINE size_t add_blocks(__m512i *ret, const struct l2csum_bytes *b, size_t len, struct constants k)
{
	__m512i sum[8] = { ret[0], ret[1], ret[2], ret[3], ret[0], ret[1], ret[2], ret[3] };
	size_t at;

	for (at = 0; at + BLOCK <= len; at += BLOCK) {
		add_four(sum, b, at, k);
		add_four(sum + 4, b, at + BLOCK / 2, k);
	}
	ret[0] = _mm512_add_epi32(sum[0], sum[4]);
	ret[1] = _mm512_add_epi32(sum[1], sum[5]);
	ret[2] = _mm512_add_epi32(sum[2], sum[6]);
	ret[3] = _mm512_add_epi32(sum[3], sum[7]);
	return at;
}

INLINE uint64_t sum_chunk(const struct l2csum_bytes *b, size_t len)
{
	const __m512i none = _mm512_setzero_si512();
	__m512i sum[4] = { none, none, none, none };
	struct constants k = { _mm512_set1_epi16(INT16_MIN), _mm512_set1_epi16(1) };
	size_t at = 0;
	int64_t total;

	KEEP(k.bias);
	KEEP(k.ones);
	if (len >= LONG)
		at = add_blocks(sum, b, len, k);
	for (; at + BLOCK / 2 <= len; at += BLOCK / 2)
		add_four(sum, b, at, k);
	/* What is left goes to sums that need not wait for each other. */
	if (at + 2 * WIDTH <= len) {
		sum[0] = add(sum[0], take(b, at), k);
		sum[1] = add(sum[1], take(b, at + WIDTH), k);
		at += 2 * WIDTH;
	}
	if (at + WIDTH <= len) {
		sum[2] = add(sum[2], take(b, at), k);
		at += WIDTH;
	}
	sum[3] = add(sum[3], take_rest(b, at, len - at), k);
	sum[0] = _mm512_add_epi32(sum[0], sum[1]);
	sum[2] = _mm512_add_epi32(sum[2], sum[3]);
	total = _mm512_reduce_add_epi32(_mm512_add_epi32(sum[0], sum[2]));
	return (uint64_t)(total - (int64_t)(at / 2 + WIDTH / 2) * INT16_MIN);
}

INLINE uint64_t sum_bytes(struct l2csum_bytes b, size_t len)
{
	uint64_t sum = 0;

	if (!len) /* not even an address */
		return 0;
	while (len > CHUNK) {
		sum += sum_chunk(&b, CHUNK);
		b.from += CHUNK;
		if (b.to)
			b.to += CHUNK;
		len -= CHUNK;
	}
	return sum + sum_chunk(&b, len);
}

TARGET static void add_bytes(struct l2csum *c, const void *data, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = data }, len), len);
}

TARGET static void copy_bytes(struct l2csum *c, void *dst, const void *src, size_t len)
{
	l2csum_follow(c, sum_bytes((struct l2csum_bytes) { .from = src, .to = dst }, len), len);
}

const struct l2csum_variant l2csum_avx512 = { "avx512", usable, add_bytes, copy_bytes };
