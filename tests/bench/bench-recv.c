/* SPDX-License-Identifier: MIT */
/* Receiving from a queue that was filled beforehand: no waiting, no wake-up. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <l2sock/l2sock.h>

#include "bench.h"

#ifndef SO_TIMESTAMPNS_NEW
#define SO_TIMESTAMPNS_NEW 64
#endif

#define BUF_SIZE   2048
#define BURST      128       /* fits the queue that net.core.rmem_max grants by default */
#define QUEUE_SIZE (4 << 20) /* better */
#define PATIENCE_S 5         /* a frame that was lost shall not hang the run */

/* libpcap's ring hands a block over when it is full or this time is over. */
#define PCAP_TIMEOUT_MS 1

#define CONTROL_SIZE (CMSG_SPACE(sizeof(struct tpacket_auxdata)) + CMSG_SPACE(2 * sizeof(int64_t)))

struct bare {
	int fd;
	uint8_t buf[BUF_SIZE];
};

struct handle {
	struct l2sock *s;
	uint8_t buf[BUF_SIZE];
};

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) ? -errno : 0;
}

/* Beyond net.core.rmem_max only outside of user namespaces. */
static int enlarge_queue(int fd)
{
	if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, QUEUE_SIZE) == 0)
		return 0;
	return set(fd, SOL_SOCKET, SO_RCVBUF, QUEUE_SIZE);
}

static int ask_for_metadata(int fd)
{
	int r = set(fd, SOL_PACKET, PACKET_AUXDATA, 1);

	return r == 0 ? set(fd, SOL_SOCKET, SO_TIMESTAMPNS_NEW, 1) : r;
}

static int open_bare(struct bench_lane *lane, bool metadata)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct bare *bare = calloc(1, sizeof(*bare));
	int r;

	if (!bare)
		return -ENOMEM;
	lane->state = bare;
	bare->fd = bench_socket(lane->dev, ETH_P_ALL);
	if (bare->fd < 0)
		return bare->fd;
	r = enlarge_queue(bare->fd);
	if (r == 0 &&
	    setsockopt(bare->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		r = -errno;
	if (r == 0 && metadata)
		r = ask_for_metadata(bare->fd);
	return r;
}

static int setup_recvmsg(struct bench_lane *lane)
{
	return open_bare(lane, true);
}

static int setup_recv(struct bench_lane *lane)
{
	return open_bare(lane, false);
}

static void teardown_bare(struct bench_lane *lane)
{
	struct bare *bare = lane->state;

	if (bare && bare->fd >= 0)
		close(bare->fd);
	free(bare);
}

/* As lean as it gets: the metadata are fetched but not looked at. */
static int64_t burst_recvmsg(struct bench_lane *lane, unsigned int n)
{
	struct bare *bare = lane->state;
	_Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
	struct sockaddr_ll from;
	struct iovec part = { bare->buf, BUF_SIZE };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n; i++) {
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		len = recvmsg(bare->fd, &msg, MSG_TRUNC);
		if (len != (ssize_t)lane->what->size)
			return len < 0 ? -errno : (int64_t)i;
	}
	return n;
}

/* What the program wanted them for. */
struct facts {
	struct tpacket_auxdata aux;
	int64_t time[2];
	int ifindex;
	unsigned int pkttype;
};

static void read_facts(struct facts *f, struct msghdr *msg, const struct sockaddr_ll *from)
{
	struct cmsghdr *c;

	f->ifindex = from->sll_ifindex;
	f->pkttype = from->sll_pkttype;
	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA)
			memcpy(&f->aux, CMSG_DATA(c), sizeof(f->aux));
		else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS_NEW)
			memcpy(f->time, CMSG_DATA(c), sizeof(f->time));
	}
}

/* As a program would be written by hand. */
static int64_t burst_recvmsg_read(struct bench_lane *lane, unsigned int n)
{
	struct bare *bare = lane->state;
	_Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
	struct facts facts = { 0 };
	struct sockaddr_ll from;
	struct iovec part = { bare->buf, BUF_SIZE };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n; i++) {
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		len = recvmsg(bare->fd, &msg, MSG_TRUNC);
		if (len != (ssize_t)lane->what->size)
			return len < 0 ? -errno : (int64_t)i;
		read_facts(&facts, &msg, &from);
		if (facts.aux.tp_len != lane->what->size || !facts.time[0])
			return i;
	}
	return n;
}

