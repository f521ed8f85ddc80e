/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "case.h"
#include "flood.h"
#include "netns.h"
#include "verdicts.h"

/* Known by its first byte, however short it is cut: that of the header, or that of the payload. */
#define FIRST   0xee
#define PAYLOAD 0xed

static const uint8_t end_of_batch[60] = { [0] = FIRST, [12] = 0x88, [13] = 0xb5, [14] = PAYLOAD };

static const struct l2insn only_end_of_batch[] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, 12 },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x88b5ed00 },
	{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

static int attach(int fd, const struct l2insn *insns, size_t n)
{
	struct sock_fprog fprog = { (unsigned short)n, (struct sock_filter *)(uintptr_t)insns };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) ? -errno : 0;
}

static int listen_on(const char *ifname, int type, const struct l2insn *insns, size_t n)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(ifname),
	};
	int fd = socket(AF_PACKET, type | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0);
	REQUIRE_EQ(attach(fd, insns, n), 0);
	REQUIRE_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

void verdicts_open(struct verdicts *v)
{
	static const struct l2insn nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };

	netns_veth("va", "vb");
	v->sender = flood_socket("va");
	v->sides[VERDICTS_RECEIVING] = listen_on("vb", SOCK_RAW, nothing, 1);
	v->sides[VERDICTS_SENDING] = listen_on("va", SOCK_RAW, nothing, 1);
	v->sides[VERDICTS_RECEIVING_COOKED] = listen_on("vb", SOCK_DGRAM, nothing, 1);
	v->sides[VERDICTS_SENDING_COOKED] = listen_on("va", SOCK_DGRAM, nothing, 1);
	v->heralds[0] = listen_on("vb", SOCK_RAW, only_end_of_batch, 4);
	v->heralds[1] = listen_on("va", SOCK_RAW, only_end_of_batch, 4);
}

int verdicts_attach(const struct verdicts *v, int side, const struct l2insn *insns, size_t n)
{
	return attach(v->sides[side], insns, n);
}

/* The end of a batch may reach the sockets in any order, but all of them after the batch. */
void verdicts_send(const struct verdicts *v, const struct wire *frames, size_t n)
{
	uint8_t buf[sizeof(end_of_batch)];
	size_t i;

	REQUIRE(n <= VERDICTS_BATCH);
	for (i = 0; i < n; i++)
		flood_send(v->sender, frames[i].bytes, frames[i].len);
	flood_send(v->sender, end_of_batch, sizeof(end_of_batch));
	for (i = 0; i < 2; i++) {
		struct pollfd p = { .fd = v->heralds[i], .events = POLLIN };

		REQUIRE_EQ(poll(&p, 1, 5000), 1);
		REQUIRE_EQ(recv(v->heralds[i], buf, sizeof(buf), 0), sizeof(buf));
	}
}

static bool is_end_of_batch(int side, const uint8_t *buf)
{
	return buf[0] == (side < VERDICTS_RECEIVING_COOKED ? FIRST : PAYLOAD);
}

/* The next frame that a side got, its length or -1 when there is none. */
static int next(const struct verdicts *v, int side, uint8_t *buf, size_t size)
{
	ssize_t r;

	do {
		r = recv(v->sides[side], buf, size, MSG_DONTWAIT);
		if (r < 0) {
			REQUIRE_EQ(errno, EAGAIN);
			return -1;
		}
	} while (r && is_end_of_batch(side, buf));
	return (int)r;
}

int verdicts_discard(const struct verdicts *v, int side)
{
	uint8_t buf[WIRE_ROOM];
	int n = 0;

	while (next(v, side, buf, sizeof(buf)) >= 0)
		n++;
	return n;
}

static uint32_t type_at(const struct wire *w, uint32_t at)
{
	return (uint32_t)(w->bytes[at] << 8 | w->bytes[at + 1]);
}

static bool is_tag(const struct wire *w, uint32_t at)
{
	return type_at(w, at) == L2_TPID_8021Q || type_at(w, at) == L2_TPID_8021AD;
}

