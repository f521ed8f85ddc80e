/* SPDX-License-Identifier: MIT */
/*
 * Everyday filter expressions, as libpcap compiles them for Ethernet, against frames of many
 * protocols with all kinds of tags: what the kernel delivers is what the expression says of the
 * frame on the wire. Attached as they are, most of them deliver something else.
 *
 * With L2SOCK_TEST_TABLE=FILE the rows of docs/wire-filters.md are written there.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/pcap.h>

#include "case.h"
#include "netns.h"
#include "traffic.h"
#include "verdicts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NETMASK      0xffffff00 /* for "ip broadcast" */
#define FRAMES_MAX   512
#define BATCHES(n)   (((n) + VERDICTS_BATCH - 1) / VERDICTS_BATCH)

static const uint32_t taggings[][4] = {
	{ 0 },
	{ WIRE_TAG(L2_TPID_8021Q, 0x0064) },
	{ WIRE_TAG(L2_TPID_8021AD, 0xb123) },
	{ WIRE_TAG(L2_TPID_8021Q, 0x6000) }, /* priority only */
	{ WIRE_TAG(L2_TPID_QINQ, 0x0064) },
	{ WIRE_TAG(L2_TPID_8021AD, 0x3064), WIRE_TAG(L2_TPID_8021Q, 0xa0c8) },
	{ WIRE_TAG(L2_TPID_8021Q, 0x0064), WIRE_TAG(L2_TPID_8021Q, 0x00c8),
	  WIRE_TAG(L2_TPID_8021Q, 0x0003) },
};

struct expression {
	char text[160];
	struct l2insn insns[L2_FILTER_MAX];
	size_t n;
	struct l2insn wire[L2_FILTER_MAX];
	size_t wire_n;
};

static struct expression e;
static struct wire frames[FRAMES_MAX];
static size_t n_frames;
static struct verdicts kernel;

static void add_frame(const struct wire *w, uint32_t len)
{
	REQUIRE(n_frames < FRAMES_MAX);
	frames[n_frames] = *w;
	frames[n_frames++].len = len;
}

/* Whole frames with each tagging, and some cut short in their headers. */
static void make_frames(void)
{
	struct wire w;
	size_t nr;
	size_t i;

	for (nr = 0; nr < traffic_count(); nr++)
		for (i = 0; i < COUNT(taggings); i++) {
			traffic_make(nr, taggings[i], &w);
			add_frame(&w, w.len);
			if (nr % 4 == 0 && w.len > 40)
				add_frame(&w, 22 + (uint32_t)(nr + i) % 18);
		}
}

/* Returns false at the end of the list. */
static bool next_expression(FILE *list)
{
	const struct l2pcap_opts opts = { .size = sizeof(opts), .netmask = NETMASK };
	struct l2err err;
	int64_t n;

	do {
		if (!fgets(e.text, sizeof(e.text), list))
			return false;
	} while (e.text[0] == '#');
	e.text[strcspn(e.text, "\n")] = '\0';
	n = l2pcap_compile(e.text, &opts, e.insns, COUNT(e.insns), &err);
	if (n < 0)
		fprintf(stderr, "%s: %s\n", e.text, err.text);
	REQUIRE(n > 0);
	e.n = (size_t)n;
	return true;
}

static void rewrite(uint32_t flags)
{
	struct l2filter_report report;
	int64_t r = l2filter_wire(e.insns, e.n, flags, e.wire, COUNT(e.wire), &report);

	if (r < 0)
		fprintf(stderr, "%s: %s\n", e.text, report.text);
	REQUIRE(r > 0);
	e.wire_n = (size_t)r;
}

static size_t batch_size(size_t batch)
{
	size_t rest = n_frames - batch * VERDICTS_BATCH;

	return rest < VERDICTS_BATCH ? rest : VERDICTS_BATCH;
}

/* Sends all frames and compares at three sides; the fourth does not see all of them. */
static uint32_t compare(void)
{
	uint32_t judged = 0;
	size_t batch;
	int side;

	for (side = 0; side < VERDICTS_SENDING_COOKED; side++) {
		rewrite(side >= VERDICTS_RECEIVING_COOKED ? L2FILTER_COOKED : 0);
		REQUIRE_EQ(verdicts_attach(&kernel, side, e.wire, e.wire_n), 0);
	}
	for (batch = 0; batch < BATCHES(n_frames); batch++) {
		const struct wire *first = &frames[batch * VERDICTS_BATCH];

		verdicts_send(&kernel, first, batch_size(batch));
		for (side = 0; side < VERDICTS_SENDING_COOKED; side++)
			judged += verdicts_compare(&kernel, side, e.insns, e.n, first,
						   batch_size(batch));
	}
	return judged;
}

