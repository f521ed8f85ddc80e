/* SPDX-License-Identifier: MIT */
/* IGMP, versions 1 to 3. */
#include <l2sock/group.h>
#include <l2sock/option.h>

#include "group-internal.h"
#include "text-internal.h"

#define V2_LEN     L2IGMP_V2_LEN
#define V3_LEN     12
#define REPORT_LEN 8
#define RECORD_LEN 8
#define ADDR_LEN   4
#define NUMBER     2
#define IP4_LEN    20

static const struct l2field fields[] = {
	{ "type", 0, L2IGMP_TYPE, L2FIELD_HEX },    { "code", 0, L2IGMP_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2IGMP_CSUM, L2FIELD_HEX },    { "group", 0, L2IGMP_GROUP, L2FIELD_IP4 },
	{ "s", 0, L2IGMP_S, L2FIELD_NUMBER },       { "qrv", 0, L2IGMP_QRV, L2FIELD_NUMBER },
	{ "qqic", 0, L2IGMP_QQIC, L2FIELD_NUMBER }, { "nsrc", 0, L2IGMP_NSRC, L2FIELD_NUMBER },
};

static const struct l2field report_fields[] = {
	{ "type", L2IGMP_REPORT_3, L2IGMPREPORT_TYPE, L2FIELD_HEX },
	{ "csum", 0, L2IGMPREPORT_CSUM, L2FIELD_HEX },
	{ "nrec", 0, L2IGMPREPORT_NREC, L2FIELD_NUMBER },
};

static const struct l2field record_fields[] = {
	{ "type", 0, L2IGMPRECORD_TYPE, L2FIELD_NUMBER },
	{ "aux", 0, L2IGMPRECORD_AUX, L2FIELD_NUMBER },
	{ "nsrc", 0, L2IGMPRECORD_NSRC, L2FIELD_NUMBER },
	{ "group", 0, L2IGMPRECORD_GROUP, L2FIELD_IP4 },
};

static void finish(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2build_plain_sum(b, r, behind, L2IGMP_CSUM);
}

static void finish_report(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2group_count(b, r, L2IGMPREPORT_NREC, L2PROTO_IGMPRECORD);
	l2build_plain_sum(b, r, behind, L2IGMPREPORT_CSUM);
}

static size_t put(uint8_t *to, const uint8_t *addr)
{
	memcpy(to, addr, ADDR_LEN);
	return ADDR_LEN;
}

static size_t destination(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t all_hosts[ADDR_LEN] = { 224, 0, 0, 1 };
	static const uint8_t all_routers[ADDR_LEN] = { 224, 0, 0, 2 };
	static const uint8_t none[ADDR_LEN];
	const uint8_t *h = l2build_header(b, r);
	const uint8_t *group = h + 4;

	if (h[0] == L2IGMP_LEAVE)
		return put(ret, all_routers);
	if (h[0] == L2IGMP_QUERY && !memcmp(group, none, ADDR_LEN))
		return put(ret, all_hosts);
	return put(ret, group);
}

static size_t to_routers_3(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t routers[ADDR_LEN] = { 224, 0, 0, 22 };

	(void)b;
	(void)r;
	return put(ret, routers);
}

static int parse_report(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint16_t records = l2bytes_get16(h + 6);

	layer = l2cursor_layer(c, layer, h, left, REPORT_LEN, L2PROTO_IGMPREPORT, 0);
	return l2group_next(c, layer, h + REPORT_LEN, left - REPORT_LEN, records,
			    L2PROTO_IGMPRECORD);
}

static int parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len = V2_LEN;

	if (left < V2_LEN)
		return l2cursor_truncated(c, layer, h, left);
	if (h[0] == L2IGMP_REPORT_3)
		return parse_report(c, layer, h, left);
	if (h[0] == L2IGMP_QUERY && left >= V3_LEN)
		len = V3_LEN + (uint32_t)ADDR_LEN * l2bytes_get16(h + 10);
	if (left < len || len > UINT16_MAX)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_IGMP, 0);
	return l2cursor_payload(c, layer, h + len, left - len);
}

