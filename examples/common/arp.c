/* SPDX-License-Identifier: MIT */
/* ARP and RARP. */
#include "describe.h"

#define HEADER_LEN 8
#define BODY_LEN   20 /* for Ethernet and IPv4 */

static const char *operation(uint16_t op)
{
	switch (op) {
	case 1:
	case 3:
		return " request";
	case 2:
	case 4:
		return " reply";
	default:
		return NULL;
	}
}

static void describe_addresses(struct text *t, uint16_t op, const uint8_t *body)
{
	if (op == 1) {
		text_str(t, " who has ");
		text_ip4(t, body + 16);
		text_str(t, " tell ");
		text_ip4(t, body + 6);
	} else if (op == 2) {
		text_str(t, " ");
		text_ip4(t, body + 6);
		text_str(t, " is at ");
		text_mac(t, body);
	}
}

void describe_arp(struct text *t, struct bytes *b)
{
	const uint8_t *header = bytes_take(b, HEADER_LEN);
	const uint8_t *body;
	uint16_t op;

	if (!header) {
		describe_incomplete(t, b);
		return;
	}
	op = bytes_be16(header + 6);
	text_str(t, operation(op) ? operation(op) : " operation ");
	if (!operation(op))
		text_dec(t, op);
	if (bytes_be32(header) != (1u << 16 | L2_ETHERTYPE_IP4) || header[4] != 6 || header[5] != 4)
		return;
	body = bytes_take(b, BODY_LEN);
	if (body)
		describe_addresses(t, op, body);
	else
		describe_incomplete(t, b);
}
