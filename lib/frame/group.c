/* SPDX-License-Identifier: MIT */
/* Group records, sources and coded times, as IGMP and MLD have them. */
#include <errno.h>

#include <l2sock/group.h>

#include "group-internal.h"
#include "text-internal.h"

#define IP4_LEN 4
#define IP6_LEN 16

void l2group_count(struct l2build *b, struct l2record *r, uint32_t field, uint8_t proto)
{
	const struct l2record *end = b->records + b->n;
	const struct l2record *record = r + 1;

	if (r->set & L2SET_LEN)
		return;
	while (record < end && record->proto == proto)
		record++;
	l2field_write(l2build_header(b, r), field, (uint64_t)(record - r - 1));
}

int l2group_next(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		 uint16_t records, uint8_t proto)
{
	c->records = records;
	if (!records || !left)
		return l2cursor_payload(c, layer, h, left);
	return l2cursor_next(c, layer, h, left, proto);
}

int l2group_parse_record(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
			 uint8_t proto, uint32_t addr_len)
{
	uint32_t len = 4 + addr_len;

	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	len += l2bytes_get16(h + 2) * addr_len + 4u * h[1];
	if (len > left || len > UINT16_MAX)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, proto, 0);
	return l2group_next(c, layer, h + len, left - len, (uint16_t)(c->records - 1), proto);
}

void l2group_print(struct l2line *line, const uint8_t *record, size_t addr_len)
{
	static const struct l2name names[] = {
		{ L2GROUP_IS_INCLUDE, "is include " }, { L2GROUP_IS_EXCLUDE, "is exclude " },
		{ L2GROUP_TO_INCLUDE, "to include " }, { L2GROUP_TO_EXCLUDE, "to exclude " },
		{ L2GROUP_ALLOW, "allow " },           { L2GROUP_BLOCK, "block " },
	};
	uint16_t sources = l2bytes_get16(record + 2);

	l2line_name(line, record[0], names, L2COUNT(names), "record ");
	if (addr_len == IP4_LEN)
		l2line_ip4(line, record + 4);
	else
		l2line_ip6(line, record + 4);
	l2line_str(line, " sources ");
	l2line_dec(line, sources);
}

/* Where the header at the end of the frame counts its sources; 0 where it has none. */
static uint32_t sources_of(const struct l2record *r, uint32_t *addr_len)
{
	*addr_len = IP4_LEN;
	if (r->proto == L2PROTO_IGMPRECORD)
		return L2IGMPRECORD_NSRC;
	if (r->proto == L2PROTO_IGMP && r->len > L2IGMP_V2_LEN)
		return L2IGMP_NSRC;
	*addr_len = IP6_LEN;
	if (r->proto == L2PROTO_MLDRECORD)
		return L2MLDRECORD_NSRC;
	if (r->proto == L2PROTO_MLD && r->len > L2MLD_V1_LEN)
		return L2MLD_NSRC;
	return 0;
}

void l2frame_group_source(struct l2frame *f, const void *addr)
{
	struct l2build *b = l2build_of(f);
	struct l2record *r = b->n ? l2build_last(b) : NULL;
	uint32_t addr_len = 0;
	uint32_t field = r && b->len == (uint32_t)r->at + r->len ? sources_of(r, &addr_len) : 0;
	uint8_t *to, *h;

	if (!field || !addr) {
		l2build_fail(b, field ? -EINVAL : -ENOENT, r ? r->proto : L2PROTO_NONE,
			     "a source is NULL, or not behind a record or a query with sources", 0,
			     0);
		return;
	}
	to = l2build_extend(b, addr_len);
	if (!to)
		return;
	memcpy(to, addr, addr_len);
	h = l2build_header(b, r);
	if (!(r->set & L2SET_LEN))
		l2field_write(h, field, l2field_read(h, field) + 1);
}

/* Times beyond what the bits can tell: a mantissa with a leading 1, an exponent, and a top bit. */
static uint32_t encode(uint32_t value, unsigned int bits)
{
	uint32_t top = 1u << (bits - 1); /* codes below it are the value */
	uint32_t one = 1u << (bits - 4); /* the mantissa's leading 1 */
	uint32_t exponent = 0;

	if (value < top)
		return value;
	while (value >> (exponent + 3) >= 2 * one && exponent < 7)
		exponent++;
	value >>= exponent + 3;
	if (value >= 2 * one)
		value = 2 * one - 1;
	return top | exponent << (bits - 4) | (value & (one - 1));
}

static uint32_t decode(uint32_t code, unsigned int bits)
{
	uint32_t top = 1u << (bits - 1);
	uint32_t one = 1u << (bits - 4);

	if (code < top)
		return code;
	return ((code & (one - 1)) | one) << ((code >> (bits - 4) & 7) + 3);
}

uint8_t l2group_encode8(uint32_t value)
{
	return (uint8_t)encode(value, 8);
}

uint16_t l2group_encode16(uint32_t value)
{
	return (uint16_t)encode(value, 16);
}

uint32_t l2group_decode8(uint8_t code)
{
	return decode(code, 8);
}

uint32_t l2group_decode16(uint16_t code)
{
	return decode(code, 16);
}
