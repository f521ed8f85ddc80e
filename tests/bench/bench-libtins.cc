/* SPDX-License-Identifier: MIT */
#include <cstring>

#include <tins/tins.h>
#include <tins/utils/checksum_utils.h>

#include "bench-peers.h"

uint64_t bench_libtins_sum(const void *data, size_t len)
{
	const uint8_t *bytes = static_cast<const uint8_t *>(data);

	return Tins::Utils::sum_range(bytes, bytes + len);
}

static Tins::EthernetII make(const struct bench_packet *what)
{
	uint32_t src, dst;

	std::memcpy(&src, what->src_ip, sizeof(src));
	std::memcpy(&dst, what->dst_ip, sizeof(dst));

	Tins::Dot1Q tag(what->tci & 0xfff);
	Tins::IP ip { Tins::IPv4Address(dst), Tins::IPv4Address(src) };

	tag.priority(static_cast<uint8_t>(what->tci >> 13));
	ip.ttl(64);
	ip.id(0);
	ip.flags(Tins::IP::DONT_FRAGMENT);
	return Tins::EthernetII(Tins::HWAddress<6>(what->dst_mac),
				Tins::HWAddress<6>(what->src_mac)) /
	       tag / ip / Tins::UDP(what->dport, what->sport) /
	       Tins::RawPDU(what->payload, static_cast<uint32_t>(what->n));
}

static const uint8_t *write_out(Tins::EthernetII &frame, size_t *len)
{
	static Tins::PDU::serialization_type bytes;

	bytes = frame.serialize();
	*len = bytes.size();
	return bytes.data();
}

const uint8_t *bench_libtins_frame(const struct bench_packet *what, uint8_t *room, size_t *len)
{
	Tins::EthernetII frame = make(what);

	(void)room;
	return write_out(frame, len);
}

/* Its objects are kept, and a port is set. */
const uint8_t *bench_libtins_again(const struct bench_packet *what, uint8_t *room, size_t *len)
{
	static Tins::EthernetII frame;
	static Tins::UDP *udp;
	static size_t n;

	(void)room;
	if (!udp || n != what->n) {
		frame = make(what);
		udp = frame.find_pdu<Tins::UDP>();
		n = what->n;
	}
	udp->sport(what->sport);
	return write_out(frame, len);
}
