/* SPDX-License-Identifier: MIT */
/* Where libpcap and the kernel agree on programs, we agree with libpcap. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* <linux/filter.h> has the same names with the same values. */
#undef BPF_MAJOR_VERSION
#undef BPF_MINOR_VERSION
#include <pcap/pcap.h>

#include <l2sock/filter.h>
#include <l2sock/match.h>

#include "case.h"
#include "packet.h"
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

/* Text that grows. */
static void say(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(char *to, size_t size, const char *format, ...)
{
	size_t used = strlen(to);
	va_list args;

	va_start(args, format);
	vsnprintf(to + used, size - used, format, args);
	va_end(args);
}

static void say_mac(char *to, size_t size, const char *what, const uint8_t *mac)
{
	say(to, size, " and %s %02x:%02x:%02x:%02x:%02x:%02x", what, mac[0], mac[1], mac[2], mac[3],
	    mac[4], mac[5]);
}

static void say_ip(char *to, size_t size, const char *what, const struct l2match *m,
		   const uint8_t *ip, uint32_t prefix)
{
	int six = m->fields & L2MATCH_IP6 ? 1 : 0;
	uint8_t masked[16];
	char address[INET6_ADDRSTRLEN];
	uint32_t bits = prefix ? prefix : six ? 128 : 32;
	uint32_t i;

	for (i = 0; i < 16; i++) {
		uint32_t left = bits > 8 * i ? bits - 8 * i : 0;

		masked[i] = (uint8_t)(left >= 8 ? ip[i] : (uint8_t)(ip[i] & ~(0xff >> left)));
	}
	inet_ntop(six ? AF_INET6 : AF_INET, masked, address, sizeof(address));
	say(to, size, " and %s net %s/%d", what, address, (int)bits);
}

static void say_port(char *to, size_t size, const char *what, uint32_t first, uint32_t last)
{
	say(to, size, " and %s portrange %d-%d", what, (int)first, (int)(last ? last : first));
}

/* The expression that says the same; protocols behind extension headers take "protochain". */
static void express(const struct l2match *m, char *to, size_t size)
{
	const uint32_t fields = m->fields;

	to[0] = '\0';
	say(to, size, "len >= 0");
	if (fields & L2MATCH_ETH_DST)
		say_mac(to, size, "ether dst", m->eth_dst);
	if (fields & L2MATCH_ETH_SRC)
		say_mac(to, size, "ether src", m->eth_src);
	if (fields & L2MATCH_NOT_FROM)
		say_mac(to, size, "not ether src", m->eth_not_from);
	if (fields & L2MATCH_VLAN)
		say(to, size, " and vlan %d", m->vlan_id);
	if (fields & L2MATCH_ETHERTYPE)
		say(to, size, " and ether proto 0x%x", m->ethertype);
	if (fields & L2MATCH_IP4)
		say(to, size, " and ip");
	if (fields & L2MATCH_IP6)
		say(to, size, " and ip6");
	if (fields & L2MATCH_SRC_IP)
		say_ip(to, size, "src", m, m->src_ip, m->src_prefix);
	if (fields & L2MATCH_DST_IP)
		say_ip(to, size, "dst", m, m->dst_ip, m->dst_prefix);
	if (fields & L2MATCH_PROTO)
		say(to, size, " and %s proto %d", fields & L2MATCH_IP4 ? "ip" : "ip6", m->proto);
	if (fields & L2MATCH_SRC_PORT)
		say_port(to, size, "src", m->src_port, m->src_port_last);
	if (fields & L2MATCH_DST_PORT)
		say_port(to, size, "dst", m->dst_port, m->dst_port_last);
}

static void random_match(struct dice *d, struct l2match *m)
{
	const uint32_t whole = L2MATCH_SRC_IP | L2MATCH_DST_IP | L2MATCH_SRC_PORT |
			       L2MATCH_DST_PORT;

	l2match_init(m, sizeof(*m));
	m->fields = dice_word(d) & dice_word(d) & dice_word(d) &
		    (L2MATCH_ETH_DST | L2MATCH_ETH_SRC | L2MATCH_NOT_FROM | L2MATCH_VLAN);
	m->fields |= dice_below(d, 2) ? L2MATCH_IP4 : L2MATCH_IP6;
	m->fields |= dice_word(d) & dice_word(d) & (whole | L2MATCH_PROTO);
	memcpy(m->eth_dst, packet_mac(d), 6);
	memcpy(m->eth_src, packet_mac(d), 6);
	memcpy(m->eth_not_from, packet_mac(d), 6);
	memcpy(m->src_ip, packet_ip(d), 16);
	memcpy(m->dst_ip, packet_ip(d), 16);
	m->vlan_id = packet_vlan(d);
	m->src_prefix = (uint8_t)(dice_below(d, 2) * dice_below(d, 33));
	m->dst_prefix = (uint8_t)(dice_below(d, 2) * dice_below(d, 33));
	m->proto = (uint8_t)(dice_below(d, 2) ? 6 : 17);
	m->src_port = packet_port(d);
	m->dst_port = packet_port(d);
	m->dst_port_last = (uint16_t)(dice_below(d, 2) * (m->dst_port + dice_below(d, 40)));
}

static void compile_expression(const char *expression, struct bpf_program *ret)
{
	pcap_t *p = pcap_open_dead(DLT_EN10MB, 65535);

	REQUIRE(p);
	if (pcap_compile(p, ret, expression, 0, PCAP_NETMASK_UNKNOWN)) {
		fprintf(stderr, "%s: %s\n", expression, pcap_geterr(p));
		REQUIRE(false); /* the expression is understood */
	}
	pcap_close(p);
}

/* Matches against the expressions that say the same, over packets without extension headers. */
CASE(libpcap, matches)
{
	const uint32_t rounds = (uint32_t)random_rounds(500);
	static uint8_t packet[PACKET_MAX];
	uint32_t accepted = 0;
	struct l2match m;
	char expression[400];
	struct dice d;
	uint32_t i;
	int k;

	for (i = 0; i < rounds; i++) {
		struct bpf_program theirs;
		int64_t n;
		int may;

		dice_start(&d, i);
		random_match(&d, &m);
		/* libpcap loads words of IPv6 addresses that do not count: no short ones there. */
		may = m.fields & L2MATCH_IP6 ? PACKET_TAGS : PACKET_TAGS | PACKET_CUT;
		n = l2match_compile(&m, insns, L2_FILTER_MAX, NULL);
		REQUIRE(n > 0);
		express(&m, expression, sizeof(expression));
		compile_expression(expression, &theirs);
		for (k = 0; k < 40; k++) {
			size_t len = packet_random(&d, packet, may);
			int expected = bpf_filter(theirs.bf_insns, packet, (u_int)len,
						  (u_int)len) != 0;
			int ours = l2filter_run(insns, (size_t)n, packet, len, NULL) != 0;

			if (ours != expected)
				fprintf(stderr, "%s\n", expression);
			REQUIRE_EQ(ours, expected);
			accepted += (uint32_t)expected;
		}
		pcap_freecode(&theirs);
	}
	fprintf(stderr, "# %d of %d accepted\n", (int)accepted, (int)(40 * rounds));
	REQUIRE(accepted > 2 * rounds);
}
