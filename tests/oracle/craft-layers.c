/* SPDX-License-Identifier: MIT */
/* Random layers, one after the other, as they may follow each other on a network. */
#include <stdbool.h>
#include <string.h>

#include "craft.h"
#include "random.h"

static uint32_t below(struct craft *c, uint32_t n)
{
	return (uint32_t)(random_next(&c->seed) % n);
}

static uint64_t bits(struct craft *c, unsigned int n)
{
	return random_next(&c->seed) >> (64 - n);
}

static void fill(struct craft *c, uint8_t *to, size_t n)
{
	while (n--)
		*to++ = (uint8_t)bits(c, 8);
}

/* What the parser must say of the latest layer. */
static void ask(struct craft *c, uint32_t field, uint64_t value)
{
	if (c->n_asked < ASKED_MAX)
		c->asked[c->n_asked++] = (struct asked) { c->layers - 1, field, value };
}

/* A random value that what follows does not depend on. */
static void vary(struct craft *c, uint32_t field)
{
	uint64_t value = bits(c, field & 0xff);

	l2frame_set(&c->f, field, value);
	ask(c, field, value);
}

static void unicast_mac(struct craft *c, uint8_t *mac)
{
	fill(c, mac, 6);
	mac[0] = (uint8_t)((mac[0] & ~1) | 2);
}

static void unicast_ip4(struct craft *c, uint8_t *addr)
{
	fill(c, addr, 4);
	addr[0] = 10;
}

static void unicast_ip6(struct craft *c, uint8_t *addr)
{
	static const uint8_t prefix[4] = { 0x20, 0x01, 0x0d, 0xb8 };

	fill(c, addr, 16);
	memcpy(addr, prefix, sizeof(prefix));
}

static void link_local(struct craft *c, uint8_t *addr)
{
	static const uint8_t prefix[8] = { 0xfe, 0x80 };

	fill(c, addr, 16);
	memcpy(addr, prefix, sizeof(prefix));
}

static void group_ip4(struct craft *c, uint8_t *addr)
{
	fill(c, addr, 4);
	addr[0] = 233;
}

static void group_ip6(struct craft *c, uint8_t *addr)
{
	fill(c, addr, 16);
	addr[0] = 0xff;
	addr[1] = 0x15;
}

/* Ports of nobody. */
static uint16_t port(struct craft *c)
{
	return (uint16_t)(60000 + below(c, 400));
}

/* Bytes that do not begin like anything known, so that no protocol is seen in them. */
static void fill_payload(struct craft *c, uint8_t *to, size_t n)
{
	fill(c, to, n);
	if (n)
		to[0] = 0;
}

static void add_payload(struct craft *c)
{
	static const uint32_t most[] = { 1, 20, 100, 1000 };
	uint8_t data[1000];
	uint32_t n = below(c, most[below(c, 4)]);
	uint32_t first = n ? below(c, n) : 0;

	fill_payload(c, data, n);
	l2frame_payload(&c->f, data, first);
	l2frame_payload(&c->f, data + first, n - first);
}

static void add_udp(struct craft *c)
{
	uint16_t from = port(c);
	uint16_t to = port(c);

	l2frame_udp(&c->f, from, to);
	c->layers++;
	ask(c, L2UDP_SPORT, from);
	ask(c, L2UDP_DPORT, to);
	add_payload(c);
}

static void add_tcp_option(struct craft *c)
{
	uint32_t edges[8];
	uint8_t data[8];
	size_t i;

	switch (below(c, 7)) {
	case 0:
		l2frame_tcp_mss(&c->f, (uint16_t)bits(c, 16));
		break;
	case 1:
		l2frame_tcp_wscale(&c->f, (uint8_t)below(c, 15));
		break;
	case 2:
		l2frame_tcp_sack_permitted(&c->f);
		break;
	case 3:
		for (i = 0; i < 8; i++)
			edges[i] = (uint32_t)bits(c, 32);
		l2frame_tcp_sack(&c->f, edges, 1);
		break;
	case 4:
		l2frame_tcp_timestamps(&c->f, (uint32_t)bits(c, 32), (uint32_t)bits(c, 32));
		break;
	case 5:
		l2frame_tcp_option(&c->f, L2TCPOPT_NOP, NULL, 0);
		break;
	default: /* experimental */
		fill(c, data, sizeof(data));
		l2frame_tcp_option(&c->f, 254, data, 2 + below(c, 5));
	}
}

