/* SPDX-License-Identifier: MIT */
/* Any bytes as a frame: the steering programs come to an end, and do not care for VLAN tags. */
#include <stdlib.h>
#include <string.h>

#include <l2sock/fanout.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static int64_t run(uint32_t kind, const uint8_t *frame, size_t len)
{
	static struct l2insn insns[L2GROUP_BY_INNER_FLOW + 1][L2_FILTER_MAX];
	static int64_t n[L2GROUP_BY_INNER_FLOW + 1];
	struct l2filter_facts facts;
	int64_t r;

	l2filter_facts_init(&facts, NULL);
	facts.known = 1u << L2FILTER_HATYPE;
	facts.ancillary[L2FILTER_HATYPE] = 1;
	if (!n[kind])
		n[kind] = l2group_steering(kind, insns[kind], L2_FILTER_MAX);
	check(n[kind] > 0);
	r = l2filter_run(insns[kind], (size_t)n[kind], frame, len, &facts);
	check(r >= 0);
	return r;
}

static int is_tag(const uint8_t *type)
{
	return (type[0] == 0x81 && type[1] == 0) || (type[0] == 0x88 && type[1] == 0xa8) ||
	       (type[0] == 0x91 && type[1] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t tag[L2_VLAN_TAG_LEN] = { 0x81, 0, 0x20, 5 };
	uint8_t *tagged;
	uint32_t kind;

	if (size < L2_ETH_HEADER_LEN || is_tag(data + 12))
		return 0;
	tagged = malloc(size + sizeof(tag));
	memcpy(tagged, data, 12);
	memcpy(tagged + 12, tag, sizeof(tag));
	memcpy(tagged + 16, data + 12, size - 12);
	for (kind = L2GROUP_BY_FLOW; kind <= L2GROUP_BY_INNER_FLOW; kind++)
		if (kind != L2GROUP_BY_VLAN)
			check(run(kind, data, size) == run(kind, tagged, size + sizeof(tag)));
	free(tagged);
	return 0;
}
