/* SPDX-License-Identifier: MIT */
/*
 * craft SEED COUNT OUT.pcap OUT.txt
 *
 * Builds frames with random layers and writes them to a capture file, for others to judge. What the
 * parser finds in them goes to the other file, a line for each layer: the frame's number from 1,
 * the layer's name, its fields. Fails when the parser does not give back what was asked for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <l2sock/text.h>

#include "craft.h"
#include "random.h"

static void write_field(FILE *out, const struct l2parse *p, uint32_t layer,
			const struct l2field *field)
{
	const uint8_t *bytes = l2parse_bytes(p, layer, field->id);
	char text[L2TEXT_IP6_SIZE] = "";
	uint64_t value;

	if (field->type == L2FIELD_MAC && bytes)
		l2text_print_mac(bytes, text, sizeof(text));
	else if (field->type == L2FIELD_IP4 && bytes)
		l2text_print_ip4(bytes, text, sizeof(text));
	else if (field->type == L2FIELD_IP6 && bytes)
		l2text_print_ip6(bytes, text, sizeof(text));
	if (text[0])
		fprintf(out, " %s=%s", field->name, text);
	else if (l2parse_get_at(p, layer, field->id, &value) == 0)
		fprintf(out, " %s=%llu", field->name, (unsigned long long)value);
}

/* As in " options=2:05b4,1:,3:07". */
static void write_options(FILE *out, const struct l2parse *p, uint32_t layer)
{
	struct l2option o = { .next = 0 };
	const char *before = " options=";
	uint16_t i;

	while (l2parse_option(p, layer, &o) == 1) {
		fprintf(out, "%s%u:", before, o.type);
		for (i = 0; i < o.len; i++)
			fprintf(out, "%02x", o.data[i]);
		before = ",";
	}
}

static void write_layers(FILE *out, const struct l2parse *p, unsigned int number)
{
	const struct l2field *fields;
	uint32_t i, n, k;

	for (i = 0; i < p->n; i++) {
		fields = l2proto_fields(p->layer[i].proto, &n);
		fprintf(out, "%u %s", number, l2proto_name(p->layer[i].proto));
		for (k = 0; k < n; k++)
			write_field(out, p, i, &fields[k]);
		write_options(out, p, i);
		fprintf(out, "\n");
	}
	fprintf(out, "%u end payload=%u trailer=%u\n", number, p->payload_len, p->trailer_len);
}

static int complain(unsigned int number, const char *what, uint64_t value)
{
	fprintf(stderr, "craft: frame %u: %s %#llx\n", number, what, (unsigned long long)value);
	return -1;
}

static int check(const struct craft *c, const struct l2parse *p, unsigned int number)
{
	uint64_t value;
	size_t i;

	if (p->n != c->layers)
		return complain(number, "another number of layers:", p->n);
	for (i = 0; i < c->n_asked; i++) {
		const struct asked *asked = &c->asked[i];

		if (l2parse_get_at(p, asked->layer, asked->field, &value) < 0)
			return complain(number, "lacks field", asked->field);
		if (value != asked->value)
			return complain(number, "another value in field", asked->field);
	}
	return 0;
}

static void put32(FILE *out, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, out);
}

static void write_header(FILE *out)
{
	put32(out, 0xa1b2c3d4);
	fwrite((uint16_t[]) { 2, 4 }, sizeof(uint16_t), 2, out);
	put32(out, 0);
	put32(out, 0);
	put32(out, FRAME_MAX);
	put32(out, 1);
}

static void write_frame(FILE *out, unsigned int number, const uint8_t *frame, uint32_t n)
{
	put32(out, number);
	put32(out, 0);
	put32(out, n);
	put32(out, n);
	fwrite(frame, n, 1, out);
}

static int craft(uint64_t *seed, unsigned int number, FILE *pcap, FILE *text)
{
	struct craft c = { .seed = random_next(seed) };
	struct l2parse p;
	struct l2err why;
	int64_t n;

	l2frame_init(&c.f, c.buf, sizeof(c.buf));
	craft_frame(&c);
	n = l2frame_finish(&c.f);
	if (n < 0) {
		l2frame_error(&c.f, &why);
		fprintf(stderr, "craft: frame %u: %s\n", number, why.text);
		return -1;
	}
	write_frame(pcap, number, c.buf, (uint32_t)n);
	if (l2parse_frame(&p, c.buf, (size_t)n, L2PARSE_STRICT) < 0)
		return complain(number, "is refused by the parser, length", (uint64_t)n);
	write_layers(text, &p, number);
	return check(&c, &p, number);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc == 5 ? strtoull(argv[1], NULL, 0) : 0;
	unsigned int count = argc == 5 ? (unsigned int)strtoul(argv[2], NULL, 0) : 0;
	FILE *pcap = argc == 5 ? fopen(argv[3], "wb") : NULL;
	FILE *text = argc == 5 ? fopen(argv[4], "w") : NULL;
	unsigned int number;
	int failed = 0;

	if (!pcap || !text) {
		fprintf(stderr, "usage: craft SEED COUNT OUT.pcap OUT.txt\n");
		return 2;
	}
	write_header(pcap);
	for (number = 1; number <= count; number++)
		failed |= craft(&seed, number, pcap, text);
	failed |= fclose(pcap) | fclose(text);
	return failed ? 1 : 0;
}
