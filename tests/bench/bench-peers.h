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

/* Ethernet, an 802.1Q tag, IPv4 and UDP: what is in the frame. */
struct bench_packet {
	const uint8_t *dst_mac;
	const uint8_t *src_mac;
	const uint8_t *src_ip;
	const uint8_t *dst_ip;
	const uint8_t *payload;
	size_t n; /* bytes of it */
	uint16_t tci;
	uint16_t sport;
	uint16_t dport;
};

/*
 * The frame with its lengths and checksums, TTL 64 and "do not fragment": at "room", or where the
 * library keeps it until the next call. NULL: it cannot.
 */
const uint8_t *bench_libdnet_frame(const struct bench_packet *what, uint8_t *room, size_t *len);
const uint8_t *bench_libnet_frame(const struct bench_packet *what, uint8_t *room, size_t *len);
const uint8_t *bench_libtins_frame(const struct bench_packet *what, uint8_t *room, size_t *len);

/* The same, when the last frame differed in its source port alone: what a template is for. */
const uint8_t *bench_libnet_again(const struct bench_packet *what, uint8_t *room, size_t *len);
const uint8_t *bench_libtins_again(const struct bench_packet *what, uint8_t *room, size_t *len);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_PEERS_H */
