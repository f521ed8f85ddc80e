/* SPDX-License-Identifier: MIT */
/* VLAN tags: the header is the TCI and the type behind it, its TPID the type in front of it. */
#include <errno.h>

#include "build-internal.h"
#include "ethertype-internal.h"
#include "text-internal.h"

static const struct l2field fields[] = {
	{ "pcp", 0, L2VLAN_PCP, L2FIELD_NUMBER },
	{ "dei", 0, L2VLAN_DEI, L2FIELD_NUMBER },
	{ "vid", 0, L2VLAN_VID, L2FIELD_NUMBER },
	{ "type", 0, L2VLAN_TYPE, L2FIELD_HEX },
};

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	if (left < L2_VLAN_TAG_LEN)
		return l2cursor_truncated(c, layer, h, left);
	return l2cursor_ethertype(c, layer, h, left, L2_VLAN_TAG_LEN, L2PROTO_VLAN);
}

static const struct l2name tags[] = {
	{ L2_TPID_8021Q, "802.1Q" },
	{ L2_TPID_8021AD, "802.1ad" },
	{ L2_TPID_QINQ, "QinQ 0x9100" },
};

/* The type in front of it; by default that of a tag that has nothing in front. */
static uint64_t tpid_of(const struct l2parse *p, uint32_t index)
{
	uint64_t tpid = L2_TPID_8021Q;

	if (index && l2parse_get_at(p, index - 1, L2ETH_TYPE, &tpid) < 0)
		l2parse_get_at(p, index - 1, L2VLAN_TYPE, &tpid);
	return tpid;
}

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	uint64_t tci = 0;

	l2parse_get_at(p, index, L2VLAN_TCI, &tci);
	l2line_name(line, (uint16_t)tpid_of(p, index), tags, L2COUNT(tags), "tag ");
	l2line_str(line, " ");
	l2line_dec(line, tci & 0xfff);
	if (tci >> 13) {
		l2line_str(line, " pcp ");
		l2line_dec(line, tci >> 13);
	}
	if (tci & 0x1000)
		l2line_str(line, " dei");
}

const struct l2proto l2proto_vlan = {
	.name = "vlan",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.id = L2PROTO_VLAN,
	.print = print,
	.repeat = L2_VLAN_TAG_LEN,
	.parse = parse,
};

/* Writes the tag, and its TPID into the type that is open in front. */
static void write_tag(struct l2build *b, uint8_t *h, uint8_t *type_at, uint16_t tpid, uint16_t tci)
{
	l2bytes_put16(type_at, tpid ? tpid : L2_TPID_8021Q);
	l2bytes_put32(h, (uint32_t)tci << 16);
	l2build_open(b, L2SPACE_ETHERTYPE, h + 2);
}

/* One more tag, in the record of the tags in front of it: their number has no limit. */
static __attribute__((noinline)) void add_tag(struct l2build *b, uint16_t tpid, uint16_t tci)
{
	struct l2record *r = &b->records[b->n - 1];
	uint8_t *type_at = b->open_at;
	uint8_t *h = l2build_extend(b, L2_VLAN_TAG_LEN);

	r->set = 0;
	if (h)
		write_tag(b, h, type_at, tpid, tci);
}

static int ends_with_tag(const struct l2build *b)
{
	const struct l2record *r = &b->records[b->n - 1];

	return r->proto == L2PROTO_VLAN && r->at + r->len == b->len;
}

void l2frame_vlan(struct l2frame *f, uint16_t tpid, uint16_t tci)
{
	struct l2build *b = l2build_of(f);
	uint8_t *type_at = b->open_at;
	uint8_t *h;

	if (b->open != L2SPACE_ETHERTYPE && !b->error) {
		l2build_fail(b, -EINVAL, L2PROTO_VLAN, "no type is open in front of the tag", 0, 0);
		return;
	}
	if (b->n && ends_with_tag(b)) {
		add_tag(b, tpid, tci);
		return;
	}
	h = l2build_push(b, &l2proto_vlan, L2_VLAN_TAG_LEN);
	if (h)
		write_tag(b, h, type_at, tpid, tci);
}
