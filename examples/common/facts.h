/* SPDX-License-Identifier: MIT */
/* What the kernel tells about a frame beside its bytes. */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <l2sock/types.h>

#include "text.h"

void facts_text(const struct l2pkt *pkt, bool tag_taken_out, struct text *t);

/* Whether devices of this type have frames with an Ethernet header. */
bool is_ethernet(unsigned int hatype);

#endif /* FACTS_H */
