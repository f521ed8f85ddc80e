/* SPDX-License-Identifier: MIT */
/* The checker and the interpreter against the kernel they imitate. */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "packet.h"
#include "program.h"
#include "random.h"

static struct l2insn insns[L2_FILTER_MAX];

static int attach(int fd, size_t n)
{
	struct sock_fprog fprog = { (unsigned short)n, (struct sock_filter *)(void *)insns };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) ? -errno : 0;
}

static void detach(int fd)
{
	const int unused = 0;

	setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
}

/* For the report of a failure: the program as "tcpdump -ddd" prints it. */
static void dump(size_t n)
{
	size_t i;

	fprintf(stderr, "%zu\n", n);
	for (i = 0; i < n && i < 400; i++)
		fprintf(stderr, "%u %u %u %" PRIu32 "\n", insns[i].code, insns[i].jt, insns[i].jf,
			insns[i].k);
}

static int64_t memory_limit(void)
{
	FILE *f = fopen("/proc/sys/net/core/optmem_max", "r");
	int64_t limit;

	REQUIRE(f);
	REQUIRE_EQ(fscanf(f, "%" SCNd64, &limit), 1);
	fclose(f);
	return limit;
}

/* The verdict that we expect: the checker's, then that of the memory. */
static int expected_verdict(size_t n, int64_t limit)
{
	struct l2filter_report report = { 0 };
	int r = l2filter_check(insns, n, &report);

	REQUIRE_EQ(report.code, r);
	REQUIRE_EQ(r < 0, report.text[0] != '\0');
	REQUIRE(r == 0 || report.index < n);
	if (r == 0 && l2filter_memory(insns, n) >= limit)
		return -ENOMEM;
	return r;
}

static size_t random_program(struct dice *d)
{
	size_t n;

	if (dice_below(d, 100) == 0)
		n = program_large(d, insns);
	else
		n = program_valid(d, insns, 8 + dice_below(d, 60), PROGRAM_ALL);
	if (dice_below(d, 2))
		n = program_mutate(d, insns, n);
	return n;
}

CASE(program, verdicts)
{
	const uint32_t rounds = (uint32_t)random_rounds(5000);
	int64_t limit = memory_limit();
	uint32_t accepted = 0;
	uint32_t too_large = 0;
	struct dice d;
	uint32_t i;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	REQUIRE(fd >= 0);
	for (i = 0; i < rounds; i++) {
		size_t n;
		int r;

		dice_start(&d, i);
		n = random_program(&d);
		r = attach(fd, n);
		if (r == 0)
			detach(fd);
		if (r != expected_verdict(n, limit)) {
			dump(n);
			fprintf(stderr, "round %" PRIu32 "\n", i);
		}
		REQUIRE_EQ(r, expected_verdict(n, limit));
		accepted += r == 0;
		too_large += r == -ENOMEM;
	}
	fprintf(stderr, "# %" PRIu32 " programs: %" PRIu32 " accepted, %" PRIu32 " too large\n",
		rounds, accepted, too_large);
	REQUIRE(accepted >= rounds * 3 / 10);
	REQUIRE(accepted <= rounds * 9 / 10);
	REQUIRE(too_large > 0);
	close(fd);
}

/* What the kernel knows of a datagram between UNIX sockets; it has no headers to point to. */
static void datagram_facts(struct l2filter_facts *facts)
{
	static const int zero[] = { L2FILTER_PROTOCOL,  L2FILTER_PKTTYPE,     L2FILTER_MARK,
				    L2FILTER_QUEUE,     L2FILTER_HASH,        L2FILTER_VLAN_TCI,
				    L2FILTER_VLAN_TPID, L2FILTER_VLAN_PRESENT };
	size_t i;

	l2filter_facts_init(facts, NULL);
	for (i = 0; i < sizeof(zero) / sizeof(zero[0]); i++)
		facts->known |= 1u << zero[i];
	facts->net_offset = INT32_MIN;
	facts->link_offset = INT32_MIN;
}