static int64_t burst_recv(struct bench_lane *lane, unsigned int n)
{
	struct bare *bare = lane->state;
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n; i++) {
		len = recv(bare->fd, bare->buf, BUF_SIZE, MSG_TRUNC);
		if (len != (ssize_t)lane->what->size)
			return len < 0 ? -errno : (int64_t)i;
	}
	return n;
}

static int setup_l2sock(struct bench_lane *lane)
{
	const struct l2sock_opts opts = { .size = sizeof(opts), .rcvbuf = QUEUE_SIZE };
	struct handle *h = calloc(1, sizeof(*h));
	int r;

	if (!h)
		return -ENOMEM;
	lane->state = h;
	r = l2sock_open(&h->s, lane->dev, &opts);
	return r < 0 ? r : l2sock_bind(h->s, L2_ETHERTYPE_ALL);
}

static void teardown_l2sock(struct bench_lane *lane)
{
	struct handle *h = lane->state;

	if (h)
		l2sock_close(h->s);
	free(h);
}

static int64_t receive(struct bench_lane *lane, unsigned int n, struct l2pkt *pkt)
{
	const int64_t patience = (int64_t)PATIENCE_S * L2_SEC;
	struct handle *h = lane->state;
	unsigned int i;
	int64_t len;

	for (i = 0; i < n; i++) {
		len = l2sock_recv(h->s, h->buf, BUF_SIZE, pkt, patience);
		if (len != (int64_t)lane->what->size)
			return len < 0 ? len : (int64_t)i;
	}
	return n;
}

static int64_t burst_l2sock(struct bench_lane *lane, unsigned int n)
{
	struct l2pkt pkt;

	return receive(lane, n, &pkt);
}

static int64_t burst_l2sock_plain(struct bench_lane *lane, unsigned int n)
{
	return receive(lane, n, NULL);
}

/* The rooms of a batch, and what the kernel tells about each frame. */
struct bare_batch {
	struct mmsghdr msgs[L2SOCK_BATCH_MAX];
	struct iovec parts[L2SOCK_BATCH_MAX];
	struct sockaddr_ll from[L2SOCK_BATCH_MAX];
	_Alignas(struct cmsghdr) uint8_t control[L2SOCK_BATCH_MAX][CONTROL_SIZE];
};

static uint8_t slab[L2SOCK_BATCH_MAX * BUF_SIZE];

static void prepare_batch(struct bare_batch *b)
{
	size_t i;

	for (i = 0; i < L2SOCK_BATCH_MAX; i++) {
		b->parts[i] = (struct iovec) { slab + i * BUF_SIZE, BUF_SIZE };
		b->msgs[i].msg_hdr = (struct msghdr) { .msg_name = &b->from[i],
						       .msg_namelen = sizeof(b->from[i]),
						       .msg_iov = &b->parts[i],
						       .msg_iovlen = 1,
						       .msg_control = b->control[i],
						       .msg_controllen = CONTROL_SIZE };
	}
}

static int64_t burst_recvmmsg(struct bench_lane *lane, unsigned int n)
{
	static struct bare_batch batch;
	struct bare *bare = lane->state;
	unsigned int done = 0;
	int r;

	while (done < n) {
		prepare_batch(&batch);
		r = recvmmsg(bare->fd, batch.msgs, L2SOCK_BATCH_MAX, MSG_TRUNC | MSG_WAITFORONE,
			     NULL);
		if (r < 0 || batch.msgs[r - 1].msg_len != lane->what->size)
			return r < 0 ? -errno : (int64_t)done;
		done += (unsigned int)r;
	}
	return done;
}

static int64_t burst_l2sock_batch(struct bench_lane *lane, unsigned int n)
{
	const int64_t patience = (int64_t)PATIENCE_S * L2_SEC;
	static struct l2pkt pkts[L2SOCK_BATCH_MAX];
	struct handle *h = lane->state;
	unsigned int done = 0;
	int64_t r;

	while (done < n) {
		r = l2sock_recv_batch(h->s, slab, BUF_SIZE, pkts, L2SOCK_BATCH_MAX, patience);
		if (r < 0 || pkts[r - 1].wire_len != lane->what->size)
			return r < 0 ? r : (int64_t)done;
		done += (unsigned int)r;
	}
	return done;
}

