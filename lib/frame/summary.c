/* SPDX-License-Identifier: MIT */
/* A frame in one line. */
#include "parse-internal.h"
#include "text-internal.h"

static const struct l2name ethertypes[] = {
	{ L2_ETHERTYPE_IP4, "IPv4" },
	{ L2_ETHERTYPE_IP6, "IPv6" },
	{ L2_ETHERTYPE_ARP, "ARP" },
	{ L2_ETHERTYPE_RARP, "RARP" },
	{ L2_TPID_8021Q, "802.1Q" },
	{ L2_TPID_8021AD, "802.1ad" },
	{ L2_TPID_QINQ, "QinQ 0x9100" },
	{ L2_ETHERTYPE_WOL, "Wake-on-LAN" },
	{ L2_ETHERTYPE_PAUSE, "MAC control" },
	{ L2_ETHERTYPE_SLOW, "slow protocols" },
	{ L2_ETHERTYPE_MPLS, "MPLS" },
	{ L2_ETHERTYPE_PPPOED, "PPPoE discovery" },
	{ L2_ETHERTYPE_PPPOES, "PPPoE session" },
	{ L2_ETHERTYPE_EAPOL, "EAPOL" },
	{ L2_ETHERTYPE_ECAT, "EtherCAT" },
	{ L2_ETHERTYPE_LLDP, "LLDP" },
	{ L2_ETHERTYPE_MACSEC, "MACsec" },
	{ L2_ETHERTYPE_PTP, "PTP" },
};

static const struct l2name ip_numbers[] = {
	{ 0, "hop-by-hop options" },
	{ 1, "ICMP" },
	{ 2, "IGMP" },
	{ 4, "IPv4" },
	{ 6, "TCP" },
	{ 17, "UDP" },
	{ 41, "IPv6" },
	{ 43, "routing header" },
	{ 44, "fragment header" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ 51, "AH" },
	{ 58, "ICMPv6" },
	{ 60, "destination options" },
	{ 89, "OSPF" },
	{ 112, "VRRP" },
	{ 132, "SCTP" },
};

/* By which field a protocol names what follows it, and in which list of numbers; 0 for others. */
static uint32_t next_field(uint8_t proto, enum l2space *space)
{
	const struct l2proto *known = l2proto_of(proto);
	uint32_t i;

	*space = proto == L2PROTO_ETH || proto == L2PROTO_VLAN || proto == L2PROTO_SNAP
			 ? L2SPACE_ETHERTYPE
			 : L2SPACE_IP;
	for (i = 0; i < known->n_fields; i++)
		if (l2field_auto(known->fields[i].id) == 1)
			return known->fields[i].id;
	return 0;
}

static void write_ethertype(struct l2line *line, uint16_t type)
{
	size_t i;

	if (type < L2_ETHERTYPE_MIN) {
		l2line_str(line, "802.3 LLC");
		return;
	}
	for (i = 0; i < L2COUNT(ethertypes); i++) {
		if (ethertypes[i].number == type) {
			l2line_str(line, ethertypes[i].text);
			return;
		}
	}
	l2line_str(line, "ethertype 0x");
	l2line_hex(line, type, 4);
}

/* What the last header announces, when it is not a layer itself. */
static void write_announced(struct l2line *line, const struct l2parse *p)
{
	enum l2space space;
	uint64_t number;
	uint32_t field;

	if (!p->n || p->stop == L2PARSE_END || p->stop == L2PARSE_DEEP)
		return;
	/* It has shown the number itself. */
	if (p->layer[p->n - 1].proto == L2PROTO_SNAP && p->stop == L2PARSE_UNKNOWN)
		return;
	field = next_field(p->layer[p->n - 1].proto, &space);
	if (!field || l2parse_get_at(p, p->n - 1, field, &number) < 0)
		return;
	l2line_str(line, ", ");
	if (space == L2SPACE_ETHERTYPE)
		write_ethertype(line, (uint16_t)number);
	else
		l2line_name(line, (uint16_t)number, ip_numbers, L2COUNT(ip_numbers), "protocol ");
}

static void write_end(struct l2line *line, const struct l2parse *p)
{
	if (!p->n)
		l2line_str(line, "no header");
	write_announced(line, p);
	if (p->stop == L2PARSE_TRUNCATED)
		l2line_str(line, p->len < p->wire_len ? " (cut)" : " (too short)");
	else if (p->stop == L2PARSE_MALFORMED)
		l2line_str(line, " (bad header)");
	else if (p->stop == L2PARSE_DEEP)
		l2line_str(line, ", more layers");
}

size_t l2parse_print(const struct l2parse *p, char *buf, size_t size)
{
	struct l2line line = { .buf = buf, .size = size ? size - 1 : 0 };
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		const struct l2proto *proto = l2proto_of(p->layer[i].proto);

		if (i)
			l2line_str(&line, ", ");
		if (proto->print)
			proto->print(&line, p, i);
		else
			l2line_str(&line, proto->name);
	}
	write_end(&line, p);
	if (size)
		buf[line.len < line.size ? line.len : line.size] = '\0';
	return line.len;
}
