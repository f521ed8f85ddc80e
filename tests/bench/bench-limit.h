/* SPDX-License-Identifier: MIT */
/*
 * bench-limit.h - what reading costs: vectors are loaded and added up, to no purpose
 */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* In the widest vectors that the machine has, and in those of 32 bytes if it has them. */
uint64_t bench_limit(const void *data, size_t len);
uint64_t bench_limit32(const void *data, size_t len);

#endif /* BENCH_LIMIT_H */