static void add_tcp(struct craft *c)
{
	static const unsigned int flags[] = { L2TCP_FLAG_SYN,
					      L2TCP_FLAG_SYN | L2TCP_FLAG_ACK,
					      L2TCP_FLAG_ACK,
					      L2TCP_FLAG_ACK | L2TCP_FLAG_PSH,
					      L2TCP_FLAG_FIN | L2TCP_FLAG_ACK,
					      L2TCP_FLAG_RST };
	uint32_t seq = (uint32_t)bits(c, 32);
	unsigned int flag = flags[below(c, 6)];
	uint32_t n = below(c, 4);

	l2frame_tcp(&c->f, port(c), port(c), seq, 0, flag);
	c->layers++;
	ask(c, L2TCP_SEQ, seq);
	ask(c, L2TCP_FLAGS, flag);
	vary(c, L2TCP_WINDOW);
	while (n--)
		add_tcp_option(c);
	add_payload(c);
}

/* A packet for an error to quote: an IP header and what of its payload there is room for. */
static size_t make_packet(struct craft *c, uint8_t *packet, size_t room, bool six)
{
	uint8_t data[200];
	uint8_t src[16];
	uint8_t dst[16];
	struct l2frame f;

	l2frame_init(&f, packet, room);
	if (six) {
		unicast_ip6(c, src);
		unicast_ip6(c, dst);
		l2frame_ip6(&f, src, dst);
	} else {
		unicast_ip4(c, src);
		unicast_ip4(c, dst);
		l2frame_ip4(&f, src, dst);
	}
	l2frame_udp(&f, port(c), port(c));
	fill_payload(c, data, sizeof(data));
	l2frame_payload(&f, data, below(c, sizeof(data)));
	return (size_t)l2frame_finish(&f);
}

static void add_icmp4(struct craft *c)
{
	static const uint8_t errors[] = { L2ICMP4_UNREACHABLE, L2ICMP4_TIME_EXCEEDED,
					  L2ICMP4_PARAMETER_PROBLEM };
	static const uint8_t echoes[] = { L2ICMP4_ECHO_REQUEST, L2ICMP4_ECHO_REPLY };
	uint8_t packet[300];
	uint8_t type;

	c->layers++;
	switch (below(c, 3)) {
	case 0:
		type = echoes[below(c, 2)];
		l2frame_icmp4_echo(&c->f, type, (uint16_t)bits(c, 16), (uint16_t)bits(c, 16));
		ask(c, L2ICMP4_TYPE, type);
		add_payload(c);
		break;
	case 1:
		type = L2ICMP4_TIMESTAMP;
		l2frame_icmp4_timestamp(&c->f, type, (uint16_t)bits(c, 16), (uint16_t)bits(c, 16),
					below(c, 86400000), below(c, 86400000), 7);
		ask(c, L2ICMP4_TRANSMIT, 7);
		break;
	default:
		type = errors[below(c, sizeof(errors))];
		l2frame_icmp4_error(&c->f, type, 0, 0, packet,
				    make_packet(c, packet, sizeof(packet), false));
		ask(c, L2ICMP4_TYPE, type);
		c->layers += 2;
	}
}

static void add_icmp6(struct craft *c)
{
	static const uint8_t errors[] = { L2ICMP6_UNREACHABLE, L2ICMP6_TOO_BIG,
					  L2ICMP6_TIME_EXCEEDED, L2ICMP6_PARAMETER_PROBLEM };
	static const uint8_t echoes[] = { L2ICMP6_ECHO_REQUEST, L2ICMP6_ECHO_REPLY };
	uint8_t packet[300];
	uint8_t type;

	c->layers++;
	if (below(c, 2)) {
		type = echoes[below(c, 2)];
		l2frame_icmp6_echo(&c->f, type, (uint16_t)bits(c, 16), (uint16_t)bits(c, 16));
		ask(c, L2ICMP6_TYPE, type);
		add_payload(c);
		return;
	}
	type = errors[below(c, sizeof(errors))];
	l2frame_icmp6_error(&c->f, type, 0, type == L2ICMP6_TOO_BIG ? 1280 + below(c, 9000) : 0,
			    packet, make_packet(c, packet, sizeof(packet), true));
	ask(c, L2ICMP6_TYPE, type);
	c->layers += 2;
}

