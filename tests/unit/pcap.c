/* SPDX-License-Identifier: MIT */
/* The companion: the programs are those of tcpdump, the refusals have libpcap's words. */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/pcap.h>

#include "case.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define THREADS      4

static struct l2insn program[L2_FILTER_MAX];
static struct l2insn other[L2_FILTER_MAX];

static int compile(const char *expression, struct l2err *err)
{
	return (int)l2pcap_compile(expression, NULL, program, L2_FILTER_MAX, err);
}

/* What "tcpdump -ddd" prints, in "other". The expression is a list of the project's own. */
static int ask_tcpdump(const char *expression)
{
	char command[300];
	FILE *tcpdump;
	int n = 0;
	int i;

	snprintf(command, sizeof(command), "tcpdump -y EN10MB -ddd '%s'", expression);
	tcpdump = popen(command, "r");
	REQUIRE(tcpdump);
	REQUIRE_EQ(fscanf(tcpdump, "%d", &n), 1);
	REQUIRE(n > 0 && n <= L2_FILTER_MAX);
	for (i = 0; i < n; i++)
		REQUIRE_EQ(fscanf(tcpdump, "%" SCNu16 " %" SCNu8 " %" SCNu8 " %" SCNu32,
				  &other[i].code, &other[i].jt, &other[i].jf, &other[i].k),
			   4);
	pclose(tcpdump);
	return n;
}

CASE(pcap, programs_of_tcpdump)
{
	FILE *list = fopen(EXPRESSIONS, "r");
	char text[160];
	int compared = 0;
	int n;

	REQUIRE(list);
	while (fgets(text, sizeof(text), list)) {
		if (text[0] == '#')
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (strstr(text, "ip broadcast")) /* asks for the netmask */
			continue;
		n = compile(text, NULL);
		REQUIRE_EQ(n, ask_tcpdump(text));
		REQUIRE(!memcmp(program, other, (size_t)n * sizeof(*other)));
		compared++;
	}
	fclose(list);
	REQUIRE(compared > 200);
}

CASE(pcap, options)
{
	struct l2pcap_opts opts = { .size = sizeof(opts), .snaplen = 96 };
	struct l2err err;
	int n;

	n = (int)l2pcap_compile("", &opts, program, L2_FILTER_MAX, NULL);
	REQUIRE_EQ(n, 1);
	REQUIRE_EQ(program[0].code, BPF_RET | BPF_K);
	REQUIRE_EQ(program[0].k, 96);
	REQUIRE_EQ(compile("", NULL), 1);
	REQUIRE_EQ(program[0].k, L2_FRAME_MAX);
	REQUIRE_EQ(compile("ip broadcast", &err), -EINVAL);
	REQUIRE(strstr(err.text, "netmask"));
	opts.netmask = 0xffffff00;
	REQUIRE(l2pcap_compile("ip broadcast", &opts, program, L2_FILTER_MAX, NULL) > 0);
	l2pcap_opts_init(&opts, sizeof(opts));
	REQUIRE_EQ(opts.size, sizeof(opts));
	REQUIRE_EQ(opts.netmask, 0);
}

CASE(pcap, options_of_other_ages)
{
	struct {
		struct l2pcap_opts opts;
		uint32_t later;
	} newer = { .opts.size = sizeof(newer) };
	struct l2err err;

	REQUIRE(l2pcap_compile("arp", &newer.opts, program, L2_FILTER_MAX, &err) > 0);
	newer.later = 1;
	REQUIRE_EQ(l2pcap_compile("arp", &newer.opts, program, L2_FILTER_MAX, &err), -E2BIG);
	REQUIRE(strstr(err.text, "too old"));
	newer.opts.size = 8;
	REQUIRE_EQ(l2pcap_compile("arp", &newer.opts, program, L2_FILTER_MAX, &err), -EINVAL);
	newer.opts = (struct l2pcap_opts) { .size = sizeof(newer.opts), .flags = 1 };
	REQUIRE_EQ(l2pcap_compile("arp", &newer.opts, program, L2_FILTER_MAX, &err), -EINVAL);
	REQUIRE(strstr(err.text, "flags"));
	newer.opts = (struct l2pcap_opts) { .size = sizeof(newer.opts), .snaplen = UINT32_MAX };
	REQUIRE_EQ(l2pcap_compile("arp", &newer.opts, program, L2_FILTER_MAX, &err), -EINVAL);
}

CASE(pcap, refusals)
{
	static const struct {
		const char *expression;
		int code;
		const char *words;
	} rows[] = {
		{ "arp and", -EINVAL, "syntax error" },
		{ "host", -EINVAL, "syntax error" },
		{ "port 70000", -EINVAL, "70000" },
		{ "tcp[0:3] = 1", -EINVAL, "1, 2, or 4" },
		{ "0 = 1", -EINVAL, "rejects all packets" },
		{ "ip6 protochain 6", -EOPNOTSUPP, "loop" },
		{ NULL, -EINVAL, "none" },
	};
	struct l2err err;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		REQUIRE_EQ(compile(rows[i].expression, &err), rows[i].code);
		REQUIRE_EQ(err.code, rows[i].code);
		REQUIRE(!strncmp(err.text, "expression: ", 12));
		REQUIRE(strstr(err.text, rows[i].words));
		REQUIRE_EQ(compile(rows[i].expression, NULL), rows[i].code);
	}
}

CASE(pcap, room)
{
	struct l2insn few[3] = { { 1, 2, 3, 4 } };
	const struct l2insn before = few[0];

	REQUIRE_EQ(l2pcap_compile("arp", NULL, NULL, 0, NULL), 4);
	REQUIRE_EQ(l2pcap_compile("arp", NULL, few, 3, NULL), -ENOSPC);
	REQUIRE(!memcmp(&few[0], &before, sizeof(before)));
	REQUIRE_EQ(l2pcap_compile("arp", NULL, NULL, 1, NULL), -EINVAL);
}

/* Compiles its expression again and again; returns NULL if the result was always the same. */
static void *compile_often(void *arg)
{
	const char *expression = arg;
	struct l2insn mine[256];
	struct l2insn again[256];
	int64_t n = l2pcap_compile(expression, NULL, mine, COUNT(mine), NULL);
	int i;

	if (n <= 0 || n > (int64_t)COUNT(mine))
		return arg;
	for (i = 0; i < 500; i++)
		if (l2pcap_compile(expression, NULL, again, COUNT(again), NULL) != n ||
		    memcmp(mine, again, (size_t)n * sizeof(*mine)) != 0)
			return arg;
	return NULL;
}

CASE(pcap, threads)
{
	static char expressions[THREADS][64] = {
		"vlan 5 and tcp port 80",
		"ip6 net 2001:db8::/32 and udp",
		"arp or host 10.0.0.1",
		"tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
	};
	pthread_t threads[THREADS];
	void *wrong;
	int i;

	for (i = 0; i < THREADS; i++)
		REQUIRE_EQ(pthread_create(&threads[i], NULL, compile_often, expressions[i]), 0);
	for (i = 0; i < THREADS; i++) {
		REQUIRE_EQ(pthread_join(threads[i], &wrong), 0);
		REQUIRE(!wrong);
	}
}
