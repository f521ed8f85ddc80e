/* SPDX-License-Identifier: MIT */
/* l2bridge - forward frames between two interfaces, from receive ring to transmit ring */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/frame.h>
#include <l2sock/ring.h>

#include "args.h"
#include "stop.h"

#define PROGRAM "l2bridge"

/* How long a frame waits for room, and how soon frames without room are tried again. */
#define PATIENCE (100 * L2_MSEC)
#define RETRY_MS 2

#define PKTS 64

/* One direction. */
struct lane {
	const char *from;
	const char *to;
	struct l2sock *in;
	struct l2sock *out;
	struct l2ring_rx *rx;
	struct l2ring_tx *tx;
	uint64_t received;
	uint64_t truncated;
	uint64_t refused; /* too long for the other side, or too short */
	uint64_t no_room;
};

static const char help[] =
	"Usage: l2bridge IFACE IFACE\n"
	"Forward every frame that arrives at one interface to the other, both ways.\n"
	"\n"
	"  --help        show this\n"
	"  --version     show the version\n"
	"\n"
	"Frames go out as they came in, with every VLAN tag; checksums that their sender left\n"
	"to a device are completed. A frame that was cut is not forwarded. SIGINT and SIGTERM\n"
	"end it. Exit status: 0 done, 1 failed while running, 2 misused or could not start.\n";

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

/* All frames, tags in place, and not those that this program sends here itself. */
static int open_in(struct lane *lane)
{
	const struct l2ring_rx_opts ring = { .size = sizeof(ring), .profile = L2RING_LATENCY };
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts),
				    .err = &err,
				    .flags = L2SOCK_IGNORE_OUTGOING | L2SOCK_RESTORE_TAGS };

	if (l2sock_open(&lane->in, lane->from, &opts) < 0)
		return refuse_start(err.text);
	if (l2ring_rx_open(&lane->rx, lane->in, &ring) < 0 ||
	    l2sock_join(lane->in, L2SOCK_PROMISC, NULL, 0) < 0 ||
	    l2sock_bind(lane->in, L2_ETHERTYPE_ALL) < 0)
		return refuse_start(l2sock_errmsg(lane->in));
	return 0;
}

static int open_out(struct lane *lane)
{
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts), .err = &err };

	if (l2sock_open(&lane->out, lane->to, &opts) < 0)
		return refuse_start(err.text);
	return l2ring_tx_open(&lane->tx, lane->out, NULL) < 0
		       ? refuse_start(l2sock_errmsg(lane->out))
		       : 0;
}

/* What the sender's kernel left to a device that the frame never met. */
static void complete_checksum(const struct l2pkt *pkt, void *frame)
{
	struct l2parse p;

	if (pkt->csum == L2_CSUM_NOT_READY && l2parse_frame(&p, frame, pkt->len, 0) > 0)
		l2parse_fix(&p, frame);
}

/* Returns 0, also when the frame was left out, or -ENODEV. */
static int forward(struct lane *lane, const struct l2pkt *pkt)
{
	void *slot;
	int64_t r;

	lane->received++;
	if (pkt->flags & L2_FLAG_TRUNCATED) {
		lane->truncated++;
		return 0;
	}
	r = l2ring_tx_reserve(lane->tx, pkt->len, &slot);
	if (r == -EAGAIN && (r = l2ring_tx_wait(lane->tx, PATIENCE)) > 0)
		r = l2ring_tx_reserve(lane->tx, pkt->len, &slot);
	if (r == -EMSGSIZE)
		lane->refused++;
	else if (r < 0)
		lane->no_room++;
	if (r < 0)
		return r == -ENODEV ? (int)r : 0;
	memcpy(slot, pkt->data, pkt->len);
	complete_checksum(pkt, slot);
	if (l2ring_tx_commit(lane->tx, pkt->len) < 0) {
		l2ring_tx_cancel(lane->tx);
		lane->refused++;
	}
	return 0;
}

static int forward_block(struct lane *lane, const struct l2block *b)
{
	const void *at = l2block_first(b);
	struct l2pkt pkts[PKTS];
	int r = 0;

	while (r == 0 && at) {
		size_t n = l2block_pkts(b, &at, pkts, PKTS);
		size_t i;

		for (i = 0; i < n && r == 0; i++)
			r = forward(lane, &pkts[i]);
	}
	return r;
}

