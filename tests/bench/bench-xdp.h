/* SPDX-License-Identifier: MIT */
/*
 * bench-xdp.h - frames made inside the kernel, faster than any program sends them
 *
 * A file of its own, because the kernel's header and libpcap's both have a struct bpf_insn.
 */
#ifndef BENCH_XDP_H
#define BENCH_XDP_H

#include <stddef.h>
#include <stdint.h>

/* Needs root. Returns a descriptor or a negative errno. */
int bench_xdp_load(void);

/* The namespace's loopback device receives the frame n times. Returns 0 or a negative errno. */
int bench_xdp_run(int prog, const uint8_t *frame, size_t len, uint32_t n);

#endif /* BENCH_XDP_H */
