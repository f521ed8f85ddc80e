/* SPDX-License-Identifier: MIT */
/* Recipes of cookbook.md: receiving, filters, waiting. */
#include <errno.h>
#include <l2sock/filter.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>
#include <l2sock/match.h>
#include <poll.h>
#include <stdio.h>

int one_ethertype(struct l2sock **s, const char *ifname)
{
	int r = l2sock_open(s, ifname, NULL);

	if (r == 0)
		r = l2sock_bind(*s, L2_ETHERTYPE_LLDP);
	return r;
}

int everything(struct l2sock **s, const char *ifname)
{
	int r = l2sock_open(s, ifname, NULL);

	if (r == 0)
		r = l2sock_join(*s, L2SOCK_PROMISC, NULL, 0);
	if (r == 0)
		r = l2sock_bind(*s, L2_ETHERTYPE_ALL);
	return r;
}

int not_my_own(struct l2sock **s, const char *ifname)
{
	struct l2sock_opts opts = { .size = sizeof(opts) };

	opts.flags = L2SOCK_IGNORE_OUTGOING;
	opts.rcvbuf = 8 << 20;
	return l2sock_open(s, ifname, &opts);
}

int all_interfaces(struct l2sock *s, uint8_t *buf, size_t size)
{
	struct l2pkt p;
	int64_t n = l2sock_recv(s, buf, size, &p, L2_FOREVER);

	if (n >= 0)
		printf("interface %u\n", (unsigned int)p.ifindex);
	return n < 0 ? (int)n : 0;
}

int whole_frame(struct l2sock *s, uint8_t *buf, size_t size)
{
	int64_t n = l2sock_next_size(s, L2_FOREVER);
	struct l2pkt p;

	if (n < 0)
		return (int)n;
	if ((uint64_t)n + L2_HEADROOM > size)
		return -EMSGSIZE;
	return (int)l2sock_recv(s, buf, size, &p, 0);
}

int many_at_once(struct l2sock *s, uint8_t slab[L2SOCK_BATCH_MAX][2048])
{
	struct l2pkt pkts[L2SOCK_BATCH_MAX];
	int64_t n = l2sock_recv_batch(s, slab, 2048, pkts, L2SOCK_BATCH_MAX,
				      L2_FOREVER);
	int64_t i;

	for (i = 0; i < n; i++)
		printf("%u bytes\n", (unsigned int)pkts[i].wire_len);
	return n < 0 ? (int)n : 0;
}

int tags_in_place(struct l2sock **s, const char *ifname)
{
	struct l2sock_opts opts = { .size = sizeof(opts) };

	opts.flags = L2SOCK_RESTORE_TAGS;
	return l2sock_open(s, ifname, &opts);
}

int vlan_of(const struct l2pkt *p)
{
	return p->flags & L2_FLAG_TAGGED ? p->vlan_tci & 0xfff : -ENOENT;
}

int udp_port(struct l2sock *s, uint16_t port)
{
	struct l2insn insns[128];
	struct l2match m = { .size = sizeof(m) };
	int64_t n;

	m.fields = L2MATCH_IP4 | L2MATCH_PROTO | L2MATCH_DST_PORT;
	m.proto = 17;
	m.dst_port = port;
	n = l2match_compile(&m, insns, 128, NULL);
	return n < 0 ? (int)n : l2sock_set_filter(s, insns, (size_t)n);
}

int program_as_text(struct l2sock *s, const char *text, size_t len)
{
	struct l2filter_report why;
	struct l2insn insns[256];
	int64_t n = l2filter_parse(text, len, insns, 256, &why);

	if (n < 0) {
		printf("line %u: %s\n", (unsigned int)why.line, why.text);
		return (int)n;
	}
	return l2sock_set_filter(s, insns, (size_t)n);
}

int no_filter(struct l2sock *s)
{
	return l2sock_set_filter(s, NULL, 0);
}

int join_lldp(struct l2sock *s)
{
	static const uint8_t group[6] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };

	return l2sock_join_group(s, group, sizeof(group));
}

int with_other_descriptors(struct l2sock *s, int other)
{
	struct pollfd fds[2] = { { l2sock_pollfd(s), POLLIN, 0 },
				 { other, POLLIN, 0 } };

	if (fds[0].fd < 0)
		return fds[0].fd;
	if (poll(fds, 2, -1) < 0)
		return -errno;
	return fds[0].revents != 0; /* then receive until -EAGAIN */
}

int interface_came_back(struct l2sock *s)
{
	uint8_t buf[2048];
	int64_t n = l2sock_recv(s, buf, sizeof(buf), NULL, L2_SEC);

	if (n == -ENODEV)
		return l2sock_rebind(s, NULL);
	return n < 0 ? (int)n : 0;
}

int follow_the_link(struct l2sock *s)
{
	uint32_t changes;
	int link = l2sock_link(s, &changes);

	if (link >= 0)
		printf("%s, %u changes\n",
		       link == L2SOCK_LINK_UP ? "up" : "not up",
		       (unsigned int)changes);
	return link;
}

int how_many_lost(struct l2sock *s)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };
	int r = l2sock_get_stats(s, &stats);

	if (r == 0)
		printf("%llu received, %llu dropped\n",
		       (unsigned long long)stats.received,
		       (unsigned long long)stats.dropped);
	return r;
}
