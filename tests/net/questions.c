/* SPDX-License-Identifier: MIT */
/*
 * What docs/questions.md says of packet sockets, by bare sockets of the kernel where it is about
 * the kernel. A case is named after its question.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <l2sock/frame.h>

#include "case.h"
#include "flood.h"
#include "handle.h"
#include "netns.h"
#include "tcpdump.h"

/* SIOCETHTOOL, whose header quarrels with the C library's. */
#define SIOC_ETHTOOL 0x8946

static struct frame f;
static uint8_t buf[2048];

static void start(void)
{
	netns_enter();
	netns_veth("va", "vb");
	netns_await("va");
	netns_await("vb");
}

static int listen_bare(int type, const char *ifname, uint16_t protocol)
{
	const struct sockaddr_ll addr = { .sll_family = AF_PACKET,
					  .sll_protocol = htons(protocol),
					  .sll_ifindex = ifname ? (int)if_nametoindex(ifname) : 0 };
	int fd = socket(AF_PACKET, type | SOCK_NONBLOCK, 0);

	REQUIRE(fd >= 0);
	REQUIRE_EQ(bind(fd, (const struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

/* Frames queued; those of a sender on the same host are there when sending returns. */
static int count(int fd)
{
	int n = 0;

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) >= 0)
		n++;
	return n;
}

static void send_plain_and_tagged(void)
{
	static const struct tag tag = { L2_TPID_8021Q, 100 };
	int fd = flood_socket("va");

	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	flood_send(fd, f.bytes, f.len);
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 64, 2);
	flood_send(fd, f.bytes, f.len);
	close(fd);
}

CASE(questions, ethertypes_and_tags)
{
	int all, one, tagged, out_all, out_one;
	struct l2sock *ours;

	start();
	all = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	one = listen_bare(SOCK_RAW, "vb", L2_ETHERTYPE_EXP1);
	tagged = listen_bare(SOCK_RAW, "vb", ETH_P_8021Q);
	out_all = listen_bare(SOCK_RAW, "va", ETH_P_ALL);
	out_one = listen_bare(SOCK_RAW, "va", L2_ETHERTYPE_EXP1);
	ours = handle_listen("vb", L2_ETHERTYPE_EXP1);
	send_plain_and_tagged();
	REQUIRE_EQ(count(all), 2);
	REQUIRE_EQ(count(one), 2); /* the tag is gone by then: the one in VLAN 100 as well */
	REQUIRE_EQ(count(tagged), 0);
	REQUIRE_EQ(count(out_all), 2); /* what this host sends is seen by ETH_P_ALL alone */
	REQUIRE_EQ(count(out_one), 0);
	REQUIRE_EQ(handle_drain(ours), 1);
	l2sock_close(ours);
}

/* The old kind, SOCK_PACKET, is asked for with the protocol and names its interface. */
CASE(questions, kinds_of_sockets)
{
	struct sockaddr name = { .sa_family = AF_UNSPEC, .sa_data = "vb" };
	socklen_t len = sizeof(name);
	int raw, cooked, old;

	start();
	raw = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	cooked = listen_bare(SOCK_DGRAM, "vb", ETH_P_ALL);
	old = socket(AF_INET, SOCK_PACKET | SOCK_NONBLOCK, htons(ETH_P_ALL));
	REQUIRE(old >= 0);
	REQUIRE_EQ(bind(old, &name, sizeof(name)), 0);
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	flood_send(flood_socket("va"), f.bytes, f.len);
	REQUIRE_EQ(recv(raw, buf, sizeof(buf), 0), 60);
	REQUIRE_EQ(recv(cooked, buf, sizeof(buf), 0), 60 - 14);
	REQUIRE_EQ(recvfrom(old, buf, sizeof(buf), 0, &name, &len), 60);
	REQUIRE(!strcmp(name.sa_data, "vb"));
}

/* Interface and protocol, nothing else of the address. */
CASE(questions, what_to_bind_to)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd, everywhere;

	start();
	everywhere = listen_bare(SOCK_RAW, NULL, L2_ETHERTYPE_EXP1);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	addr.sll_ifindex = (int)if_nametoindex("vb");
	addr.sll_pkttype = PACKET_MULTICAST;
	addr.sll_halen = 6;
	memset(addr.sll_addr, 0x42, 6);
	REQUIRE_EQ(bind(fd, (const struct sockaddr *)&addr, sizeof(addr)), 0);
	send_plain_and_tagged();
	REQUIRE_EQ(count(fd), 2); /* neither to that address nor multicast */
	REQUIRE_EQ(count(everywhere), 2);
}

