/* SPDX-License-Identifier: MIT */
/* An XDP program, run on live frames by bpf(2). */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench-xdp.h"

static int bpf(int command, union bpf_attr *attr)
{
	int r = (int)syscall(SYS_bpf, command, attr, sizeof(*attr));

	return r < 0 ? -errno : r;
}

/* A program that passes each frame on to the stack. */
int bench_xdp_load(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)insns,
		.insn_cnt = sizeof(insns) / sizeof(insns[0]),
		.license = (uintptr_t) "MIT",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

int bench_xdp_run(int prog, const uint8_t *frame, size_t len, uint32_t n)
{
	union bpf_attr attr = {
		.test = {
			.prog_fd = (uint32_t)prog,
			.data_size_in = (uint32_t)len,
			.data_in = (uintptr_t)frame,
			.repeat = n,
			.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
		},
	};

	return bpf(BPF_PROG_TEST_RUN, &attr);
}
