/* SPDX-License-Identifier: MIT */
/* Putting a program in force, on a live socket without a frame of the old one left behind. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

_Static_assert(sizeof(struct l2insn) == sizeof(struct sock_filter), "l2insn is sock_filter");

static const struct l2insn reject_insn = { BPF_RET | BPF_K, 0, 0, 0 };
static const struct l2program reject_all = { .insns = (struct l2insn *)(uintptr_t)&reject_insn,
					     .n = 1 };

void l2program_clear(struct l2program *program)
{
	l2sys_free(program->insns);
	if (program->bpf_fd)
		l2sys_close(program->bpf_fd);
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
	*ret = (struct l2program) { .insns = copy, .n = n };
	return 0;
}

/* Holds an eBPF program by a descriptor of its own. */
int l2program_refer(struct l2program *ret, int fd)
{
	int r = l2sys_dup(fd);

	if (r < 0)
		return r;
	*ret = (struct l2program) { .bpf_fd = r };
	return 0;
}

static bool is_none(const struct l2program *program)
{
	return !program->n && !program->bpf_fd;
}

static bool same(const struct l2program *a, const struct l2program *b)
{
	return a->n == b->n && !a->bpf_fd && !b->bpf_fd &&
	       (!a->n || !memcmp(a->insns, b->insns, a->n * sizeof(*a->insns)));
}

static int attach(int fd, const struct l2program *program)
{
	const struct sock_fprog fprog = {
		.len = (unsigned short)program->n,
		.filter = (struct sock_filter *)(void *)program->insns,
	};
	const int unused = 0;
	int r;

	if (program->bpf_fd)
		return l2sys_setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &program->bpf_fd,
					sizeof(program->bpf_fd));
	if (program->n)
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
	r = attach(fd, program);
	l2sys_close(fd);
	return r;
}

/* A group's member stays hooked. Closing any socket that was hooked waits as well. */
static int fence_by_another(struct l2sock *s)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(L2_NO_PROTOCOL),
		.sll_ifindex = (int)s->ifindex,
	};
	int fd = l2sys_socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return fd;
	r = l2sys_bind(fd, &addr, sizeof(addr));
	l2sys_close(fd);
	return r == -ENODEV ? 0 : r; /* gone: nothing is on its way */
}

/*
 * Returns when no frame that the old filter accepted is still on its way into the queue. Where the
 * kernel has no barrier for that, removing the hook is one: it waits for all that use it.
 */
int l2attach_fence(struct l2sock *s)
{
	int r = l2sys_barrier();

	if (r == 0)
		return 0;
	if (s->grouped)
		return fence_by_another(s);
	r = l2bind_protocol(s, L2_NO_PROTOCOL);
	if (r == 0)
		r = l2bind_protocol(s, s->protocol);
	return r == -ENODEV ? 0 : r; /* gone: nothing is on its way */
}

/*
 * Lets nothing get in, until l2attach_resume(); what was under way is in when it returns. Where the
 * filter is locked, by unhooking the socket.
 */
int l2attach_halt(struct l2sock *s)
{
	int r;

	if (s->locked && s->grouped && s->protocol)
		return -EPERM; /* it can neither reject nor be unhooked */
	s->halted = true;
	if (s->locked) {
		r = s->protocol ? l2bind_protocol(s, s->protocol) : 0;
		return r == -ENODEV ? 0 : r;
	}
	r = attach(s->fd, &reject_all);
	return r == 0 && s->protocol ? l2attach_fence(s) : r;
}

int l2attach_resume(struct l2sock *s)
{
	if (!s->halted)
		return 0;
	s->halted = false;
	if (!s->locked)
		return attach(s->fd, &s->attached);
	return s->protocol ? l2bind_protocol(s, s->protocol) : 0;
}

/* Discards what is queued. Ends: while everything is rejected, nothing is added. */
int l2attach_flush(struct l2sock *s)
{
	struct msghdr msg = { 0 };
	int64_t r;

	if (s->rx)
		s->rx_ops->flush(s->rx);
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

/*
 * First nothing gets in, then all that was under way is in the queue, then the queue goes, and only
 * then come the frames that the new program accepts. The way over reject_all also keeps the kernel
 * from charging the memory of both programs at once.
 */
static int replace(struct l2sock *s, const struct l2program *new)
{
	int r = try_program(new);

	if (r < 0)
		return r;
	r = attach(s->fd, &reject_all);
	if (r < 0)
		return r;
	if (s->protocol)
		r = l2attach_fence(s);
	if (r == 0 && s->protocol)
		r = l2attach_flush(s);
	if (r == 0 && !s->halted)
		r = attach(s->fd, new);
	if (r < 0 && !s->halted)
		attach(s->fd, &s->attached);
	return r;
}

/*
 * Puts a program in force and takes it over. On a handle that receives, no frame that the old one
 * accepted is received afterwards. After a failure the old one holds.
 */
int l2attach_swap(struct l2sock *s, struct l2program *new)
{
	int r;

	if (s->halted && !s->protocol)
		r = try_program(new);
	else if (s->protocol || !is_none(&s->attached))
		r = !s->protocol && same(&s->attached, new) ? 0 : replace(s, new);
	else
		r = is_none(new) ? 0 : attach(s->fd, new);
	if (r < 0)
		return r;
	l2program_clear(&s->attached);
	s->attached = *new;
	*new = (struct l2program) { 0 };
	return 0;
}

/* While the handle moves nothing gets in. */
int l2attach_close(struct l2sock *s)
{
	return attach(s->fd, &reject_all);
}

int l2attach_open(struct l2sock *s)
{
	return s->halted ? 0 : attach(s->fd, &s->attached);
}
