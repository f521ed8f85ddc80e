/* SPDX-License-Identifier: MIT */
/*
 * Groups: handles that share the frames of an interface (the kernel's PACKET_FANOUT). A socket
 * joins a group when it is bound, and leaves it by being closed only.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/fanout.h>

#include "../sock/kernel-internal.h"
#include "../sock/sock-internal.h"
#include "../sock/sys-internal.h"
#include "rx-internal.h"

/* The structs of version 0.1: no caller knows less. */
#define OPTS_LEAST  (offsetof(struct l2group_opts, reserved) + sizeof(uint32_t))
#define INFO_LEAST  (offsetof(struct l2group_info, since) + sizeof(uint64_t))
#define STATS_LEAST (offsetof(struct l2group_stats, stuck) + sizeof(uint64_t))
#define SIZE_MOST   4096

/* What the kernel allows without being asked. */
#define MEMBERS_USUAL 256

#define KNOWN_FLAGS (L2GROUP_DEFRAG | L2GROUP_ROLLOVER | L2GROUP_IGNORE_OUTGOING | L2GROUP_ID)

#ifndef PACKET_FANOUT_FLAG_UNIQUEID
#define PACKET_FANOUT_FLAG_UNIQUEID 0x2000
#endif

#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

struct l2group {
	uint32_t n;
	uint32_t mode;
	uint32_t flags;
	uint32_t members_max; /* 0: the kernel's own limit */
	uint32_t id;
	uint32_t ethertype;          /* as bound last; 0 before */
	bool bound;                  /* all members are together and open */
	bool broken;                 /* a member has lost its socket, or its ring */
	uint64_t since;              /* when the last of them was opened */
	struct l2program steering;   /* none where the mode needs none */
	struct l2group_stats before; /* what the sockets counted that were given up */
	struct l2fail fail;
	struct l2filter_report refusal; /* the words of a failure */
	char errmsg[sizeof(((struct l2err *)0)->text)];
	struct l2sock *members[];
};

/* The kernel's struct fanout_args, which older headers lack: two numbers in one, and a limit. */
struct request {
	uint32_t id_and_type;
	uint32_t members_max;
};

/* The group's own: members may be in use by other threads. */
static int fail(struct l2group *g, int code, const char *sentence, int64_t a, int64_t b)
{
	g->fail = (struct l2fail) { code, sentence, a, b, NULL };
	return code;
}

/* A member knows why. */
static int blame(struct l2group *g, uint32_t member, int code)
{
	g->fail = g->members[member]->fail;
	return code;
}

const char *l2group_errmsg(struct l2group *g)
{
	if (!g)
		return "no group";
	l2fail_format(&g->fail, g->members[0]->ifname, g->errmsg, sizeof(g->errmsg));
	return g->errmsg;
}

static uint32_t kernel_flags(const struct l2group *g)
{
	return (g->flags & L2GROUP_DEFRAG ? PACKET_FANOUT_FLAG_DEFRAG : 0) |
	       (g->flags & L2GROUP_ROLLOVER ? PACKET_FANOUT_FLAG_ROLLOVER : 0) |
	       (g->flags & L2GROUP_IGNORE_OUTGOING ? PACKET_FANOUT_FLAG_IGNORE_OUTGOING : 0);
}

/* The first without a number of its own is given one, which the others name. */
static int join(struct l2group *g, uint32_t member)
{
	struct request request = { .members_max = g->members_max };
	uint32_t type = g->mode | kernel_flags(g);
	bool first = member == 0 && !(g->flags & L2GROUP_ID);

	if (first)
		type |= PACKET_FANOUT_FLAG_UNIQUEID;
	request.id_and_type = (first ? 0 : g->id) | type << 16;
	return l2sys_setsockopt(g->members[member]->fd, SOL_PACKET, PACKET_FANOUT, &request,
				g->members_max ? sizeof(request) : sizeof(request.id_and_type));
}

static int learn_id(struct l2group *g)
{
	uint32_t value = 0;
	size_t len = sizeof(value);
	int r = l2sys_getsockopt(g->members[0]->fd, SOL_PACKET, PACKET_FANOUT, &value, &len);

	if (r < 0)
		return fail(g, r, "group: PACKET_FANOUT: %e", 0, 0);
	g->id = value & 0xffff;
	return 0;
}

