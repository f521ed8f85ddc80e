/* SPDX-License-Identifier: MIT */
/* Setting a template up: what varies, and which sums have to follow it. */
#include <errno.h>

#include "template-internal.h"

static struct l2stamp *stamp_of(struct l2template *t)
{
	return (struct l2stamp *)(void *)t;
}

int64_t l2template_init(struct l2template *template, struct l2frame *f)
{
	struct l2stamp *t = stamp_of(template);
	int64_t len = l2frame_finish(f);

	if (len < 0)
		return len;
	memset(t, 0, offsetof(struct l2stamp, patches));
	t->build = l2build_of(f);
	t->bytes = t->build->buf;
	t->len = (uint32_t)len;
	return len;
}

/* Where the nth header of a protocol begins, and how long it is; false where there is none. */
static int find_header(const struct l2build *b, uint8_t proto, uint32_t nth, uint32_t *at,
		       uint32_t *len)
{
	const struct l2record *r;

	for (r = b->records; r < b->records + b->n; r++) {
		uint32_t repeat = l2proto_of(r->proto)->repeat;
		uint32_t one = repeat ? repeat : r->len;

		if (r->proto != proto)
			continue;
		if (nth < r->len / one) {
			*at = r->at + nth * one;
			*len = one;
			return 1;
		}
		nth -= r->len / one;
	}
	return 0;
}

/* Where the sum of a record is that finishing has filled in; false where there is none. */
static int find_sum(const struct l2record *r, uint32_t *at)
{
	const struct l2proto *proto = l2proto_of(r->proto);
	uint32_t i;

	if (!(r->flags & L2RECORD_SUMMED))
		return 0;
	for (i = 0; i < proto->n_fields; i++) {
		if (l2field_auto(proto->fields[i].id) != L2SET_CSUM)
			continue;
		*at = r->at + l2field_bit(proto->fields[i].id) / 8;
		return 1;
	}
	return 0;
}

/* -1: none of the bytes is within a range, 0: all are, 1: some are. */
static int place(const struct l2patch *p, uint32_t start, uint32_t end)
{
	if (p->at + p->n <= start || p->at >= end)
		return -1;
	return p->at < start || p->at + p->n > end;
}

/* Has a sum follow the patches within a range of bytes; -EINVAL for one that is partly in it. */
static int follow_patches(const struct l2stamp *t, struct l2follow *f, uint32_t start, uint32_t end)
{
	uint8_t i;

	for (i = 0; i < t->n_patches; i++) {
		const struct l2patch *p = &t->patches[i];
		int where = place(p, start, end);

		if (where > 0)
			return -EINVAL;
		if (where < 0)
			continue;
		if ((p->at - start) & 1)
			f->odd_patches |= (uint16_t)(1u << i);
		else
			f->patches |= (uint16_t)(1u << i);
	}
	return 0;
}

/* Has a sum follow the sums within it; of one that is left to others, all that it covers. */
static void follow_sums(const struct l2stamp *t, struct l2follow *f, const struct l2record *r)
{
	uint8_t i;

	for (i = 0; i < t->n_sums; i++) {
		const struct l2follow *inner = &t->sums[i];
		int left = inner->flags & L2FOLLOW_LEFT;
		uint32_t at = left ? inner->start : inner->at;

		if (left ? !(r->flags & L2RECORD_SUMS) : at >= f->end)
			continue;
		if ((at - f->start) & 1)
			f->odd_sums |= (uint8_t)(1u << i);
		else
			f->sums |= (uint8_t)(1u << i);
	}
}

static int follow_pseudo(const struct l2stamp *t, struct l2follow *f, const struct l2record *r)
{
	struct l2pseudo pseudo;
	uint32_t at;
	int e;

	l2build_pseudo(t->build, r, &pseudo);
	at = (uint32_t)(pseudo.src - t->bytes);
	e = follow_patches(t, f, at, at + pseudo.addr_len);
	if (e < 0)
		return e;
	at = (uint32_t)(pseudo.dst - t->bytes);
	return follow_patches(t, f, at, at + pseudo.addr_len);
}

/* What bytes a sum covers: of those that are left to others further in, none. */
static void set_range(const struct l2build *b, const struct l2record *r, struct l2follow *f)
{
	f->start = r->at;
	f->end = r->flags & L2RECORD_SUMS ? b->len : r->at + r->len;
	if (!b->left.flags)
		return;
	if (b->left.csum_start == r->at) {
		f->flags |= L2FOLLOW_LEFT;
		f->end = f->start;
	} else if (r->flags & L2RECORD_SUMS && b->left.csum_start > r->at) {
		f->end = b->left.csum_start;
	}
}

/* 1: the checksum itself is a value, 0: it is not, -EINVAL: half of it is. */
static int is_value(const struct l2stamp *t, uint32_t at)
{
	uint8_t i;

	for (i = 0; i < t->n_patches; i++) {
		const struct l2patch *p = &t->patches[i];

		if (p->at == at && p->n == 2)
			return 1;
		if (place(p, at, at + 2) >= 0)
			return -EINVAL;
	}
	return 0;
}

