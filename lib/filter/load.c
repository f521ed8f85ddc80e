/* SPDX-License-Identifier: MIT */
/* Loads from the wire, done with what the kernel has: bytes of its frame and the tag beside it. */
#include <errno.h>

#include "copy-internal.h"

#define ANCILLARY(number) (L2FILTER_ANCILLARY + 4 * (number))

/* Of an indirect load: each offset of two lists of spans may be one, and what is outside. */
#define REGIONS_MAX (2 * (L2LAYOUT_LAST + 2))

/* Offsets from the first one on that an indirect load treats alike. */
struct region {
	struct l2place place; /* of the first one */
	bool whole;
	uint32_t k; /* whole: what to load */
};

/* A word of scratch memory that nobody will read, or -EOPNOTSUPP. */
static int spare_word(struct l2copy *c, uint32_t pc, uint32_t live)
{
	int word;

	for (word = 0; word < BPF_MEMWORDS; word++)
		if (!(live & 1u << word))
			return word;
	return l2report_insn(
		c->report, -EOPNOTSUPP, pc,
		"on a tagged frame this takes a word of scratch memory, and all %d are "
		"in use",
		BPF_MEMWORDS);
}

/* How many bytes from a place on can be loaded at once: 1, 2 or 4. */
static uint32_t part_size(const struct l2place *place, uint32_t size)
{
	const struct l2span *span = l2layout_span(place->spans, place->offset);
	uint32_t room = span[1].from - place->offset;

	if (room < size)
		size = room;
	return size == 3 ? 2 : size;
}

/* Loads bytes that are next to each other; those of the tag come from a 16-bit number. */
static void load_part(struct l2steps *steps, const struct l2place *place, uint32_t size)
{
	static const uint16_t sizes[] = { [1] = BPF_B, [2] = BPF_H, [4] = BPF_W };
	const struct l2span *span = l2layout_span(place->spans, place->offset);

	switch (span->source) {
	case L2SOURCE_FRAME:
		l2steps_add(steps, BPF_LD | BPF_ABS | sizes[size],
			    place->base + place->offset + span->shift);
		return;
	case L2SOURCE_TPID:
		l2steps_add(steps, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_VLAN_TPID));
		break;
	default:
		l2steps_add(steps, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_VLAN_TCI));
	}
	if (size == 1 && place->offset == span->from)
		l2steps_add(steps, BPF_ALU | BPF_RSH | BPF_K, 8);
	else if (size == 1)
		l2steps_add(steps, BPF_ALU | BPF_AND | BPF_K, UINT8_MAX);
}

/* Loads bytes from several places. Returns whether that takes X. */
static bool load_parts(struct l2steps *steps, struct l2place place, uint32_t size)
{
	uint32_t part = part_size(&place, size);
	bool takes_x = part < size;

	load_part(steps, &place, part);
	while (size -= part) {
		place.offset += part;
		part = part_size(&place, size);
		l2steps_add(steps, BPF_ALU | BPF_LSH | BPF_K, 8 * part);
		l2steps_add(steps, BPF_MISC | BPF_TAX, 0);
		load_part(steps, &place, part);
		l2steps_add(steps, BPF_ALU | BPF_OR | BPF_X, 0);
	}
	return takes_x;
}

int l2load_absolute(struct l2copy *c, uint32_t pc, uint32_t live)
{
	const struct l2insn *insn = &c->insns[pc];
	struct l2steps parts = { .n = 0 };
	struct l2place place;
	uint32_t shift;
	int word;

	if (!l2layout_place(c->layout, insn->k, &place)) {
		l2writer_put_insn(&c->writer, *insn);
		return 0;
	}
	if (l2layout_is_whole(&place, l2insn_size(insn), &shift)) {
		l2writer_put(&c->writer, insn->code, insn->k + shift);
		return 0;
	}
	if (!load_parts(&parts, place, l2insn_size(insn)) || !(live & L2USE_X)) {
		l2writer_put_steps(&c->writer, &parts);
		return 0;
	}
	word = spare_word(c, pc, live);
	if (word < 0)
		return word;
	l2writer_put(&c->writer, BPF_LDX | BPF_MEM, (uint32_t)word);
	l2writer_put_steps(&c->writer, &parts);
	l2writer_put(&c->writer, BPF_STX, (uint32_t)word);
	return 0;
}

int l2load_header_length(struct l2copy *c, uint32_t pc, uint32_t live)
{
	const struct l2insn *insn = &c->insns[pc];
	struct l2steps steps = { .n = 0 };
	struct l2place place;
	uint32_t shift = 0;
	int word = 0;

	if (!l2layout_place(c->layout, insn->k, &place) || l2layout_is_whole(&place, 1, &shift)) {
		l2writer_put(&c->writer, insn->code, insn->k + shift);
		return 0;
	}
	if (live & L2USE_A) {
		word = spare_word(c, pc, live);
		if (word < 0)
			return word;
		l2steps_add(&steps, BPF_ST, (uint32_t)word);
	}
	load_part(&steps, &place, 1);
	l2steps_add(&steps, BPF_ALU | BPF_AND | BPF_K, 0xf);
	l2steps_add(&steps, BPF_ALU | BPF_LSH | BPF_K, 2);
	l2steps_add(&steps, BPF_MISC | BPF_TAX, 0);
	if (live & L2USE_A)
		l2steps_add(&steps, BPF_LD | BPF_MEM, (uint32_t)word);
	l2writer_put_steps(&c->writer, &steps);
	return 0;
}

