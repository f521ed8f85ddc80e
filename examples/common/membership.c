/* SPDX-License-Identifier: MIT */
/* What hosts and routers tell each other about a multicast group: RFC 2236, 3376, 2710, 3810. */
#include <errno.h>
#include <string.h>

#include "membership.h"

/* Of a querier: its interval in seconds, and how many messages may be lost. */
#define INTERVAL   125
#define ROBUSTNESS 2

static const uint8_t no_group[16];

static size_t len_of(const struct membership *m)
{
	return m->ip6 ? L2_IP6_LEN : L2_IP4_LEN;
}

static bool is_all(const struct membership *m)
{
	return !memcmp(m->group, no_group, len_of(m));
}

void membership_group_mac(const struct membership *m, uint8_t *ret)
{
	const uint8_t mac4[] = { 0x01, 0x00, 0x5e, m->group[1] & 0x7f, m->group[2], m->group[3] };
	const uint8_t mac6[] = {
		0x33, 0x33, m->group[12], m->group[13], m->group[14], m->group[15]
	};

	memcpy(ret, m->ip6 ? mac6 : mac4, L2_MAC_LEN);
}

void membership_all_mac(const struct membership *m, uint8_t *ret)
{
	static const uint8_t mac4[] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };
	static const uint8_t mac6[] = { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 };

	memcpy(ret, m->ip6 ? mac6 : mac4, L2_MAC_LEN);
}

/* Destinations, hop limits and router alerts are up to the message. */
static void begin(struct l2frame *f, const struct membership *m, uint8_t *buf)
{
	l2frame_init(f, buf, MEMBERSHIP_FRAME);
	l2frame_eth(f, NULL, m->mac);
	if (m->ip6)
		l2frame_ip6(f, m->host, NULL);
	else
		l2frame_ip4(f, m->host, NULL);
}

static void add_sources(struct l2frame *f, const struct membership *m)
{
	unsigned int i;

	for (i = 0; i < m->n_wanted; i++)
		l2frame_group_source(f, m->wanted[i]);
}

static uint8_t record_type(const struct membership *m, enum membership_event event)
{
	switch (event) {
	case MEMBERSHIP_JOIN:
		return m->n_wanted ? L2GROUP_ALLOW : L2GROUP_TO_EXCLUDE;
	case MEMBERSHIP_LEAVE:
		return m->n_wanted ? L2GROUP_BLOCK : L2GROUP_TO_INCLUDE;
	default:
		return m->n_wanted ? L2GROUP_IS_INCLUDE : L2GROUP_IS_EXCLUDE;
	}
}

static void report_ip4(struct l2frame *f, const struct membership *m, enum membership_event event,
		       unsigned int version)
{
	if (version == 3) {
		l2frame_igmp_report(f);
		l2frame_igmp_record(f, record_type(m, event), m->group);
		add_sources(f, m);
	} else if (event == MEMBERSHIP_LEAVE) {
		l2frame_igmp(f, L2IGMP_LEAVE, 0, m->group);
	} else {
		l2frame_igmp(f, version == 1 ? L2IGMP_REPORT_1 : L2IGMP_REPORT_2, 0, m->group);
	}
}

static void report_ip6(struct l2frame *f, const struct membership *m, enum membership_event event,
		       unsigned int version)
{
	if (version == 2) {
		l2frame_mld_report(f);
		l2frame_mld_record(f, record_type(m, event), m->group);
		add_sources(f, m);
	} else {
		l2frame_mld(f, event == MEMBERSHIP_LEAVE ? L2MLD_DONE : L2MLD_REPORT_1, 0,
			    m->group);
	}
}

int64_t membership_report(const struct membership *m, enum membership_event event,
			  unsigned int version, uint8_t *buf)
{
	struct l2frame f;

	if (event == MEMBERSHIP_LEAVE && version == 1 && !m->ip6)
		return -EOPNOTSUPP;
	begin(&f, m, buf);
	if (m->ip6)
		report_ip6(&f, m, event, version);
	else
		report_ip4(&f, m, event, version);
	return l2frame_finish(&f);
}

static void ask_ip4(struct l2frame *f, const struct membership *m, unsigned int seconds)
{
	const uint8_t *group = is_all(m) ? NULL : m->group;

	if (m->version == 3) {
		l2frame_igmp_query(f, l2group_encode8(10 * seconds), group, ROBUSTNESS,
				   l2group_encode8(INTERVAL));
		add_sources(f, m);
	} else {
		l2frame_igmp(f, L2IGMP_QUERY, m->version == 1 ? 0 : (uint8_t)(10 * seconds), group);
	}
}

