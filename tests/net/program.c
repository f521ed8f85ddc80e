/* SPDX-License-Identifier: MIT */
/* The checker and the interpreter against the kernel they imitate. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
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
	const uint32_t rounds = (uint32_t)random_rounds(3000);
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
		size_t n;
		int k;

		dice_start(&d, i);
		n = program_valid(&d, insns, 8 + dice_below(&d, 60), (int)dice_below(&d, 2));
		REQUIRE_EQ(attach(fds[1], n), 0);
		for (k = 0; k < 4; k++)
			compared += (uint32_t)compare(fds, &d, n, &facts);
	}
	fprintf(stderr, "# %" PRIu32 " of %" PRIu32 " results compared\n", compared, 4 * rounds);
	REQUIRE(compared >= 2 * rounds);
}
