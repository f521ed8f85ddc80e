/* SPDX-License-Identifier: MIT */
/* What is in a frame, in one line. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <l2sock/types.h>

#include "text.h"

/* An Ethernet frame, from its addresses on. */
void summary_frame(struct text *t, const struct l2pkt *pkt);

/* What a cooked handle received: from the network header on. */
void summary_packet(struct text *t, const struct l2pkt *pkt);

#endif /* SUMMARY_H */