CASE(questions, memberships)
{
	struct packet_mreq group = { .mr_type = PACKET_MR_MULTICAST, .mr_alen = 6 };
	struct packet_mreq promiscuous = { .mr_type = PACKET_MR_PROMISC };
	int before, fd;

	start();
	fd = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	group.mr_ifindex = promiscuous.mr_ifindex = (int)if_nametoindex("vb");
	memcpy(group.mr_address, "\1\0\x5e\0\0\x42", 6);
	before = netns_multicast_count("vb");
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group, sizeof(group)), 0);
	REQUIRE_EQ(netns_multicast_count("vb"), before + 1);
	REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous,
			      sizeof(promiscuous)),
		   0);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 1);
	send_plain_and_tagged();
	REQUIRE_EQ(count(fd), 2); /* it filters nothing: both are to others */
	close(fd);
	REQUIRE_EQ(netns_multicast_count("vb"), before);
	REQUIRE_EQ(netns_value("vb", "promiscuity"), 0);
}

CASE(questions, link_layer_header_by_the_kernel)
{
	const struct sockaddr_ll to = { .sll_family = AF_PACKET,
					.sll_protocol = htons(L2_ETHERTYPE_EXP1),
					.sll_halen = 6,
					.sll_addr = { 2, 0, 0, 0, 0, 9 } };
	struct sockaddr_ll filled = to;
	int fd, raw;

	start();
	netns_run("ip link set dev va address 02:00:00:00:00:07");
	raw = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	filled.sll_ifindex = (int)if_nametoindex("va");
	REQUIRE_EQ(sendto(fd, "payload", 7, 0, (struct sockaddr *)&filled, sizeof(filled)), 7);
	REQUIRE_EQ(recv(raw, buf, sizeof(buf), 0), 14 + 7);
	REQUIRE(!memcmp(buf, "\2\0\0\0\0\x9\2\0\0\0\0\7\x88\xb5payload", 21));
}

/* A frame of UDP from va to vb's address. */
static size_t make_udp(const char *payload)
{
	static const uint8_t src[6] = { 2, 0, 0, 0, 0, 7 }, dst[6] = { 2, 0, 0, 0, 0, 8 };
	static const uint8_t from[4] = { 10, 9, 9, 1 }, to[4] = { 10, 9, 9, 2 };
	struct l2frame b;
	int64_t n;

	l2frame_init(&b, f.bytes, sizeof(f.bytes));
	l2frame_eth(&b, dst, src);
	l2frame_ip4(&b, from, to);
	l2frame_udp(&b, 4000, 5000);
	l2frame_payload(&b, payload, strlen(payload));
	n = l2frame_finish(&b);
	REQUIRE(n > 0);
	return (size_t)n;
}

static int send_by_handle(uint32_t flags, size_t len)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags };
	struct l2sock *s;
	int r;

	REQUIRE_EQ(l2sock_open(&s, "va", &opts), 0);
	r = l2sock_send(s, f.bytes, len, 0);
	l2sock_close(s);
	return r;
}

static int udp_socket(const char *ip, uint16_t port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	REQUIRE_EQ(inet_pton(AF_INET, ip, &addr.sin_addr), 1);
	REQUIRE_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

CASE(questions, firewall)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(5000),
					.sin_addr.s_addr = htonl(0x0a090903) };
	int fd, seen;
	size_t len;

	if (system("command -v nft >/dev/null"))
		SKIP("no nft");
	start();
	netns_run("ip link set va address 02:00:00:00:00:07 && ip addr add 10.9.9.1/24 dev va && "
		  "ip neigh add 10.9.9.3 lladdr 02:00:00:00:00:08 dev va");
	seen = listen_bare(SOCK_RAW, "vb", ETH_P_IP);
	fd = udp_socket("10.9.9.1", 4000);
	len = make_udp("firewall");
	netns_run(
		"nft 'table inet t { chain o { type filter hook output priority 0; policy drop; };"
		" chain i { type filter hook input priority 0; policy drop; }; }'");
	REQUIRE_EQ(sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)), -1);
	REQUIRE_EQ(count(seen), 0);
	REQUIRE_EQ(send_by_handle(0, len), 0); /* past output, and seen before input */
	REQUIRE_EQ(count(seen), 1);
	netns_run("nft 'table netdev e { chain e { type filter hook egress device va priority 0;"
		  " policy drop; }; }'");
	REQUIRE_EQ(send_by_handle(0, len), -ENOBUFS); /* not past egress, nor with the option */
	REQUIRE_EQ(send_by_handle(L2SOCK_QDISC_BYPASS, len), -ENOBUFS);
	REQUIRE_EQ(count(seen), 0);
}