static int refuse_join(struct l2group *g, int code)
{
	const char *sentence = "group: PACKET_FANOUT: %e";

	if (code == -ENOSPC)
		sentence = "group: number %a takes no more members";
	else if (code == -EINVAL && g->flags & L2GROUP_ID)
		sentence = "group: number %a has another interface, ethertype, mode, flag or limit";
	else if (code == -EINVAL)
		sentence = "group: the kernel is too old for a mode or flag, or for %n being down";
	return fail(g, code, sentence, g->id, 0);
}

static bool is_steered(const struct l2group *g)
{
	return g->mode == L2GROUP_MODE_STEER || g->mode == L2GROUP_MODE_EBPF;
}

/* Any member's socket will do: the program is the group's. */
static int steer(struct l2group *g, const struct l2program *program)
{
	const struct sock_fprog fprog = {
		.len = (unsigned short)program->n,
		.filter = (struct sock_filter *)(void *)program->insns,
	};
	int fd = g->members[0]->fd;
	int r;

	if (program->bpf_fd)
		r = l2sys_setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &program->bpf_fd,
				     sizeof(program->bpf_fd));
	else
		r = l2sys_setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &fprog, sizeof(fprog));
	return r < 0 ? fail(g, r, "steering: PACKET_FANOUT_DATA: %e", 0, 0) : 0;
}

/* The kernel's group is of all ethertypes where filters tell them apart. */
static int check_ethertype(struct l2group *g, uint32_t ethertype)
{
	if (g->flags & L2GROUP_ID && ethertype != L2_ETHERTYPE_ALL &&
	    !(g->members[0]->flags & L2SOCK_KERNEL_HOOK))
		return fail(g, -EINVAL,
			    "group: ethertype %x alone, with L2GROUP_ID, needs L2SOCK_KERNEL_HOOK",
			    ethertype, 0);
	return 0;
}

/* While no member lets a frame in, and when that is over no hook but the group's is at work. */
static int join_all(struct l2group *g, uint32_t ethertype)
{
	uint32_t i;
	int r;

	for (i = 0; i < g->n; i++) {
		r = l2bind_closed(g->members[i], ethertype);
		if (r < 0)
			return blame(g, i, r);
	}
	for (i = 0; i < g->n; i++) {
		r = join(g, i);
		if (r < 0)
			return refuse_join(g, r);
		r = i == 0 ? learn_id(g) : 0;
		if (r < 0)
			return r;
	}
	r = l2attach_fence(g->members[0]);
	return r < 0 ? fail(g, r, "group: waiting for frames under way: %e", 0, 0) : 0;
}

/*
 * One after the other. What arrives meanwhile is received or not, as it falls to one or another: by
 * its time it is left out everywhere, so that all are open at once. But as long as there is no
 * program the kernel chooses the first member, which is opened last: then nothing is missing.
 */
static int open_all(struct l2group *g)
{
	uint32_t i = g->n;
	int r;

	while (i--) {
		r = l2attach_open(g->members[i]);
		if (r < 0)
			return fail(g, r, "group: the filter: %e", 0, 0);
	}
	r = is_steered(g) ? steer(g, &g->steering) : 0;
	if (r < 0)
		return r;
	g->since = l2sys_realtime();
	for (i = 0; i < g->n && !is_steered(g); i++)
		g->members[i]->since = g->since;
	return 0;
}

/*
 * Takes the members out of the kernel's group, in which they would get their share and reject it:
 * by new sockets, as they were before.
 */
static void leave_all(struct l2group *g)
{
	struct l2whereabouts place;
	uint32_t i;

	for (i = 0; i < g->n; i++) {
		struct l2sock *s = g->members[i];

		if (!s->protocol)
			continue;
		if (l2rebind_prepare(s, NULL, &place) == 0 && l2rebind_move(s, &place) == 0)
			continue;
		l2rebind_abandon(s);
		g->broken = true;
	}
}

static int bind_all(struct l2group *g, uint32_t ethertype)
{
	int r = join_all(g, ethertype);

	if (r == 0)
		r = open_all(g);
	g->bound = r == 0;
	if (r == 0)
		g->ethertype = ethertype;
	else
		leave_all(g);
	return r;
}

