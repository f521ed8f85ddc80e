/* SPDX-License-Identifier: MIT */
/*
 * Asks for the kernel's verdict on a program before there is a socket,
 * and what it would cost there. This one reads scratch memory that
 * frames other than ARP have not written.
 */
#include <inttypes.h>
#include <stdio.h>
#include <linux/filter.h>
#include <l2sock/filter.h>

static const struct l2insn program[] = {
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, L2_ETHERTYPE_ARP },
	{ BPF_ST, 0, 0, 0 },
	{ BPF_LD | BPF_MEM, 0, 0, 0 },
	{ BPF_RET | BPF_A, 0, 0, 0 },
};

int main(void)
{
	const size_t n = sizeof(program) / sizeof(program[0]);
	struct l2filter_report report;

	printf("%" PRId64 " bytes of kernel memory\n",
	       l2filter_memory(program, n));
	if (l2filter_check(program, n, &report) == 0)
		return 0;
	printf("instruction %" PRIu32 ": %s\n", report.index, report.text);
	return 1;
}
