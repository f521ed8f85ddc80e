/* SPDX-License-Identifier: MIT */
/* The filter: the user's program, and the test for the ethertype in front of it. */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

#define ANCILLARY(field) ((uint32_t)(SKF_AD_OFF + (field)))

/*
 * Accepts incoming frames whose type on the wire is the value in TEST_ETHERTYPE. The kernel has
 * taken an outer tag out of the data by now, so the type on the wire is that tag's TPID if there
 * was one. A starts at 0 for whatever follows, as it does for a program of its own.
 */
enum { TEST_TYPE_FIELD = 4, TEST_ETHERTYPE = 7, TEST_LEN = 10 };

static const struct l2insn ethertype_test[TEST_LEN] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, ANCILLARY(SKF_AD_PKTTYPE) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 6, 0, PACKET_OUTGOING },
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, ANCILLARY(SKF_AD_VLAN_TAG_PRESENT) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0 },
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 2 * ETH_ALEN },
	{ BPF_JMP | BPF_JA, 0, 0, 1 },
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, ANCILLARY(SKF_AD_VLAN_TPID) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0 /* the ethertype */ },
	{ BPF_RET | BPF_K, 0, 0, 0 },
	{ BPF_LD | BPF_IMM, 0, 0, 0 },
};

/* For frames that show no Ethernet header: what the kernel found in it, or knows of the device. */
static const struct l2insn load_protocol = { BPF_LD | BPF_W | BPF_ABS, 0, 0,
					     ANCILLARY(SKF_AD_PROTOCOL) };

/*
 * The kernel's hook for one ethertype takes the tag off without a trace and calls the frame another
 * host's: a tagged frame must not pass for an untagged one.
 */
static const struct l2insn not_for_others[] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, ANCILLARY(SKF_AD_PKTTYPE) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, PACKET_OTHERHOST },
	{ BPF_RET | BPF_K, 0, 0, 0 },
	{ BPF_LD | BPF_IMM, 0, 0, 0 },
};

static const struct l2insn accept_all = { BPF_RET | BPF_K, 0, 0, UINT32_MAX };

/* Whether the program finds the type in the data: every frame begins with an Ethernet header. */
static bool shows_ethernet(const struct l2sock *s)
{
	return s->type != L2SOCK_TYPE_COOKED &&
	       (s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK);
}

/* The test in front of the user's program; returns its length, 0 for none. */
static size_t front_test(const struct l2sock *s, uint32_t ethertype, struct l2insn *test)
{
	if (!ethertype || ethertype == L2_ETHERTYPE_ALL)
		return 0;
	if (s->flags & L2SOCK_KERNEL_HOOK) {
		if (s->promiscuous)
			return 0;
		memcpy(test, not_for_others, sizeof(not_for_others));
		return sizeof(not_for_others) / sizeof(not_for_others[0]);
	}
	memcpy(test, ethertype_test, sizeof(ethertype_test));
	if (!shows_ethernet(s))
		test[TEST_TYPE_FIELD] = load_protocol;
	test[TEST_ETHERTYPE].k = ethertype;
	return TEST_LEN;
}

/* The program for the kernel: the test and the user's program, or that alone, possibly none. */
int l2filter_compose(const struct l2sock *s, uint32_t ethertype, const struct l2program *program,
		     struct l2program *ret)
{
	const struct l2insn *rest = program->n ? program->insns : &accept_all;
	size_t rest_len = program->n ? program->n : 1;
	struct l2insn test[TEST_LEN];
	size_t test_len = front_test(s, ethertype, test);
	struct l2insn *insns;

	if (program->bpf_fd)
		return test_len ? -EOPNOTSUPP : l2program_refer(ret, program->bpf_fd);
	if (!test_len)
		return l2program_copy(ret, program->insns, program->n);
	if (rest_len > L2_FILTER_MAX - test_len)
		return -E2BIG;
	insns = l2sys_alloc(test_len + rest_len, sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	memcpy(insns, test, test_len * sizeof(*insns));
	memcpy(insns + test_len, rest, rest_len * sizeof(*insns));
	*ret = (struct l2program) { .insns = insns, .n = test_len + rest_len };
	return 0;
}

/* The sentence for a refusal. */
static int refuse(struct l2sock *s, int code, size_t n)
{
	const char *sentence = "filter: %e";

	if (code == -EINVAL)
		sentence = "filter: the kernel finds the program of %a instructions invalid";
	else if (code == -ENOMEM)
		sentence = "filter: %a instructions do not fit: net.core.optmem_max limits them";
	else if (code == -EPERM)
		sentence = "filter: the socket's filter is locked";
	else if (code == -E2BIG)
		sentence = "filter: %a instructions and the ethertype's test exceed %b";
	else if (code == -EOPNOTSUPP)
		sentence = "filter: no test for an ethertype can stand before an eBPF program: "
			   "bind to L2_ETHERTYPE_ALL";
	return l2fail_note(s, code, sentence, (int64_t)n, L2_FILTER_MAX);
}

/* Puts the program with the test for the ethertype in force; after a failure the old one holds. */
int l2filter_install(struct l2sock *s, uint32_t ethertype, const struct l2program *program)
{
	struct l2program new = { 0 };
	int r = s->locked ? -EPERM : l2filter_compose(s, ethertype, program, &new);

	if (r == 0)
		r = l2attach_swap(s, &new);
	l2program_clear(&new);
	return r < 0 ? refuse(s, r, program->n) : 0;
}

/* After a change of what the test in front depends on. */
int l2filter_reconsider(struct l2sock *s)
{
	if (!(s->flags & L2SOCK_KERNEL_HOOK) || !s->ethertype || s->ethertype == L2_ETHERTYPE_ALL)
		return 0;
	return l2filter_install(s, s->ethertype, &s->filter);
}

/* Takes the program over, if it can be put in force. */
static int change(struct l2sock *s, struct l2program *program)
{
	int r = l2filter_install(s, s->ethertype, program);

	if (r < 0) {
		l2program_clear(program);
		return r;
	}
	l2program_clear(&s->filter);
	s->filter = *program;
	return 0;
}

int l2sock_set_filter(struct l2sock *s, const struct l2insn *insns, size_t n)
{
	struct l2program program = { 0 };
	int r;

	if (!s)
		return -EINVAL;
	if (!insns != !n || n > L2_FILTER_MAX)
		return l2fail_note(s, -EINVAL,
				   "filter: %a instructions; a program has 1 to %b, or is NULL "
				   "with 0",
				   (int64_t)n, L2_FILTER_MAX);
	r = l2program_copy(&program, insns, n);
	if (r < 0)
		return l2fail_note(s, r, "filter: out of memory", 0, 0);
	return change(s, &program);
}

int l2sock_set_filter_fd(struct l2sock *s, int fd)
{
	struct l2program program = { 0 };
	int r;

	if (!s)
		return -EINVAL;
	r = l2program_refer(&program, fd);
	if (r < 0)
		return l2fail_note(s, r, "filter: descriptor %a: %e", fd, 0);
	return change(s, &program);
}

int l2sock_lock_filter(struct l2sock *s)
{
	const int on = 1;
	int r;

	if (!s)
		return -EINVAL;
	r = l2sys_setsockopt(s->fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on));
	if (r < 0)
		return l2fail_note(s, r, "filter: SO_LOCK_FILTER: %e", 0, 0);
	s->locked = true;
	return 0;
}