static int check_unbound(struct l2group *g)
{
	uint32_t i;

	if (g->bound)
		return fail(g, -EBUSY, "group: bound to %x already", g->ethertype, 0);
	if (g->broken)
		return fail(g, -EBUSY, "group: a member has lost its socket: l2group_rebind()", 0,
			    0);
	for (i = 0; i < g->n; i++)
		if (g->members[i]->ethertype)
			return fail(g, -EBUSY, "group: member %a is bound by itself", i, 0);
	return 0;
}

int l2group_bind(struct l2group *g, uint32_t ethertype)
{
	int r;

	if (!g)
		return -EINVAL;
	r = check_unbound(g);
	if (r < 0)
		return r;
	if (is_steered(g) && !g->steering.n && !g->steering.bpf_fd)
		return fail(g, -EINVAL, "group: mode %a needs a program: l2group_set_steering()",
			    g->mode, 0);
	r = check_ethertype(g, ethertype);
	return r < 0 ? r : bind_all(g, ethertype);
}

static int check_rebind(struct l2group *g, const char *ifname)
{
	uint32_t i;

	if (ifname && !g->members[0]->ifindex)
		return fail(g, -EINVAL, "rebind: the group is on all interfaces", 0, 0);
	for (i = 0; i < g->n; i++) {
		const struct l2ring_rx *rx = g->members[i]->rx;

		if (g->members[i]->locked)
			return fail(g, -EPERM, "rebind: the filter of member %a is locked", i, 0);
		if (rx && l2lease_held(rx))
			return fail(g, -EBUSY, "rebind: member %a has %b blocks on lease", i,
				    l2lease_held(rx));
	}
	return 0;
}

/* The counters of rollovers are the socket's. In mode ROLLOVER the kernel counts every frame. */
static void add_rollovers(const struct l2group *g, uint32_t member, struct l2group_stats *ret)
{
	struct tpacket_rollover_stats kernel = { 0 };
	size_t len = sizeof(kernel);

	if (g->mode == L2GROUP_MODE_ROLLOVER)
		return;
	if (l2sys_getsockopt(g->members[member]->fd, SOL_PACKET, PACKET_ROLLOVER_STATS, &kernel,
			     &len) < 0)
		return; /* the group does not roll over */
	ret->rolled += kernel.tp_all;
	ret->rolled_huge += kernel.tp_huge;
	ret->stuck += kernel.tp_failed;
}

/* All or none: the members go on as they are until each has a new socket. */
static int prepare_all(struct l2group *g, const char *ifname, struct l2whereabouts *places)
{
	uint32_t i;
	int r;

	for (i = 0; i < g->n; i++) {
		r = l2rebind_prepare(g->members[i], ifname, &places[i]);
		if (r < 0) {
			blame(g, i, r);
			while (i--)
				l2sys_close(places[i].fd);
			return r;
		}
	}
	return 0;
}

static int move_all(struct l2group *g, struct l2whereabouts *places)
{
	uint32_t i;
	int first = 0;
	int r;

	g->bound = false;
	for (i = 0; i < g->n; i++) {
		struct l2group_stats old = g->before;

		add_rollovers(g, i, &old);
		r = l2rebind_move(g->members[i], &places[i]);
		if (!g->members[i]->protocol) /* the old socket is gone */
			g->before = old;
		if (r < 0 && first == 0)
			first = blame(g, i, r);
	}
	g->broken = first < 0;
	if (first < 0)
		leave_all(g);
	return first;
}

int l2group_rebind(struct l2group *g, const char *ifname)
{
	struct l2whereabouts *places;
	int r;

	if (!g)
		return -EINVAL;
	r = check_rebind(g, ifname);
	if (r < 0)
		return r;
	places = l2sys_alloc(g->n, sizeof(*places));
	if (!places)
		return fail(g, -ENOMEM, "rebind: out of memory", 0, 0);
	r = prepare_all(g, ifname, places);
	if (r == 0)
		r = move_all(g, places);
	l2sys_free(places);
	return r < 0 || !g->ethertype ? r : bind_all(g, g->ethertype);
}

/* Takes the program over, if it can be put in force. */
static int replace_steering(struct l2group *g, struct l2program *program)
{
	int r = g->bound ? steer(g, program) : 0;

	if (r < 0) {
		l2program_clear(program);
		return r;
	}
	l2program_clear(&g->steering);
	g->steering = *program;
	return 0;
}

