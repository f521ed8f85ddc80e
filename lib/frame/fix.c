/* SPDX-License-Identifier: MIT */
/* Frames put right: their checksums, and the segment size that a TCP SYN announces. */
#include <errno.h>
#include <l2sock/option.h>

#include "verdict-internal.h"

#define TCP_FLAGS_AT 13
#define TCP_CSUM_AT  16

static void write_sum(const struct l2parse *p, uint32_t index, uint8_t *frame)
{
	uint8_t *field = frame + l2verdict_field(p, index);
	uint16_t check = 0;
	struct l2csum sum;

	memcpy(field, &check, sizeof(check));
	l2verdict_sum(p, index, &sum);
	check = l2csum_finish(&sum);
	if (p->layer[index].proto == L2PROTO_UDP)
		check = l2csum_nonzero(check);
	memcpy(field, &check, sizeof(check));
}

/* From the innermost outwards: what a checksum covers is right by then. */
int l2parse_fix(struct l2parse *p, void *frame)
{
	uint16_t csum = L2_CSUM_UNKNOWN;
	uint16_t before;
	uint32_t i;
	int written = 0;

	if (!p || !frame || frame != p->data)
		return -EINVAL;
	before = p->csum;
	p->csum = csum;
	for (i = p->n; i--;) {
		int verdict = l2parse_verdict(p, i);

		if (verdict == L2VERDICT_BAD) {
			write_sum(p, i, frame);
			written++;
		} else if (verdict > L2VERDICT_ABSENT) {
			csum = before;
		}
	}
	p->csum = csum;
	return written;
}

/* The option's value may be at an odd place: some senders put one NOP in front. */
static void write_mss(const struct l2parse *p, uint32_t index, uint8_t *frame, uint32_t at,
		      uint16_t mss)
{
	uint8_t *header = frame + p->layer[index].at;
	uint8_t value[2];
	uint16_t check;

	l2bytes_put16(value, mss);
	if (p->csum != L2_CSUM_NOT_READY) {
		memcpy(&check, header + TCP_CSUM_AT, sizeof(check));
		check = l2csum_replace(check, header + at, value, sizeof(value), at);
		memcpy(header + TCP_CSUM_AT, &check, sizeof(check));
	}
	memcpy(header + at, value, sizeof(value));
}

int l2parse_clamp_mss(const struct l2parse *p, void *frame, uint16_t mss)
{
	const uint8_t *header;
	struct l2option o;
	int index, r;

	if (!p || !frame || frame != p->data || !mss)
		return -EINVAL;
	index = l2parse_find(p, L2PROTO_TCP, 0);
	if (index < 0 || l2verdict_is_quoted(p, (uint32_t)index))
		return 0;
	header = p->data + p->layer[index].at;
	if (!(header[TCP_FLAGS_AT] & L2TCP_FLAG_SYN))
		return 0;
	r = l2parse_find_option(p, (uint32_t)index, L2TCPOPT_MSS, &o);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (o.len != sizeof(mss))
		return -EBADMSG;
	if (l2bytes_get16(o.data) <= mss)
		return 0;
	write_mss(p, (uint32_t)index, frame, (uint32_t)(o.data - header), mss);
	return 1;
}
