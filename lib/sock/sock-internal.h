/* SPDX-License-Identifier: MIT */
/* The handle, and what its files offer each other. */
#ifndef L2SOCK_SOCK_INTERNAL_H
#define L2SOCK_SOCK_INTERNAL_H

#include <linux/if.h>
#include <stdbool.h>
#include <sys/socket.h>

#include <l2sock/filter.h>
#include <l2sock/l2sock.h>

#include "../types/opts-internal.h"

/*
 * For what every frame passes: the compiler puts it together. After a system call the processor has
 * forgotten which pages lie where, so that a call's own price is the number of pages it touches.
 */
#define L2_HOT __attribute__((__hot__))

/* A failure: everything its sentence needs, in a form that costs nothing until somebody asks. */
struct l2fail {
	int code;
	const char *sentence; /* with %n, %a, %b, %x, %e, %w: see error.c */
	int64_t a;
	int64_t b;
	const char *words; /* lasting text; NULL for none */
};

/* A program that the handle owns: classic BPF, or eBPF by descriptor, or none. */
struct l2program {
	struct l2insn *insns;
	size_t n;
	int bpf_fd; /* 0: not eBPF */
	bool as_is; /* in the kernel's terms: came with the socket, or the user says so */
};

/* One membership and how often it was joined. */
struct l2member {
	uint32_t kind;
	uint32_t joins;
	uint32_t ifindex;
	uint8_t addr[L2_ADDR_MAX];
	uint16_t addr_len;
};

/* All memberships of a handle. */
struct l2ledger {
	struct l2member *members;
	size_t n;
	size_t room;
};

/* Read from any thread. */
struct l2counters {
	uint64_t accepted; /* these three grow in any thread as well */
	uint64_t dropped;
	uint64_t freezes;
	uint64_t received; /* the others in one at a time: that of the handle's calls */
	uint64_t flushed;
	uint64_t truncated;
	uint64_t sent;
	uint64_t failed;
};

/* Which lengths surely need no check: least to least + span. */
struct l2limits {
	uint32_t least;
	uint32_t span;
};

/* What a receive ring does for the handle under it: this layer knows no rings. */
struct l2ring_ops {
	bool (*ready)(void *ring);  /* would its next call deliver? */
	void (*flush)(void *ring);  /* discard what is in it; nothing gets in meanwhile */
	int (*explain)(void *ring); /* why waiting for more is in vain, noted; or 0 */
	int (*renew)(void *ring);   /* the same on the handle's new socket, while nothing is held */
};

struct l2sock {
	uint32_t refs; /* atomic: one is the caller's, one each ring's */
	int fd;
	int wakefd;              /* readable while there is something to report: wake, link, end */
	int linkfd;              /* rtnetlink, or -1 */
	int epfd;                /* all of them; a caller may poll it */
	bool included;           /* the packet socket is among them */
	bool polled;             /* ... and one does */
	bool disarmed;           /* the packet socket's readiness was taken out of it */
	uint32_t type;           /* L2SOCK_TYPE_* */
	uint32_t flags;          /* of the options */
	struct l2sock_opts opts; /* for the second socket of a legacy handle */
	uint32_t ifindex;        /* 0: all interfaces */
	char ifname[IFNAMSIZ];
	uint16_t hatype;    /* ARPHRD_*; 0 on all interfaces */
	uint32_t ethertype; /* 0 until bound */
	uint32_t link;      /* L2SOCK_LINK_*; 0 as long as nobody asked */
	uint32_t link_changes;
	uint32_t link_reported; /* how many of them were told as -ENETDOWN */
	uint32_t link_turns;    /* changes, also those that nobody can tell: never reset */
	uint32_t link_news;     /* messages about the interface, of its MTU too */
	uint32_t woken;         /* atomic: a wake that nobody has been told of */
	uint16_t protocol;      /* what the kernel hooks; 0 until bound */
	bool promiscuous;
	bool locked;       /* nobody can change the filter any more */
	bool halted;       /* no frame gets in: see attach.c */
	bool recv_by_ring; /* and by no other call; a transmit ring takes both */
	bool send_by_ring;
	bool rx_ended;                   /* its receive ring is stopped and empty */
	bool grouped;                    /* a group's member */
	uint64_t since;                  /* ... which is open since then, or 0: see l2early_is() */
	const struct l2ring_ops *rx_ops; /* of its receive ring, or NULL */
	void *rx;
	struct l2limits limits;
	struct l2program filter;   /* the user's */
	struct l2program attached; /* what the kernel runs */
	struct l2ledger ledger;
	struct l2counters counters;
	struct l2fail fail;
	struct l2filter_report refusal; /* the last one's words, if code is not 0 */
	char errmsg[sizeof(((struct l2err *)0)->text)];
};

