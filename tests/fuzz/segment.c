/* SPDX-License-Identifier: MIT */
/* Any bytes as a super-frame: what is cut has good checksums, and all the payload. */
#include <stdlib.h>
#include <string.h>

#include <l2sock/frame.h>

#define FACTS 3 /* bytes of input for type and size */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_segment(const uint8_t *bytes, size_t len, const struct l2segment *s)
{
	struct l2parse p;
	uint32_t i;

	check(l2parse_frame(&p, bytes, len, 0) > 0);
	for (i = 0; i < p.n && p.layer[i].at <= s->transport; i++)
		check(l2parse_verdict(&p, i) != L2VERDICT_BAD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[1 << 18];
	struct l2segment s;
	size_t total = 0;
	int64_t n;
	int count;

	if (size < FACTS)
		return 0;
	count = l2segment_begin(&s, data + FACTS, size - FACTS, data[0],
				(uint16_t)(data[1] | data[2] << 8));
	if (count < 0)
		return 0;
	while ((n = l2segment_next(&s, out, sizeof(out))) > 0) {
		check_segment(out, (size_t)n, &s);
		total += (size_t)n - s.hdr_len;
		count--;
	}
	check(n == 0);
	check(count == 0 && total == s.end - s.hdr_len);
	return 0;
}
