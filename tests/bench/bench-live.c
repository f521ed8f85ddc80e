/* SPDX-License-Identifier: MIT */
/*
 * Receiving live, a million frames a second and more: XDP makes frames at the far end of a cable
 * and sends them without end, as fast as one processor can; the methods receive on another, in
 * turns. What counts is the receiver's CPU time for each frame, and what is lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <l2sock/l2sock.h>
#include <l2sock/rx.h>

#include "bench.h"

#define FRAMES    1000000    /* of one turn */
#define RING_SIZE (64 << 20) /* the library's default, for all */
#define RETIRE_MS 20         /* as well */
#define BATCH     64
#define SLEEP_MS  100 /* a receiver that hears nothing for so long has heard all */

#ifndef BPF_F_TEST_XDP_LIVE_FRAMES
#define BPF_F_TEST_XDP_LIVE_FRAMES (1U << 1)
#endif

/* The two instructions of a program that passes every frame on to the stack. */
static const struct bpf_insn pass[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
	{ .code = BPF_JMP | BPF_EXIT },
};