static int refuse_program(struct l2group *g)
{
	fail(g, g->refusal.code, "steering: instruction %a: %w", g->refusal.index, 0);
	g->fail.words = g->refusal.text;
	return g->refusal.code;
}

int l2group_set_steering(struct l2group *g, const struct l2insn *insns, size_t n)
{
	struct l2program program = { 0 };
	int r;

	if (!g)
		return -EINVAL;
	if (g->mode != L2GROUP_MODE_STEER)
		return fail(g, -EINVAL, "steering: the group's mode is %a", g->mode, 0);
	if (!insns)
		return fail(g, -EINVAL, "steering: no program", 0, 0);
	if (l2filter_check(insns, n, &g->refusal) < 0)
		return refuse_program(g);
	r = l2program_copy(&program, insns, n);
	if (r < 0)
		return fail(g, r, "steering: out of memory", 0, 0);
	return replace_steering(g, &program);
}

int l2group_set_steering_fd(struct l2group *g, int fd)
{
	struct l2program program = { 0 };
	int r;

	if (!g)
		return -EINVAL;
	if (g->mode != L2GROUP_MODE_EBPF)
		return fail(g, -EINVAL, "steering: the group's mode is %a", g->mode, 0);
	r = l2program_refer(&program, fd);
	if (r < 0)
		return fail(g, r, "steering: descriptor %a: %e", fd, 0);
	return replace_steering(g, &program);
}

int l2group_wake(struct l2group *g)
{
	uint32_t i;

	if (!g)
		return -EINVAL;
	for (i = 0; i < g->n; i++)
		l2sock_wake(g->members[i]);
	return 0;
}

struct l2sock *l2group_member(const struct l2group *g, uint32_t index)
{
	return g && index < g->n ? g->members[index] : NULL;
}

int l2group_get_info(struct l2group *g, struct l2group_info *ret)
{
	struct l2group_info info = { 0 };
	uint32_t size;

	if (!g || !ret || ret->size < INFO_LEAST || ret->size > SIZE_MOST)
		return -EINVAL;
	size = ret->size < sizeof(info) ? ret->size : (uint32_t)sizeof(info);
	info.size = size;
	info.members = g->n;
	info.mode = g->mode;
	info.flags = g->flags;
	info.ethertype = g->bound ? g->ethertype : 0;
	info.id = g->bound || g->flags & L2GROUP_ID ? g->id : 0;
	info.since = g->bound ? g->since : 0;
	memset(ret, 0, ret->size);
	memcpy(ret, &info, size);
	return 0;
}

int l2group_get_stats(struct l2group *g, struct l2group_stats *ret)
{
	struct l2group_stats sum;
	uint32_t size;
	uint32_t i;

	if (!g || !ret || ret->size < STATS_LEAST || ret->size > SIZE_MOST)
		return -EINVAL;
	sum = g->before;
	for (i = 0; i < g->n; i++) {
		struct l2sock_stats one = { .size = sizeof(one) };

		add_rollovers(g, i, &sum);
		l2sock_get_stats(g->members[i], &one);
		sum.accepted += one.accepted;
		sum.dropped += one.dropped;
		sum.received += one.received;
		sum.flushed += one.flushed;
		sum.truncated += one.truncated;
		sum.freezes += one.freezes;
	}
	size = ret->size < sizeof(sum) ? ret->size : (uint32_t)sizeof(sum);
	sum.size = size;
	memset(ret, 0, ret->size);
	memcpy(ret, &sum, size);
	return 0;
}

void l2group_opts_init(struct l2group_opts *opts, uint32_t size)
{
	if (size < sizeof(opts->size))
		return;
	memset(opts, 0, size);
	opts->size = size;
}

static int refuse(struct l2err *err, int code, const char *sentence, int64_t a, int64_t b)
{
	const struct l2fail why = { code, sentence, a, b, NULL };

	if (err) {
		err->code = code;
		l2fail_format(&why, "", err->text, sizeof(err->text));
	}
	return code;
}

