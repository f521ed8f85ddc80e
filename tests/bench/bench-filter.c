/* SPDX-License-Identifier: MIT */
/*
 * What a filter costs the kernel for a frame that it rejects: the program that l2filter_wire()
 * makes, beside the one that it was given. Many sockets listen at the far end, so that sending is
 * the smaller part of an operation; "nobody" shows how large it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/filter.h>

#include "bench.h"

#define SOCKETS 32
#define BATCH   64

/* A filter, and whether the frames that it rejects have a tag. */
struct rejection {
	const char *expression;
	bool tagged;
};

struct listeners {
	int sender;
	int sockets[SOCKETS]; /* -1 from the first that was not opened */
};

/* Makes a program into the one to attach; returns its length. */
typedef int64_t make_program(struct l2insn *insns, size_t n);

struct variant {
	make_program *make; /* NULL: nobody listens */
};

static int64_t leave(struct l2insn *insns, size_t n)
{
	(void)insns;
	return (int64_t)n;
}

static int64_t rewrite(struct l2insn *insns, size_t n)
{
	static struct l2insn given[L2_FILTER_MAX];

	memcpy(given, insns, n * sizeof(*given));
	return l2filter_wire(given, n, 0, insns, L2_FILTER_MAX, NULL);
}

/* The bound: three instructions that have no effect. */
static int64_t delay(struct l2insn *insns, size_t n)
{
	const struct l2insn idle = { BPF_LD | BPF_IMM, 0, 0, 0 };
	size_t i;

	memmove(insns + 3, insns, n * sizeof(*insns));
	for (i = 0; i < 3; i++)
		insns[i] = idle;
	return (int64_t)n + 3;
}

static int64_t compile(const char *expression, struct l2insn *insns)
{
	pcap_t *p = pcap_open_dead(DLT_EN10MB, L2_FRAME_MAX);
	struct bpf_program program;
	int64_t n = -EINVAL;

	if (p && pcap_compile(p, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0) {
		n = program.bf_len;
		memcpy(insns, program.bf_insns, (size_t)n * sizeof(*insns));
		pcap_freecode(&program);
	}
	if (p)
		pcap_close(p);
	return n;
}

static int listen_with(const char *dev, const struct sock_fprog *program)
{
	int fd = bench_socket(dev, 0);
	int r;

	if (fd < 0)
		return fd;
	r = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, sizeof(*program)) ? -errno : 0;
	if (r == 0)
		r = bench_bind(fd, (int)if_nametoindex(dev), ETH_P_ALL);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static int listen_all(struct bench_lane *lane, make_program *make)
{
	static struct l2insn insns[L2_FILTER_MAX];
	const struct rejection *what = lane->what->data;
	struct listeners *l = lane->state;
	struct sock_fprog program = { .filter = (struct sock_filter *)(void *)insns };
	int64_t n = compile(what->expression, insns);
	size_t i;

	if (n > 0)
		n = make(insns, (size_t)n);
	if (n < 0)
		return (int)n;
	program.len = (unsigned short)n;
	for (i = 0; i < SOCKETS; i++) {
		int fd = listen_with(lane->far, &program);

		if (fd < 0)
			return fd;
		l->sockets[i] = fd;
	}
	return 0;
}

static void put_tag(uint8_t *frame, size_t size)
{
	static const uint8_t tag[L2_VLAN_TAG_LEN] = { 0x81, 0x00, 0x00, 0xc8 };

	memmove(frame + 16, frame + 12, size - 16);
	memcpy(frame + 12, tag, sizeof(tag));
}

static int setup(struct bench_lane *lane)
{
	const struct variant *variant = lane->method->data;
	const struct rejection *what = lane->what->data;
	struct listeners *l = malloc(sizeof(*l));

	if (!l)
		return -ENOMEM;
	memset(l, -1, sizeof(*l));
	lane->state = l;
	if (what->tagged)
		put_tag(lane->frame, lane->what->size);
	l->sender = bench_socket(lane->dev, 0);
	if (l->sender < 0)
		return l->sender;
	return variant->make ? listen_all(lane, variant->make) : 0;
}

static void teardown(struct bench_lane *lane)
{
	struct listeners *l = lane->state;
	size_t i;

	if (!l)
		return;
	for (i = 0; i < SOCKETS && l->sockets[i] >= 0; i++)
		close(l->sockets[i]);
	if (l->sender >= 0)
		close(l->sender);
	free(l);
}

/* Has the filter let nothing pass? */
static int check_silence(const struct listeners *l)
{
	uint8_t byte;

	if (l->sockets[0] < 0)
		return 0;
	return recv(l->sockets[0], &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN ? 0 : -EBADMSG;
}

static int64_t burst(struct bench_lane *lane, unsigned int n)
{
	struct iovec part = { lane->frame, lane->what->size };
	struct listeners *l = lane->state;
	struct mmsghdr msgs[BATCH];
	unsigned int done = 0;
	unsigned int i;
	int r;

	for (i = 0; i < BATCH; i++)
		msgs[i].msg_hdr = (struct msghdr) { .msg_iov = &part, .msg_iovlen = 1 };
	while (done < n) {
		r = sendmmsg(l->sender, msgs, n - done < BATCH ? n - done : BATCH, 0);
		if (r < 0)
			return -errno;
		done += (unsigned int)r;
	}
	r = check_silence(l);
	return r < 0 ? r : (int64_t)done;
}

static const struct variant plain = { leave };
static const struct variant wire = { rewrite };
static const struct variant delayed = { delay };
static const struct variant nobody = { NULL };

static const struct bench_method methods[] = {
	{ "plain", setup, NULL, burst, teardown, &plain },
	{ "plain again", setup, NULL, burst, teardown, &plain },
	{ "wire", setup, NULL, burst, teardown, &wire },
	{ "plain + 3 instructions", setup, NULL, burst, teardown, &delayed },
	{ "nobody", setup, NULL, burst, teardown, &nobody },
};

static const struct rejection arp = { "arp", false };
static const struct rejection port = { "tcp port 80", false };
static const struct rejection host = { "ether host 02:00:00:00:00:03", false };
static const struct rejection length = { "len > 100", false };
static const struct rejection vlan = { "vlan 100 and tcp port 80", true };

static const struct bench_case cases[] = {
	{ "arp", BENCH_VETH, 64, &arp },
	{ "tcp port 80", BENCH_VETH, 64, &port },
	{ "ether host", BENCH_VETH, 64, &host },
	{ "len > 100", BENCH_VETH, 64, &length },
	{ "vlan 100, tagged 200", BENCH_VETH, 64, &vlan },
};

static const struct bench_bar bars[] = {
	{ "wire", "plain", 1.05, false },
	{ "plain + 3 instructions", "plain", 0, false },
	{ "wire", "plain + 3 instructions", 0, false },
};

static const struct bench bench = {
	.name = "filter",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_SENT,
	.burst = 128,
	.rounds = 250,
	.reps = 5,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
