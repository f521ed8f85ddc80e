/* SPDX-License-Identifier: MIT */
/* Prints a program that takes frames of the ethertypes given. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/filter.h>
#include <l2sock/asm.h>

int main(int argc, char **argv)
{
	static struct l2asm_item items[L2_FILTER_MAX];
	static struct l2insn insns[L2_FILTER_MAX];
	static char text[L2_FILTER_MAX * 80];
	struct l2filter_report report;
	struct l2asm a;
	uint32_t take;
	int64_t n;
	int i;

	l2asm_init(&a, items, L2_FILTER_MAX);
	take = l2asm_label(&a);
	l2asm_add(&a, BPF_LD | BPF_H | BPF_ABS, 12);
	for (i = 1; i < argc; i++)
		l2asm_branch(&a, BPF_JMP | BPF_JEQ | BPF_K,
			     (uint32_t)strtoul(argv[i], NULL, 16), take,
			     L2ASM_NEXT);
	l2asm_add(&a, BPF_RET | BPF_K, 0);
	l2asm_place(&a, take);
	l2asm_add(&a, BPF_RET | BPF_K, L2_FRAME_MAX);
	n = l2asm_finish(&a, insns, L2_FILTER_MAX, &report);
	if (n < 0)
		errx(1, "%s", report.text);
	l2filter_print(insns, (size_t)n, L2FILTER_D, text, sizeof(text));
	fputs(text, stdout);
	return 0;
}
