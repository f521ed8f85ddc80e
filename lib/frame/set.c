/* SPDX-License-Identifier: MIT */
/* Any field of a header being built. */
#include <errno.h>

#include "build-internal.h"

/* The record that a field belongs to, or NULL when there is an error or nothing to write. */
static struct l2record *record_of(struct l2build *b, uint32_t field)
{
	uint32_t end = (l2field_bit(field) + l2field_width(field) + 7) / 8;
	uint8_t id = l2field_proto(field);
	const struct l2proto *proto = l2proto_of(id);
	struct l2record *r;

	if (!proto || !proto->name || !l2field_width(field)) {
		l2build_fail(b, -EINVAL, 0, "%a is no field", field, 0);
		return NULL;
	}
	r = l2build_find(b, id);
	if (!r || b->error)
		return NULL;
	if (end > (proto->repeat ? proto->repeat : r->len)) {
		l2build_refuse(b, r, -ENOENT, "the header ends before byte %a, the field's last",
			       end, 0);
		return NULL;
	}
	return r;
}

/* Of several headers in one record the last is meant. */
static uint8_t *header_of(struct l2build *b, const struct l2record *r)
{
	uint8_t repeat = l2proto_of(r->proto)->repeat;

	return b->buf + r->at + (repeat ? r->len - repeat : 0);
}

/* Finishing leaves it alone, and so does the protocol that follows. */
static void mark(struct l2build *b, struct l2record *r, uint32_t field)
{
	uint8_t kind = l2field_auto(field);

	r->set |= kind;
	if (kind == L2SET_NEXT && r == &b->records[b->n - 1])
		b->open = L2SPACE_NONE;
}

void l2frame_set(struct l2frame *f, uint32_t field, uint64_t value)
{
	struct l2build *b = l2build_of(f);
	uint32_t width = l2field_width(field);
	struct l2record *r = record_of(b, field);

	if (!r)
		return;
	if (width > 64) {
		l2build_refuse(b, r, -EINVAL, "a field of %a bits is set as bytes", width, 0);
		return;
	}
	if (width < 64 && value >> width) {
		l2build_refuse(b, r, -ERANGE, "the value does not fit the field's %a bits", width,
			       0);
		return;
	}
	l2field_write(header_of(b, r), field, value);
	mark(b, r, field);
}

void l2frame_set_bytes(struct l2frame *f, uint32_t field, const void *bytes)
{
	struct l2build *b = l2build_of(f);
	struct l2record *r = record_of(b, field);

	if (!r)
		return;
	if (!bytes || !l2field_is_bytes(field)) {
		l2build_refuse(b, r, -EINVAL,
			       "no bytes are given, or the field's %a bits are no whole ones",
			       l2field_width(field), 0);
		return;
	}
	memcpy(header_of(b, r) + l2field_bit(field) / 8, bytes, l2field_width(field) / 8);
	mark(b, r, field);
}