int l2load_length(struct l2copy *c, uint32_t pc, uint32_t live)
{
	bool to_x = BPF_CLASS(c->insns[pc].code) == BPF_LDX;
	bool keep_a = to_x && live & L2USE_A;
	struct l2steps steps = { .n = 0 };
	int word = 0;

	if (keep_a) {
		word = spare_word(c, pc, live);
		if (word < 0)
			return word;
		l2steps_add(&steps, BPF_ST, (uint32_t)word);
	}
	l2steps_add(&steps, BPF_LD | BPF_W | BPF_LEN, 0);
	l2steps_add(&steps, BPF_ALU | BPF_ADD | BPF_K, c->layout->missing);
	if (to_x)
		l2steps_add(&steps, BPF_MISC | BPF_TAX, 0);
	if (keep_a)
		l2steps_add(&steps, BPF_LD | BPF_MEM, (uint32_t)word);
	l2writer_put_steps(&c->writer, &steps);
	return 0;
}

/*
 * Splits the offsets that a load may have into regions, in ascending order: each place where the
 * load touches the tag is one, and so are the stretches of equal shift between them.
 */
static uint32_t add_regions(const struct l2span *spans, uint32_t base, const struct l2insn *insn,
			    uint16_t facts, struct region *regions, uint32_t n)
{
	uint32_t offset;

	for (offset = 0; offset <= L2LAYOUT_LAST; offset++) {
		struct region region = { .place = { spans, base, offset } };
		uint32_t shift = 0;

		if (!l2flow_may_have(facts, offset))
			continue;
		region.whole = l2layout_is_whole(&region.place, l2insn_size(insn), &shift);
		region.k = insn->k + shift;
		if (n && region.whole && regions[n - 1].whole && regions[n - 1].k == region.k)
			continue;
		regions[n++] = region;
	}
	return n;
}

/* Negative offsets are from L2FILTER_LINK, or what is outside of it and left as it is. */
static uint32_t add_negative(const struct l2layout *layout, const struct l2insn *insn,
			     struct region *regions, uint32_t n)
{
	struct region rest = { .whole = true, .k = insn->k };

	rest.place.offset = (uint32_t)INT32_MAX + 1;
	regions[n++] = rest;
	n = add_regions(layout->link, L2FILTER_LINK, insn, UINT16_MAX, regions, n);
	if (regions[n - 1].k == insn->k && regions[n - 1].whole)
		return n;
	rest.place.offset = L2FILTER_NET;
	regions[n++] = rest;
	return n;
}

/* Here X is known: it is what leads to this place. */
static void write_region(struct l2copy *c, const struct l2insn *insn, const struct region *region,
			 uint32_t live)
{
	struct l2steps parts = { .n = 0 };

	if (region->whole) {
		l2writer_put(&c->writer, insn->code, region->k);
		return;
	}
	if (load_parts(&parts, region->place, l2insn_size(insn)) && live & L2USE_X)
		l2writer_put(&c->writer, BPF_LDX | BPF_IMM,
			     region->place.base + region->place.offset - insn->k);
	l2writer_put_steps(&c->writer, &parts);
}

/* The loaded register is free until the load: it holds the offset for finding the region. */
void l2load_indirect(struct l2copy *c, uint32_t pc, uint32_t live)
{
	const struct l2insn *insn = &c->insns[pc];
	struct region regions[REGIONS_MAX];
	uint32_t labels[REGIONS_MAX];
	uint32_t end = c->writer.count;
	uint32_t n;
	uint32_t i;

	n = add_regions(c->layout->frame, 0, insn, c->facts[pc], regions, 0);
	if (c->facts[pc] & L2FLOW_NEGATIVE)
		n = add_negative(c->layout, insn, regions, n);
	for (i = n; i--;) {
		l2writer_go(&c->writer, end);
		write_region(c, insn, &regions[i], live);
		labels[i] = c->writer.count;
	}
	if (n == 1)
		return;
	for (i = 1; i < n; i++)
		l2writer_branch(&c->writer, BPF_JMP | BPF_JGE | BPF_K,
				regions[i].place.base + regions[i].place.offset, labels[i],
				c->writer.count);
	if (insn->k)
		l2writer_put(&c->writer, BPF_ALU | BPF_ADD | BPF_K, insn->k);
	l2writer_put(&c->writer, BPF_MISC | BPF_TXA, 0);
}