/* A discipline that takes no frame of this length. */
CASE(questions, queueing_discipline)
{
	int seen;

	start();
	seen = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	netns_run("tc qdisc add dev va root tbf rate 8kbit burst 50 limit 1000");
	frame_make(&f, NULL, 0, L2_ETHERTYPE_EXP1, 60, 1);
	send_by_handle(0, f.len);
	REQUIRE_EQ(count(seen), 0);
	REQUIRE_EQ(send_by_handle(L2SOCK_QDISC_BYPASS, f.len), 0);
	REQUIRE_EQ(count(seen), 1);
}

/* Type 3 is SOCK_RAW, protocol 0003 ETH_P_ALL. */
CASE(questions, tcpdump)
{
	struct tcpdump t;

	start();
	tcpdump_start(&t, "vb", "ether proto 0x88b5");
	netns_run("grep -q ' 3 *0003 ' /proc/net/packet");
	netns_run("ss -0bH | grep -q 'bpf filter'");
	send_plain_and_tagged();
	tcpdump_stop(&t, 2); /* the filter saw the second one without its tag */
	REQUIRE_EQ(t.count, 2);
	tcpdump_free(&t);
}

static int udp_verdict(struct l2sock *s, bool with_descriptor)
{
	struct l2parse p;
	struct l2pkt pkt;

	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) > 0);
	if (with_descriptor)
		l2parse_pkt(&p, &pkt, 0);
	else
		l2parse_frame(&p, pkt.data, pkt.len, 0);
	return l2parse_verdict(&p, (uint32_t)l2parse_find(&p, L2PROTO_UDP, 0));
}

/* The kernel leaves the sum to the device; what is captured has none yet. */
CASE(questions, checksum_of_own_traffic)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(5000),
					.sin_addr.s_addr = htonl(0x0a090903) };
	struct ethtool_value off = { .cmd = ETHTOOL_STXCSUM };
	struct ifreq request = { .ifr_name = "va", .ifr_data = (void *)&off };
	struct l2sock *s;
	int fd, i;

	start();
	netns_run("ip addr add 10.9.9.1/24 dev va && "
		  "ip neigh add 10.9.9.3 lladdr 02:00:00:00:00:08 dev va");
	fd = udp_socket("10.9.9.1", 4000);
	s = handle_listen("va", L2_ETHERTYPE_ALL);
	for (i = 0; i < 3; i++) {
		if (i == 2)
			REQUIRE_EQ(ioctl(fd, SIOC_ETHTOOL, &request), 0);
		REQUIRE_EQ(sendto(fd, "sum", 3, 0, (const struct sockaddr *)&to, sizeof(to)), 3);
		REQUIRE_EQ(udp_verdict(s, i == 1), i == 0   ? L2VERDICT_BAD
						   : i == 1 ? L2VERDICT_NOT_READY
							    : L2VERDICT_GOOD);
	}
	l2sock_close(s);
}

/* What tcpdump -dd prints for "ether proto 0x8100". */
CASE(questions, filters_of_tcpdump)
{
	static struct sock_filter tagged[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x8100 },
		{ BPF_RET | BPF_K, 0, 0, 262144 },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	const struct sock_fprog program = { 4, tagged };
	struct l2insn ours[4];
	struct l2sock *s;
	int bare, i;

	start();
	bare = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
	REQUIRE_EQ(setsockopt(bare, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), 0);
	for (i = 0; i < 4; i++)
		ours[i] = (struct l2insn) { tagged[i].code, tagged[i].jt, tagged[i].jf,
					    tagged[i].k };
	s = handle_open("vb");
	REQUIRE_EQ(l2sock_set_filter(s, ours, 4), 0);
	REQUIRE_EQ(l2sock_bind(s, L2_ETHERTYPE_ALL), 0);
	send_plain_and_tagged();
	REQUIRE_EQ(count(bare), 0); /* the tag was taken out before the filter runs */
	REQUIRE_EQ(handle_drain(s), 1);
	l2sock_close(s);
}

/* All three are there. The first has no place for a tag's TPID, the third is filled by blocks. */
CASE(questions, versions_of_rings)
{
	static const struct tag tag = { L2_TPID_8021AD, 100 };
	int version;

	start();
	frame_make(&f, &tag, 1, L2_ETHERTYPE_EXP1, 64, 2);
	for (version = TPACKET_V1; version <= TPACKET_V3; version++) {
		struct tpacket_req3 req = { 65536, 4, 2048, 128, 10, 0, 0 };
		int fd = listen_bare(SOCK_RAW, "vb", ETH_P_ALL);
		struct pollfd ready = { .fd = fd, .events = POLLIN };

		REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)),
			   0);
		REQUIRE_EQ(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req,
				      version == TPACKET_V3 ? sizeof(req)
							    : sizeof(struct tpacket_req)),
			   0);
		flood_send(flood_socket("va"), f.bytes, f.len);
		REQUIRE_EQ(poll(&ready, 1, 1000), 1);
		close(fd);
	}
}
