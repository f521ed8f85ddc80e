/* SPDX-License-Identifier: MIT */
/* Transport checksums: over a pseudo-header, or left to others. */
#include "ip-internal.h"

#define TCP 6
#define UDP 17

void l2build_pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	*ret = (struct l2pseudo) { 0 };
	while (r-- > b->records) {
		const struct l2proto *proto = l2proto_of(r->proto);

		if (!proto->pseudo || proto->pseudo(b, r, ret))
			return;
	}
}

static inline uint64_t sum_address(const uint8_t *p, uint8_t n)
{
	uint64_t sum = l2sum_word(p);

	return n == 4 ? sum : sum + l2sum_word(p + 4) + l2sum_word(p + 8) + l2sum_word(p + 12);
}

/* The length has 32 bits in IPv6's pseudo-header; in IPv4's the upper ones are 0. */
static inline uint64_t sum_pseudo(const struct l2pseudo *pseudo, uint32_t len, uint8_t number)
{
	return sum_address(pseudo->src, pseudo->addr_len) +
	       sum_address(pseudo->dst, pseudo->addr_len) + l2bytes_swap32(len) +
	       l2bytes_swap16(number);
}

uint64_t l2build_pseudo_sum(const struct l2build *b, const struct l2record *r, uint8_t number)
{
	struct l2pseudo pseudo;

	l2build_pseudo(b, r, &pseudo);
	if (!pseudo.addr_len || pseudo.fragment)
		return 0;
	return sum_pseudo(&pseudo, b->len - r->at, number);
}

/* Likewise, right behind IPv4. */
static inline uint64_t pseudo4_sum(const struct l2build *b, const struct l2record *r,
				   uint8_t number)
{
	struct l2pseudo pseudo;

	l2ip4_pseudo(l2build_header(b, r - 1), &pseudo);
	return pseudo.fragment ? 0 : sum_pseudo(&pseudo, b->len - r->at, number);
}

void l2build_plain_sum(struct l2build *b, struct l2record *r, uint64_t behind, uint32_t field)
{
	uint8_t *header = l2build_header(b, r);
	uint8_t *at = header + l2field_bit(field) / 8;
	struct l2pseudo pseudo;
	uint16_t value;

	if (r->set & L2SET_CSUM)
		return;
	l2bytes_put16(at, 0);
	l2build_pseudo(b, r, &pseudo);
	if (pseudo.fragment)
		return;
	r->flags |= L2RECORD_SUMMED;
	value = (uint16_t)~l2sum_fold(l2sum_header(header, r->len) + behind);
	memcpy(at, &value, sizeof(value));
}

/* Only the innermost sum can be left, and 16 bits have to tell where it is. */
static int can_leave(const struct l2build *b, const struct l2record *r, uint8_t number)
{
	return !b->left.flags && (number == TCP || number == UDP) && r->at + r->len <= UINT16_MAX;
}

static __attribute__((noinline)) void leave(struct l2build *b, struct l2record *r, uint64_t pseudo,
					    uint32_t field, uint8_t number)
{
	uint16_t value = l2sum_fold(pseudo);
	struct l2pseudo ip;

	l2build_pseudo(b, r, &ip);
	memcpy(l2build_header(b, r) + l2field_bit(field) / 8, &value, sizeof(value));
	b->left.flags = L2_OFFLOAD_CSUM;
	b->left.csum_start = (uint16_t)r->at;
	b->left.csum_offset = (uint16_t)(l2field_bit(field) / 8);
	b->left.hdr_len = (uint16_t)(r->at + r->len);
	b->left.gso_size = b->gso_size;
	if (!b->gso_size)
		return;
	if (number == UDP)
		b->left.gso_type = L2_GSO_UDP;
	else
		b->left.gso_type = ip.addr_len == 4 ? L2_GSO_TCP4 : L2_GSO_TCP6;
}

/* Of a pseudo-header without sum, there is none. */
static inline void fill(struct l2build *b, struct l2record *r, uint64_t pseudo, uint64_t sum,
			uint32_t field, uint8_t number)
{
	uint8_t *at = l2build_header(b, r) + l2field_bit(field) / 8;
	uint16_t value;

	if (!pseudo) {
		l2bytes_put16(at, 0);
		return;
	}
	r->flags |= L2RECORD_SUMMED | L2RECORD_PSEUDO;
	if (b->offload && can_leave(b, r, number)) {
		leave(b, r, pseudo, field, number);
		return;
	}
	value = (uint16_t)~l2sum_fold(pseudo + sum);
	/* 0 is how UDP says that there is no checksum. */
	if (!value && number == UDP)
		value = 0xffff;
	memcpy(at, &value, sizeof(value));
}

static __attribute__((noinline)) void fill_any(struct l2build *b, struct l2record *r, uint64_t sum,
					       uint32_t field, uint8_t number)
{
	fill(b, r, l2build_pseudo_sum(b, r, number), sum, field, number);
}

/* What stands right behind IPv4, as it does every day, takes no call. */
void l2build_transport_sum(struct l2build *b, struct l2record *r, uint64_t sum, uint32_t field,
			   uint8_t number)
{
	if (r->set & L2SET_CSUM)
		return;
	if (r > b->records && r[-1].proto == L2PROTO_IP4)
		fill(b, r, pseudo4_sum(b, r, number), sum, field, number);
	else
		fill_any(b, r, sum, field, number);
}