static int parse_record(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2group_parse_record(c, layer, h, left, L2PROTO_IGMPRECORD, ADDR_LEN);
}

static const struct l2name names[] = {
	{ L2IGMP_QUERY, "IGMP query " },
	{ L2IGMP_REPORT_1, "IGMPv1 report " },
	{ L2IGMP_REPORT_2, "IGMPv2 report " },
	{ L2IGMP_LEAVE, "IGMP leave " },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_name(line, h[0], names, L2COUNT(names), "IGMP type ");
	if (h[0] >> 4 == 1) /* those above */
		l2line_ip4(line, h + 4);
}

static void print_report(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	(void)p;
	(void)index;
	l2line_str(line, "IGMPv3 report");
}

static void print_record(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2group_print(line, h, ADDR_LEN);
}

const struct l2proto l2proto_igmp = {
	.name = "igmp",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(NUMBER) },
	.id = L2PROTO_IGMP,
	.sum = L2SUM_PLAIN,
	.print = print,
	.finish = finish,
	.destination = destination,
	.parse = parse,
};

const struct l2proto l2proto_igmpreport = {
	.name = "igmpreport",
	.fields = report_fields,
	.n_fields = L2COUNT(report_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(NUMBER) },
	.id = L2PROTO_IGMPREPORT,
	.sum = L2SUM_PLAIN,
	.print = print_report,
	.finish = finish_report,
	.destination = to_routers_3,
	.parse = parse,
};

const struct l2proto l2proto_igmprecord = {
	.name = "igmprecord",
	.fields = record_fields,
	.n_fields = L2COUNT(record_fields),
	.id = L2PROTO_IGMPRECORD,
	.print = print_record,
	.parse = parse_record,
};

/* RFC 2236, RFC 3376: TTL 1, and routers look at it although it is not for them. */
static uint8_t *push(struct l2frame *f, const struct l2proto *proto, uint8_t type, uint32_t len,
		     int alert)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	l2build_hops(b, 1);
	if (alert && b->n && l2build_last(b)->proto == L2PROTO_IP4 &&
	    l2build_last(b)->len == IP4_LEN && b->len == l2build_last(b)->at + IP4_LEN)
		l2frame_ip4_router_alert(f);
	h = l2build_push(b, proto, len);
	if (!h)
		return NULL;
	memset(h, 0, len);
	h[0] = type;
	return h;
}

/* NULL is the group of all zeros. */
static void put_group(uint8_t *to, const void *group)
{
	if (group)
		memcpy(to, group, ADDR_LEN);
}

void l2frame_igmp(struct l2frame *f, uint8_t type, uint8_t code, const void *group)
{
	int first = type == L2IGMP_REPORT_1 || (type == L2IGMP_QUERY && !code);
	uint8_t *h = push(f, &l2proto_igmp, type, V2_LEN, !first);

	if (!h)
		return;
	h[1] = code;
	put_group(h + 4, group);
}

void l2frame_igmp_query(struct l2frame *f, uint8_t code, const void *group, uint8_t robustness,
			uint8_t interval)
{
	uint8_t *h = push(f, &l2proto_igmp, L2IGMP_QUERY, V3_LEN, 1);

	if (!h)
		return;
	h[1] = code;
	put_group(h + 4, group);
	h[8] = robustness & 7;
	h[9] = interval;
}

void l2frame_igmp_report(struct l2frame *f)
{
	push(f, &l2proto_igmpreport, L2IGMP_REPORT_3, REPORT_LEN, 1);
}

void l2frame_igmp_record(struct l2frame *f, uint8_t type, const void *group)
{
	uint8_t *h = l2build_push(l2build_of(f), &l2proto_igmprecord, RECORD_LEN);

	if (!h)
		return;
	memset(h, 0, RECORD_LEN);
	h[0] = type;
	put_group(h + 4, group);
}
