/* SPDX-License-Identifier: MIT */
/* What is in a frame, in words. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include <stdbool.h>
#include <l2sock/types.h>

#include "bytes.h"
#include "text.h"

/* describe.c: an Ethernet frame as it was on the wire, from its addresses on. */
void describe_frame(struct text *t, const struct l2pkt *pkt);
/* What a cooked handle received: from the network header on. */
void describe_packet(struct text *t, const struct l2pkt *pkt);
void describe_incomplete(struct text *t, const struct bytes *b);

/* arp.c, ip.c: what is behind the ethertype. */
void describe_arp(struct text *t, struct bytes *b);
void describe_ip4(struct text *t, struct bytes *b);
void describe_ip6(struct text *t, struct bytes *b);

/* facts.c: what the kernel knows about a frame beside its bytes. */
void describe_facts(struct text *t, const struct l2pkt *pkt, bool tag_taken_out);
bool is_ethernet(unsigned int hatype);

#endif /* DESCRIBE_H */
