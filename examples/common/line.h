/* SPDX-License-Identifier: MIT */
/* A received frame as one line. */
#ifndef LINE_H
#define LINE_H

#include "daytime.h"

/* Time, direction, summary and length. @type is that of the handle, L2SOCK_TYPE_*. */
void line_text(struct text *t, struct daytime *daytime, const struct l2pkt *pkt, uint32_t type);

#endif /* LINE_H */
