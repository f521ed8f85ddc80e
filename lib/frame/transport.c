/* SPDX-License-Identifier: MIT */
/* Transport checksums: over a pseudo-header, or left to others. */
#include "build-internal.h"

/* What the headers in front of the transport header say; innermost IP header first. */
static struct l2pseudo pseudo_of(const struct l2build *b, const struct l2record *r)
{
	struct l2pseudo pseudo = { 0 };

	while (r-- > b->records) {
		const struct l2proto *proto = l2proto_of(r->proto);

		if (!proto->pseudo || proto->pseudo(b, r, &pseudo))
			break;
	}
	return pseudo;
}

void l2build_plain_sum(struct l2build *b, struct l2record *r, uint16_t behind, uint32_t field)
{
	uint8_t *header = l2build_header(b, r);
	uint8_t *at = header + l2field_bit(field) / 8;
	uint16_t value = 0;

	if (r->set & L2SET_CSUM)
		return;
	memcpy(at, &value, sizeof(value));
	if (pseudo_of(b, r).fragment)
		return;
	value = (uint16_t)~l2sum_fold(l2sum_header(header, r->len) + behind);
	memcpy(at, &value, sizeof(value));
}

/* Only the innermost sum can be left, and 16 bits have to tell where it is. */
static int can_leave(const struct l2build *b, const struct l2record *r, uint8_t number)
{
	return b->offload && !b->left.flags && (number == 6 || number == 17) &&
	       r->at + r->len <= UINT16_MAX;
}

static void leave(struct l2build *b, const struct l2record *r, const struct l2pseudo *pseudo,
		  uint32_t field, uint8_t number)
{
	b->left.flags = L2_OFFLOAD_CSUM;
	b->left.csum_start = (uint16_t)r->at;
	b->left.csum_offset = (uint16_t)(l2field_bit(field) / 8);
	b->left.hdr_len = (uint16_t)(r->at + r->len);
	b->left.gso_size = b->gso_size;
	if (!b->gso_size)
		return;
	if (number == 17)
		b->left.gso_type = L2_GSO_UDP;
	else
		b->left.gso_type = pseudo->known == 6 ? L2_GSO_TCP6 : L2_GSO_TCP4;
}

void l2build_transport_sum(struct l2build *b, struct l2record *r, uint16_t behind, uint32_t field,
			   uint8_t number)
{
	uint8_t *header = l2build_header(b, r);
	uint8_t *at = header + l2field_bit(field) / 8;
	struct l2pseudo pseudo;
	uint32_t len = b->len - r->at;
	uint64_t sum;
	uint16_t value = 0;

	if (r->set & L2SET_CSUM)
		return;
	memcpy(at, &value, sizeof(value));
	pseudo = pseudo_of(b, r);
	if (!pseudo.known || pseudo.fragment)
		return;
	/* The length has 32 bits in IPv6's pseudo-header; in IPv4's the upper ones are 0. */
	sum = pseudo.addresses + l2bytes_swap32(len) + l2bytes_swap16(number);
	if (can_leave(b, r, number)) {
		leave(b, r, &pseudo, field, number);
		value = l2sum_fold(sum);
	} else {
		sum += l2sum_header(header, r->len) + behind;
		value = (uint16_t)~l2sum_fold(sum);
		/* 0 is how UDP says that there is no checksum. */
		if (!value && number == 17)
			value = 0xffff;
	}
	memcpy(at, &value, sizeof(value));
}
