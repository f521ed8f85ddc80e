/* SPDX-License-Identifier: MIT */
/*
 * Memberships, kept in a ledger of the handle's own: the kernel accepts kinds that do not exist
 * and leaves that were never joined.
 */
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* struct packet_mreq with room for every address; the kernel takes it at that length. */
struct request {
	int ifindex;
	unsigned short type;
	unsigned short addr_len;
	uint8_t addr[L2_ADDR_MAX];
};

static int kernel_type(uint32_t kind)
{
	switch (kind) {
	case L2SOCK_PROMISC:
		return PACKET_MR_PROMISC;
	case L2SOCK_ALLMULTI:
		return PACKET_MR_ALLMULTI;
	case L2SOCK_MULTICAST:
		return PACKET_MR_MULTICAST;
	case L2SOCK_UNICAST:
		return PACKET_MR_UNICAST;
	default:
		return -1;
	}
}

static bool takes_address(uint32_t kind)
{
	return kind == L2SOCK_MULTICAST || kind == L2SOCK_UNICAST;
}

static int check_address(struct l2sock *s, const struct l2member *m, const void *addr)
{
	if (!takes_address(m->kind) && (addr || m->addr_len))
		return l2fail_note(s, -EINVAL, "membership: kind %a takes no address", m->kind, 0);
	if (takes_address(m->kind) && (!addr || !m->addr_len))
		return l2fail_note(s, -EINVAL, "membership: kind %a needs an address", m->kind, 0);
	return 0;
}

/* A handle on an interface has its memberships there; one on all names the interface. */
static int check_interface(struct l2sock *s, uint32_t ifindex)
{
	if (!s->ifindex && !ifindex)
		return l2fail_note(s, -EINVAL,
				   "membership: the handle is on all interfaces: name one", 0, 0);
	if (s->ifindex && ifindex && ifindex != s->ifindex)
		return l2fail_note(s, -EINVAL,
				   "membership: interface index %a is not the handle's, %b",
				   ifindex, s->ifindex);
	if (ifindex > INT32_MAX)
		return l2fail_note(s, -EINVAL, "membership: interface index %a is beyond %b",
				   ifindex, INT32_MAX);
	return 0;
}

static int set_membership(struct l2sock *s, int option, const struct l2member *member)
{
	struct request request = {
		.ifindex = (int)member->ifindex,
		.type = (unsigned short)kernel_type(member->kind),
		.addr_len = member->addr_len,
	};

	memcpy(request.addr, member->addr, sizeof(request.addr));
	return l2sys_setsockopt(s->fd, SOL_PACKET, option, &request, sizeof(request));
}

static struct l2member *find(struct l2ledger *ledger, const struct l2member *like)
{
	struct l2member *m;

	for (m = ledger->members; m < ledger->members + ledger->n; m++)
		if (m->kind == like->kind && m->ifindex == like->ifindex &&
		    m->addr_len == like->addr_len && !memcmp(m->addr, like->addr, sizeof(m->addr)))
			return m;
	return NULL;
}

static int make_room(struct l2ledger *ledger)
{
	size_t room = ledger->room ? 2 * ledger->room : 4;
	struct l2member *members;

	if (ledger->n < ledger->room)
		return 0;
	members = l2sys_alloc(room, sizeof(*members));
	if (!members)
		return -ENOMEM;
	if (ledger->n)
		memcpy(members, ledger->members, ledger->n * sizeof(*members));
	l2sys_free(ledger->members);
	ledger->members = members;
	ledger->room = room;
	return 0;
}

void l2ledger_clear(struct l2ledger *ledger)
{
	l2sys_free(ledger->members);
	*ledger = (struct l2ledger) { 0 };
}

/* What the caller asks for, checked. */
static int describe(struct l2sock *s, uint32_t ifindex, uint32_t kind, const void *addr,
		    size_t addr_len, struct l2member *ret)
{
	int r;

	if (!s)
		return -EINVAL;
	if (kernel_type(kind) < 0)
		return l2fail_note(s, -EINVAL, "membership: unknown kind %a", kind, 0);
	if (addr_len > L2_ADDR_MAX)
		return l2fail_note(s, -EINVAL, "membership: an address has at most %a bytes",
				   L2_ADDR_MAX, 0);
	*ret = (struct l2member) {
		.kind = kind,
		.joins = 1,
		.ifindex = ifindex ? ifindex : s->ifindex,
		.addr_len = (uint16_t)addr_len,
	};
	r = check_interface(s, ifindex);
	if (r == 0)
		r = check_address(s, ret, addr);
	if (r == 0 && addr_len)
		memcpy(ret->addr, addr, addr_len);
	return r;
}

