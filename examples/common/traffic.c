/* SPDX-License-Identifier: MIT */
/* Frames to generate: built once, stamped for each flow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

/* Nobody's addresses: 02:... is local, 198.18.0.0/15 is for benchmarks (RFC 2544). */
static const uint8_t far_mac[L2_MAC_LEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t near_ip[4] = { 198, 18, 0, 1 };
static const uint8_t far_ip[4] = { 198, 18, 0, 2 };
static const uint8_t group_ip[4] = { 239, 1, 0, 0 };

/* What a protocol adds behind the tags, and the field that tells flows apart. */
struct proto {
	const char *name;
	void (*add)(struct l2frame *f, const struct traffic_plan *plan);
	uint32_t field;
	uint32_t base; /* its value in flow 0 */
};

static void add_udp(struct l2frame *f, const struct traffic_plan *plan)
{
	(void)plan;
	l2frame_ip4(f, near_ip, far_ip);
	l2frame_udp(f, 1024, 9);
}

static void add_tcp(struct l2frame *f, const struct traffic_plan *plan)
{
	(void)plan;
	l2frame_ip4(f, near_ip, far_ip);
	l2frame_tcp(f, 1024, 9, 1, 1, L2TCP_FLAG_ACK);
}

static void add_icmp(struct l2frame *f, const struct traffic_plan *plan)
{
	(void)plan;
	l2frame_ip4(f, near_ip, far_ip);
	l2frame_icmp4_echo(f, L2ICMP4_ECHO_REQUEST, 0, 1);
}

static void add_arp(struct l2frame *f, const struct traffic_plan *plan)
{
	l2frame_arp(f, L2ARP_REQUEST, plan->src, near_ip, NULL, far_ip);
}

static void add_igmp(struct l2frame *f, const struct traffic_plan *plan)
{
	(void)plan;
	l2frame_ip4(f, near_ip, NULL);
	l2frame_igmp(f, L2IGMP_REPORT_2, 0, group_ip);
}

static const struct proto protos[] = {
	{ "udp", add_udp, L2UDP_SPORT, 1024 },
	{ "tcp", add_tcp, L2TCP_SPORT, 1024 },
	{ "icmp", add_icmp, L2ICMP4_ID, 0 },
	{ "arp", add_arp, L2ARP_TPA, 0xc6120002 },
	{ "igmp", add_igmp, L2IGMP_GROUP, 0xef010000 },
};

static const struct proto *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
		if (!strcmp(protos[i].name, name))
			return &protos[i];
	return NULL;
}

/* ARP is padded; the others have payload, so that their lengths are the frame's. */
static void build(struct l2frame *f, const struct traffic_plan *plan, const struct proto *proto,
		  size_t payload)
{
	uint8_t *to;
	uint32_t i;
	size_t n;

	l2frame_eth(f, far_mac, plan->src);
	for (i = 0; i < plan->n_tags; i++)
		l2frame_vlan(f, plan->tpids[i], plan->tcis[i]);
	proto->add(f, plan);
	to = payload ? l2frame_reserve(f, payload) : NULL;
	for (n = 0; to && n < payload; n++)
		to[n] = (uint8_t)n;
}

static size_t header_len(const struct traffic_plan *plan, const struct proto *proto)
{
	struct l2frame f;

	l2frame_init(&f, NULL, 0);
	build(&f, plan, proto, 0);
	l2frame_finish(&f);
	return l2frame_size(&f);
}

static size_t choose_size(const struct traffic_plan *plan, size_t least)
{
	if (plan->size)
		return plan->size;
	return least > L2FRAME_PAD ? least : L2FRAME_PAD;
}

int traffic_prepare(struct traffic *t, const struct traffic_plan *plan, char *why, size_t size)
{
	const struct proto *proto = find(plan->proto);
	struct l2err err;
	size_t least;
	int64_t n;

	if (!proto) {
		snprintf(why, size, "--proto %s: udp, tcp, icmp, arp or igmp", plan->proto);
		return -1;
	}
	least = header_len(plan, proto);
	if (plan->size && plan->size < least) {
		snprintf(why, size, "-s %zu: the headers alone take %zu bytes", plan->size, least);
		return -1;
	}
	l2frame_init(&t->frame, t->bytes, sizeof(t->bytes));
	build(&t->frame, plan, proto, choose_size(plan, least) - least);
	n = l2template_init(&t->template, &t->frame);
	if (n < 0) {
		l2frame_error(&t->frame, &err);
		snprintf(why, size, "%s", err.text);
		return -1;
	}
	l2template_vary(&t->template, proto->field, 0);
	t->len = (size_t)n;
	t->flows = plan->flows;
	t->base = proto->base;
	t->next = 0;
	return 0;
}

/* A single flow is a copy. */
void traffic_write(struct traffic *t, void *to)
{
	const uint64_t value = t->base + t->next;

	if (t->flows == 1) {
		memcpy(to, t->bytes, t->len);
		return;
	}
	l2template_stamp(&t->template, to, t->len, &value);
	t->next = t->next + 1 == t->flows ? 0 : t->next + 1;
}

/* Returns what stands behind the number, or NULL. */
static const char *read_number(const char *text, int base, unsigned long most, unsigned long *ret)
{
	const char *digits = base == 16 ? "0123456789abcdefABCDEFx" : "0123456789";
	char *end;

	if (!*text || !strchr(digits, *text))
		return NULL;
	*ret = strtoul(text, &end, base);
	return *ret <= most ? end : NULL;
}

int traffic_read_tags(struct traffic_plan *plan, const char *text)
{
	unsigned long tpid;
	unsigned long vid;
	unsigned long pcp;

	for (plan->n_tags = 0; plan->n_tags < TRAFFIC_TAGS; text++) {
		pcp = 0;
		text = read_number(text, 16, 0xffff, &tpid);
		if (!text || *text != ':')
			return -1;
		text = read_number(text + 1, 10, 4095, &vid);
		if (text && *text == ':')
			text = read_number(text + 1, 10, 7, &pcp);
		if (!text)
			return -1;
		plan->tpids[plan->n_tags] = (uint16_t)tpid;
		plan->tcis[plan->n_tags++] = l2frame_tci((unsigned int)pcp, 0, (unsigned int)vid);
		if (*text != ',')
			return *text ? -1 : 0;
	}
	return -1;
}
