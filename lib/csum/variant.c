/* SPDX-License-Identifier: MIT */
/* The ways to add up bytes that this build has. */
#include "csum-internal.h"

const struct l2csum_variant *const l2csum_variants[] = {
#if defined(__x86_64__)
	&l2csum_avx512,
#endif
#if defined(__x86_64__) || defined(__i386__)
	&l2csum_avx2,   &l2csum_sse2,
#endif
	&l2csum_scalar, NULL,
};
