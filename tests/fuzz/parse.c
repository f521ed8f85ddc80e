/* SPDX-License-Identifier: MIT */
/* Any bytes as a frame: every layer within bounds, and whatever is asked about it answered. */
#include <stdlib.h>
#include <string.h>

#include <l2sock/frame.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_bounds(const struct l2parse *p, size_t len)
{
	uint32_t i;

	check(p->n <= L2PARSE_LAYERS && p->len == len);
	for (i = 0; i < p->n; i++) {
		check(p->layer[i].at + p->layer[i].len <= p->layer[i].end);
		check(p->layer[i].end <= len);
		check(l2proto_name(p->layer[i].proto) != NULL);
	}
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

static void parse(uint32_t proto, const uint8_t *bytes, size_t len)
{
	struct l2parse strict;
	struct l2parse p;
	int n = l2parse_packet(&p, proto, bytes, len, 0);
	int r = l2parse_packet(&strict, proto, bytes, len, L2PARSE_STRICT);

	check(n == (int)p.n && strict.n == p.n);
	check(r == n || r < 0);
	check_bounds(&p, len);
	get_fields(&p);
	walk_options(&p);
	print(&p);
}

/* Every third input begins with another protocol than Ethernet, which its first byte chooses. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t proto = L2PROTO_ETH;
	uint8_t *bytes;

	if (!size)
		return 0;
	if (data[0] % 3 == 0 && l2proto_name(data[0] / 3))
		proto = data[0] / 3;
	size--;
	bytes = malloc(size ? size : 1); /* exactly, so that a step too far is seen */
	memcpy(bytes, data + 1, size);
	parse(proto, bytes, size);
	free(bytes);
	return 0;
}
