/* SPDX-License-Identifier: MIT */
/* What the kernel tells about a frame beside its bytes. */
#include "facts.h"

/* ARPHRD_ETHER and ARPHRD_LOOPBACK: frames with an Ethernet header. */
bool is_ethernet(unsigned int hatype)
{
	return hatype == 1 || hatype == 772;
}

static const char *packet_type(uint8_t pkttype)
{
	static const char *const names[] = {
		[L2_PKTTYPE_HOST] = "host",           [L2_PKTTYPE_BROADCAST] = "broadcast",
		[L2_PKTTYPE_MULTICAST] = "multicast", [L2_PKTTYPE_OTHERHOST] = "other host",
		[L2_PKTTYPE_OUTGOING] = "outgoing",
	};

	return pkttype < sizeof(names) / sizeof(names[0]) ? names[pkttype] : "unknown";
}

static const char *checksum_state(uint8_t csum)
{
	switch (csum) {
	case L2_CSUM_VALID:
		return "valid";
	case L2_CSUM_NOT_READY:
		return "not ready";
	default:
		return "unknown";
	}
}

static const char *time_source(uint8_t source)
{
	switch (source) {
	case L2_TIME_SOFTWARE:
		return "software";
	case L2_TIME_NIC:
		return "NIC";
	default:
		return "none";
	}
}

void facts_text(const struct l2pkt *pkt, bool tag_taken_out, struct text *t)
{
	text_str(t, ", packet type ");
	text_str(t, pkt->valid & L2_VALID_PKTTYPE ? packet_type(pkt->pkttype) : "unknown");
	text_str(t, ", ifindex ");
	text_dec(t, pkt->ifindex);
	text_str(t, ", kernel ethertype ");
	text_hex(t, pkt->protocol, 4);
	if (tag_taken_out)
		text_str(t, " behind a removed tag");
	text_str(t, ", checksum ");
	text_str(t, checksum_state(pkt->csum));
	text_str(t, ", time ");
	text_str(t, time_source(pkt->timestamp_source));
}
