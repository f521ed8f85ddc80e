/* SPDX-License-Identifier: MIT */
/* Where libpcap and the kernel agree on programs, we agree with libpcap. */
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* <linux/filter.h> has the same names with the same values. */
#undef BPF_MAJOR_VERSION
#undef BPF_MINOR_VERSION
#include <pcap/pcap.h>

#include <l2sock/filter.h>

#include "case.h"
#include "program.h"
#include "random.h"

static struct l2insn insns[L2_FILTER_MAX];
static char text[L2_FILTER_MAX * 80];

/* bpf_image() does not know the length in X. */
static int is_known(const struct l2insn *insn)
{
	return insn->code != (BPF_LDX | BPF_W | BPF_LEN);
}

static void compare_images(size_t n)
{
	const char *line = text;
	size_t i;

	REQUIRE(l2filter_print(insns, n, L2FILTER_D, text, sizeof(text)) > 0);
	for (i = 0; i < n; i++) {
		const struct bpf_insn insn = { insns[i].code, insns[i].jt, insns[i].jf,
					       insns[i].k };
		const char *theirs = bpf_image(&insn, (int)i);
		size_t len = strcspn(line, "\n");

		if (is_known(&insns[i])) {
			if (len != strlen(theirs) || memcmp(line, theirs, len))
				fprintf(stderr, "%.*s\n%s\n", (int)len, line, theirs);
			REQUIRE(len == strlen(theirs) && !memcmp(line, theirs, len));
		}
		line += len + 1;
	}
	REQUIRE_EQ(*line, '\0');
}

CASE(libpcap, images)
{
	const uint32_t rounds = (uint32_t)random_rounds(1000);
	struct dice d;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		size_t n;

		dice_start(&d, i);
		n = program_valid(&d, insns, 8 + dice_below(&d, 60), PROGRAM_ALL);
		compare_images(n);
		compare_images(program_mutate(&d, insns, n));
	}
}

/* Keeps X small, so that no offset wraps, and shifts by X out. */
static void avoid_differences(struct l2insn *insn)
{
	const struct l2insn no_tax = { BPF_MISC | BPF_TXA, 0, 0, 0 };

	if (insn->code == (BPF_MISC | BPF_TAX))
		*insn = no_tax;
	if (BPF_CLASS(insn->code) == BPF_LDX && BPF_MODE(insn->code) != BPF_MSH)
		*insn = (struct l2insn) { BPF_LDX | BPF_IMM, 0, 0, insn->k & 63 };
	if (BPF_CLASS(insn->code) == BPF_LD && BPF_MODE(insn->code) == BPF_IND)
		insn->k &= 63;
	if (BPF_CLASS(insn->code) == BPF_ALU && BPF_SRC(insn->code) == BPF_X &&
	    (BPF_OP(insn->code) == BPF_LSH || BPF_OP(insn->code) == BPF_RSH))
		*insn = (struct l2insn) { (uint16_t)(insn->code & ~BPF_X), 0, 0, insn->k & 31 };
}

CASE(libpcap, results)
{
	const uint32_t rounds = (uint32_t)random_rounds(5000);
	static uint8_t frame[100];
	uint32_t different = 0;
	int64_t first = 0;
	struct dice d;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		size_t len;
		size_t n;
		size_t k;
		int64_t ours;

		dice_start(&d, i);
		len = dice_below(&d, sizeof(frame) + 1);
		program_frame(&d, frame, len);
		n = program_valid(&d, insns, 8 + dice_below(&d, 60), PROGRAM_FRAME);
		for (k = 0; k < n; k++)
			avoid_differences(&insns[k]);
		ours = l2filter_run(insns, n, frame, len, NULL);
		REQUIRE_EQ(ours, bpf_filter((const struct bpf_insn *)(const void *)insns, frame,
					    (u_int)len, (u_int)len));
		different += ours != first;
		first = ours;
	}
	REQUIRE(different > rounds / 2);
}

static size_t read_command(const char *command)
{
	FILE *f = popen(command, "r");
	size_t n;

	REQUIRE(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	REQUIRE_EQ(pclose(f), 0);
	return n;
}

/* What tcpdump prints is read and printed again, byte by byte the same. */
CASE(libpcap, texts)
{
	static const char *const expressions[] = {
		"arp",
		"tcp port 80",
		"ip6 and udp",
		"ip[6:2] & 0x1fff = 0",
		"vlan 5 and host 10.0.0.1",
		"tcp[tcpflags] & tcp-syn != 0",
		"inbound",
		"ether[0] & 1 = 0 and len > 100",
	};
	static const struct {
		const char *option;
		uint32_t style;
	} styles[] = { { "-dd", L2FILTER_DD }, { "-ddd", L2FILTER_DDD } };
	static char ours[sizeof(text)];
	char command[200];
	size_t i;

	if (system("command -v tcpdump >/dev/null 2>&1"))
		SKIP("no tcpdump");
	for (i = 0; i < 2 * sizeof(expressions) / sizeof(expressions[0]); i++) {
		int64_t n;
		size_t len;

		snprintf(command, sizeof(command), "tcpdump -y EN10MB %s '%s' 2>/dev/null",
			 styles[i % 2].option, expressions[i / 2]);
		len = read_command(command);
		REQUIRE(len > 0);
		n = l2filter_parse(text, len, insns, L2_FILTER_MAX, NULL);
		REQUIRE(n > 0);
		REQUIRE_EQ(
			l2filter_print(insns, (size_t)n, styles[i % 2].style, ours, sizeof(ours)),
			(int64_t)len);
		REQUIRE(!strcmp(ours, text));
	}
}
