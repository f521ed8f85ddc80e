/* SPDX-License-Identifier: MIT */
/* The builder: room, records, payload, the error that sticks. */
#include <errno.h>

#include "build-internal.h"

/* Offsets and lengths are 32 bits; far beyond any frame. */
#define LEN_MAX (1u << 30)

void l2frame_init(struct l2frame *f, void *buf, size_t cap)
{
	struct l2build *b = l2build_of(f);

	/* Records are written before they are read. */
	memset(b, 0, offsetof(struct l2build, records));
	b->buf = buf;
	b->room = buf ? (uint32_t)(cap < LEN_MAX ? cap : LEN_MAX) : 0;
	b->cap = b->room;
}

void l2build_fail(struct l2build *b, int code, uint8_t proto, const char *text, uint32_t first,
		  uint32_t second)
{
	if (b->error)
		return;
	b->error = code;
	b->error_proto = proto;
	b->error_text = text;
	b->error_values[0] = first;
	b->error_values[1] = second;
	b->cap = 0;
}

void l2build_refuse(struct l2build *b, const struct l2record *r, int code, const char *text,
		    uint32_t first, uint32_t second)
{
	if (b->error)
		return;
	l2build_fail(b, code, r->proto, text, first, second);
	b->error_layer = (uint8_t)(r - b->records + 1);
}

/* Notes bytes that cannot be written, behind the latest header. */
static int count(struct l2build *b, uint8_t proto, size_t n)
{
	if (n > LEN_MAX - b->len)
		l2build_fail(b, -EMSGSIZE, proto, "the frame would exceed %a bytes", LEN_MAX, 0);
	else if ((uint64_t)b->len + n > b->cap)
		l2build_fail(b, -ENOSPC, proto, "the frame needs %a bytes, there is room for %b", 0,
			     b->room);
	if (b->error != -ENOSPC)
		return 0;
	b->len += (uint32_t)n;
	return 1;
}

void l2build_push_none(struct l2build *b, const struct l2proto *proto, uint32_t len)
{
	int first = !b->error;

	if (b->n == L2FRAME_LAYERS) {
		l2build_fail(b, -E2BIG, proto->id, "a frame has at most %a layers", L2FRAME_LAYERS,
			     0);
		return;
	}
	l2build_record(&b->records[b->n++], proto, b->len, len);
	count(b, proto->id, len);
	if (first)
		b->error_layer = b->n;
}

uint8_t *l2build_extend(struct l2build *b, uint32_t len)
{
	struct l2record *r = &b->records[b->n - 1];
	uint32_t at = b->len;

	if (r->len + len > UINT16_MAX) {
		l2build_refuse(b, r, -EMSGSIZE, "the header would exceed %a bytes", UINT16_MAX, 0);
		return NULL;
	}
	if ((uint64_t)at + len > b->cap) {
		if (count(b, r->proto, len))
			r->len = (uint16_t)(r->len + len);
		return NULL;
	}
	r->len = (uint16_t)(r->len + len);
	b->len += len;
	return b->buf + at;
}

struct l2record *l2build_find(struct l2build *b, uint8_t proto)
{
	uint8_t i;

	for (i = b->n; i-- > 0;)
		if (b->records[i].proto == proto)
			return &b->records[i];
	l2build_fail(b, -ENOENT, proto, "the frame has no such layer yet", 0, 0);
	return NULL;
}

/* Room for raw bytes, behind the latest header. */
static uint8_t *append(struct l2build *b, size_t n)
{
	uint32_t at = b->len;

	if (n > LEN_MAX || at + n > b->cap) {
		count(b, L2PROTO_NONE, n);
		return NULL;
	}
	b->len += (uint32_t)n;
	return b->buf + at;
}

/* The bytes just appended, if there is a header in front of them. */
static void leave_unsummed(struct l2build *b)
{
	if (b->n)
		l2build_last(b)->flags |= L2RECORD_UNSUMMED;
}

void l2frame_payload(struct l2frame *f, const void *data, size_t n)
{
	struct l2build *b = l2build_of(f);
	struct l2record *r;
	uint32_t before;
	uint16_t sum;
	uint8_t *to;

	if (!n)
		return;
	if (!data) {
		l2build_fail(b, -EINVAL, L2PROTO_NONE, "the payload is NULL", 0, 0);
		return;
	}
	to = append(b, n);
	if (!to)
		return;
	if (!b->sums || b->offload) {
		memcpy(to, data, n);
		leave_unsummed(b);
		return;
	}
	r = l2build_last(b);
	before = b->len - (uint32_t)n - r->at - r->len;
	sum = l2sum_copy(to, data, n);
	if (before)
		sum = l2sum_fold(l2sum_join(r->sum, before, sum));
	r->sum = sum;
}

void *l2frame_reserve(struct l2frame *f, size_t n)
{
	struct l2build *b = l2build_of(f);
	uint8_t *to = append(b, n);

	if (to)
		leave_unsummed(b);
	return to;
}

void l2frame_pad(struct l2frame *f, size_t len)
{
	struct l2build *b = l2build_of(f);

	if (len > LEN_MAX)
		l2build_fail(b, -EMSGSIZE, L2PROTO_NONE, "the frame would exceed %a bytes", LEN_MAX,
			     0);
	else
		b->pad = (uint32_t)len;
}

size_t l2frame_size(const struct l2frame *f)
{
	const struct l2build *b = l2build_of_const(f);

	return b->len > b->pad ? b->len : b->pad;
}
