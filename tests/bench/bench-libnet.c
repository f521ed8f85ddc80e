/* SPDX-License-Identifier: MIT */
#include <libnet.h>

#include "bench-peers.h"

uint64_t bench_libnet_sum(const void *data, size_t len)
{
	return (uint64_t)(unsigned int)libnet_in_cksum((uint16_t *)(uintptr_t)data, (int)len);
}

/* A handle and its latest frame. It wants a device, although nothing is sent. */
static libnet_t *handle(void)
{
	static char error[LIBNET_ERRBUF_SIZE];
	static libnet_t *l;

	if (!l)
		l = libnet_init(LIBNET_LINK_ADV, "lo", error);
	return l;
}

static const uint8_t *cull(libnet_t *l, size_t *len)
{
	static uint8_t *frame;
	uint32_t size;

	if (frame)
		libnet_adv_free_packet(l, frame);
	frame = NULL;
	if (libnet_adv_cull_packet(l, &frame, &size) < 0)
		return NULL;
	*len = size;
	return frame;
}

/* Changes the header of "tag", or makes one for 0. */
static libnet_ptag_t put_udp(libnet_t *l, libnet_ptag_t tag, const struct bench_packet *what)
{
	return libnet_build_udp(what->sport, what->dport, (uint16_t)(LIBNET_UDP_H + what->n), 0,
				what->payload, (uint32_t)what->n, l, tag);
}

static libnet_ptag_t put_all(libnet_t *l, const struct bench_packet *what)
{
	const uint16_t ip_len = (uint16_t)(LIBNET_IPV4_H + LIBNET_UDP_H + what->n);
	libnet_ptag_t udp;
	uint32_t src, dst;

	memcpy(&src, what->src_ip, sizeof(src));
	memcpy(&dst, what->dst_ip, sizeof(dst));
	libnet_clear_packet(l);
	udp = put_udp(l, 0, what);
	libnet_build_ipv4(ip_len, 0, 0, IP_DF, 64, IPPROTO_UDP, 0, src, dst, NULL, 0, l, 0);
	libnet_build_802_1q(what->dst_mac, what->src_mac, ETHERTYPE_VLAN,
			    (uint8_t)(what->tci >> 13), what->tci >> 12 & 1, what->tci & 0xfff,
			    ETHERTYPE_IP, NULL, 0, l, 0);
	return udp;
}

const uint8_t *bench_libnet_frame(const struct bench_packet *what, uint8_t *room, size_t *len)
{
	libnet_t *l = handle();

	(void)room;
	if (!l)
		return NULL;
	put_all(l, what);
	return cull(l, len);
}

/* Only the header of UDP and the payload are given anew, as long as their length is the same. */
const uint8_t *bench_libnet_again(const struct bench_packet *what, uint8_t *room, size_t *len)
{
	static libnet_ptag_t udp;
	static size_t n;
	libnet_t *l = handle();

	(void)room;
	if (!l)
		return NULL;
	if (n == what->n)
		put_udp(l, udp, what);
	else
		udp = put_all(l, what);
	n = what->n;
	return cull(l, len);
}
