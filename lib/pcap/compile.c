/* SPDX-License-Identifier: MIT */
/* Filter expressions, compiled by libpcap for Ethernet frames as they are on the wire. */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/filter.h>
#include <l2sock/pcap.h>

/* The options of version 0.1: no caller knows fewer. */
#define OPTS_LEAST    (offsetof(struct l2pcap_opts, snaplen) + sizeof(uint32_t))
#define OPTS_SIZE_MAX 4096

_Static_assert(sizeof(struct l2insn) == sizeof(struct bpf_insn), "l2insn is bpf_insn");

void l2pcap_opts_init(struct l2pcap_opts *opts, uint32_t size)
{
	if (size < sizeof(opts->size))
		return;
	memset(opts, 0, size);
	opts->size = size;
}

static int fail(struct l2err *err, int code, const char *why)
{
	if (err) {
		err->code = code;
		snprintf(err->text, sizeof(err->text), "expression: %s", why);
	}
	return code;
}

/* As l2opts_copy() of the library, which is not ours to call. */
static int read_opts(struct l2pcap_opts *known, const struct l2pcap_opts *opts, struct l2err *err)
{
	const uint8_t *bytes = (const uint8_t *)opts;
	uint32_t i;

	if (opts->size < OPTS_LEAST || opts->size > OPTS_SIZE_MAX)
		return fail(err, -EINVAL, "the size of the options is none that they ever had");
	for (i = sizeof(*known); i < opts->size; i++)
		if (bytes[i])
			return fail(err, -E2BIG, "an option that this library is too old for");
	memcpy(known, opts, opts->size < sizeof(*known) ? opts->size : sizeof(*known));
	if (known->flags)
		return fail(err, -EINVAL, "unknown flags");
	if (known->snaplen > INT32_MAX)
		return fail(err, -EINVAL, "the length to deliver exceeds 2147483647");
	return 0;
}

/* What libpcap made, if the kernel can run it. */
static int deliver(const struct bpf_program *program, struct l2insn *insns, size_t max,
		   struct l2err *err)
{
	const struct l2insn *made = (const struct l2insn *)program->bf_insns;

	if (program->bf_len > L2_FILTER_MAX)
		return fail(err, -E2BIG, "it takes more than 4096 instructions");
	if (l2filter_check(made, program->bf_len, NULL) < 0)
		return fail(err, -EOPNOTSUPP, "it takes a loop, which the kernel does not run");
	if (program->bf_len > max && max)
		return fail(err, -ENOSPC, "it takes more instructions than there is room for");
	if (max)
		memcpy(insns, made, program->bf_len * sizeof(*made));
	return (int)program->bf_len;
}

static int compile(const char *expression, const struct l2pcap_opts *opts, struct l2insn *insns,
		   size_t max, struct l2err *err)
{
	const int optimize = 1;
	bpf_u_int32 netmask = opts->netmask ? opts->netmask : PCAP_NETMASK_UNKNOWN;
	uint32_t snaplen = opts->snaplen ? opts->snaplen : L2_FRAME_MAX;
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, (int)snaplen);
	struct bpf_program program;
	int r;

	if (!pcap)
		return fail(err, -ENOMEM, "out of memory");
	if (pcap_compile(pcap, &program, expression, optimize, netmask) < 0) {
		r = fail(err, -EINVAL, pcap_geterr(pcap));
	} else {
		r = deliver(&program, insns, max, err);
		pcap_freecode(&program);
	}
	pcap_close(pcap);
	return r;
}

int64_t l2pcap_compile(const char *expression, const struct l2pcap_opts *opts, struct l2insn *insns,
		       size_t max, struct l2err *err)
{
	struct l2pcap_opts known = { 0 };
	int r;

	if (!expression || (!insns && max))
		return fail(err, -EINVAL, "there is none, or no place for the program");
	r = opts ? read_opts(&known, opts, err) : 0;
	return r < 0 ? r : compile(expression, &known, insns, max, err);
}
