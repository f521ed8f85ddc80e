/* SPDX-License-Identifier: MIT */
/* MLD, versions 1 and 2. */
#include <l2sock/group.h>
#include <l2sock/option.h>

#include "group-internal.h"
#include "icmp6-internal.h"
#include "text-internal.h"

#define V1_LEN     L2MLD_V1_LEN
#define V2_LEN     28
#define REPORT_LEN 8
#define RECORD_LEN 20
#define ADDR_LEN   16

static const struct l2field fields[] = {
	{ "type", 0, L2MLD_TYPE, L2FIELD_NUMBER }, { "code", 0, L2MLD_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2MLD_CSUM, L2FIELD_HEX },    { "delay", 0, L2MLD_DELAY, L2FIELD_NUMBER },
	{ "group", 0, L2MLD_GROUP, L2FIELD_IP6 },  { "s", 0, L2MLD_S, L2FIELD_NUMBER },
	{ "qrv", 0, L2MLD_QRV, L2FIELD_NUMBER },   { "qqic", 0, L2MLD_QQIC, L2FIELD_NUMBER },
	{ "nsrc", 0, L2MLD_NSRC, L2FIELD_NUMBER },
};

static const struct l2field report_fields[] = {
	{ "type", L2MLD_REPORT_2, L2MLDREPORT_TYPE, L2FIELD_NUMBER },
	{ "code", 0, L2MLDREPORT_CODE, L2FIELD_NUMBER },
	{ "csum", 0, L2MLDREPORT_CSUM, L2FIELD_HEX },
	{ "nrec", 0, L2MLDREPORT_NREC, L2FIELD_NUMBER },
};

static const struct l2field record_fields[] = {
	{ "type", 0, L2MLDRECORD_TYPE, L2FIELD_NUMBER },
	{ "aux", 0, L2MLDRECORD_AUX, L2FIELD_NUMBER },
	{ "nsrc", 0, L2MLDRECORD_NSRC, L2FIELD_NUMBER },
	{ "group", 0, L2MLDRECORD_GROUP, L2FIELD_IP6 },
};

static void finish_report(struct l2build *b, struct l2record *r, uint64_t behind)
{
	l2group_count(b, r, L2MLDREPORT_NREC, L2PROTO_MLDRECORD);
	l2icmp6_finish(b, r, behind);
}

static size_t put(uint8_t *to, const uint8_t *addr)
{
	memcpy(to, addr, ADDR_LEN);
	return ADDR_LEN;
}

static size_t destination(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t all_nodes[ADDR_LEN] = { 0xff, 0x02, [15] = 1 };
	static const uint8_t all_routers[ADDR_LEN] = { 0xff, 0x02, [15] = 2 };
	static const uint8_t none[ADDR_LEN];
	const uint8_t *h = l2build_header(b, r);
	const uint8_t *group = h + 8;

	if (h[0] == L2MLD_DONE)
		return put(ret, all_routers);
	if (h[0] == L2MLD_QUERY && !memcmp(group, none, ADDR_LEN))
		return put(ret, all_nodes);
	return put(ret, group);
}

static size_t to_routers_2(const struct l2build *b, const struct l2record *r, uint8_t *ret)
{
	static const uint8_t routers[ADDR_LEN] = { 0xff, 0x02, [15] = 0x16 };

	(void)b;
	(void)r;
	return put(ret, routers);
}

int l2mld_is(uint8_t type)
{
	return type == L2MLD_REPORT_2 || (type >= L2MLD_QUERY && type <= L2MLD_DONE);
}

static int parse_report(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint16_t records = l2bytes_get16(h + 6);

	layer = l2cursor_layer(c, layer, h, left, REPORT_LEN, L2PROTO_MLDREPORT, 0);
	return l2group_next(c, layer, h + REPORT_LEN, left - REPORT_LEN, records,
			    L2PROTO_MLDRECORD);
}