/*
 * The kernel drops received frames that end within the tag or with the type behind it. On a cooked
 * handle nobody knows where a frame with the tag in the data begins.
 */
bool verdicts_sees(const struct wire *w, int side)
{
	if (!is_tag(w, 12))
		return true;
	return side == VERDICTS_SENDING || (side != VERDICTS_SENDING_COOKED && w->len >= 20);
}

/* The sender's side has the network header behind all tags that it knows, if they are whole. */
static int32_t network_header(const struct wire *w)
{
	uint32_t at = 12;

	while (is_tag(w, at) && at + 6 <= w->len)
		at += 4;
	return is_tag(w, at) ? L2_ETH_HEADER_LEN : (int32_t)at + 2;
}

static uint32_t addressed_to(const struct wire *w)
{
	static const uint8_t broadcast[L2_MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (!memcmp(w->bytes, broadcast, sizeof(broadcast)))
		return L2_PKTTYPE_BROADCAST;
	return w->bytes[0] & 1 ? L2_PKTTYPE_MULTICAST : L2_PKTTYPE_OTHERHOST;
}

static void side_facts(const struct wire *w, int side, struct l2filter_facts *facts)
{
	bool sending = side == VERDICTS_SENDING || side == VERDICTS_SENDING_COOKED;

	wire_facts(w, facts);
	facts->known |= 1u << L2FILTER_PKTTYPE;
	facts->ancillary[L2FILTER_PKTTYPE] = sending ? L2_PKTTYPE_OUTGOING : addressed_to(w);
	if (sending)
		facts->net_offset = network_header(w);
}

int64_t verdicts_wanted(const struct wire *w, int side, const struct l2insn *insns, size_t n)
{
	struct l2filter_facts facts;

	side_facts(w, side, &facts);
	return l2filter_run(insns, n, w->bytes, w->len, &facts);
}

/* The bytes that a side must deliver. Returns how many. */
static uint32_t expected(const struct wire *w, int side, uint32_t wanted, uint8_t *bytes)
{
	struct l2filter_facts facts;
	struct view view;
	uint32_t len;

	if (side == VERDICTS_SENDING) {
		memcpy(bytes, w->bytes, w->len);
		return wanted < w->len ? wanted : w->len;
	}
	side_facts(w, side, &facts);
	wire_view(w, &facts, side >= VERDICTS_RECEIVING_COOKED, &view);
	len = view_return(&view, wanted);
	memcpy(bytes, view.bytes + view.header, view.len - view.header);
	return len < view.len - view.header ? len : view.len - view.header;
}

static void complain(const struct wire *w, int side, const struct l2insn *insns, size_t n,
		     int64_t wanted, int got)
{
	size_t i;

	fprintf(stderr, "side %d, %u bytes, type %04x: wanted %" PRId64 ", got %d\n%zu\n", side,
		w->len, type_at(w, 12), wanted, got, n);
	for (i = 0; i < n; i++)
		fprintf(stderr, "%u %u %u %" PRIu32 "\n", insns[i].code, insns[i].jt, insns[i].jf,
			insns[i].k);
}

uint32_t verdicts_compare(const struct verdicts *v, int side, const struct l2insn *insns, size_t n,
			  const struct wire *frames, size_t count)
{
	uint8_t bytes[WIRE_ROOM];
	uint8_t buf[WIRE_ROOM];
	int len = next(v, side, buf, sizeof(buf));
	uint32_t judged = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		int64_t wanted = verdicts_wanted(&frames[i], side, insns, n);
		uint32_t all;

		if (!verdicts_sees(&frames[i], side))
			continue;
		REQUIRE(wanted >= 0);
		judged++;
		if (wanted == 0)
			continue;
		all = expected(&frames[i], side, (uint32_t)wanted, bytes);
		if (len != (int)all || memcmp(buf, bytes, all) != 0)
			complain(&frames[i], side, insns, n, wanted, len);
		REQUIRE_EQ(len, all);
		REQUIRE(!memcmp(buf, bytes, all));
		len = next(v, side, buf, sizeof(buf));
	}
	REQUIRE_EQ(len, -1);
	return judged;
}
