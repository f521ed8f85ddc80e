/* SPDX-License-Identifier: MIT */
/* 802.2 and SNAP, behind a length in place of a type. */
#include <errno.h>

#include "build-internal.h"
#include "ethertype-internal.h"
#include "text-internal.h"

#define LLC_LEN     3
#define LLC_LEN_NUM 4 /* with sequence numbers, the control field has two bytes */
#define SNAP_LEN    5
#define SAP_SNAP    0xaa
#define SAP_STP     0x42
#define UI          0x03 /* unnumbered information */

static const struct l2field llc_fields[] = {
	{ "dsap", 0, L2LLC_DSAP, L2FIELD_HEX },
	{ "ssap", 0, L2LLC_SSAP, L2FIELD_HEX },
	{ "control", UI, L2LLC_CONTROL, L2FIELD_HEX },
};

static const struct l2field snap_fields[] = {
	{ "oui", 0, L2SNAP_OUI, L2FIELD_HEX },
	{ "pid", 0, L2SNAP_PID, L2FIELD_HEX },
};

/* Whether the header in front ends with a type that nobody has set. */
static int is_open(const struct l2build *b, const struct l2record *r)
{
	const struct l2record *front = r - 1;

	return r > b->records && (front->proto == L2PROTO_ETH || front->proto == L2PROTO_VLAN) &&
	       front->at + front->len == r->at && !(front->set & L2SET_NEXT);
}

/* The type in front becomes the length of all behind it; padding does not count. */
static void llc_finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	uint32_t len = b->len - r->at;

	(void)behind;
	if (!is_open(b, r))
		return;
	if (len > L2_8023_LEN_MAX)
		l2build_refuse(b, r, -EMSGSIZE, "%a bytes exceed what an 802.3 length can tell, %b",
			       len, L2_8023_LEN_MAX);
	else
		l2bytes_put16(b->buf + r->at - 2, (uint16_t)len);
}

static int is_snap(const uint8_t *h)
{
	return h[0] == SAP_SNAP && h[1] == SAP_SNAP && h[2] == UI;
}

static int llc_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len = LLC_LEN;

	if (left < LLC_LEN)
		return l2cursor_truncated(c, layer, h, left);
	if ((h[2] & UI) != UI)
		len = LLC_LEN_NUM;
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_LLC, 0);
	return l2cursor_next(c, layer, h + len, left - len,
			     is_snap(h) ? L2PROTO_SNAP : L2PROTO_NONE);
}

static int snap_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	static const uint8_t encapsulated[] = { 0, 0, 0 };
	uint8_t next = L2PROTO_NONE;

	if (left < SNAP_LEN)
		return l2cursor_truncated(c, layer, h, left);
	if (!memcmp(h, encapsulated, sizeof(encapsulated)))
		next = l2proto_by_ethertype(l2bytes_get16(h + 3));
	layer = l2cursor_layer(c, layer, h, left, SNAP_LEN, L2PROTO_SNAP, 0);
	return l2cursor_next(c, layer, h + SNAP_LEN, left - SNAP_LEN, next);
}

static void llc_print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "802.3 LLC");
	if (h[0] == SAP_STP && h[1] == SAP_STP) {
		l2line_str(line, " STP");
	} else if (h[0] != SAP_SNAP || h[1] != SAP_SNAP) {
		l2line_str(line, " dsap 0x");
		l2line_hex(line, h[0], 2);
		l2line_str(line, " ssap 0x");
		l2line_hex(line, h[1], 2);
	}
}

static void snap_print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "SNAP oui 0x");
	l2line_hex(line, l2bytes_get32(h) >> 8, 6);
	l2line_str(line, " type 0x");
	l2line_hex(line, l2bytes_get16(h + 3), 4);
}

const struct l2proto l2proto_llc = {
	.name = "llc",
	.fields = llc_fields,
	.n_fields = L2COUNT(llc_fields),
	.id = L2PROTO_LLC,
	.print = llc_print,
	.finish = llc_finish,
	.parse = llc_parse,
};

const struct l2proto l2proto_snap = {
	.name = "snap",
	.fields = snap_fields,
	.n_fields = L2COUNT(snap_fields),
	.id = L2PROTO_SNAP,
	.print = snap_print,
	.parse = snap_parse,
};

void l2frame_llc(struct l2frame *f, uint8_t dsap, uint8_t ssap, uint8_t control)
{
	uint8_t *h = l2build_push(l2build_of(f), &l2proto_llc, LLC_LEN);

	if (!h)
		return;
	h[0] = dsap;
	h[1] = ssap;
	h[2] = control;
}

void l2frame_snap(struct l2frame *f, uint32_t oui, uint16_t pid)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	l2frame_llc(f, SAP_SNAP, SAP_SNAP, UI);
	h = l2build_push(b, &l2proto_snap, SNAP_LEN);
	if (!h)
		return;
	h[0] = (uint8_t)(oui >> 16);
	l2bytes_put16(h + 1, (uint16_t)oui);
	l2bytes_put16(h + 3, pid);
	if (!(oui & 0xffffff) && !pid)
		l2build_open(b, L2SPACE_ETHERTYPE, h + 3);
}
