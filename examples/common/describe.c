/* SPDX-License-Identifier: MIT */
/* The link layer: addresses, tags, and which protocol follows. */
#include "describe.h"

#define SHOWN_TAGS 16 /* a frame may hold thousands, a line may not */

struct protocol {
	uint16_t ethertype;
	const char *name;
	void (*describe)(struct text *t, struct bytes *b);
};

static const struct protocol protocols[] = {
	{ L2_ETHERTYPE_IP4, "IPv4", describe_ip4 },
	{ L2_ETHERTYPE_IP6, "IPv6", describe_ip6 },
	{ L2_ETHERTYPE_ARP, "ARP", describe_arp },
	{ L2_ETHERTYPE_RARP, "RARP", describe_arp },
	{ L2_ETHERTYPE_WOL, "Wake-on-LAN", NULL },
	{ L2_ETHERTYPE_PAUSE, "MAC control", NULL },
	{ L2_ETHERTYPE_SLOW, "slow protocols", NULL },
	{ L2_ETHERTYPE_MPLS, "MPLS", NULL },
	{ L2_ETHERTYPE_PPPOED, "PPPoE discovery", NULL },
	{ L2_ETHERTYPE_PPPOES, "PPPoE session", NULL },
	{ L2_ETHERTYPE_EAPOL, "EAPOL", NULL },
	{ L2_ETHERTYPE_ECAT, "EtherCAT", NULL },
	{ L2_ETHERTYPE_LLDP, "LLDP", NULL },
	{ L2_ETHERTYPE_MACSEC, "MACsec", NULL },
	{ L2_ETHERTYPE_PTP, "PTP", NULL },
};

void describe_incomplete(struct text *t, const struct bytes *b)
{
	text_str(t, b->cut ? " (cut)" : " (too short)");
}

static const char *tag_name(uint16_t tpid)
{
	switch (tpid) {
	case L2_TPID_8021Q:
		return "802.1Q ";
	case L2_TPID_8021AD:
		return "802.1ad ";
	case L2_TPID_QINQ:
		return "QinQ 0x9100 ";
	default:
		return NULL;
	}
}

static void describe_tag(struct text *t, const char *name, uint16_t tci)
{
	text_str(t, name);
	text_dec(t, tci & 0xfff);
	if (tci >> 13) {
		text_str(t, " pcp ");
		text_dec(t, tci >> 13);
	}
	if (tci & 0x1000)
		text_str(t, " dei");
	text_str(t, ", ");
}

static void describe_more_tags(struct text *t, size_t n)
{
	if (!n)
		return;
	text_dec(t, n);
	text_str(t, n == 1 ? " more tag, " : " more tags, ");
}

/* All tags, outermost first. Returns the type behind them, -1 when the bytes end before it. */
static int describe_tags(struct text *t, struct bytes *b)
{
	const uint8_t *type = bytes_take(b, 2);
	size_t n = 0;

	while (type && tag_name(bytes_be16(type))) {
		const uint8_t *tci = bytes_take(b, 2);

		if (tci && n < SHOWN_TAGS)
			describe_tag(t, tag_name(bytes_be16(type)), bytes_be16(tci));
		n++;
		type = tci ? bytes_take(b, 2) : NULL;
	}
	if (n > SHOWN_TAGS)
		describe_more_tags(t, n - SHOWN_TAGS);
	return type ? bytes_be16(type) : -1;
}

/* Frames with a length in place of the type. */
static void describe_8023(struct text *t, struct bytes *b)
{
	const uint8_t *llc = bytes_take(b, 3);
	const uint8_t *snap;

	text_str(t, "802.3 LLC");
	if (!llc) {
		describe_incomplete(t, b);
		return;
	}
	if (llc[0] == 0x42 && llc[1] == 0x42) {
		text_str(t, " STP");
		return;
	}
	snap = llc[0] == 0xaa && llc[1] == 0xaa ? bytes_take(b, 5) : NULL;
	if (snap) {
		text_str(t, " SNAP oui ");
		text_hex(t, bytes_be32(snap) >> 8, 6);
		text_str(t, " type ");
		text_hex(t, bytes_be16(snap + 3), 4);
		return;
	}
	text_str(t, " dsap ");
	text_hex(t, llc[0], 2);
	text_str(t, " ssap ");
	text_hex(t, llc[1], 2);
}

static void describe_protocol(struct text *t, uint16_t ethertype, struct bytes *b)
{
	const struct protocol *p;

	if (ethertype < L2_ETHERTYPE_MIN) {
		describe_8023(t, b);
		return;
	}
	for (p = protocols; p < protocols + sizeof(protocols) / sizeof(protocols[0]); p++) {
		if (p->ethertype != ethertype)
			continue;
		text_str(t, p->name);
		if (p->describe)
			p->describe(t, b);
		return;
	}
	text_str(t, "ethertype ");
	text_hex(t, ethertype, 4);
}

void describe_frame(struct text *t, const struct l2pkt *pkt)
{
	struct bytes b = { pkt->data, pkt->len, pkt->len < pkt->wire_len };
	const uint8_t *addresses = bytes_take(&b, 2 * L2_MAC_LEN);
	int type;

	if (!addresses) {
		text_str(t, "no addresses");
		describe_incomplete(t, &b);
		return;
	}
	text_mac(t, addresses + L2_MAC_LEN);
	text_str(t, " > ");
	text_mac(t, addresses);
	text_str(t, ", ");
	type = describe_tags(t, &b);
	if (type >= 0) {
		describe_protocol(t, (uint16_t)type, &b);
		return;
	}
	text_str(t, "no ethertype");
	describe_incomplete(t, &b);
}

void describe_packet(struct text *t, const struct l2pkt *pkt)
{
	struct bytes b = { pkt->data, pkt->len, pkt->len < pkt->wire_len };

	text_str(t, "from ");
	if (pkt->addr_len == L2_MAC_LEN)
		text_mac(t, pkt->addr);
	else
		text_str(t, "no address");
	text_str(t, ", ");
	describe_protocol(t, pkt->protocol, &b);
}
