/* SPDX-License-Identifier: MIT */
/* A method's place of work: its device, the device's counter, bare sockets. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define ETHERTYPE_EXPERIMENT 0x88b5

#define MSEC       INT64_C(1000000)
#define PAGE_LEAST 4096
#define FEED_BATCH 64

static void name_devices(struct bench_lane *lane, unsigned int device)
{
	if (lane->what->device == BENCH_IFB) {
		snprintf(lane->dev, sizeof(lane->dev), "ifb%u", device);
		snprintf(lane->far, sizeof(lane->far), "ifb%u", device);
	} else {
		snprintf(lane->dev, sizeof(lane->dev), "near%u", device);
		snprintf(lane->far, sizeof(lane->far), "far%u", device);
	}
}

/* To a station that is not there, of a type that nobody handles. */
static void build_frame(uint8_t *frame, size_t size)
{
	static const uint8_t header[ETH_HLEN] = {
		2,
		0,
		0,
		0,
		0,
		2,
		2,
		0,
		0,
		0,
		0,
		1,
		ETHERTYPE_EXPERIMENT >> 8,
		ETHERTYPE_EXPERIMENT & 0xff,
	};
	size_t i;

	memcpy(frame, header, sizeof(header));
	for (i = sizeof(header); i < size; i++)
		frame[i] = (uint8_t)i;
}

bool bench_have_devices(const struct bench_case *what, size_t n)
{
	struct bench_lane lane = { .what = what };
	unsigned int i;

	if (what->device == BENCH_NO_DEVICE)
		return true;
	for (i = 0; i < n; i++) {
		name_devices(&lane, i);
		if (!if_nametoindex(lane.dev))
			return false;
	}
	return true;
}

/* Frames that a device has received; /proc/net/dev is always that of the caller's namespace. */
static int read_counter(const char *dev, uint64_t *ret)
{
	FILE *file = fopen("/proc/net/dev", "re");
	char line[512];
	char name[IFNAMSIZ + 1];
	unsigned long long packets;
	int r = -ENODEV;

	if (!file)
		return -errno;
	while (r < 0 && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %16[^:]: %*u %llu", name, &packets) == 2 &&
		    strcmp(name, dev) == 0) {
			*ret = packets;
			r = 0;
		}
	}
	fclose(file);
	return r;
}

static int read_lane_counter(const struct bench_lane *lane, const struct bench *b, uint64_t *ret)
{
	*ret = 0;
	if (lane->what->device == BENCH_NO_DEVICE || b->counter == BENCH_COUNT_NONE)
		return 0;
	return read_counter(b->counter == BENCH_COUNT_SENT ? lane->far : lane->dev, ret);
}

/*
 * Touches each page of the rings that somebody has mapped. A virtual machine may know a page only
 * from its first use on, which costs more than all frames in it: not what is to be measured.
 */
static void touch_rings(void)
{
	FILE *file = fopen("/proc/self/maps", "re");
	char line[512];
	uintptr_t at, end;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, "socket:") ||
		    sscanf(line, "%" SCNxPTR "-%" SCNxPTR " r", &at, &end) != 2)
			continue;
		for (; at < end; at += PAGE_LEAST)
			*(const volatile uint8_t *)at;
	}
	if (file)
		fclose(file);
}

/* Sets the method up on the device of that number; lane->method and lane->what are given. */
int bench_lane_open(struct bench_lane *lane, const struct bench *b, unsigned int device)
{
	int r;

	lane->feeder = -1;
	lane->done = 0;
	name_devices(lane, device);
	build_frame(lane->frame, lane->what->size);
	r = lane->method->setup(lane);
	touch_rings();
	if (r == 0)
		r = read_lane_counter(lane, b, &lane->before);
	if (r < 0)
		fprintf(stderr, "%s: %s on %s: %s\n", b->name, lane->method->name, lane->dev,
			strerror(-r));
	return r;
}

/* Has every operation moved one frame, and nothing else any? */
int bench_lane_check(const struct bench_lane *lane, const struct bench *b)
{
	uint64_t now;
	int r = read_lane_counter(lane, b, &now);

	if (r < 0 || b->counter == BENCH_COUNT_NONE || lane->what->device == BENCH_NO_DEVICE)
		return r;
	if (now - lane->before == lane->done)
		return 0;
	fprintf(stderr, "%s: %s claims %llu frames, %s counted %llu\n", b->name, lane->method->name,
		(unsigned long long)lane->done,
		b->counter == BENCH_COUNT_SENT ? lane->far : lane->dev,
		(unsigned long long)(now - lane->before));
	return -EBADMSG;
}

void bench_lane_close(struct bench_lane *lane)
{
	lane->method->teardown(lane);
	if (lane->feeder >= 0)
		close(lane->feeder);
	lane->feeder = -1;
}

int bench_bind(int fd, int ifindex, uint16_t protocol)
{
	const struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = ifindex,
	};

	return bind(fd, (const struct sockaddr *)(const void *)&addr, sizeof(addr)) ? -errno : 0;
}

int bench_socket(const char *dev, uint16_t protocol)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return -errno;
	r = bench_bind(fd, (int)if_nametoindex(dev), protocol);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

int bench_feed(struct bench_lane *lane, unsigned int n)
{
	struct iovec part = { lane->frame, lane->what->size };
	struct mmsghdr msgs[FEED_BATCH];
	unsigned int i;
	int sent;

	if (lane->feeder < 0)
		lane->feeder = bench_socket(lane->far, 0);
	if (lane->feeder < 0)
		return lane->feeder;
	for (i = 0; i < FEED_BATCH; i++)
		msgs[i] = (struct mmsghdr) { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	for (; n; n -= (unsigned int)sent) {
		sent = sendmmsg(lane->feeder, msgs, n < FEED_BATCH ? n : FEED_BATCH, 0);
		if (sent < 0)
			return -errno;
	}
	return 0;
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MSEC + ts.tv_nsec;
}

/* Waits awake: who sleeps finds the processor slower afterwards. */
void bench_settle(int retire_ms)
{
	int64_t until = now_ns() + retire_ms * 2 * MSEC + MSEC;

	if (!retire_ms)
		return;
	while (now_ns() < until)
		;
}