/* How many frames the receiving side gets with a program in force there. */
static int count_delivered(const struct l2insn *insns, size_t n)
{
	size_t batch;
	int side;
	int got = 0;

	REQUIRE_EQ(verdicts_attach(&kernel, VERDICTS_RECEIVING, insns, n), 0);
	for (batch = 0; batch < BATCHES(n_frames); batch++) {
		verdicts_send(&kernel, &frames[batch * VERDICTS_BATCH], batch_size(batch));
		got += verdicts_discard(&kernel, VERDICTS_RECEIVING);
		for (side = VERDICTS_SENDING; side < VERDICTS_SIDES; side++)
			verdicts_discard(&kernel, side);
	}
	return got;
}

static int count_wanted(void)
{
	int wanted = 0;
	size_t i;

	for (i = 0; i < n_frames; i++)
		wanted += verdicts_sees(&frames[i], VERDICTS_RECEIVING) &&
			  verdicts_wanted(&frames[i], VERDICTS_RECEIVING, e.insns, e.n) > 0;
	return wanted;
}

/* At its end is the program as it was given, behind at most three instructions. */
static bool is_quick(void)
{
	const struct l2insn *test = &e.wire[1];
	size_t to;

	if (e.wire_n == e.n)
		return !memcmp(e.wire, e.insns, e.n * sizeof(*e.insns));
	if (memcmp(&e.wire[e.wire_n - e.n], e.insns, e.n * sizeof(*e.insns)) != 0)
		return false;
	to = 2u + test->jt;
	if (e.wire[to].code == (BPF_JMP | BPF_JA))
		to += 1 + e.wire[to].k;
	return e.wire[0].k == L2FILTER_ANCILLARY + 4 * L2FILTER_VLAN_PRESENT && test->k == 0 &&
	       test->code == (BPF_JMP | BPF_JEQ | BPF_K) && to == e.wire_n - e.n;
}

/* A number, in bold type when it is not the one wanted. */
static void write_count(FILE *table, int count, int wanted)
{
	fprintf(table, count == wanted ? " %d |" : " **%d** |", count);
}

static void write_row(FILE *table, int wanted, int plain, int ours)
{
	const char *c;

	fputs("| `", table);
	for (c = e.text; *c; c++)
		fprintf(table, *c == '|' ? "\\|" : "%c", *c);
	fputs("` |", table);
	write_count(table, wanted, wanted);
	write_count(table, plain, wanted);
	write_count(table, ours, wanted);
	fprintf(table, " %zu | %zu |\n", e.n, e.wire_n);
}

CASE(expressions, deliver_what_they_say)
{
	const char *table_name = getenv("L2SOCK_TEST_TABLE");
	FILE *table = table_name ? fopen(table_name, "w") : NULL;
	FILE *list = fopen(EXPRESSIONS, "r");
	uint32_t total = 0;
	uint32_t wrong = 0;
	uint32_t longer = 0;
	uint32_t judged = 0;

	REQUIRE(list);
	netns_enter();
	verdicts_open(&kernel);
	make_frames();
	while (next_expression(list)) {
		int wanted = count_wanted();
		int plain;

		judged += compare();
		plain = count_delivered(e.insns, e.n);
		rewrite(0);
		REQUIRE(is_quick());
		if (table)
			write_row(table, wanted, plain, count_delivered(e.wire, e.wire_n));
		total++;
		wrong += plain != wanted;
		longer += e.wire_n > 3 * e.n + 20;
	}
	fclose(list);
	if (table)
		fclose(table);
	fprintf(stderr,
		"# %" PRIu32 " expressions, %zu frames, %" PRIu32 " verdicts; attached as they "
		"are, %" PRIu32 " are wrong; %" PRIu32 " grow by more than 3 n + 20\n",
		total, n_frames, judged, wrong, longer);
	REQUIRE(total >= 200);
	REQUIRE(wrong > total / 2);
	REQUIRE(longer <= total / 20);
}
