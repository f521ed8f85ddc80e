/* SPDX-License-Identifier: MIT */
/*
 * Steering programs. The kernel runs them where an incoming frame begins with its network header
 * and an outgoing one with its link-layer header, so that all loads count from the latter.
 *
 * X is where an Ethernet header begins, moved on by the tags behind it: the header behind it is at
 * X + NET. Where there is no Ethernet header, as in IP over IP, X is where it would begin; on other
 * devices X + NET is the network header that the kernel knows.
 */
#include <errno.h>
#include <linux/filter.h>

#include <l2sock/asm.h>
#include <l2sock/fanout.h>

#define ITEMS        500
#define TAGS_MAX     3
#define OPTIONS_MAX  3
#define NET          L2_ETH_HEADER_LEN
#define ANCILLARY(n) (L2FILTER_ANCILLARY + 4 * (n))

/* Spreads its argument over the upper bits. */
#define GOLDEN 0x9e3779b1u

enum { IP4_IN_IP = 4, TCP = 6, UDP = 17, IP6_IN_IP = 41, GRE = 47, SCTP = 132 };
enum { HOP_BY_HOP = 0, ROUTING = 43, DESTINATION = 60 };
enum { VXLAN_PORT = 4789, GENEVE_PORT = 6081, ETHERNET_BRIDGED = 0x6558 };
enum { GRE_CHECKSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000 };

enum { ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772 };

/* With this X loads that count from the link-layer header reach the network header. */
#define AT_NETWORK_HEADER (L2FILTER_NET - L2FILTER_LINK - NET)

/* Scratch memory. */
enum { SUM, BASE, TYPE, FLAGS, ETHERNET };

struct steering {
	struct l2asm a;
	uint32_t eth; /* flow of the Ethernet frame at X */
	uint32_t ip4; /* ... of the IPv4 packet at X + NET */
	uint32_t ip6;
	uint32_t own; /* ... of the frame itself: there is nothing inside */
};

static void add(struct steering *s, uint32_t code, uint32_t k)
{
	l2asm_add(&s->a, code, k);
}

static void equal(struct steering *s, uint32_t k, uint32_t yes, uint32_t no)
{
	l2asm_branch(&s->a, BPF_JMP | BPF_JEQ | BPF_K, k, yes, no);
}

static void load(struct steering *s, uint32_t size, uint32_t k)
{
	add(s, BPF_LD | size | BPF_IND, L2FILTER_LINK + k);
}

static void load_net(struct steering *s, uint32_t size, uint32_t k)
{
	load(s, size, NET + k);
}

static void move(struct steering *s, uint32_t bytes)
{
	add(s, BPF_MISC | BPF_TXA, 0);
	add(s, BPF_ALU | BPF_ADD | BPF_K, bytes);
	add(s, BPF_MISC | BPF_TAX, 0);
}

/* Goes on behind the tags, with the type in A. */
static void skip_tags(struct steering *s)
{
	uint32_t done = l2asm_label(&s->a);
	int i;

	for (i = 0; i < TAGS_MAX; i++) {
		uint32_t tag = l2asm_label(&s->a);

		load(s, BPF_H, 2 * L2_MAC_LEN);
		equal(s, L2_TPID_8021Q, tag, L2ASM_NEXT);
		equal(s, L2_TPID_8021AD, tag, L2ASM_NEXT);
		equal(s, L2_TPID_QINQ, tag, done);
		l2asm_place(&s->a, tag);
		move(s, L2_VLAN_TAG_LEN);
	}
	load(s, BPF_H, 2 * L2_MAC_LEN);
	l2asm_place(&s->a, done);
}

/* Goes on with X where the frame begins if that is an Ethernet header, else to its content. */
static void begin(struct steering *s, uint32_t ip4, uint32_t ip6)
{
	uint32_t ethernet = l2asm_label(&s->a);

	add(s, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_HATYPE));
	equal(s, ARPHRD_ETHER, ethernet, L2ASM_NEXT);
	equal(s, ARPHRD_LOOPBACK, ethernet, L2ASM_NEXT);
	add(s, BPF_LDX | BPF_IMM, AT_NETWORK_HEADER);
	add(s, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_PROTOCOL));
	equal(s, L2_ETHERTYPE_IP4, ip4, L2ASM_NEXT);
	equal(s, L2_ETHERTYPE_IP6, ip6, L2ASM_NEXT);
	add(s, BPF_RET | BPF_K, 0);
	l2asm_place(&s->a, ethernet);
	add(s, BPF_LDX | BPF_IMM, 0);
}