/* What the kernel delivers of a frame with the program in force, 0 when it rejects it. */
static int64_t deliver(const int fds[2], const uint8_t *frame, size_t len)
{
	uint8_t buf[2048];
	ssize_t r;

	REQUIRE_EQ(send(fds[0], frame, len, MSG_DONTWAIT), (ssize_t)len);
	r = recv(fds[1], buf, sizeof(buf), MSG_DONTWAIT);
	REQUIRE(r >= 0 || errno == EAGAIN);
	return r < 0 ? 0 : r;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Returns whether the interpreter had what it needed. */
static int compare(const int fds[2], struct dice *d, size_t n, const struct l2filter_facts *facts)
{
	size_t len = 300 + dice_below(d, 100);
	uint8_t frame[400];
	int64_t ours;
	int64_t kernels;

	program_frame(d, frame, len);
	ours = l2filter_run(insns, n, frame, len, facts);
	kernels = deliver(fds, frame, len);
	if (ours == -ENODATA)
		return 0;
	if (least(ours, (int64_t)len) != kernels)
		dump(n);
	REQUIRE_EQ(least(ours, (int64_t)len), kernels);
	return 1;
}

CASE(program, values_of_datagrams)
{
	const uint32_t rounds = (uint32_t)random_rounds(2000);
	struct l2filter_facts facts;
	uint32_t compared = 0;
	struct dice d;
	int fds[2];
	uint32_t i;

	datagram_facts(&facts);
	REQUIRE_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	for (i = 0; i < rounds; i++) {
		int reads;
		size_t n;
		int k;

		dice_start(&d, i);
		reads = (int)dice_below(&d, 2);
		n = program_valid(&d, insns, 8 + dice_below(&d, 60), reads);
		REQUIRE_EQ(attach(fds[1], n), 0);
		for (k = 0; k < 4; k++)
			compared += (uint32_t)compare(fds, &d, n, &facts);
	}
	fprintf(stderr, "# %" PRIu32 " of %" PRIu32 " results compared\n", compared, 4 * rounds);
	REQUIRE(compared >= 2 * rounds);
}

/* A sender, a socket with filters at the other end, and an unfiltered handle beside it. */
struct line {
	int sender;
	int filtered;
	struct l2sock *witness;
};

/* The witness hooks in first, so that the kernel comes to it last. */
static void line_open(struct line *l, const char *from, const char *at)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	const int mark = 0x1234567;

	addr.sll_protocol = htobe16(ETH_P_ALL);
	addr.sll_ifindex = (int)if_nametoindex(at);
	l->sender = flood_socket(from);
	REQUIRE_EQ(setsockopt(l->sender, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)), 0);
	l->witness = handle_listen(at, L2_ETHERTYPE_ALL);
	l->filtered = socket(AF_PACKET, SOCK_RAW, 0);
	REQUIRE(l->filtered >= 0);
	REQUIRE_EQ(bind(l->filtered, (struct sockaddr *)&addr, sizeof(addr)), 0);
}

/* Sends a frame; what the filter delivers of it, and what the witness knows about it. */
static int64_t pass(const struct line *l, const uint8_t *frame, size_t len, uint8_t *buf,
		    size_t size, struct l2pkt *pkt)
{
	uint8_t delivered[PACKET_MAX];
	ssize_t r;

	flood_send(l->sender, frame, len);
	REQUIRE(l2sock_recv(l->witness, buf, size, pkt, L2_SEC) > 0);
	r = recv(l->filtered, delivered, sizeof(delivered), MSG_DONTWAIT);
	REQUIRE(r >= 0 || errno == EAGAIN);
	return r < 0 ? 0 : r;
}

/* An ancillary field as the kernel tells it, byte by byte. */
static uint32_t ask_kernel(const struct line *l, uint32_t number)
{
	static const uint8_t frame[300] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5 };
	uint8_t buf[PACKET_MAX];
	uint32_t value = 0;
	struct l2pkt pkt;
	int64_t r;
	int i;

	for (i = 3; i >= 0; i--) {
		const struct l2insn program[] = {
			{ BPF_LD | BPF_W | BPF_ABS, 0, 0, L2FILTER_ANCILLARY + 4 * number },
			{ BPF_ALU | BPF_RSH | BPF_K, 0, 0, 8 * (uint32_t)i },
			{ BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xff },
			{ BPF_ALU | BPF_ADD | BPF_K, 0, 0, 1 },
			{ BPF_RET | BPF_A, 0, 0, 0 },
		};

		memcpy(insns, program, sizeof(program));
		REQUIRE_EQ(attach(l->filtered, 5), 0);
		r = pass(l, frame, sizeof(frame), buf, sizeof(buf), &pkt);
		REQUIRE(r > 0);
		value = value << 8 | (uint32_t)(r - 1);
	}
	return value;
}

