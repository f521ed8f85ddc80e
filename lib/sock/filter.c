/* SPDX-License-Identifier: MIT */
/* The filter: the test for the ethertype, the user's program, changing both on a live handle. */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

_Static_assert(sizeof(struct l2insn) == sizeof(struct sock_filter), "l2insn is sock_filter");

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

static const struct l2insn accept_all = { BPF_RET | BPF_K, 0, 0, UINT32_MAX };
static const struct l2insn reject_all = { BPF_RET | BPF_K, 0, 0, 0 };

void l2program_clear(struct l2program *program)
{
	l2sys_free(program->insns);
	*program = (struct l2program) { 0 };
}

int l2program_copy(struct l2program *ret, const struct l2insn *insns, size_t n)
{
	struct l2insn *copy = NULL;

	if (n) {
		copy = l2sys_alloc(n, sizeof(*copy));
		if (!copy)
			return -ENOMEM;
		memcpy(copy, insns, n * sizeof(*copy));
	}
	*ret = (struct l2program) { copy, n };
	return 0;
}

/* Whether the program finds the type in the data: every frame begins with an Ethernet header. */
static bool shows_ethernet(const struct l2sock *s)
{
	return s->type != L2SOCK_TYPE_COOKED &&
	       (s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK);
}

/* The program for the kernel; with every ethertype the user's alone, possibly none. */
int l2filter_compose(const struct l2sock *s, uint32_t ethertype, const struct l2program *program,
		     struct l2program *ret)
{
	const struct l2insn *rest = program->n ? program->insns : &accept_all;
	size_t rest_len = program->n ? program->n : 1;
	struct l2insn *insns;

	if (!ethertype || ethertype == L2_ETHERTYPE_ALL)
		return l2program_copy(ret, program->insns, program->n);
	if (rest_len > L2_FILTER_MAX - TEST_LEN)
		return -E2BIG;
	insns = l2sys_alloc(TEST_LEN + rest_len, sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	memcpy(insns, ethertype_test, sizeof(ethertype_test));
	if (!shows_ethernet(s))
		insns[TEST_TYPE_FIELD] = load_protocol;
	insns[TEST_ETHERTYPE].k = ethertype;
	memcpy(insns + TEST_LEN, rest, rest_len * sizeof(*insns));
	*ret = (struct l2program) { insns, TEST_LEN + rest_len };
	return 0;
}

static int attach(int fd, const struct l2insn *insns, size_t n)
{
	struct sock_fprog fprog = {
		.len = (unsigned short)n,
		.filter = (struct sock_filter *)(uintptr_t)insns,
	};
	const int unused = 0;
	int r;

	if (n)
		return l2sys_setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog));
	r = l2sys_setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
	return r == -ENOENT ? 0 : r;
}

/* Asks the kernel for its verdict on a program without touching the handle's socket. */
static int try_program(const struct l2program *program)
{
	int fd = l2sys_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return 0; /* no trial: should it fail in earnest, the old one is put back */
	r = attach(fd, program->insns, program->n);
	l2sys_close(fd);
	return r;
}

/*
 * Returns when no frame that the old filter accepted is still on its way into the queue. Where the
 * kernel has no barrier for that, removing the hook is one: it waits for all that use it.
 */
static int fence(struct l2sock *s)
{
	const uint16_t unused = 0xffff;
	int r = l2sys_barrier();

	if (r == 0)
		return 0;
	r = l2bind_protocol(s, unused);
	if (r == 0)
		r = l2bind_protocol(s, ETH_P_ALL);
	return r == -ENODEV ? 0 : r; /* gone: nothing is on its way */
}

/* Discards what is queued. Ends: while everything is rejected, nothing is added. */
static int flush_queue(struct l2sock *s)
{
	struct msghdr msg = { 0 };
	int64_t r;

	for (;;) {
		r = l2sys_recvmsg(s->fd, &msg, MSG_DONTWAIT);
		if (r >= 0)
			l2counter_add(&s->counters.flushed, 1);
		else if (r == -ENETDOWN)
			l2link_update(s);
		else if (r != -EINTR)
			return r == -EAGAIN ? 0 : (int)r;
	}
}

static bool same(const struct l2program *a, const struct l2program *b)
{
	return a->n == b->n && (!a->n || !memcmp(a->insns, b->insns, a->n * sizeof(*a->insns)));
}

/*
 * First nothing gets in, then all that was under way is in the queue, then the queue goes, and only
 * then come the frames that the new program accepts. The way over reject_all also keeps the kernel
 * from charging the memory of both programs at once.
 */
static int replace(struct l2sock *s, const struct l2program *old, const struct l2program *new)
{
	int r = try_program(new);

	if (r < 0)
		return r;
	r = attach(s->fd, &reject_all, 1);
	if (r < 0)
		return r;
	if (s->ethertype)
		r = fence(s);
	if (r == 0 && s->ethertype)
		r = flush_queue(s);
	if (r == 0)
		r = attach(s->fd, new->insns, new->n);
	if (r < 0)
		attach(s->fd, old->insns, old->n);
	return r;
}

static int exchange(struct l2sock *s, const struct l2program *old, const struct l2program *new)
{
	if (s->ethertype)
		return replace(s, old, new);
	if (same(old, new))
		return 0;
	return old->n ? replace(s, old, new) : attach(s->fd, new->insns, new->n);
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
	return l2fail_note(s, code, sentence, (int64_t)n, L2_FILTER_MAX);
}

/*
 * Puts the program with the test for the ethertype in force. On a handle that receives already, no
 * frame that the old filter accepted is received afterwards. After a failure the old one holds.
 */
int l2filter_install(struct l2sock *s, uint32_t ethertype, const struct l2program *program)
{
	struct l2program old = { 0 };
	struct l2program new = { 0 };
	int r;

	r = l2filter_compose(s, ethertype, program, &new);
	if (r == 0)
		r = l2filter_compose(s, s->ethertype, &s->filter, &old);
	if (r == 0)
		r = exchange(s, &old, &new);
	if (r < 0)
		refuse(s, r, program->n);
	l2program_clear(&old);
	l2program_clear(&new);
	return r;
}

/* After a start that failed: the user's program alone, as on any handle that is not bound. */
void l2filter_put_back(struct l2sock *s)
{
	attach(s->fd, &reject_all, 1); /* or both would be charged at once: see replace() */
	attach(s->fd, s->filter.insns, s->filter.n);
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
	r = l2filter_install(s, s->ethertype, &program);
	if (r < 0) {
		l2program_clear(&program);
		return r;
	}
	l2program_clear(&s->filter);
	s->filter = program;
	return 0;
}
