/* SPDX-License-Identifier: MIT */
/* A received frame as one line. */
#include <l2sock/l2sock.h>

#include "facts.h"
#include "line.h"
#include "summary.h"

static void write_length(struct text *t, const struct l2pkt *pkt)
{
	text_str(t, ", length ");
	text_dec(t, pkt->wire_len);
	if (pkt->len < pkt->wire_len) {
		text_str(t, " captured ");
		text_dec(t, pkt->len);
	}
}

void line_text(struct text *t, struct daytime *daytime, const struct l2pkt *pkt, uint32_t type)
{
	daytime_text(daytime, pkt->timestamp, t);
	text_str(t, pkt->pkttype == L2_PKTTYPE_OUTGOING ? " out " : " ");
	if (type == L2SOCK_TYPE_COOKED) {
		summary_packet(t, pkt);
	} else if (is_ethernet(pkt->hatype)) {
		summary_frame(t, pkt);
	} else {
		text_str(t, "device type ");
		text_dec(t, pkt->hatype);
	}
	write_length(t, pkt);
}