int l2mld_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len = V1_LEN;

	if (h[0] == L2MLD_REPORT_2)
		return parse_report(c, layer, h, left);
	if (h[0] == L2MLD_QUERY && left >= V2_LEN)
		len = V2_LEN + (uint32_t)ADDR_LEN * l2bytes_get16(h + 26);
	if (left < len || len > UINT16_MAX)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_MLD, 0);
	return l2cursor_payload(c, layer, h + len, left - len);
}

static int parse_record(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	return l2group_parse_record(c, layer, h, left, L2PROTO_MLDRECORD, ADDR_LEN);
}

static const struct l2name names[] = {
	{ L2MLD_QUERY, "MLD query " },
	{ L2MLD_REPORT_1, "MLDv1 report " },
	{ L2MLD_DONE, "MLD done " },
};

static void print(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_name(line, h[0], names, L2COUNT(names), "MLD type ");
	l2line_ip6(line, h + 8);
}

static void print_report(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	(void)p;
	(void)index;
	l2line_str(line, "MLDv2 report");
}

static void print_record(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2group_print(line, h, ADDR_LEN);
}

const struct l2proto l2proto_mld = {
	.name = "mld",
	.fields = fields,
	.n_fields = L2COUNT(fields),
	.number = { [L2SPACE_IP] = L2NUMBER(L2ICMP6_NUMBER) },
	.id = L2PROTO_MLD,
	.sum = L2SUM_PSEUDO,
	.print = print,
	.finish = l2icmp6_finish,
	.destination = destination,
	.parse = l2icmp6_parse,
};

const struct l2proto l2proto_mldreport = {
	.name = "mldreport",
	.fields = report_fields,
	.n_fields = L2COUNT(report_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(L2ICMP6_NUMBER) },
	.id = L2PROTO_MLDREPORT,
	.sum = L2SUM_PSEUDO,
	.print = print_report,
	.finish = finish_report,
	.destination = to_routers_2,
	.parse = l2icmp6_parse,
};

const struct l2proto l2proto_mldrecord = {
	.name = "mldrecord",
	.fields = record_fields,
	.n_fields = L2COUNT(record_fields),
	.id = L2PROTO_MLDRECORD,
	.print = print_record,
	.parse = parse_record,
};

/* RFC 2710, RFC 3810: hop limit 1, and routers look at it although it is not for them. */
static uint8_t *push(struct l2frame *f, const struct l2proto *proto, uint8_t type, uint32_t len)
{
	struct l2build *b = l2build_of(f);

	l2build_hops(b, 1);
	if (b->n && l2build_last(b)->proto == L2PROTO_IP6) {
		l2frame_ip6_hop(f);
		l2frame_ip6_router_alert(f, 0);
	}
	return l2icmp6_push(b, proto, type, len);
}

/* NULL is the group of all zeros. */
static void put_group(uint8_t *to, const void *group)
{
	if (group)
		memcpy(to, group, ADDR_LEN);
}

void l2frame_mld(struct l2frame *f, uint8_t type, uint16_t delay, const void *group)
{
	uint8_t *h = push(f, &l2proto_mld, type, V1_LEN);

	if (!h)
		return;
	l2bytes_put16(h + 4, delay);
	put_group(h + 8, group);
}

void l2frame_mld_query(struct l2frame *f, uint16_t delay, const void *group, uint8_t robustness,
		       uint8_t interval)
{
	uint8_t *h = push(f, &l2proto_mld, L2MLD_QUERY, V2_LEN);

	if (!h)
		return;
	l2bytes_put16(h + 4, delay);
	put_group(h + 8, group);
	h[24] = robustness & 7;
	h[25] = interval;
}

void l2frame_mld_report(struct l2frame *f)
{
	push(f, &l2proto_mldreport, L2MLD_REPORT_2, REPORT_LEN);
}

void l2frame_mld_record(struct l2frame *f, uint8_t type, const void *group)
{
	uint8_t *h = l2build_push(l2build_of(f), &l2proto_mldrecord, RECORD_LEN);

	if (!h)
		return;
	memset(h, 0, RECORD_LEN);
	h[0] = type;
	put_group(h + 4, group);
}