static void add_sources(struct craft *c, void (*source)(struct craft *c, uint8_t *addr))
{
	uint32_t n = below(c, 4);
	uint8_t addr[16];

	while (n--) {
		source(c, addr);
		l2frame_group_source(&c->f, addr);
	}
}

static void add_igmp(struct craft *c)
{
	static const uint8_t types[] = { L2IGMP_QUERY, L2IGMP_REPORT_1, L2IGMP_REPORT_2,
					 L2IGMP_LEAVE };
	uint32_t n = 1 + below(c, 3);
	uint8_t group[4];
	uint8_t type;

	group_ip4(c, group);
	c->layers++;
	switch (below(c, 3)) {
	case 0:
		type = types[below(c, sizeof(types))];
		l2frame_igmp(&c->f, type, type == L2IGMP_QUERY ? (uint8_t)bits(c, 8) : 0, group);
		ask(c, L2IGMP_TYPE, type);
		break;
	case 1:
		l2frame_igmp_query(&c->f, (uint8_t)bits(c, 8), group, 2, (uint8_t)bits(c, 8));
		ask(c, L2IGMP_QRV, 2);
		add_sources(c, unicast_ip4);
		break;
	default:
		l2frame_igmp_report(&c->f);
		ask(c, L2IGMPREPORT_NREC, n);
		while (n--) {
			type = (uint8_t)(1 + below(c, 6));
			group_ip4(c, group);
			l2frame_igmp_record(&c->f, type, group);
			c->layers++;
			ask(c, L2IGMPRECORD_TYPE, type);
			add_sources(c, unicast_ip4);
		}
	}
}

static void add_mld(struct craft *c)
{
	uint32_t n = 1 + below(c, 3);
	uint8_t group[16];
	uint8_t type;

	group_ip6(c, group);
	c->layers += 2; /* with its hop-by-hop header */
	switch (below(c, 3)) {
	case 0:
		type = (uint8_t)(L2MLD_QUERY + below(c, 3));
		l2frame_mld(&c->f, type, (uint16_t)bits(c, 15), group);
		ask(c, L2MLD_TYPE, type);
		break;
	case 1:
		l2frame_mld_query(&c->f, (uint16_t)bits(c, 16), group, 3, (uint8_t)bits(c, 8));
		ask(c, L2MLD_QRV, 3);
		add_sources(c, unicast_ip6);
		break;
	default:
		l2frame_mld_report(&c->f);
		ask(c, L2MLDREPORT_NREC, n);
		while (n--) {
			type = (uint8_t)(1 + below(c, 6));
			group_ip6(c, group);
			l2frame_mld_record(&c->f, type, group);
			c->layers++;
			ask(c, L2MLDRECORD_TYPE, type);
			add_sources(c, unicast_ip6);
		}
	}
}

static void add_ra_options(struct craft *c)
{
	uint8_t addrs[3][16];

	if (below(c, 2)) {
		unicast_ip6(c, addrs[0]);
		l2frame_nd_prefix(&c->f, addrs[0], 64, L2NDPREFIX_FLAG_ON_LINK, 7200, 3600);
		c->layers++;
		ask(c, L2NDPREFIX_VALID, 7200);
	}
	if (below(c, 2)) {
		l2frame_nd_mtu(&c->f, 1280 + below(c, 9000));
		c->layers++;
	}
	if (below(c, 2)) {
		fill(c, addrs[0], sizeof(addrs));
		l2frame_nd_rdnss(&c->f, 600, addrs, 1 + below(c, 3));
		c->layers++;
		ask(c, L2NDRDNSS_LIFETIME, 600);
	}
}

static void add_nd_addr(struct craft *c, uint8_t type)
{
	uint8_t mac[6];

	unicast_mac(c, mac);
	l2frame_nd_addr(&c->f, type, mac);
	c->layers++;
	ask(c, L2NDADDR_TYPE, type);
}

