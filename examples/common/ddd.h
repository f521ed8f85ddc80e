/* SPDX-License-Identifier: MIT */
/* Classic-BPF programs from files: as "tcpdump -ddd" or "-dd" prints them, or as assembly. */
#ifndef DDD_H
#define DDD_H

#include <l2sock/types.h>

struct ddd {
	size_t n;
	struct l2insn insns[L2_FILTER_MAX];
};

/*
 * Reads a program from a file, "-" is stdin. Returns 0, or -1 with a sentence in @why that begins
 * with the file's name, the line and the column.
 */
int ddd_read(struct ddd *ret, const char *path, char *why, size_t size);

#endif /* DDD_H */