static int setup_pcap(struct bench_lane *lane)
{
	lane->state = bench_pcap_open(lane->dev, PCAP_TIMEOUT_MS, 0);
	return lane->state ? 0 : -EIO;
}

static void teardown_pcap(struct bench_lane *lane)
{
	if (lane->state)
		pcap_close(lane->state);
}

static int fill_pcap(struct bench_lane *lane, unsigned int n)
{
	int r = bench_feed(lane, n);

	bench_settle(PCAP_TIMEOUT_MS);
	return r;
}

static int64_t burst_next_ex(struct bench_lane *lane, unsigned int n)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		while ((r = pcap_next_ex(lane->state, &header, &data)) == 0)
			;
		if (r < 0 || header->len != lane->what->size)
			return r < 0 ? -EIO : (int64_t)i;
	}
	return n;
}

static void see(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
	struct bench_lane *lane = (struct bench_lane *)(void *)user;

	lane->wrong |= header->len != lane->what->size || data[0] != lane->frame[0];
}

static int64_t burst_dispatch(struct bench_lane *lane, unsigned int n)
{
	unsigned int done = 0;
	int r = 0;

	while (r >= 0 && done < n) {
		r = pcap_dispatch(lane->state, (int)(n - done), see, (u_char *)lane);
		if (r > 0)
			done += (unsigned int)r;
	}
	return r < 0 || lane->wrong ? -EIO : (int64_t)done;
}

static const struct bench_method methods[] = {
	{ "recvmsg", setup_recvmsg, bench_feed, burst_recvmsg, teardown_bare, NULL },
	{ "recvmsg again", setup_recvmsg, bench_feed, burst_recvmsg, teardown_bare, NULL },
	{ "recvmsg read", setup_recvmsg, bench_feed, burst_recvmsg_read, teardown_bare, NULL },
	{ "l2sock_recv", setup_l2sock, bench_feed, burst_l2sock, teardown_l2sock, NULL },
	{ "recv", setup_recv, bench_feed, burst_recv, teardown_bare, NULL },
	{ "l2sock_recv plain", setup_l2sock, bench_feed, burst_l2sock_plain, teardown_l2sock,
	  NULL },
	{ "recvmmsg", setup_recvmsg, bench_feed, burst_recvmmsg, teardown_bare, NULL },
	{ "l2sock_recv_batch", setup_l2sock, bench_feed, burst_l2sock_batch, teardown_l2sock,
	  NULL },
	{ "pcap_next_ex", setup_pcap, fill_pcap, burst_next_ex, teardown_pcap, NULL },
	{ "pcap_dispatch", setup_pcap, fill_pcap, burst_dispatch, teardown_pcap, NULL },
};

static const struct bench_case cases[] = {
	{ "veth 64", BENCH_VETH, 64 },
	{ "veth 512", BENCH_VETH, 512 },
	{ "veth 1514", BENCH_VETH, 1514 },
};

static const struct bench_bar bars[] = {
	{ "l2sock_recv", "recvmsg", 1.03, false },
	{ "l2sock_recv", "recvmsg read", 0, false },
	{ "l2sock_recv plain", "recv", 0, false },
	{ "l2sock_recv_batch", "l2sock_recv", 0, false },
	{ "l2sock_recv_batch", "recvmmsg", 0, false },
};

static const struct bench bench = {
	.name = "recv",
	.methods = methods,
	.n_methods = sizeof(methods) / sizeof(methods[0]),
	.cases = cases,
	.n_cases = sizeof(cases) / sizeof(cases[0]),
	.bars = bars,
	.n_bars = sizeof(bars) / sizeof(bars[0]),
	.counter = BENCH_COUNT_RECEIVED,
	.burst = BURST,
	.rounds = 100,
	.reps = 7,
};

int main(int argc, char **argv)
{
	return bench_main(&bench, argc, argv);
}