static void add_ndp(struct craft *c)
{
	uint8_t packet[300];
	uint8_t addr[16];
	uint8_t dst[16];

	unicast_ip6(c, addr);
	unicast_ip6(c, dst);
	c->layers++;
	switch (below(c, 5)) {
	case 0:
		l2frame_rs(&c->f);
		add_nd_addr(c, L2ND_SOURCE);
		break;
	case 1:
		l2frame_ra(&c->f, 64, L2RA_FLAG_MANAGED, 1800);
		vary(c, L2RA_REACHABLE);
		vary(c, L2RA_RETRANS);
		add_nd_addr(c, L2ND_SOURCE);
		add_ra_options(c);
		break;
	case 2:
		l2frame_ns(&c->f, addr);
		add_nd_addr(c, L2ND_SOURCE);
		break;
	case 3:
		l2frame_na(&c->f, addr, L2NA_FLAG_OVERRIDE);
		ask(c, L2NA_FLAGS, L2NA_FLAG_OVERRIDE);
		add_nd_addr(c, L2ND_TARGET);
		break;
	default:
		l2frame_redirect(&c->f, addr, dst);
		add_nd_addr(c, L2ND_TARGET);
		l2frame_nd_redirected(&c->f, packet, make_packet(c, packet, sizeof(packet), true));
		c->layers++;
	}
}

static void add_ip4_options(struct craft *c)
{
	if (!below(c, 3))
		l2frame_ip4_router_alert(&c->f);
	if (!below(c, 4))
		l2frame_ip4_record_route(&c->f, 1 + below(c, 3));
	if (!below(c, 6))
		l2frame_ip4_option(&c->f, L2IP4OPT_NOP, NULL, 0);
	/* The last one: scapy takes what follows for a part of it. */
	if (!below(c, 4))
		l2frame_ip4_timestamp(&c->f, 0, 1 + below(c, 3));
}

static void add_transport(struct craft *c, uint32_t kinds, bool six)
{
	switch (below(c, kinds)) {
	case 0:
		add_udp(c);
		break;
	case 1:
		add_tcp(c);
		break;
	default:
		if (six)
			add_icmp6(c);
		else
			add_icmp4(c);
	}
}

static void add_ip4_header(struct craft *c, const uint8_t *dst)
{
	uint8_t src[4];

	unicast_ip4(c, src);
	l2frame_ip4(&c->f, src, dst);
	c->layers++;
	vary(c, L2IP4_DSCP);
}

static void add_ip4(struct craft *c)
{
	uint8_t dst[4];

	unicast_ip4(c, dst);
	add_ip4_header(c, dst);
	vary(c, L2IP4_ID);
	add_ip4_options(c);
	add_transport(c, 3, false);
}

static void add_ip4_fragment(struct craft *c)
{
	uint32_t offset = 8 * below(c, 1000);
	uint16_t id = (uint16_t)bits(c, 16);
	uint8_t dst[4];
	uint8_t data[64];

	unicast_ip4(c, dst);
	add_ip4_header(c, dst);
	l2frame_ip4_fragment(&c->f, id, 8 + offset, 1);
	ask(c, L2IP4_MF, 1);
	ask(c, L2IP4_OFFSET, 1 + offset / 8);
	l2frame_set(&c->f, L2IP4_PROTO, 17);
	fill(c, data, sizeof(data));
	l2frame_payload(&c->f, data, sizeof(data));
}

static void add_igmp_packet(struct craft *c)
{
	add_ip4_header(c, NULL);
	ask(c, L2IP4_TTL, 1);
	add_igmp(c);
}

static void add_ip6_header(struct craft *c, const uint8_t *dst)
{
	uint8_t src[16];

	link_local(c, src);
	l2frame_ip6(&c->f, src, dst);
	c->layers++;
	vary(c, L2IP6_FLOW);
	vary(c, L2IP6_TCLASS);
}

/* Where it wants to stand, behind the option of data. */
static void add_home_address(struct craft *c)
{
	uint8_t home[16];

	unicast_ip6(c, home);
	l2frame_ip6_option(&c->f, L2IP6OPT_HOME_ADDRESS, home, sizeof(home));
}

static void add_extensions(struct craft *c)
{
	uint8_t data[64];
	uint32_t n;

	if (!below(c, 3)) {
		l2frame_ip6_hop(&c->f);
		c->layers++;
		if (below(c, 2))
			l2frame_ip6_router_alert(&c->f, 0);
	}
	if (!below(c, 3)) {
		l2frame_ip6_dest(&c->f);
		c->layers++;
		fill(c, data, sizeof(data));
		l2frame_ip6_option(&c->f, 0x1e, data, below(c, 30));
		if (!below(c, 2))
			add_home_address(c);
	}
	if (!below(c, 4)) {
		n = 1 + below(c, 3);
		unicast_ip6(c, data);
		unicast_ip6(c, data + 16);
		unicast_ip6(c, data + 32);
		l2frame_ip6_segments(&c->f, (uint8_t)below(c, n), data, n);
		c->layers++;
		ask(c, L2ROUTING_TYPE, 4);
	}
	if (!below(c, 4)) { /* atomic: a whole packet */
		l2frame_ip6_fragment(&c->f, (uint32_t)bits(c, 32), 0, 0);
		c->layers++;
	}
}