static int check(const struct l2group_opts *opts, uint32_t n)
{
	struct l2err *err = opts->err;

	if (opts->flags & ~KNOWN_FLAGS)
		return refuse(err, -EINVAL, "group: unknown flags %x", opts->flags & ~KNOWN_FLAGS,
			      0);
	if (opts->mode > L2GROUP_MODE_EBPF)
		return refuse(err, -EINVAL, "group: unknown mode %a", opts->mode, 0);
	if (opts->mode == L2GROUP_MODE_ROLLOVER && opts->flags & L2GROUP_ROLLOVER)
		return refuse(err, -EINVAL, "group: the mode rolls over already", 0, 0);
	if (n < 1 || n > L2GROUP_MEMBERS_MAX || opts->members_max > L2GROUP_MEMBERS_MAX)
		return refuse(err, -EINVAL, "group: %a members; there are 1 to %b", n,
			      L2GROUP_MEMBERS_MAX);
	if (opts->members_max && n > opts->members_max)
		return refuse(err, -EINVAL, "group: %a members, and at most %b", n,
			      opts->members_max);
	if (opts->id > UINT16_MAX || (opts->id && !(opts->flags & L2GROUP_ID)))
		return refuse(err, -EINVAL, "group: number %a is above 65535 or lacks L2GROUP_ID",
			      opts->id, 0);
	if (opts->reserved)
		return refuse(err, -EINVAL, "group: the reserved field is %a, not 0",
			      opts->reserved, 0);
	return 0;
}

static int open_members(struct l2group *g, const char *ifname, uint32_t n,
			const struct l2sock_opts *opts)
{
	int r;

	for (; g->n < n; g->n++) {
		r = l2sock_open(&g->members[g->n], ifname, opts);
		if (r < 0)
			return r;
		g->members[g->n]->grouped = true;
	}
	return 0;
}

/* Of all members, whose failure is told by the group's options. */
static int copy_sock_opts(const struct l2group_opts *opts, struct l2sock_opts *ret)
{
	int r = 0;

	if (opts->sock)
		r = l2opts_copy(ret, sizeof(*ret), opts->sock, sizeof(ret->size));
	if (r < 0)
		return refuse(opts->err, r, "group: the size of the handles' options", 0, 0);
	if (ret->type == L2SOCK_TYPE_LEGACY)
		return refuse(opts->err, -EINVAL, "group: SOCK_PACKET knows no groups", 0, 0);
	ret->size = sizeof(*ret);
	ret->err = opts->err;
	return 0;
}

static int open_group(struct l2group **ret, const char *ifname, uint32_t n,
		      const struct l2group_opts *opts, const struct l2sock_opts *sock)
{
	struct l2group *g = l2sys_alloc(1, sizeof(*g) + n * sizeof(struct l2sock *));
	int r;

	if (!g)
		return refuse(opts->err, -ENOMEM, "group: out of memory", 0, 0);
	g->mode = opts->mode;
	g->flags = opts->flags;
	g->id = opts->id;
	g->members_max = opts->members_max;
	if (!g->members_max && n > MEMBERS_USUAL)
		g->members_max = n;
	if (sock->flags & L2SOCK_IGNORE_OUTGOING)
		g->flags |= L2GROUP_IGNORE_OUTGOING;
	r = open_members(g, ifname, n, sock);
	if (r < 0) {
		l2group_close(g);
		return r;
	}
	*ret = g;
	return 0;
}

int l2group_open(struct l2group **ret, const char *ifname, uint32_t n,
		 const struct l2group_opts *opts)
{
	struct l2group_opts known = { 0 };
	struct l2sock_opts sock = { 0 };
	int r = opts ? l2opts_copy(&known, sizeof(known), opts, OPTS_LEAST) : 0;

	if (r == -E2BIG)
		return refuse(opts->err, r, "group: an option that this library is too old for", 0,
			      0);
	if (r < 0)
		return r;
	if (!ret)
		return refuse(known.err, -EINVAL, "group: no place for the group", 0, 0);
	r = check(&known, n);
	if (r == 0)
		r = copy_sock_opts(&known, &sock);
	return r < 0 ? r : open_group(ret, ifname, n, &known, &sock);
}

int l2group_close(struct l2group *g)
{
	uint32_t i;

	if (!g)
		return 0;
	for (i = 0; i < g->n; i++) {
		g->members[i]->grouped = false;
		l2sock_drop(g->members[i]);
	}
	l2program_clear(&g->steering);
	l2sys_free(g);
	return 0;
}