/* What a descriptor does not tell, and does not change while the test stays on one processor. */
static void ask_for_more(const struct line *l, struct l2filter_facts *more)
{
	static const uint32_t numbers[] = { L2FILTER_MARK, L2FILTER_QUEUE, L2FILTER_HASH,
					    L2FILTER_CPU };
	size_t i;

	memset(more, 0, sizeof(*more));
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		more->ancillary[numbers[i]] = ask_kernel(l, numbers[i]);
		more->known |= 1u << numbers[i];
	}
	REQUIRE_EQ(more->ancillary[L2FILTER_MARK], 0x1234567);
}

static void add_facts(struct l2filter_facts *facts, const struct l2filter_facts *more)
{
	int i;

	for (i = 0; i < 16; i++)
		if (more->known & 1u << i)
			facts->ancillary[i] = more->ancillary[i];
	facts->known |= more->known;
}

static size_t long_packet(struct dice *d, uint8_t *packet)
{
	size_t len = packet_random(d, packet, PACKET_TAGS);
	size_t wanted = 300 + dice_below(d, 100);

	program_frame(d, packet + len, wanted > len ? wanted - len : 0);
	return wanted > len ? wanted : len;
}

/* Returns whether the interpreter had what it needed. */
static int compare_on_line(const struct line *l, struct dice *d, size_t n,
			   const struct l2filter_facts *more)
{
	uint8_t packet[PACKET_MAX];
	uint8_t buf[PACKET_MAX + 16];
	struct l2filter_facts facts;
	struct l2pkt pkt;
	size_t len = long_packet(d, packet);
	int64_t kernels = pass(l, packet, len, buf, sizeof(buf), &pkt);
	int64_t ours;

	l2filter_facts_init(&facts, &pkt);
	add_facts(&facts, more);
	/* Not known: where the kernel sees the network header of a tagged frame that goes out. */
	if (pkt.pkttype == L2_PKTTYPE_OUTGOING)
		facts.net_offset = INT32_MIN;
	ours = l2filter_run(insns, n, pkt.data, pkt.len, &facts);
	if (ours == -ENODATA)
		return 0;
	if (least(ours, pkt.len) != kernels)
		dump(n);
	REQUIRE_EQ(least(ours, pkt.len), kernels);
	return 1;
}

static void compare_line(const char *from, const char *at)
{
	const uint32_t rounds = (uint32_t)random_rounds(1000);
	struct l2filter_facts more;
	uint32_t compared = 0;
	struct line l;
	struct dice d;
	uint32_t i;

	line_open(&l, from, at);
	ask_for_more(&l, &more);
	for (i = 0; i < rounds; i++) {
		size_t n;
		int k;

		dice_start(&d, i);
		n = program_valid(&d, insns, 8 + dice_below(&d, 40), PROGRAM_ALL);
		REQUIRE_EQ(attach(l.filtered, n), 0);
		for (k = 0; k < 4; k++)
			compared += (uint32_t)compare_on_line(&l, &d, n, &more);
	}
	fprintf(stderr, "# %" PRIu32 " of %" PRIu32 " results compared\n", compared, 4 * rounds);
	REQUIRE(compared >= 2 * rounds);
	l2sock_close(l.witness);
}

static void prepare_line(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	REQUIRE_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
	netns_enter();
	netns_veth("va", "vb");
}

/* Tags are taken out there. */
CASE(program, values_of_incoming_frames)
{
	prepare_line();
	compare_line("va", "vb");
}

/* Tags are in the frame there. */
CASE(program, values_of_outgoing_frames)
{
	prepare_line();
	compare_line("va", "va");
}