/* The end of a call that may wait; the clock is read on first use. */
struct l2deadline {
	int64_t timeout_ns;
	int64_t at;       /* 0 until the clock was read */
	bool looked;      /* all that can be known without waiting is known */
	bool frames_due;  /* within a moment: reports of the link come after them */
	int64_t slice_ns; /* not 0: to wait no longer than that at a time */
};

/* sock.c: who holds a handle keeps it alive. */
void l2sock_hold(struct l2sock *s);
void l2sock_drop(struct l2sock *s);
bool l2sock_is_shared(const struct l2sock *s);

/* error.c: note a failure in the handle and return its code. */
int l2fail_note(struct l2sock *s, int code, const char *sentence, int64_t a, int64_t b);
void l2fail_format(const struct l2fail *fail, const char *ifname, char *text, size_t size);

/* open.c: "fill" gives a handle its socket. */
typedef int (*l2open_fn)(struct l2sock *s, const void *from, const struct l2sock_opts *opts);
int l2open_handle(struct l2sock **ret, l2open_fn fill, const void *from,
		  const struct l2sock_opts *opts);
int l2open_configure(struct l2sock *s, const struct l2sock_opts *opts);

/* netns.c: enter returns the descriptor that leave takes. */
int l2netns_enter(struct l2sock *s, int netns);
int l2netns_leave(struct l2sock *s, int home);

/* bind.c; no frame has the ethertype of the constant. */
#define L2_NO_PROTOCOL 0xffff

int l2bind_protocol(struct l2sock *s, uint16_t protocol);
int l2bind_metadata(struct l2sock *s);
int l2bind_closed(struct l2sock *s, uint32_t ethertype);

/* A socket, and the interface that it is on. */
struct l2whereabouts {
	int fd;
	uint32_t ifindex;
	uint16_t hatype;
	char ifname[IFNAMSIZ];
};

/*
 * rebind.c: moves a handle by a new socket, which is prepared first and not bound afterwards. No
 * block of its ring may be held. With NULL as name it goes to the interface of its own.
 */
int l2rebind_prepare(struct l2sock *s, const char *ifname, struct l2whereabouts *ret);
int l2rebind_move(struct l2sock *s, struct l2whereabouts *to);
void l2rebind_abandon(struct l2sock *s);

/* legacy.c: what a SOCK_PACKET socket does in its own way. */
int l2legacy_check(struct l2sock *s);
int l2legacy_bind(struct l2sock *s);
int l2legacy_start(struct l2sock *s, uint32_t ethertype);
void l2legacy_describe(const struct l2sock *s, struct l2pkt *pkt, const struct msghdr *msg);

/* filter.c: the user's program with the test for the ethertype in front. */
int l2filter_install(struct l2sock *s, uint32_t ethertype, const struct l2program *program);
int l2filter_reconsider(struct l2sock *s);
int l2filter_compose(const struct l2sock *s, uint32_t ethertype, const struct l2program *program,
		     struct l2program *ret, struct l2filter_report *why);

/* attach.c: programs, and the one in force. */
int l2program_copy(struct l2program *ret, const struct l2insn *insns, size_t n);
int l2program_refer(struct l2program *ret, int fd);
void l2program_clear(struct l2program *program);
int l2attach_swap(struct l2sock *s, struct l2program *new);
int l2attach_close(struct l2sock *s);
int l2attach_open(struct l2sock *s);
int l2attach_halt(struct l2sock *s);
int l2attach_resume(struct l2sock *s);
int l2attach_flush(struct l2sock *s);
int l2attach_fence(struct l2sock *s);

