/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a frame and its descriptor: judged, put right, judged again. What fixing and
 * clamping promise must hold.
 */
#include <stdlib.h>
#include <string.h>

#include <l2sock/frame.h>

#define FACTS 3 /* bytes of input for the descriptor */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static int count(const struct l2parse *p, int verdict)
{
	int n = 0;
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		int v = l2parse_verdict(p, i);

		check(v >= 0 && l2verdict_name((uint32_t)v) != NULL);
		n += v == verdict;
	}
	return n;
}

/* What could be computed is good then, and stays so. */
static void fix(struct l2parse *p, uint8_t *frame)
{
	int bad = count(p, L2VERDICT_BAD);
	int good = count(p, L2VERDICT_GOOD);
	int written = l2parse_fix(p, frame);

	check(written >= bad);
	check(count(p, L2VERDICT_BAD) == 0);
	check(count(p, L2VERDICT_GOOD) >= good + bad);
	check(l2parse_fix(p, frame) == 0);
}

static void clamp(struct l2parse *p, uint8_t *frame, uint16_t mss)
{
	int bad = count(p, L2VERDICT_BAD);
	int good = count(p, L2VERDICT_GOOD);
	int r = l2parse_clamp_mss(p, frame, mss);

	if (r != 1)
		return;
	check(l2parse_clamp_mss(p, frame, mss) == 0);
	check(count(p, L2VERDICT_BAD) == bad && count(p, L2VERDICT_GOOD) == good);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct l2pkt pkt = { .valid = L2_VALID_WIRE_LEN, .vlan_tpid = L2_TPID_8021Q };
	struct l2parse p;

	if (size <= FACTS)
		return 0;
	pkt.len = (uint32_t)(size - FACTS);
	pkt.wire_len = pkt.len + data[0] % 4;
	pkt.csum = data[1] % 3;
	pkt.flags = data[1] & 4 ? L2_FLAG_TAGGED : 0;
	pkt.data = malloc(pkt.len);
	check(pkt.data != NULL);
	memcpy(pkt.data, data + FACTS, pkt.len);
	l2parse_pkt(&p, &pkt, 0);
	clamp(&p, pkt.data, (uint16_t)(data[2] * 16 + 1));
	fix(&p, pkt.data);
	clamp(&p, pkt.data, 64);
	free(pkt.data);
	return 0;
}
