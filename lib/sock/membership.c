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

static int check(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len)
{
	if (kernel_type(kind) < 0)
		return l2fail_note(s, -EINVAL, "membership: unknown kind %a", kind, 0);
	if (!s->ifindex)
		return l2fail_note(s, -EINVAL, "membership: the handle is on all interfaces", 0, 0);
	if (!takes_address(kind) && (addr || addr_len))
		return l2fail_note(s, -EINVAL, "membership: kind %a takes no address", kind, 0);
	if (takes_address(kind) && (!addr || !addr_len || addr_len > L2_ADDR_MAX))
		return l2fail_note(s, -EINVAL, "membership: an address has 1 to %a bytes",
				   L2_ADDR_MAX, 0);
	return 0;
}

static int set_membership(struct l2sock *s, int option, const struct l2member *member)
{
	struct request request = {
		.ifindex = (int)s->ifindex,
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
		if (m->kind == like->kind && m->addr_len == like->addr_len &&
		    !memcmp(m->addr, like->addr, sizeof(m->addr)))
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
static int describe(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len,
		    struct l2member *ret)
{
	int r = s ? check(s, kind, addr, addr_len) : -EINVAL;

	if (r < 0)
		return r;
	*ret = (struct l2member) { .kind = kind, .joins = 1, .addr_len = (uint16_t)addr_len };
	if (addr_len)
		memcpy(ret->addr, addr, addr_len);
	return 0;
}

static int refuse(struct l2sock *s, int code, size_t addr_len)
{
	if (code == -ENODEV)
		return l2link_gone(s, "membership: %n is gone");
	if (code == -EINVAL && addr_len)
		return l2fail_note(s, code, "membership: %n has no addresses of %a bytes",
				   (int64_t)addr_len, 0);
	return l2fail_note(s, code, "membership: %n: %e", 0, 0);
}

int l2sock_join(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len)
{
	struct l2member member;
	struct l2member *known;
	int r = describe(s, kind, addr, addr_len, &member);

	if (r < 0)
		return r;
	known = find(&s->ledger, &member);
	if (known) {
		known->joins++;
		return 0;
	}
	if (make_room(&s->ledger) < 0)
		return l2fail_note(s, -ENOMEM, "membership: out of memory", 0, 0);
	r = set_membership(s, PACKET_ADD_MEMBERSHIP, &member);
	if (r < 0)
		return refuse(s, r, addr_len);
	s->ledger.members[s->ledger.n++] = member;
	return 0;
}

int l2sock_leave(struct l2sock *s, uint32_t kind, const void *addr, size_t addr_len)
{
	struct l2member member;
	struct l2member *known;
	int r = describe(s, kind, addr, addr_len, &member);

	if (r < 0)
		return r;
	known = find(&s->ledger, &member);
	if (!known)
		return l2fail_note(s, -EADDRNOTAVAIL, "membership: leave without a join", 0, 0);
	if (known->joins == 1) {
		r = set_membership(s, PACKET_DROP_MEMBERSHIP, &member);
		if (r < 0)
			return refuse(s, r, addr_len);
		*known = s->ledger.members[--s->ledger.n];
		return 0;
	}
	known->joins--;
	return 0;
}
