/* SPDX-License-Identifier: MIT */
/* The layouts: an Ethernet handle's and a cooked one's, with and without a tag taken out. */
#include "layout-internal.h"

#define LESS(bytes) (0u - (bytes))
#define END                                   \
	{                                     \
		UINT32_MAX, L2SOURCE_FRAME, 0 \
	}

enum {
	TAG = 2 * L2_MAC_LEN,          /* offset of the outer tag */
	INNER = TAG + L2_VLAN_TAG_LEN, /* of the type behind it */
};

static const struct l2span untouched[] = {
	{ 0, L2SOURCE_FRAME, 0 },
	END,
};

static const struct l2span tagged[] = {
	{ 0, L2SOURCE_FRAME, 0 },
	{ TAG, L2SOURCE_TPID, 0 },
	{ TAG + 2, L2SOURCE_TCI, 0 },
	{ INNER, L2SOURCE_FRAME, LESS(L2_VLAN_TAG_LEN) },
	END,
};

/* The kernel's frame begins behind the link-layer header. */
static const struct l2span cooked[] = {
	{ 0, L2SOURCE_FRAME, L2FILTER_LINK },
	{ L2_ETH_HEADER_LEN, L2SOURCE_FRAME, LESS(L2_ETH_HEADER_LEN) },
	END,
};

static const struct l2span cooked_tagged[] = {
	{ 0, L2SOURCE_FRAME, L2FILTER_LINK },
	{ TAG, L2SOURCE_TPID, 0 },
	{ TAG + 2, L2SOURCE_TCI, 0 },
	{ INNER, L2SOURCE_FRAME, L2FILTER_LINK - L2_VLAN_TAG_LEN },
	{ INNER + 2, L2SOURCE_FRAME, LESS(INNER + 2) },
	END,
};

const struct l2layout l2layout_tagged = {
	.frame = tagged,
	.link = tagged,
	.missing = L2_VLAN_TAG_LEN,
	.least = TAG,
	.tagged = true,
};

const struct l2layout l2layout_cooked = {
	.frame = cooked,
	.link = untouched,
	.missing = L2_ETH_HEADER_LEN,
	.least = 1,
};

const struct l2layout l2layout_cooked_tagged = {
	.frame = cooked_tagged,
	.link = tagged,
	.missing = L2_ETH_HEADER_LEN + L2_VLAN_TAG_LEN,
	.least = 1,
	.tagged = true,
};

bool l2layout_place(const struct l2layout *layout, uint32_t k, struct l2place *ret)
{
	if (k <= INT32_MAX)
		*ret = (struct l2place) { layout->frame, 0, k };
	else if (k >= L2FILTER_LINK && k < L2FILTER_NET)
		*ret = (struct l2place) { layout->link, L2FILTER_LINK, k - L2FILTER_LINK };
	else
		return false;
	return true;
}

const struct l2span *l2layout_span(const struct l2span *spans, uint32_t offset)
{
	while (spans[1].from <= offset)
		spans++;
	return spans;
}

bool l2layout_is_whole(const struct l2place *place, uint32_t size, uint32_t *ret)
{
	const struct l2span *span = l2layout_span(place->spans, place->offset);

	if (span->source != L2SOURCE_FRAME || span[1].from - place->offset < size)
		return false;
	*ret = span->shift;
	return true;
}

/* The kernel takes out no other tags than these two. */
static struct l2range byte_range(const struct l2span *span, uint32_t offset)
{
	struct l2range tpid = l2range_join(l2range_of(L2_TPID_8021Q), l2range_of(L2_TPID_8021AD));

	if (span->source != L2SOURCE_TPID)
		return l2range_up_to(UINT8_MAX);
	if (offset == span->from)
		return l2range_compute(BPF_RSH, tpid, l2range_of(8));
	return l2range_compute(BPF_AND, tpid, l2range_of(UINT8_MAX));
}

struct l2range l2layout_range(const struct l2place *place, uint32_t size)
{
	const uint32_t bits = 8;
	struct l2range all = l2range_of(0);
	uint32_t i;

	if (size == 2 && l2layout_span(place->spans, place->offset)->source == L2SOURCE_TPID &&
	    place->offset == TAG)
		return l2range_join(l2range_of(L2_TPID_8021Q), l2range_of(L2_TPID_8021AD));
	for (i = 0; i < size; i++) {
		uint32_t offset = place->offset + i;
		const struct l2span *span = l2layout_span(place->spans, offset);

		all = l2range_compute(BPF_LSH, all, l2range_of(bits));
		all = l2range_compute(BPF_ADD, all, byte_range(span, offset));
	}
	return all;
}

/* No frame has 2^31 bytes: such a program wants all of it. */
uint32_t l2layout_return(const struct l2layout *layout, uint32_t k)
{
	if (k > INT32_MAX || k <= layout->least)
		return k;
	return k > layout->missing + layout->least ? k - layout->missing : layout->least;
}
