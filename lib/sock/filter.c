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

/* On all interfaces: a program for Ethernet frames has nothing to say about others. */
static const struct l2insn only_ethernet[] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, ANCILLARY(SKF_AD_HATYPE) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, ARPHRD_ETHER },
	{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARPHRD_LOOPBACK },
	{ BPF_RET | BPF_K, 0, 0, 0 },
	{ BPF_LD | BPF_IMM, 0, 0, 0 },
};

/* The tests in front of the user's program. */
struct front {
	struct l2insn insns[TEST_LEN + sizeof(only_ethernet) / sizeof(only_ethernet[0])];
	size_t n;
};

static bool is_ethernet(const struct l2sock *s)
{
	return s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK;
}

/* Whether the program finds the type in the data: every frame begins with an Ethernet header. */
static bool shows_ethernet(const struct l2sock *s)
{
	return s->type != L2SOCK_TYPE_COOKED && is_ethernet(s);
}

/* The kernel's own hook sorts out one ethertype. */
static bool is_hooked(const struct l2sock *s, uint32_t ethertype)
{
	return s->flags & L2SOCK_KERNEL_HOOK && ethertype && ethertype != L2_ETHERTYPE_ALL;
}

/*
 * Whether the program is made into one for frames as the kernel has them. Behind the kernel's own
 * hook a frame has lost its tag for good: nothing would be exact there but the header's place.
 */
static bool is_rewritten(const struct l2sock *s, uint32_t ethertype,
			 const struct l2program *program)
{
	if (!program->n || program->as_is)
		return false;
	if (is_hooked(s, ethertype) && s->type != L2SOCK_TYPE_COOKED)
		return false;
	return !s->ifindex || is_ethernet(s);
}

static void append(struct front *front, const struct l2insn *insns, size_t n)
{
	memcpy(front->insns + front->n, insns, n * sizeof(*insns));
	front->n += n;
}

static void test_ethertype(const struct l2sock *s, uint32_t ethertype, struct front *front)
{
	struct l2insn *test = front->insns + front->n;

	if (!ethertype || ethertype == L2_ETHERTYPE_ALL)
		return;
	if (is_hooked(s, ethertype)) {
		if (!s->promiscuous)
			append(front, not_for_others,
			       sizeof(not_for_others) / sizeof(not_for_others[0]));
		return;
	}
	append(front, ethertype_test, TEST_LEN);
	if (!shows_ethernet(s))
		test[TEST_TYPE_FIELD] = load_protocol;
	test[TEST_ETHERTYPE].k = ethertype;
}

static int rewrite(const struct l2sock *s, const struct l2program *program, struct l2program *ret,
		   struct l2filter_report *why)
{
	uint32_t flags = s->type == L2SOCK_TYPE_COOKED ? L2FILTER_COOKED : 0;
	int64_t n = l2filter_wire(program->insns, program->n, flags, NULL, 0, why);

	if (n < 0)
		return (int)n;
	ret->insns = l2sys_alloc((size_t)n, sizeof(*ret->insns));
	if (!ret->insns)
		return -ENOMEM;
	ret->n = (size_t)n;
	n = l2filter_wire(program->insns, program->n, flags, ret->insns, ret->n, why);
	return n < 0 ? (int)n : 0;
}

static int join(const struct front *front, const struct l2program *program, struct l2program *ret)
{
	const struct l2insn *rest = program->n ? program->insns : &accept_all;
	size_t rest_len = program->n ? program->n : 1;
	struct l2insn *insns;

	if (!front->n)
		return l2program_copy(ret, program->insns, program->n);
	if (rest_len > L2_FILTER_MAX - front->n)
		return -E2BIG;
	insns = l2sys_alloc(front->n + rest_len, sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	memcpy(insns, front->insns, front->n * sizeof(*insns));
	memcpy(insns + front->n, rest, rest_len * sizeof(*insns));
	*ret = (struct l2program) { .insns = insns, .n = front->n + rest_len };
	return 0;
}

/*
 * The program for the kernel: the tests and the user's program, or that alone, possibly none. When
 * the user's cannot be made into one for the kernel, @why tells.
 */
int l2filter_compose(const struct l2sock *s, uint32_t ethertype, const struct l2program *program,
		     struct l2program *ret, struct l2filter_report *why)
{
	struct l2program rewritten = { 0 };
	struct front front = { .n = 0 };
	int r;

	test_ethertype(s, ethertype, &front);
	if (program->bpf_fd)
		return front.n ? -EOPNOTSUPP : l2program_refer(ret, program->bpf_fd);
	if (!is_rewritten(s, ethertype, program))
		return join(&front, program, ret);
	if (s->type == L2SOCK_TYPE_COOKED && !s->ifindex)
		append(&front, only_ethernet, sizeof(only_ethernet) / sizeof(only_ethernet[0]));
	r = rewrite(s, program, &rewritten, why);
	if (r == 0 && !front.n) {
		*ret = rewritten;
		return 0;
	}
	if (r == 0)
		r = join(&front, &rewritten, ret);
	l2program_clear(&rewritten);
	return r;
}

/* The sentence for a program that is not what the kernel, or the rewriting, takes. */
static int refuse_program(struct l2sock *s, int code)
{
	const char *sentence = "filter: instruction %a: %w";

	if (code == -EOPNOTSUPP)
		sentence = "filter: instruction %a: %w; L2SOCK_VERBATIM attaches it as it is";
	else if (code == -E2BIG)
		sentence = "filter: %w; L2SOCK_VERBATIM attaches it as it is";
	l2fail_note(s, code, sentence, s->refusal.index, 0);
	s->fail.words = s->refusal.text;
	return code;
}

static int refuse(struct l2sock *s, int code, const struct l2program *program)
{
	const char *sentence = "filter: %e";

	if (code == -EINVAL && program->n)
		l2filter_check(program->insns, program->n, &s->refusal);
	if (code == s->refusal.code)
		return refuse_program(s, code);
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
	return l2fail_note(s, code, sentence, (int64_t)program->n, L2_FILTER_MAX);
}

/* Puts the program with the test for the ethertype in force; after a failure the old one holds. */
int l2filter_install(struct l2sock *s, uint32_t ethertype, const struct l2program *program)
{
	struct l2program new = { 0 };
	int r = -EPERM;

	s->refusal.code = 0;
	if (!s->locked)
		r = l2filter_compose(s, ethertype, program, &new, &s->refusal);
	if (r == 0)
		r = l2attach_swap(s, &new);
	l2program_clear(&new);
	return r < 0 ? refuse(s, r, program) : 0;
}

/* After a change of what the test in front depends on. */
int l2filter_reconsider(struct l2sock *s)
{
	if (!is_hooked(s, s->ethertype))
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
	program.as_is = s->flags & L2SOCK_VERBATIM;
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