/* Adds the sum of a record where it follows anything that varies. */
static int follow(struct l2stamp *t, uint8_t record)
{
	const struct l2record *r = &t->build->records[record];
	struct l2follow f = { .record = record };
	int e;

	if (!find_sum(r, &f.at))
		return 0;
	e = is_value(t, f.at);
	if (e)
		return e < 0 ? e : 0;
	if (r->proto == L2PROTO_UDP)
		f.flags |= L2FOLLOW_NONZERO;
	set_range(t->build, r, &f);
	e = follow_patches(t, &f, f.start, f.end);
	if (e == 0 && r->flags & L2RECORD_PSEUDO)
		e = follow_pseudo(t, &f, r);
	if (e < 0)
		return e;
	follow_sums(t, &f, r);
	if (!(f.patches | f.odd_patches | f.sums | f.odd_sums))
		return 0;
	if (t->n_sums == L2TEMPLATE_SUMS)
		return -ENOSPC;
	t->sums[t->n_sums++] = f;
	return 0;
}

/* Innermost first, as stamping completes them. */
static int follow_all(struct l2stamp *t)
{
	uint8_t i;
	int e;

	t->n_sums = 0;
	for (i = t->build->n; i-- > 0;) {
		e = follow(t, i);
		if (e < 0)
			return e;
	}
	return 0;
}

/* The sum of what stays, once all that varies is 0 in the frame. */
static uint16_t sum_rest(const struct l2build *b, const struct l2follow *f)
{
	const struct l2record *r = &b->records[f->record];
	uint64_t sum = l2sum_bytes(b->buf + f->start, f->end - f->start);
	int covers_left = r->flags & L2RECORD_SUMS && f->end < b->len;
	uint16_t field;

	if (covers_left && !(f->flags & L2FOLLOW_LEFT)) {
		memcpy(&field, b->buf + f->end + b->left.csum_offset, sizeof(field));
		sum = l2sum_join(sum, f->end - f->start, (uint16_t)~field);
	}
	if (r->flags & L2RECORD_PSEUDO)
		sum += l2build_pseudo_sum(b, r, (uint8_t)l2proto_of(r->proto)->number[L2SPACE_IP]);
	return l2sum_fold(sum);
}

/* Writes 0 for all that varies, and sums up what stays. */
static void clear(struct l2stamp *t)
{
	uint8_t *bytes = t->build->buf;
	uint8_t i;

	for (i = 0; i < t->n_patches; i++)
		memset(bytes + t->patches[i].at, 0, t->patches[i].n);
	for (i = 0; i < t->n_sums; i++)
		memset(bytes + t->sums[i].at, 0, 2);
	for (i = 0; i < t->n_sums; i++)
		t->sums[i].rest = sum_rest(t->build, &t->sums[i]);
}

/* Adds the patch of "width" bits of which the first is bit "bit" from byte "at" on. */
static int add_patch(struct l2stamp *t, uint32_t at, uint32_t bit, uint32_t width)
{
	struct l2patch p = { .at = at + bit / 8 };
	uint8_t i;

	if (t->n_patches == L2TEMPLATE_VALUES)
		return -ENOSPC;
	p.n = (uint8_t)((bit % 8 + width + 7) / 8);
	if (p.n > 8)
		return -EINVAL;
	for (i = 0; i < t->n_patches; i++)
		if (place(&t->patches[i], p.at, p.at + p.n) >= 0)
			return -EEXIST;
	p.shift = (uint8_t)(8 * p.n - bit % 8 - width);
	p.most = UINT64_MAX >> (64 - width);
	for (i = 0; i < p.n; i++)
		p.rest = p.rest << 8 | t->bytes[p.at + i];
	p.rest &= ~(p.most << p.shift);
	t->patches[t->n_patches] = p;
	return t->n_patches++;
}

/* Adds one patch, or two for more than 64 bits; nothing changes unless all goes well. */
static int vary(struct l2template *template, uint32_t at, uint32_t bit, uint32_t width)
{
	struct l2stamp next = *stamp_of(template);
	uint32_t upper = width > 64 ? width - 64 : width;
	int index = add_patch(&next, at, bit, upper);
	int e = 0;

	if (index >= 0 && upper < width)
		e = add_patch(&next, at, bit + upper, 64);
	if (index < 0 || e < 0)
		return index < 0 ? index : e;
	e = follow_all(&next);
	if (e < 0)
		return e;
	clear(&next);
	*stamp_of(template) = next;
	return index;
}

int l2template_vary(struct l2template *template, uint32_t field, uint32_t nth)
{
	uint32_t width = l2field_width(field);
	uint32_t at;
	uint32_t len;

	if (!l2proto_name(l2field_proto(field)) || !width || width > 128)
		return -EINVAL;
	if (!find_header(stamp_of(template)->build, l2field_proto(field), nth, &at, &len) ||
	    l2field_bit(field) + width > 8 * len)
		return -ENOENT;
	return vary(template, at, l2field_bit(field), width);
}

int l2template_vary_bytes(struct l2template *template, size_t at, uint32_t n)
{
	const struct l2stamp *t = stamp_of(template);

	if (!n || n > 8 || at > t->len || n > t->len - at)
		return -EINVAL;
	return vary(template, (uint32_t)at, 0, 8 * n);
}