static void ask_ip6(struct l2frame *f, const struct membership *m, unsigned int seconds)
{
	const uint8_t *group = is_all(m) ? NULL : m->group;

	if (m->version == 2) {
		l2frame_mld_query(f, l2group_encode16(1000 * seconds), group, ROBUSTNESS,
				  l2group_encode8(INTERVAL));
		add_sources(f, m);
	} else {
		l2frame_mld(f, L2MLD_QUERY, (uint16_t)(1000 * seconds), group);
	}
}

int64_t membership_ask(const struct membership *m, unsigned int seconds, uint8_t *buf)
{
	struct l2frame f;

	begin(&f, m, buf);
	if (m->ip6)
		ask_ip6(&f, m, seconds);
	else
		ask_ip4(&f, m, seconds);
	return l2frame_finish(&f);
}

/* The group that a layer speaks of; NULL where that is none of the version of IP. */
static const uint8_t *group_in(const struct membership *m, const struct l2parse *p, uint32_t i)
{
	switch (p->layer[i].proto) {
	case L2PROTO_IGMP:
		return m->ip6 ? NULL : l2parse_bytes(p, i, L2IGMP_GROUP);
	case L2PROTO_IGMPRECORD:
		return m->ip6 ? NULL : l2parse_bytes(p, i, L2IGMPRECORD_GROUP);
	case L2PROTO_MLD:
		return m->ip6 ? l2parse_bytes(p, i, L2MLD_GROUP) : NULL;
	case L2PROTO_MLDRECORD:
		return m->ip6 ? l2parse_bytes(p, i, L2MLDRECORD_GROUP) : NULL;
	default:
		return NULL;
	}
}

static bool is_about(const struct membership *m, const struct l2parse *p, uint32_t i)
{
	const uint8_t *group = group_in(m, p, i);

	return group && (is_all(m) || !memcmp(group, m->group, len_of(m)));
}

bool membership_concerns(const struct membership *m, const struct l2parse *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (is_about(m, p, i))
			return true;
	return false;
}

static bool is_report(const struct l2parse *p, uint32_t i)
{
	uint64_t type = 0;

	switch (p->layer[i].proto) {
	case L2PROTO_IGMP:
		l2parse_get_at(p, i, L2IGMP_TYPE, &type);
		return type == L2IGMP_REPORT_1 || type == L2IGMP_REPORT_2;
	case L2PROTO_MLD:
		l2parse_get_at(p, i, L2MLD_TYPE, &type);
		return type == L2MLD_REPORT_1;
	default: /* a record */
		return true;
	}
}

bool membership_reports(const struct membership *m, const struct l2parse *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (is_about(m, p, i) && is_report(p, i))
			return true;
	return false;
}

/* A query's version is in its length, and in a time that IGMPv1 does not have. */
static bool read_ip4(const struct l2parse *p, uint32_t i, struct membership_query *ret)
{
	uint64_t type = 0;
	uint64_t code = 0;

	l2parse_get_at(p, i, L2IGMP_TYPE, &type);
	l2parse_get_at(p, i, L2IGMP_CODE, &code);
	if (p->layer[i].len > 8)
		ret->version = 3;
	else
		ret->version = code ? 2 : 1;
	if (ret->version == 3)
		code = l2group_decode8((uint8_t)code);
	ret->patience_ns = (ret->version == 1 ? 100 : (int64_t)code) * 100 * L2_MSEC;
	return type == L2IGMP_QUERY;
}

static bool read_ip6(const struct l2parse *p, uint32_t i, struct membership_query *ret)
{
	uint64_t type = 0;
	uint64_t delay = 0;

	l2parse_get_at(p, i, L2MLD_TYPE, &type);
	l2parse_get_at(p, i, L2MLD_DELAY, &delay);
	ret->version = p->layer[i].len > 24 ? 2 : 1;
	if (ret->version == 2)
		delay = l2group_decode16((uint16_t)delay);
	ret->patience_ns = (int64_t)delay * L2_MSEC;
	return type == L2MLD_QUERY;
}

bool membership_asks(const struct membership *m, const struct l2parse *p,
		     struct membership_query *ret)
{
	int found = l2parse_find(p, m->ip6 ? L2PROTO_MLD : L2PROTO_IGMP, 0);
	const uint8_t *group;

	if (found < 0)
		return false;
	group = group_in(m, p, (uint32_t)found);
	if (!group || (memcmp(group, no_group, len_of(m)) && !is_about(m, p, (uint32_t)found)))
		return false;
	return m->ip6 ? read_ip6(p, (uint32_t)found, ret) : read_ip4(p, (uint32_t)found, ret);
}
