/* SPDX-License-Identifier: MIT */
/* Any bytes as a frame: every layer within bounds, and whatever is asked about it answered. */
#include <stdlib.h>
#include <string.h>

#include <l2sock/frame.h>

#define FACTS 2 /* bytes of input that tell what the others are */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

/* One behind the other, and all within the frame. */
static void check_bounds(const struct l2parse *p, size_t len)
{
	uint32_t end = 0;
	uint32_t i;

	check(p->n <= L2PARSE_LAYERS && p->len == len);
	for (i = 0; i < p->n; i++) {
		const struct l2layer *layer = &p->layer[i];

		check(layer->at + layer->len <= layer->end && layer->end <= len);
		check(l2proto_name(layer->proto) != NULL);
		if (layer->flags & L2LAYER_MERGED)
			continue;
		check(layer->at == end);
		end = layer->at + layer->len;
	}
	check(p->payload == end);
	check((uint64_t)p->payload + p->payload_len + p->trailer_len <= len);
}

/* Each field of each layer, as a number and as bytes. */
static void get_fields(const struct l2parse *p)
{
	const struct l2field *fields;
	const uint8_t *bytes;
	uint64_t value;
	uint32_t i, k, n;

	for (i = 0; i < p->n; i++) {
		fields = l2proto_fields(p->layer[i].proto, &n);
		for (k = 0; k < n; k++) {
			l2parse_get_at(p, i, fields[k].id, &value);
			bytes = l2parse_bytes(p, i, fields[k].id);
			check(!bytes || (bytes >= p->data && bytes < p->data + p->len));
		}
	}
}

/* They end, and lie inside their header. */
static void walk_options(const struct l2parse *p)
{
	struct l2tcpopts opts;
	struct l2option o;
	uint32_t i, steps;

	for (i = 0; i < p->n; i++) {
		memset(&o, 0, sizeof(o));
		for (steps = 0; l2parse_option(p, i, &o) == 1; steps++) {
			check(steps < p->layer[i].len && o.next <= p->layer[i].len);
			check(!o.data || o.data + o.len <= p->data + p->layer[i].at + o.next);
		}
		l2parse_tcp_options(p, i, &opts);
	}
}

static void print(const struct l2parse *p)
{
	char whole[4096];
	char *part;
	size_t len = l2parse_print(p, whole, sizeof(whole));
	size_t room = len / 2;

	check(len > 0 && len < sizeof(whole) && strlen(whole) == len);
	part = malloc(room + 1);
	check(l2parse_print(p, part, room) == len);
	check(!room || !strncmp(part, whole, room - 1));
	free(part);
}

static int parse(struct l2parse *p, uint32_t proto, const struct l2pkt *pkt, uint32_t flags)
{
	if (proto != L2PROTO_ETH)
		return l2parse_packet(p, proto, pkt->data, pkt->len, flags);
	return l2parse_pkt(p, pkt, flags);
}

static void ask(uint32_t proto, const struct l2pkt *pkt)
{
	struct l2parse strict;
	struct l2parse p;
	int n = parse(&p, proto, pkt, 0);
	int r = parse(&strict, proto, pkt, L2PARSE_STRICT);

	check(n == (int)p.n && strict.n == p.n && strict.stop == p.stop);
	check(!memcmp(strict.layer, p.layer, p.n * sizeof(p.layer[0])));
	check(r == n || r < 0);
	check(r < 0 || (p.stop != L2PARSE_MALFORMED && p.stop != L2PARSE_DEEP));
	check_bounds(&p, pkt->len);
	get_fields(&p);
	walk_options(&p);
	print(&p);
}

/*
 * Every third input begins with another protocol than Ethernet, which its first byte chooses. The
 * second one is a descriptor's: a tag, and bytes that were cut off.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct l2pkt pkt = { .valid = L2_VALID_WIRE_LEN, .vlan_tpid = L2_TPID_8021Q };
	uint32_t proto = L2PROTO_ETH;

	if (size < FACTS)
		return 0;
	if (data[0] % 3 == 0 && l2proto_name(data[0] / 3))
		proto = data[0] / 3;
	pkt.len = (uint32_t)(size - FACTS);
	pkt.flags = data[1] & 1 ? L2_FLAG_TAGGED : 0;
	pkt.wire_len = pkt.len + (pkt.flags ? L2_VLAN_TAG_LEN : 0) + (data[1] >> 1);
	pkt.data = malloc(pkt.len ? pkt.len : 1); /* exactly, so that a step too far is seen */
	memcpy(pkt.data, data + FACTS, pkt.len);
	ask(proto, &pkt);
	free(pkt.data);
	return 0;
}
