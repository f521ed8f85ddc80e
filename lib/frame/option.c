/* SPDX-License-Identifier: MIT */
/* Options inside headers: room for them while building, one after the other when parsing. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"

/* How options stand in a header. */
struct format {
	uint32_t length; /* the field with the header's length */
	uint16_t most;   /* bytes of header that it can tell */
	uint8_t unit;    /* bytes it counts by, and of padding */
	uint8_t free;    /* units it does not count */
	uint8_t counted; /* bytes that an option's length counts beyond its data */
	uint8_t nop;     /* there is a type 1 that stands alone */
};

static const struct format ip4 = { L2IP4_IHL, 60, 4, 0, 2, 1 };
static const struct format tcp = { L2TCP_DOFF, 60, 4, 0, 2, 1 };
static const struct format hop = { L2HOP_LEN, 2048, 8, 1, 0, 0 };
static const struct format dest = { L2DEST_LEN, 2048, 8, 1, 0, 0 };

static const struct format *format_of(uint8_t proto)
{
	switch (proto) {
	case L2PROTO_IP4:
		return &ip4;
	case L2PROTO_TCP:
		return &tcp;
	case L2PROTO_HOP:
		return &hop;
	case L2PROTO_DEST:
		return &dest;
	default:
		return NULL;
	}
}

/* Options that consist of their type alone. */
static int is_bare(const struct format *f, uint8_t type)
{
	return type == 0 || (type == 1 && f->nop);
}

/* The header has grown: its length field and its padding. */
static void close_header(struct l2build *b, const struct l2record *r, const struct format *f)
{
	uint8_t *h = l2build_header(b, r);
	uint8_t *pad = h + r->len - r->pad;

	if (!(r->set & L2SET_HLEN))
		l2field_write(h, f->length, (uint64_t)r->len / f->unit - f->free);
	memset(pad, 0, r->pad);
	if (f->counted == 0 && r->pad > 1) {
		pad[0] = L2IP6OPT_PADN;
		pad[1] = (uint8_t)(r->pad - 2);
	}
}

/* Padding makes the header whole units; the next option takes its place. */
uint8_t *l2build_option(struct l2build *b, uint8_t proto, uint32_t n)
{
	struct l2record *r = b->n ? l2build_last(b) : NULL;
	const struct format *f = format_of(proto);
	uint32_t start, len;

	if (!r || r->proto != proto || b->len != r->at + r->len) {
		l2build_fail(b, -ENOENT, proto, "options stand right behind their header", 0, 0);
		return NULL;
	}
	start = (uint32_t)r->len - r->pad;
	len = (start + n + f->unit - 1) / f->unit * f->unit;
	if (len > f->most) {
		l2build_refuse(b, r, -EMSGSIZE, "options make a header of %a bytes, %b at most",
			       len, f->most);
		return NULL;
	}
	if (len > r->len)
		l2build_extend(b, len - r->len);
	r->pad = (uint8_t)(r->len - start - n);
	if (b->error)
		return NULL;
	close_header(b, r, f);
	return l2build_header(b, r) + start;
}

void l2build_plain_option(struct l2build *b, uint8_t proto, uint8_t type, const void *data,
			  size_t n)
{
	const struct format *f = format_of(proto);
	uint8_t *option;

	if ((n && !data) || n > 255u - f->counted) {
		l2build_fail(b, -EINVAL, proto, "an option of %a bytes is NULL or too long",
			     (uint32_t)n, 0);
		return;
	}
	option = l2build_option(b, proto, is_bare(f, type) ? 1 : 2 + (uint32_t)n);
	if (!option)
		return;
	option[0] = type;
	if (is_bare(f, type))
		return;
	option[1] = (uint8_t)(n + f->counted);
	if (n)
		memcpy(option + 2, data, n);
}

/* The option at "start" bytes of a layer's header, where there is at least a byte of it. */
static int read_option(const struct format *f, const uint8_t *at, uint32_t left, uint32_t start,
		       struct l2option *ret)
{
	uint32_t len = 1;

	if (!is_bare(f, at[0])) {
		len = left < 2 ? 0 : at[1] + 2u - f->counted;
		if (len < 2 || len > left)
			return -EBADMSG;
	}
	*ret = (struct l2option) { .data = len > 1 ? at + 2 : NULL,
				   .next = start + len,
				   .len = (uint16_t)(len > 1 ? len - 2 : 0),
				   .type = at[0] };
	return 1;
}

int l2parse_option(const struct l2parse *p, uint32_t index, struct l2option *o)
{
	const struct l2layer *layer = &p->layer[index];
	const struct format *f;
	const uint8_t *at;
	uint32_t start;

	f = index < p->n ? format_of(layer->proto) : NULL;
	if (!f)
		return -ENOENT;
	start = o->next ? o->next : l2proto_of(layer->proto)->options_at;
	if (start >= layer->len)
		return 0;
	at = p->data + layer->at + start;
	/* In the formats with NOP, type 0 ends the list. */
	if (f->nop && at[0] == 0)
		return 0;
	return read_option(f, at, layer->len - start, start, o);
}

int l2parse_find_option(const struct l2parse *p, uint32_t index, uint8_t type, struct l2option *ret)
{
	struct l2option o = { .next = 0 };
	int r;

	while ((r = l2parse_option(p, index, &o)) == 1) {
		if (o.type != type)
			continue;
		*ret = o;
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}
