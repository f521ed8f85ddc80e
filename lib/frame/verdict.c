/* SPDX-License-Identifier: MIT */
/* The checksums of a parsed frame: what they cover, and whether they are right. */
#include <errno.h>
#include <l2sock/csum.h>

#include "verdict-internal.h"

/* Those of the pseudo-header. */
struct addresses {
	const uint8_t *src;
	const uint8_t *dst;
	uint8_t version; /* of IP; 0 where nothing tells them */
};

static const char *const names[] = {
	[L2VERDICT_NONE] = "none",
	[L2VERDICT_GOOD] = "good",
	[L2VERDICT_BAD] = "bad",
	[L2VERDICT_ABSENT] = "absent",
	[L2VERDICT_NOT_READY] = "not ready",
	[L2VERDICT_FRAGMENT] = "fragment",
	[L2VERDICT_TRUNCATED] = "truncated",
	[L2VERDICT_UNKNOWN] = "unknown",
};

const char *l2verdict_name(uint32_t verdict)
{
	return verdict < L2COUNT(names) ? names[verdict] : NULL;
}

static const uint8_t *header_of(const struct l2parse *p, uint32_t index)
{
	return p->data + p->layer[index].at;
}

uint32_t l2verdict_field(const struct l2parse *p, uint32_t index)
{
	const struct l2proto *proto = l2proto_of(p->layer[index].proto);
	uint32_t i;

	for (i = 0; i < proto->n_fields; i++)
		if (l2field_auto(proto->fields[i].id) == L2AUTO_CSUM)
			return p->layer[index].at + l2field_bit(proto->fields[i].id) / 8;
	return 0;
}

/* What follows an ICMP header is the beginning of somebody else's packet. */
int l2verdict_is_quoted(const struct l2parse *p, uint32_t index)
{
	uint8_t proto;

	while (index--) {
		proto = p->layer[index].proto;
		if (proto == L2PROTO_ICMP4 || proto == L2PROTO_ICMP6)
			return 1;
	}
	return 0;
}

static int is_fragment(const struct l2parse *p, uint32_t index)
{
	while (index--)
		if (p->layer[index].flags & L2LAYER_FRAGMENT)
			return 1;
	return 0;
}

static int tells_length(const struct l2layer *layer)
{
	return !(layer->flags & L2LAYER_NO_LEN) &&
	       (layer->proto == L2PROTO_UDP || layer->proto == L2PROTO_IP4 ||
		layer->proto == L2PROTO_IP6);
}

/* Whether bytes are missing up to where the innermost length field puts the end. */
static int is_truncated(const struct l2parse *p, uint32_t index)
{
	uint32_t i = index + 1;

	while (i--) {
		if (p->layer[i].flags & L2LAYER_CUT)
			return 1;
		if (tells_length(&p->layer[i]))
			return 0;
	}
	return p->wire_len > p->len;
}

/* Of a routing header with segments left; the innermost one counts. */
static int add_routing(struct addresses *a, const uint8_t *h, size_t len)
{
	if (a->dst || !h[3])
		return 0;
	a->dst = l2routing_destination(h, len);
	return a->dst ? 0 : -ENOENT;
}

static struct addresses addresses_of(const struct l2parse *p, uint32_t index)
{
	struct addresses a = { 0 };

	while (index--) {
		const uint8_t *h = header_of(p, index);

		switch (p->layer[index].proto) {
		case L2PROTO_IP4:
			return (struct addresses) { h + 12, h + 16, 4 };
		case L2PROTO_IP6:
			return (struct addresses) { a.src ? a.src : h + 8, a.dst ? a.dst : h + 24,
						    6 };
		case L2PROTO_ROUTING:
			if (add_routing(&a, h, p->layer[index].len) < 0)
				return (struct addresses) { 0 };
			break;
		case L2PROTO_DEST:
			if (!a.src)
				a.src = l2extension_home(h, p->layer[index].len);
			break;
		default:
			break;
		}
	}
	return (struct addresses) { 0 };
}

int l2verdict_pseudo(const struct l2parse *p, uint32_t index, uint32_t len, struct l2csum *sum)
{
	const uint8_t number = (uint8_t)l2proto_of(p->layer[index].proto)->number[L2SPACE_IP];
	const struct addresses a = addresses_of(p, index);

	if (!a.version)
		return -ENOENT;
	if (a.version == 4)
		l2csum_add_pseudo4(sum, a.src, a.dst, number, len);
	else
		l2csum_add_pseudo6(sum, a.src, a.dst, number, len);
	return 0;
}

int l2verdict_sum(const struct l2parse *p, uint32_t index, struct l2csum *ret)
{
	const struct l2layer *layer = &p->layer[index];
	const uint8_t kind = l2proto_of(layer->proto)->sum;
	const uint32_t len = kind == L2SUM_HEADER ? layer->len : layer->end - layer->at;

	*ret = (struct l2csum) { 0 };
	if (kind == L2SUM_PSEUDO && l2verdict_pseudo(p, index, len, ret) < 0)
		return -ENOENT;
	l2csum_add(ret, header_of(p, index), len);
	return 0;
}

/* What can be told without adding up; L2VERDICT_GOOD if it must be. */
static int verdict_by_facts(const struct l2parse *p, uint32_t index, uint32_t field)
{
	const struct l2layer *layer = &p->layer[index];
	const int is_udp = layer->proto == L2PROTO_UDP;
	const int is_offloaded = is_udp || layer->proto == L2PROTO_TCP;

	if (!field || l2verdict_is_quoted(p, index))
		return L2VERDICT_NONE;
	if (l2proto_of(layer->proto)->sum == L2SUM_HEADER)
		return L2VERDICT_GOOD;
	if (is_offloaded && p->csum == L2_CSUM_NOT_READY)
		return L2VERDICT_NOT_READY;
	if (is_udp && !l2bytes_get16(p->data + field) && addresses_of(p, index).version == 4)
		return L2VERDICT_ABSENT;
	if (is_fragment(p, index))
		return L2VERDICT_FRAGMENT;
	return is_truncated(p, index) ? L2VERDICT_TRUNCATED : L2VERDICT_GOOD;
}

int l2parse_verdict(const struct l2parse *p, uint32_t index)
{
	struct l2csum sum;
	uint32_t field;
	int verdict;

	if (!p || index >= p->n)
		return -ENOENT;
	field = l2verdict_field(p, index);
	verdict = verdict_by_facts(p, index, field);
	if (verdict != L2VERDICT_GOOD)
		return verdict;
	if (l2verdict_sum(p, index, &sum) < 0)
		return L2VERDICT_UNKNOWN;
	/* IPv6 knows no UDP without checksum, even where all sums up well. */
	if (p->layer[index].proto == L2PROTO_UDP && !l2bytes_get16(p->data + field))
		return L2VERDICT_BAD;
	return l2csum_finish(&sum) ? L2VERDICT_BAD : L2VERDICT_GOOD;
}