/* membership.c */
void l2ledger_clear(struct l2ledger *ledger);
int l2ledger_join(struct l2sock *s, uint32_t ifindex);
void l2ledger_leave(struct l2sock *s, uint32_t ifindex);
void l2ledger_move(struct l2sock *s, uint32_t ifindex);

/* pkt.c: fill a descriptor from what recvmsg() delivered beside the data. */
void l2pkt_from_msg(struct l2pkt *pkt, const struct msghdr *msg);

/* limits.c: which lengths does the interface take? */
int l2limits_mtu(struct l2sock *s, uint32_t ifindex, uint32_t *ret);
int l2limits_check(struct l2sock *s, size_t len, uint16_t type);
bool l2limits_exceeded(const struct l2sock *s, size_t len, uint16_t type);
int l2limits_renew(struct l2sock *s);
int l2limits_refused(struct l2sock *s, int code, uint32_t ifindex, size_t len);

static inline bool l2limits_fit(const struct l2sock *s, size_t len)
{
	return len - s->limits.least <= s->limits.span;
}

/* stats.c: the kernel's 32-bit counters moved into the handle's. */
int l2stats_harvest(struct l2sock *s);

/* For a counter with one writer at a time, and readers in any thread: no locked instruction. */
static inline void l2counter_add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
}

/* The kernel counts in 32 bits: its counters are fetched long before they can wrap. */
#define L2_HARVEST_EVERY (UINT64_C(1) << 30)

static inline void l2stats_received(struct l2sock *s, uint64_t n)
{
	uint64_t before = s->counters.received;

	l2counter_add(&s->counters.received, n);
	if ((before ^ (before + n)) & L2_HARVEST_EVERY)
		l2stats_harvest(s);
}

/* For how long frames from before may come after a group was opened; and from how long before. */
#define L2_EARLY_COMES UINT64_C(100000000)
#define L2_EARLY_MOST  UINT64_C(1000000000)

/*
 * Whether a frame arrived when not all members of its group were open. It is left out, as others
 * were rejected. Asked of a handle with "since", until a frame is far from it: the clock may be
 * set.
 */
static inline bool l2early_is(struct l2sock *s, uint64_t timestamp)
{
	uint64_t after = timestamp - s->since;

	if (after < L2_EARLY_COMES)
		return false;
	if (0 - after <= L2_EARLY_MOST)
		return true;
	s->since = 0;
	return false;
}

static inline bool l2early_flush(struct l2sock *s, uint64_t timestamp)
{
	if (!l2early_is(s, timestamp))
		return false;
	l2counter_add(&s->counters.flushed, 1);
	return true;
}

/* link.c: which interface, and is it up, down or gone? */
int l2link_find_name(struct l2sock *s, const char *ifname);
int l2link_find_index(struct l2sock *s, uint32_t ifindex);
int l2link_learn(struct l2sock *s);
int l2link_name(const struct l2sock *s, char name[IFNAMSIZ]);
void l2link_forget(struct l2sock *s);
uint32_t l2link_state(uint32_t flags);
void l2link_set(struct l2sock *s, uint32_t state);
uint32_t l2link_peek(const struct l2sock *s);
bool l2link_has_carrier(const struct l2sock *s);
void l2link_ask(struct l2sock *s);
void l2link_update(struct l2sock *s);
int l2link_gone(struct l2sock *s, const char *sentence);

/* watch.c: hearing of the link by rtnetlink. */
int l2watch_open(struct l2sock *s, bool opening);
int l2watch_aim(struct l2sock *s);
void l2watch_read(struct l2sock *s);

/* wait.c: one wait for all calls that wait. */
int l2wait_open(struct l2sock *s);
int l2wait_include(struct l2sock *s);
int64_t l2deadline_left(struct l2deadline *deadline);
void l2wait_exclude(struct l2sock *s);
int l2wait_take(struct l2sock *s);
int l2wait_for(struct l2sock *s, short events, struct l2deadline *deadline);
void l2wait_rearm(struct l2sock *s);
void l2wait_settle(struct l2sock *s);
void l2wait_take_error(struct l2sock *s);
void l2wait_look(struct l2sock *s);

#endif /* L2SOCK_SOCK_INTERNAL_H */