static int refuse(struct l2sock *s, int code, const struct l2member *m)
{
	if (code == -ENODEV && s->ifindex)
		return l2link_gone(s, "membership: %n is gone");
	if (code == -ENODEV)
		return l2fail_note(s, code, "membership: there is no interface with index %a",
				   m->ifindex, 0);
	if (code == -EINVAL && m->addr_len)
		return l2fail_note(s, code, "membership: %n has no addresses of %a bytes",
				   m->addr_len, 0);
	return l2fail_note(s, code, "membership: %n: %e", 0, 0);
}

/* A handle with the kernel's hook delivers frames to other hosts only while it is promiscuous. */
static int follow(struct l2sock *s, const struct l2member *m, bool promiscuous)
{
	bool before = s->promiscuous;
	int r;

	if (m->kind != L2SOCK_PROMISC || before == promiscuous)
		return 0;
	s->promiscuous = promiscuous;
	r = l2filter_reconsider(s);
	if (r < 0)
		s->promiscuous = before;
	return r;
}

static int join(struct l2sock *s, const struct l2member *member)
{
	struct l2member *known = find(&s->ledger, member);
	int r;

	if (known) {
		known->joins++;
		return 0;
	}
	if (make_room(&s->ledger) < 0)
		return l2fail_note(s, -ENOMEM, "membership: out of memory", 0, 0);
	r = set_membership(s, PACKET_ADD_MEMBERSHIP, member);
	if (r < 0)
		return refuse(s, r, member);
	r = follow(s, member, true);
	if (r < 0) {
		set_membership(s, PACKET_DROP_MEMBERSHIP, member);
		return r;
	}
	s->ledger.members[s->ledger.n++] = *member;
	return 0;
}

int l2sock_join_on(struct l2sock *s, uint32_t ifindex, uint32_t kind, const void *addr,
		   size_t addr_len)
{
	struct l2member member;
	int r = describe(s, ifindex, kind, addr, addr_len, &member);

	return r < 0 ? r : join(s, &member);
}

int l2sock_join(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len)
{
	return l2sock_join_on(s, 0, kind, addr, addr_len);
}

int l2sock_leave_on(struct l2sock *s, uint32_t ifindex, uint32_t kind, const void *addr,
		    size_t addr_len)
{
	struct l2member member;
	struct l2member *known;
	int r = describe(s, ifindex, kind, addr, addr_len, &member);

	if (r < 0)
		return r;
	known = find(&s->ledger, &member);
	if (!known)
		return l2fail_note(s, -EADDRNOTAVAIL, "membership: leave without a join", 0, 0);
	if (known->joins > 1) {
		known->joins--;
		return 0;
	}
	r = follow(s, &member, false);
	if (r < 0)
		return r;
	r = set_membership(s, PACKET_DROP_MEMBERSHIP, &member);
	if (r < 0) {
		follow(s, &member, true);
		return refuse(s, r, &member);
	}
	*known = s->ledger.members[--s->ledger.n];
	return 0;
}

int l2sock_leave(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len)
{
	return l2sock_leave_on(s, 0, kind, addr, addr_len);
}

int l2sock_join_group(struct l2sock *s, const void *addr, size_t addr_len)
{
	static const uint32_t wider[] = { L2SOCK_ALLMULTI, L2SOCK_PROMISC };
	int r = l2sock_join(s, L2SOCK_MULTICAST, addr, addr_len);
	size_t i;

	if (r == 0)
		return L2SOCK_MULTICAST;
	for (i = 0; i < sizeof(wider) / sizeof(wider[0]); i++) {
		if (r == -EINVAL || r == -ENODEV || r == -ENOMEM)
			return r; /* nothing wider would help */
		r = l2sock_join(s, wider[i], NULL, 0);
		if (r == 0)
			return (int)wider[i];
	}
	return r;
}

static int set_all(struct l2sock *s, int option, uint32_t ifindex, size_t n)
{
	struct l2member moved;
	size_t i;
	int r;

	for (i = 0; i < n; i++) {
		moved = s->ledger.members[i];
		if (ifindex)
			moved.ifindex = ifindex;
		r = set_membership(s, option, &moved);
		if (r < 0 && option == PACKET_ADD_MEMBERSHIP) {
			set_all(s, PACKET_DROP_MEMBERSHIP, ifindex, i);
			return r;
		}
	}
	return 0;
}

/* All memberships on another interface too, or with 0 on their own again: all or none. */
int l2ledger_join(struct l2sock *s, uint32_t ifindex)
{
	return set_all(s, PACKET_ADD_MEMBERSHIP, ifindex, s->ledger.n);
}

/* ... and on the one interface no more. */
void l2ledger_leave(struct l2sock *s, uint32_t ifindex)
{
	set_all(s, PACKET_DROP_MEMBERSHIP, ifindex, s->ledger.n);
}

void l2ledger_move(struct l2sock *s, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < s->ledger.n; i++)
		s->ledger.members[i].ifindex = ifindex;
}
