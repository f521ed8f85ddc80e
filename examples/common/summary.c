/* SPDX-License-Identifier: MIT */
/* What is in a frame, in one line. */
#include <l2sock/parse.h>
#include <l2sock/text.h>

#include "summary.h"

#define ROOM_BEHIND 320 /* bytes of a line for what else there is to say */

static void write_summary(struct text *t, const struct l2parse *p)
{
	size_t room = sizeof(t->buf) - t->len - ROOM_BEHIND;
	size_t n = l2parse_print(p, t->buf + t->len, room);

	t->len += n < room ? n : room - 1;
}

void summary_frame(struct text *t, const struct l2pkt *pkt)
{
	struct l2parse p;

	l2parse_pkt(&p, pkt, 0);
	write_summary(t, &p);
}

/* The protocol of a packet whose link-layer header is gone; L2PROTO_NONE for others. */
static uint32_t protocol_of(uint16_t ethertype)
{
	switch (ethertype) {
	case L2_ETHERTYPE_IP4:
		return L2PROTO_IP4;
	case L2_ETHERTYPE_IP6:
		return L2PROTO_IP6;
	case L2_ETHERTYPE_ARP:
	case L2_ETHERTYPE_RARP:
		return L2PROTO_ARP;
	default:
		return L2PROTO_NONE;
	}
}

static void write_sender(struct text *t, const struct l2pkt *pkt)
{
	char mac[L2TEXT_MAC_SIZE] = "no address";

	if (pkt->addr_len == L2_MAC_LEN)
		l2text_print_mac(pkt->addr, mac, sizeof(mac));
	text_str(t, "from ");
	text_str(t, mac);
	text_str(t, ", ");
}

void summary_packet(struct text *t, const struct l2pkt *pkt)
{
	uint32_t protocol = protocol_of(pkt->protocol);
	struct l2parse p;

	write_sender(t, pkt);
	if (!protocol) {
		text_str(t, "ethertype ");
		text_hex(t, pkt->protocol, 4);
		return;
	}
	l2parse_packet(&p, protocol, pkt->data, pkt->len, 0);
	p.wire_len = pkt->wire_len;
	write_summary(t, &p);
}
