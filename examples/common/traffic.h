/* SPDX-License-Identifier: MIT */
/* Frames to generate: of one protocol and size, that differ in what makes them flows. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stddef.h>
#include <stdint.h>
#include <l2sock/frame.h>

#define TRAFFIC_TAGS       4
#define TRAFFIC_FLOWS_MOST 50000

/* What is asked for. */
struct traffic_plan {
	const char *proto; /* "udp", "tcp", "icmp", "arp" or "igmp" */
	size_t size;       /* bytes without frame check sequence; 0: 60, or what it takes */
	uint32_t flows;    /* at least 1 */
	uint32_t n_tags;
	uint16_t tpids[TRAFFIC_TAGS]; /* the outermost first */
	uint16_t tcis[TRAFFIC_TAGS];
	uint8_t src[L2_MAC_LEN];
};

struct traffic {
	uint32_t flows;
	uint32_t next;
	uint64_t base; /* the value of flow 0 */
	size_t len;
	struct l2frame frame;
	struct l2template template;
	uint8_t bytes[L2_FRAME_MAX];
};

/* Returns 0, or -1 with a sentence in @why. */
int traffic_prepare(struct traffic *t, const struct traffic_plan *plan, char *why, size_t size);

/* Writes the next frame, of t->len bytes. */
void traffic_write(struct traffic *t, void *to);

/* Reads "TPID:VID[:PCP],...", TPID in hexadecimal digits. Returns 0 or -1. */
int traffic_read_tags(struct traffic_plan *plan, const char *text);

#endif /* TRAFFIC_H */
