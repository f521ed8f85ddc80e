/* SPDX-License-Identifier: MIT */
/* Options of TCP. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"

#define BLOCK_LEN  8 /* two sequence numbers */
#define BLOCKS_MAX 4

void l2frame_tcp_option(struct l2frame *f, uint8_t kind, const void *data, size_t n)
{
	l2build_plain_option(l2build_of(f), L2PROTO_TCP, kind, data, n);
}

void l2frame_tcp_mss(struct l2frame *f, uint16_t mss)
{
	uint8_t data[2];

	l2bytes_put16(data, mss);
	l2frame_tcp_option(f, L2TCPOPT_MSS, data, sizeof(data));
}

void l2frame_tcp_wscale(struct l2frame *f, uint8_t shift)
{
	l2frame_tcp_option(f, L2TCPOPT_WSCALE, &shift, sizeof(shift));
}

void l2frame_tcp_sack_permitted(struct l2frame *f)
{
	l2frame_tcp_option(f, L2TCPOPT_SACK_PERMITTED, NULL, 0);
}

void l2frame_tcp_sack(struct l2frame *f, const uint32_t *edges, size_t blocks)
{
	uint8_t data[BLOCKS_MAX * BLOCK_LEN];
	size_t i;

	if (!edges || !blocks || blocks > BLOCKS_MAX) {
		l2build_fail(l2build_of(f), -EINVAL, L2PROTO_TCP,
			     "the edges are NULL, or %a blocks are not 1 to %b", (uint32_t)blocks,
			     BLOCKS_MAX);
		return;
	}
	for (i = 0; i < 2 * blocks; i++)
		l2bytes_put32(data + 4 * i, edges[i]);
	l2frame_tcp_option(f, L2TCPOPT_SACK, data, blocks * BLOCK_LEN);
}

void l2frame_tcp_timestamps(struct l2frame *f, uint32_t value, uint32_t echo)
{
	uint8_t data[8];

	l2bytes_put32(data, value);
	l2bytes_put32(data + 4, echo);
	l2frame_tcp_option(f, L2TCPOPT_TIMESTAMPS, data, sizeof(data));
}

static void read_sack(const struct l2option *o, struct l2tcpopts *ret)
{
	uint8_t i;

	ret->sack_blocks = (uint8_t)(o->len / BLOCK_LEN);
	for (i = 0; i < 2 * ret->sack_blocks; i++)
		ret->sack[i] = l2bytes_get32(o->data + 4 * i);
	ret->valid |= L2TCPOPTS_SACK;
}

/* One whose length is not that of its kind is left out. */
static void read(const struct l2option *o, struct l2tcpopts *ret)
{
	if (o->type == L2TCPOPT_MSS && o->len == 2) {
		ret->mss = l2bytes_get16(o->data);
		ret->valid |= L2TCPOPTS_MSS;
	} else if (o->type == L2TCPOPT_WSCALE && o->len == 1) {
		ret->wscale = o->data[0];
		ret->valid |= L2TCPOPTS_WSCALE;
	} else if (o->type == L2TCPOPT_SACK_PERMITTED && o->len == 0) {
		ret->valid |= L2TCPOPTS_SACK_PERMITTED;
	} else if (o->type == L2TCPOPT_SACK && o->len && o->len % BLOCK_LEN == 0) {
		read_sack(o, ret);
	} else if (o->type == L2TCPOPT_TIMESTAMPS && o->len == 8) {
		ret->timestamp = l2bytes_get32(o->data);
		ret->timestamp_echo = l2bytes_get32(o->data + 4);
		ret->valid |= L2TCPOPTS_TIMESTAMPS;
	}
}

int l2parse_tcp_options(const struct l2parse *p, uint32_t index, struct l2tcpopts *ret)
{
	struct l2option o = { .next = 0 };
	struct l2tcpopts found = { .valid = 0 };
	int r;

	if (index >= p->n || p->layer[index].proto != L2PROTO_TCP)
		return -ENOENT;
	while ((r = l2parse_option(p, index, &o)) == 1)
		read(&o, &found);
	*ret = found;
	return r;
}
