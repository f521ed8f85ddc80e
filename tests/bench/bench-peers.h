/* SPDX-License-Identifier: MIT */
/*
 * bench-peers.h - other libraries that do the same, where they are installed
 *
 * Each has a file of its own, because their headers cannot be included together.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The Internet checksum, not complemented, of the words as they lie in memory. */
uint64_t bench_libdnet_sum(const void *data, size_t len);
uint64_t bench_libnet_sum(const void *data, size_t len);
uint64_t bench_libtins_sum(const void *data, size_t len);
uint64_t bench_dpdk_sum(const void *data, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_PEERS_H */
