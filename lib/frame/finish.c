/* SPDX-License-Identifier: MIT */
/* Finishing: from the innermost header outwards, so that every length and sum is known in time. */
#include <errno.h>

#include "build-internal.h"

/* The sum of all that stands behind a header, given that from the next header, at "end", on. */
static uint64_t sum_behind(const struct l2build *b, const struct l2record *r, uint32_t end,
			   uint16_t inner)
{
	uint32_t start = r->at + r->len;
	uint32_t n = end - start;
	uint16_t sum = r->sum;

	if (r->flags & L2RECORD_UNSUMMED)
		sum = l2sum_bytes(b->buf + start, n);
	return l2sum_join(sum, n, inner);
}

/* Beyond the innermost sum that is left to others, its bytes sum up to what makes it right. */
static uint16_t sum_from(const struct l2build *b, const struct l2record *r, uint64_t behind)
{
	uint16_t field;

	if (b->left.flags & L2_OFFLOAD_CSUM && b->left.csum_start == r->at) {
		memcpy(&field, b->buf + r->at + b->left.csum_offset, sizeof(field));
		return (uint16_t)~field;
	}
	return l2sum_fold(
		l2sum_join(l2sum_header(b->buf + r->at, r->len), r->len, l2sum_fold(behind)));
}

/* The protocol fills in what is left open in its header; returns whether all is well. */
static int finish_layer(struct l2build *b, struct l2record *r, uint64_t behind)
{
	if (!(r->flags & L2RECORD_FINISH))
		return 1;
	l2proto_of(r->proto)->finish(b, r, behind);
	return !b->error;
}

/* Sums are added up as far out as a header needs them. */
static void finish_layers(struct l2build *b)
{
	struct l2record *r = b->records + b->n;
	uint8_t sums = b->sums; /* that are still to come */
	uint32_t end = b->len;
	uint16_t inner = 0;

	while (sums && r-- > b->records) {
		uint64_t behind = sum_behind(b, r, end, inner);

		if (!finish_layer(b, r, behind))
			return;
		if (r->flags & L2RECORD_SUMS)
			sums--;
		if (sums)
			inner = sum_from(b, r, behind);
		end = r->at;
	}
	while (r-- > b->records)
		if (!finish_layer(b, r, 0))
			return;
}

/* What has been finished before is finished anew. */
static void reopen(struct l2build *b)
{
	uint8_t i;

	for (i = 0; i < b->n; i++)
		b->records[i].flags &= (uint8_t) ~(L2RECORD_SUMMED | L2RECORD_PSEUDO);
	b->left = (struct l2offload) { 0 };
}

static int64_t pad(struct l2build *b)
{
	if (b->pad > b->cap) {
		l2build_fail(b, -ENOSPC, L2PROTO_NONE,
			     "the frame needs %a bytes, there is room for %b", 0, b->room);
		return b->error;
	}
	memset(b->buf + b->len, 0, b->pad - b->len);
	return b->pad;
}

int64_t l2frame_finish(struct l2frame *f)
{
	struct l2build *b = l2build_of(f);

	if (b->error)
		return b->error;
	if (b->finished)
		reopen(b);
	b->finished = 1;
	if (b->open_dst)
		l2build_destinations(b);
	finish_layers(b);
	if (b->error)
		return b->error;
	return b->pad > b->len ? pad(b) : b->len;
}

void l2frame_offload(struct l2frame *f, uint16_t gso_size)
{
	struct l2build *b = l2build_of(f);

	b->offload = 1;
	b->gso_size = gso_size;
}

void l2frame_get_offload(const struct l2frame *f, struct l2offload *ret)
{
	*ret = l2build_of_const(f)->left;
}