static void add_ip6(struct craft *c)
{
	uint8_t dst[16];

	unicast_ip6(c, dst);
	add_ip6_header(c, dst);
	add_extensions(c);
	add_transport(c, 3, true);
}

static void add_ip6_fragment(struct craft *c)
{
	uint32_t offset = 8 * (1 + below(c, 1000));
	uint8_t dst[16];
	uint8_t data[64];

	unicast_ip6(c, dst);
	add_ip6_header(c, dst);
	l2frame_ip6_fragment(&c->f, (uint32_t)bits(c, 32), offset, 1);
	c->layers++;
	ask(c, L2FRAGMENT_OFFSET, offset / 8);
	ask(c, L2FRAGMENT_MF, 1);
	l2frame_set(&c->f, L2FRAGMENT_NEXT, 17);
	fill(c, data, sizeof(data));
	l2frame_payload(&c->f, data, sizeof(data));
}

static void add_mld_packet(struct craft *c)
{
	add_ip6_header(c, NULL);
	ask(c, L2IP6_HLIM, 1);
	add_mld(c);
}

/* Redirects go to whoever sent the packet. */
static void add_ndp_packet(struct craft *c)
{
	uint8_t dst[16];

	unicast_ip6(c, dst);
	add_ip6_header(c, dst);
	ask(c, L2IP6_HLIM, 255);
	add_ndp(c);
}

static void add_arp(struct craft *c)
{
	uint16_t op = (uint16_t)(1 + below(c, 4));
	uint8_t sha[6], tha[6], spa[4], tpa[4];

	unicast_mac(c, sha);
	unicast_mac(c, tha);
	unicast_ip4(c, spa);
	unicast_ip4(c, tpa);
	l2frame_arp(&c->f, op, sha, spa, tha, tpa);
	c->layers++;
	ask(c, L2ARP_OP, op);
}

static void add_tunnel(struct craft *c)
{
	uint8_t dst4[4];
	uint8_t dst6[16];

	unicast_ip4(c, dst4);
	unicast_ip6(c, dst6);
	if (below(c, 2)) {
		add_ip4_header(c, dst4);
		add_ip6_header(c, dst6);
		add_transport(c, 2, true);
	} else {
		add_ip6_header(c, dst6);
		add_ip4_header(c, dst4);
		add_transport(c, 2, false);
	}
}

static void add_link(struct craft *c, bool open)
{
	static const uint16_t tpids[] = { L2_TPID_8021Q, L2_TPID_8021AD, L2_TPID_QINQ };
	uint32_t tags = below(c, 2) ? below(c, 4) : 0;
	uint8_t dst[6];
	uint8_t src[6];

	unicast_mac(c, dst);
	unicast_mac(c, src);
	l2frame_eth(&c->f, open ? NULL : dst, src);
	c->layers++;
	while (tags--) {
		uint16_t tci = (uint16_t)bits(c, 16);

		l2frame_vlan(&c->f, tpids[below(c, 3)], tci);
		c->layers++;
		ask(c, L2VLAN_TCI, tci);
	}
}

/* What a frame may carry; "open": it tells the destinations by itself. */
static const struct {
	void (*add)(struct craft *c);
	uint32_t weight;
	bool open;
} contents[] = {
	{ add_ip4, 6, false },          { add_ip6, 6, false },
	{ add_igmp_packet, 3, true },   { add_mld_packet, 3, true },
	{ add_ndp_packet, 4, false },   { add_arp, 2, true },
	{ add_ip4_fragment, 1, false }, { add_ip6_fragment, 1, false },
	{ add_tunnel, 2, false },
};

void craft_frame(struct craft *c)
{
	uint32_t chosen = below(c, 28);
	size_t i = 0;

	while (chosen >= contents[i].weight)
		chosen -= contents[i++].weight;
	add_link(c, contents[i].open);
	contents[i].add(c);
	if (below(c, 2))
		l2frame_pad(&c->f, L2FRAME_PAD);
}
