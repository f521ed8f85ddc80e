/* SPDX-License-Identifier: MIT */
/* Which of four members gets a frame? Reads it in hexadecimal from standard input. */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/fanout.h>

int main(void)
{
	static struct l2insn insns[L2_FILTER_MAX];
	struct l2filter_facts facts;
	uint8_t frame[2048];
	size_t len = 0;
	int64_t member;
	int64_t n;

	while (len < sizeof(frame) && scanf("%2hhx", &frame[len]) == 1)
		len++;
	n = l2group_steering(L2GROUP_BY_INNER_FLOW, insns, L2_FILTER_MAX);
	if (n < 0)
		errx(1, "no program");
	l2filter_facts_init(&facts, NULL);
	facts.known = 1u << L2FILTER_HATYPE;
	facts.ancillary[L2FILTER_HATYPE] = 1; /* Ethernet */
	member = l2filter_run(insns, (size_t)n, frame, len, &facts);
	if (member < 0)
		errx(1, "the program cannot tell");
	printf("member %" PRId64 "\n", member % 4);
	return 0;
}
