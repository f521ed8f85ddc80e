/* SPDX-License-Identifier: MIT */
/* Random packets from small pools, so that filters match a good part of them. */
#ifndef TEST_PACKET_H
#define TEST_PACKET_H

#include "program.h"

#define PACKET_MAX 512

/* What may be in them. */
#define PACKET_TAGS       1 /* up to three VLAN tags */
#define PACKET_EXTENSIONS 2 /* IPv6 extension headers, up to eight */
#define PACKET_CUT        4 /* one of four is cut short somewhere */
#define PACKET_ALL        7

/* Returns the length. */
size_t packet_random(struct dice *d, uint8_t packet[PACKET_MAX], int may);

/* Members of the pools. */
const uint8_t *packet_mac(struct dice *d);
const uint8_t *packet_ip(struct dice *d); /* 16 bytes; IPv4 takes the first four */
uint16_t packet_port(struct dice *d);
uint16_t packet_vlan(struct dice *d);
uint8_t packet_proto(struct dice *d);
uint16_t packet_ethertype(struct dice *d);

#endif /* TEST_PACKET_H */
