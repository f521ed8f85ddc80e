/* SPDX-License-Identifier: MIT */
/* Fields of a frame taken apart. */
#include <errno.h>

#include "parse-internal.h"

int l2parse_find(const struct l2parse *p, uint32_t proto, uint32_t from)
{
	uint32_t i;

	for (i = from; i < p->n; i++)
		if (p->layer[i].proto == proto)
			return (int)i;
	return -ENOENT;
}

static int holds(const struct l2layer *layer, uint32_t field)
{
	return l2field_bit(field) + l2field_width(field) <= 8u * layer->len;
}

/* The tag from the descriptor, and the two types around it; false for any other field. */
static int get_merged(const struct l2parse *p, uint32_t index, uint32_t field, uint64_t *ret)
{
	const struct l2layer *layer = &p->layer[index];
	const uint8_t tag[4] = { (uint8_t)(p->tci >> 8), (uint8_t)p->tci, p->data[2 * L2_MAC_LEN],
				 p->data[2 * L2_MAC_LEN + 1] };

	if (layer->flags & L2LAYER_MERGED && l2field_bit(field) + l2field_width(field) <= 32)
		*ret = l2field_read(tag, field);
	else if (field == L2ETH_TYPE && index == 0)
		*ret = p->tpid;
	else
		return 0;
	return 1;
}

int l2parse_get_at(const struct l2parse *p, uint32_t index, uint32_t field, uint64_t *ret)
{
	uint32_t width = l2field_width(field);
	const struct l2layer *layer;

	if (!l2proto_name(l2field_proto(field)) || !width || width > 64)
		return -EINVAL;
	if (index >= p->n || p->layer[index].proto != l2field_proto(field))
		return -ENOENT;
	layer = &p->layer[index];
	if (p->n > 1 && p->layer[1].flags & L2LAYER_MERGED && get_merged(p, index, field, ret))
		return 0;
	if (!holds(layer, field))
		return -ENODATA;
	*ret = l2field_read(p->data + layer->at, field);
	return 0;
}

int l2parse_get(const struct l2parse *p, uint32_t field, uint64_t *ret)
{
	int index = l2parse_find(p, l2field_proto(field), 0);

	return l2parse_get_at(p, index < 0 ? p->n : (uint32_t)index, field, ret);
}

const uint8_t *l2parse_bytes(const struct l2parse *p, uint32_t index, uint32_t field)
{
	const struct l2layer *layer = &p->layer[index];

	if (index >= p->n || layer->proto != l2field_proto(field) || !l2field_is_bytes(field) ||
	    !holds(layer, field))
		return NULL;
	return p->data + layer->at + l2field_bit(field) / 8;
}