/* Adds a field to the sum. X becomes the base again. */
static void sum(struct steering *s, uint32_t size, uint32_t k)
{
	load(s, size, k);
	add(s, BPF_LDX | BPF_MEM, SUM);
	add(s, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(s, BPF_ST, SUM);
	add(s, BPF_LDX | BPF_MEM, BASE);
}

/*
 * Adds a field of either end, which are @apart: the same for both directions. What was added before
 * moves to other bits, so that one field does not make up for another.
 */
static void sum_both(struct steering *s, uint32_t size, uint32_t k, uint32_t apart)
{
	add(s, BPF_LD | BPF_MEM, SUM);
	add(s, BPF_ALU | BPF_MUL | BPF_K, GOLDEN);
	add(s, BPF_ST, SUM);
	sum(s, size, k);
	sum(s, size, k + apart);
}

static void begin_sum(struct steering *s)
{
	add(s, BPF_STX, BASE);
	add(s, BPF_LD | BPF_IMM, 0);
	add(s, BPF_ST, SUM);
}

/* The member is the value modulo their number: all bits shall count in the lowest. */
static void finish_sum(struct steering *s)
{
	add(s, BPF_LD | BPF_MEM, SUM);
	add(s, BPF_ALU | BPF_MUL | BPF_K, GOLDEN);
	add(s, BPF_MISC | BPF_TAX, 0);
	add(s, BPF_ALU | BPF_RSH | BPF_K, 16);
	add(s, BPF_ALU | BPF_XOR | BPF_X, 0);
	add(s, BPF_RET | BPF_A, 0);
}

/* Of the ports at X + NET. */
static void sum_ports(struct steering *s)
{
	add(s, BPF_STX, BASE);
	sum_both(s, BPF_H, NET, 2);
}

/* A is a protocol: has it ports? */
static void find_ports(struct steering *s, uint32_t yes, uint32_t no)
{
	equal(s, TCP, yes, L2ASM_NEXT);
	equal(s, UDP, yes, L2ASM_NEXT);
	equal(s, SCTP, yes, no);
}

/* Behind the IPv4 header; A becomes its protocol. */
static void skip_ip4(struct steering *s)
{
	load_net(s, BPF_B, 9);
	add(s, BPF_ST, TYPE);
	load_net(s, BPF_B, 0);
	add(s, BPF_ALU | BPF_AND | BPF_K, 0xf);
	add(s, BPF_ALU | BPF_LSH | BPF_K, 2);
	add(s, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(s, BPF_MISC | BPF_TAX, 0);
	add(s, BPF_LD | BPF_MEM, TYPE);
}

static void skip_ip6(struct steering *s)
{
	load_net(s, BPF_B, 6);
	add(s, BPF_ST, TYPE);
	move(s, 40);
	add(s, BPF_LD | BPF_MEM, TYPE);
}

/* A fragment goes where the others of its packet go, which have no ports. */
static void leave_fragments(struct steering *s, uint32_t to)
{
	load_net(s, BPF_H, 6);
	l2asm_branch(&s->a, BPF_JMP | BPF_JSET | BPF_K, 0x3fff, to, L2ASM_NEXT);
}

static void flow_ip4(struct steering *s, uint32_t ports, uint32_t done)
{
	begin_sum(s);
	sum_both(s, BPF_W, NET + 12, 4);
	leave_fragments(s, done);
	skip_ip4(s);
	find_ports(s, ports, done);
}

/* A is the type of the header at X + NET: options lead to the one behind them. */
static void skip_options(struct steering *s, uint32_t done)
{
	uint32_t options = l2asm_label(&s->a);

	equal(s, HOP_BY_HOP, options, L2ASM_NEXT);
	equal(s, ROUTING, options, L2ASM_NEXT);
	equal(s, DESTINATION, options, done);
	l2asm_place(&s->a, options);
	load_net(s, BPF_B, 0);
	add(s, BPF_ST, TYPE);
	load_net(s, BPF_B, 1);
	add(s, BPF_ALU | BPF_ADD | BPF_K, 1);
	add(s, BPF_ALU | BPF_LSH | BPF_K, 3);
	add(s, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(s, BPF_MISC | BPF_TAX, 0);
	add(s, BPF_LD | BPF_MEM, TYPE);
}

static void flow_ip6(struct steering *s, uint32_t ports, uint32_t done)
{
	uint32_t at;
	int i;

	begin_sum(s);
	for (at = 8; at < 24; at += 4)
		sum_both(s, BPF_W, NET + at, 16);
	skip_ip6(s);
	for (i = 0; i < OPTIONS_MAX; i++) {
		find_ports(s, ports, L2ASM_NEXT);
		skip_options(s, done);
	}
	find_ports(s, ports, done);
}

static void flow_mac(struct steering *s)
{
	add(s, BPF_LDX | BPF_MEM, ETHERNET);
	begin_sum(s);
	sum_both(s, BPF_W, 0, L2_MAC_LEN);
	sum_both(s, BPF_H, 4, L2_MAC_LEN);
}

/* The flow of the frame itself, or of the one inside whose place is in X. */
static void flow(struct steering *s)
{
	uint32_t ports = l2asm_label(&s->a);
	uint32_t done = l2asm_label(&s->a);

	l2asm_place(&s->a, s->own);
	begin(s, s->ip4, s->ip6);
	l2asm_place(&s->a, s->eth);
	add(s, BPF_STX, ETHERNET);
	skip_tags(s);
	equal(s, L2_ETHERTYPE_IP4, s->ip4, L2ASM_NEXT);
	equal(s, L2_ETHERTYPE_IP6, s->ip6, L2ASM_NEXT);
	flow_mac(s);
	l2asm_jump(&s->a, done);
	l2asm_place(&s->a, s->ip4);
	flow_ip4(s, ports, done);
	l2asm_place(&s->a, s->ip6);
	flow_ip6(s, ports, done);
	l2asm_place(&s->a, ports);
	sum_ports(s);
	l2asm_place(&s->a, done);
	finish_sum(s);
}

/* X + NET is behind the GRE header, A its type. */
static void skip_gre(struct steering *s)
{
	static const uint32_t words[] = { GRE_CHECKSUM, GRE_KEY, GRE_SEQUENCE };
	size_t i;

	load_net(s, BPF_H, 0);
	add(s, BPF_ST, FLAGS);
	l2asm_branch(&s->a, BPF_JMP | BPF_JSET | BPF_K, GRE_ROUTING | 7, s->own, L2ASM_NEXT);
	load_net(s, BPF_H, 2);
	add(s, BPF_ST, TYPE);
	move(s, 4);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint32_t absent = l2asm_label(&s->a);

		add(s, BPF_LD | BPF_MEM, FLAGS);
		l2asm_branch(&s->a, BPF_JMP | BPF_JSET | BPF_K, words[i], L2ASM_NEXT, absent);
		move(s, 4);
		l2asm_place(&s->a, absent);
	}
	add(s, BPF_LD | BPF_MEM, TYPE);
}

/* The same of the headers of UDP and Geneve, whose options are counted in words. */
static void skip_geneve(struct steering *s)
{
	load_net(s, BPF_H, 8 + 2);
	add(s, BPF_ST, TYPE);
	load_net(s, BPF_B, 8);
	add(s, BPF_ALU | BPF_AND | BPF_K, 0x3f);
	add(s, BPF_ALU | BPF_LSH | BPF_K, 2);
	add(s, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(s, BPF_ALU | BPF_ADD | BPF_K, 8 + 8);
	add(s, BPF_MISC | BPF_TAX, 0);
	add(s, BPF_LD | BPF_MEM, TYPE);
}

/* Finds what a packet of UDP at X + NET carries, if it is a tunnel's. */
static void look_into_udp(struct steering *s, uint32_t typed)
{
	uint32_t geneve = l2asm_label(&s->a);

	load_net(s, BPF_H, 2);
	equal(s, GENEVE_PORT, geneve, L2ASM_NEXT);
	equal(s, VXLAN_PORT, L2ASM_NEXT, s->own);
	move(s, NET + 8 + 8);
	l2asm_jump(&s->a, s->eth);
	l2asm_place(&s->a, geneve);
	skip_geneve(s);
	l2asm_jump(&s->a, typed);
}

/* A is a protocol, its header at X + NET. */
static void look_inside(struct steering *s)
{
	uint32_t gre = l2asm_label(&s->a);
	uint32_t typed = l2asm_label(&s->a);

	equal(s, IP4_IN_IP, s->ip4, L2ASM_NEXT);
	equal(s, IP6_IN_IP, s->ip6, L2ASM_NEXT);
	equal(s, GRE, gre, L2ASM_NEXT);
	equal(s, UDP, L2ASM_NEXT, s->own);
	look_into_udp(s, typed);
	l2asm_place(&s->a, gre);
	skip_gre(s);
	l2asm_place(&s->a, typed);
	equal(s, L2_ETHERTYPE_IP4, s->ip4, L2ASM_NEXT);
	equal(s, L2_ETHERTYPE_IP6, s->ip6, L2ASM_NEXT);
	equal(s, ETHERNET_BRIDGED, L2ASM_NEXT, s->own);
	move(s, NET);
	l2asm_jump(&s->a, s->eth);
}

static void inner_flow(struct steering *s)
{
	uint32_t ip4 = l2asm_label(&s->a);
	uint32_t ip6 = l2asm_label(&s->a);
	uint32_t inside = l2asm_label(&s->a);
	int i;

	begin(s, ip4, ip6);
	skip_tags(s);
	equal(s, L2_ETHERTYPE_IP4, ip4, L2ASM_NEXT);
	equal(s, L2_ETHERTYPE_IP6, ip6, s->own);
	l2asm_place(&s->a, ip4);
	leave_fragments(s, s->own);
	skip_ip4(s);
	l2asm_jump(&s->a, inside);
	l2asm_place(&s->a, ip6);
	skip_ip6(s);
	for (i = 0; i < OPTIONS_MAX; i++)
		skip_options(s, inside);
	l2asm_place(&s->a, inside);
	look_inside(s);
	flow(s);
}

/* That of the outermost tag, wherever the kernel has it. */
static void vlan(struct steering *s)
{
	uint32_t in_data = l2asm_label(&s->a);
	uint32_t tagged = l2asm_label(&s->a);
	uint32_t untagged = l2asm_label(&s->a);
	uint32_t done = l2asm_label(&s->a);

	add(s, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_VLAN_PRESENT));
	equal(s, 0, in_data, L2ASM_NEXT);
	add(s, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_VLAN_TCI));
	l2asm_jump(&s->a, done);
	l2asm_place(&s->a, in_data);
	add(s, BPF_LD | BPF_H | BPF_ABS, L2FILTER_LINK + 2 * L2_MAC_LEN);
	equal(s, L2_TPID_8021Q, tagged, L2ASM_NEXT);
	equal(s, L2_TPID_8021AD, tagged, L2ASM_NEXT);
	equal(s, L2_TPID_QINQ, tagged, untagged);
	l2asm_place(&s->a, tagged);
	add(s, BPF_LD | BPF_H | BPF_ABS, L2FILTER_LINK + L2_ETH_HEADER_LEN);
	l2asm_place(&s->a, done);
	add(s, BPF_ALU | BPF_AND | BPF_K, 0xfff);
	add(s, BPF_RET | BPF_A, 0);
	l2asm_place(&s->a, untagged);
	add(s, BPF_RET | BPF_K, 0);
}

int64_t l2group_steering(uint32_t kind, struct l2insn *insns, size_t max)
{
	struct l2asm_item items[ITEMS];
	struct steering s;

	if (!insns)
		return -EINVAL;
	l2asm_init(&s.a, items, ITEMS);
	if (kind == L2GROUP_BY_VLAN) {
		vlan(&s);
		return l2asm_finish(&s.a, insns, max, NULL);
	}
	s.eth = l2asm_label(&s.a);
	s.ip4 = l2asm_label(&s.a);
	s.ip6 = l2asm_label(&s.a);
	s.own = l2asm_label(&s.a);
	if (kind == L2GROUP_BY_FLOW)
		flow(&s);
	else if (kind == L2GROUP_BY_INNER_FLOW)
		inner_flow(&s);
	else
		return -EINVAL;
	return l2asm_finish(&s.a, insns, max, NULL);
}
