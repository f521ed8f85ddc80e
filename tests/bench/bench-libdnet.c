/* SPDX-License-Identifier: MIT */
/* libdnet, which Debian calls libdumbnet. */
#include <dumbnet.h>
#include <string.h>

#include "bench-peers.h"

#define ETH_LEN 14
#define TAG_LEN 4

uint64_t bench_libdnet_sum(const void *data, size_t len)
{
	return (uint64_t)(unsigned int)ip_cksum_add(data, len, 0);
}

/* It has no call for a tag. */
static uint8_t *put_tag(uint8_t *to, uint16_t tci)
{
	const uint16_t words[] = { htons(tci), htons(ETH_TYPE_IP) };

	memcpy(to, words, sizeof(words));
	return to + TAG_LEN;
}

/* Its macros cast bytes to structs. */
#pragma GCC diagnostic ignored "-Wcast-align"

const uint8_t *bench_libdnet_frame(const struct bench_packet *what, uint8_t *room, size_t *len)
{
	const uint16_t udp_len = (uint16_t)(UDP_HDR_LEN + what->n);
	const uint16_t ip_len = (uint16_t)(IP_HDR_LEN + udp_len);
	uint8_t *ip = put_tag(room + ETH_LEN, what->tci);
	uint32_t src, dst;

	memcpy(&src, what->src_ip, sizeof(src));
	memcpy(&dst, what->dst_ip, sizeof(dst));
	eth_pack_hdr(room, *what->dst_mac, *what->src_mac, ETH_TYPE_8021Q);
	ip_pack_hdr(ip, 0, ip_len, 0, IP_DF, 64, IP_PROTO_UDP, src, dst);
	udp_pack_hdr(ip + IP_HDR_LEN, what->sport, what->dport, udp_len);
	memcpy(ip + IP_HDR_LEN + UDP_HDR_LEN, what->payload, what->n);
	ip_checksum(ip, ip_len);
	*len = ETH_LEN + TAG_LEN + (size_t)ip_len;
	return room;
}