static int complain(struct l2sock *s, int code)
{
	args_complain(PROGRAM, "%s", l2sock_errmsg(s));
	return code;
}

/* What has arrived, up to one block, so that neither direction waits for the other long. */
static int serve(struct lane *lane)
{
	struct l2block b;
	int64_t r = l2ring_rx_next(lane->rx, &b, 0);

	if (r == -EAGAIN || r == -ECANCELED)
		r = 0;
	else if (r < 0)
		return complain(lane->in, (int)r);
	else {
		r = forward_block(lane, &b);
		l2ring_rx_release(lane->rx, &b);
	}
	if (r == 0)
		r = l2ring_tx_flush(lane->tx);
	return r < 0 ? complain(lane->out, (int)r) : 0;
}

static int is_pending(const struct lane *lane)
{
	struct l2ring_tx_stats stats = { .size = sizeof(stats) };

	l2ring_tx_get_stats(lane->tx, &stats);
	return stats.pending > 0;
}

/* Returns 0 when it was asked to end, or a negative errno. */
static int run(struct lane lanes[2])
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int r = 0;
	int i;

	for (i = 0; i < 2; i++) {
		fds[i].fd = l2sock_pollfd(lanes[i].in);
		if (fds[i].fd < 0)
			return complain(lanes[i].in, fds[i].fd);
	}
	while (r == 0 && !stop_requested()) {
		int waiting = is_pending(&lanes[0]) || is_pending(&lanes[1]);

		poll(fds, 2, waiting ? RETRY_MS : -1);
		for (i = 0; i < 2 && r == 0; i++)
			r = serve(&lanes[i]);
	}
	for (i = 0; i < 2; i++)
		l2ring_tx_drain(lanes[i].tx, PATIENCE);
	return r;
}

static void print_counts(const struct lane *lane)
{
	struct l2ring_tx_stats out = { .size = sizeof(out) };
	struct l2sock_stats in = { .size = sizeof(in) };

	l2ring_tx_get_stats(lane->tx, &out);
	l2sock_get_stats(lane->in, &in);
	printf("%s to %s: %" PRIu64 " received, %" PRIu64 " forwarded, %" PRIu64
	       " dropped by the kernel, %" PRIu64 " truncated, %" PRIu64
	       " of a bad length, %" PRIu64 " without room, %" PRIu64 " failed\n",
	       lane->from, lane->to, lane->received, out.completed + out.uncertain, in.dropped,
	       lane->truncated, lane->refused, lane->no_room + out.pending, out.failed);
}

static void close_lane(struct lane *lane)
{
	l2ring_rx_close(lane->rx);
	l2ring_tx_close(lane->tx, NULL);
	l2sock_close(lane->in);
	l2sock_close(lane->out);
}

static int bridge(const char *a, const char *b)
{
	struct lane lanes[2] = { { .from = a, .to = b }, { .from = b, .to = a } };
	int status = EXIT_USAGE;
	int i;

	/* Nothing may arrive before it can go on. */
	if (open_out(&lanes[0]) == 0 && open_out(&lanes[1]) == 0 && open_in(&lanes[0]) == 0 &&
	    open_in(&lanes[1]) == 0) {
		stop_on_signals(lanes[0].in);
		status = run(lanes) < 0 ? EXIT_FAILED : EXIT_OK;
		stop_on_signals(NULL);
		print_counts(&lanes[0]);
		print_counts(&lanes[1]);
		if (fflush(stdout)) {
			args_complain(PROGRAM, "stdout: %s", strerror(errno));
			status = EXIT_FAILED;
		}
	}
	for (i = 0; i < 2; i++)
		close_lane(&lanes[i]);
	return status;
}

static const struct option long_options[] = { ARGS_COMMON };

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "",
	.options = long_options,
};

int main(int argc, char **argv)
{
	int status = args_read(&syntax, NULL, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind != 2)
		return args_misused(PROGRAM, "two interfaces are needed");
	if (!strcmp(argv[optind], argv[optind + 1]))
		return args_misused(PROGRAM, "two different interfaces are needed");
	return bridge(argv[optind], argv[optind + 1]);
}
