/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "wire.h"

#define ADDRESSES (2 * L2_MAC_LEN)

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t get16(const uint8_t *at)
{
	return (uint32_t)(at[0] << 8 | at[1]);
}

uint32_t wire_make(struct wire *w, const uint32_t *tags, uint16_t type, uint32_t len)
{
	uint32_t at = ADDRESSES;
	uint32_t i;

	for (i = 0; i < WIRE_ROOM; i++)
		w->bytes[i] = (uint8_t)(0x31 * i + 7);
	w->bytes[0] = 2;
	for (; *tags; tags++) {
		put16(w->bytes + at, *tags >> 16);
		put16(w->bytes + at + 2, *tags);
		at += L2_VLAN_TAG_LEN;
	}
	put16(w->bytes + at, type);
	w->len = len;
	return at + 2;
}

static bool has_outer_tag(const struct wire *w)
{
	uint32_t type = get16(w->bytes + ADDRESSES);

	return type == L2_TPID_8021Q || type == L2_TPID_8021AD;
}

void wire_facts(const struct wire *w, struct l2filter_facts *facts)
{
	l2filter_facts_init(facts, NULL);
	facts->net_offset = L2_ETH_HEADER_LEN + (has_outer_tag(w) ? L2_VLAN_TAG_LEN : 0);
}

static void know(struct l2filter_facts *facts, int number, uint32_t value)
{
	facts->known |= 1u << number;
	facts->ancillary[number] = value;
}

static void take_tag_out(const struct wire *w, struct view *v)
{
	bool tagged = has_outer_tag(w);
	uint32_t taken = tagged ? L2_VLAN_TAG_LEN : 0;
	uint32_t pay_offset = v->facts.ancillary[L2FILTER_PAY_OFFSET];

	memcpy(v->bytes, w->bytes, ADDRESSES);
	memcpy(v->bytes + ADDRESSES, w->bytes + ADDRESSES + taken, w->len - ADDRESSES - taken);
	v->len = w->len - taken;
	v->missing = taken;
	know(&v->facts, L2FILTER_VLAN_PRESENT, tagged);
	know(&v->facts, L2FILTER_VLAN_TPID, tagged ? get16(w->bytes + ADDRESSES) : 0);
	know(&v->facts, L2FILTER_VLAN_TCI, tagged ? get16(w->bytes + ADDRESSES + 2) : 0);
	if (pay_offset)
		v->facts.ancillary[L2FILTER_PAY_OFFSET] = pay_offset - taken;
	v->facts.net_offset = L2_ETH_HEADER_LEN;
}

static void take_header_off(struct view *v)
{
	const uint32_t header = L2_ETH_HEADER_LEN;

	v->header = header;
	v->missing += header;
	v->facts.net_offset -= (int32_t)header;
	v->facts.link_offset = -(int32_t)header;
	v->facts.front = header;
	if (v->facts.ancillary[L2FILTER_PAY_OFFSET])
		v->facts.ancillary[L2FILTER_PAY_OFFSET] -= header;
}

void wire_view(const struct wire *w, const struct l2filter_facts *facts, bool cooked,
	       struct view *ret)
{
	ret->facts = *facts;
	ret->header = 0;
	take_tag_out(w, ret);
	if (cooked)
		take_header_off(ret);
}

int64_t view_run(const struct view *v, const struct l2insn *insns, size_t n)
{
	return l2filter_run(insns, n, v->bytes + v->header, v->len - v->header, &v->facts);
}

uint32_t view_return(const struct view *v, uint32_t wanted)
{
	uint32_t least = v->header ? 1 : ADDRESSES;

	if (!v->missing || wanted > INT32_MAX || wanted <= least)
		return wanted;
	return wanted - least > v->missing ? wanted - v->missing : least;
}
