/* SPDX-License-Identifier: MIT */
/* Frames built, stamped and taken apart, beside other libraries and beside copying. */
#include <errno.h>
#include <string.h>

#include <l2sock/frame.h>

#include "bench-peers.h"
#include "bench.h"

#define HEADERS_LEN 46 /* Ethernet, a tag, IPv4, UDP */
#define ROOM        1600

/* What a method does: leaves a frame, or its length alone. */
typedef const uint8_t *make_frame(const struct bench_packet *what, uint8_t *room, size_t *len);

struct job {
	make_frame *run;
	bool makes; /* the frame, which can be compared */
};

static const uint8_t dst_mac[] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t src_mac[] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t src_ip[] = { 192, 0, 2, 1 };
static const uint8_t dst_ip[] = { 192, 0, 2, 2 };

/*
 * What is read lies in another half of a page than what is written: a load waits for an earlier
 * store that agrees with it in the lower bits of the address, which would be chance.
 */
#define PAGE 4096

static uint8_t payload[1400] __attribute__((aligned(PAGE)));
static uint8_t built[ROOM] __attribute__((aligned(PAGE)));
static uint8_t kept[ROOM] __attribute__((aligned(PAGE))); /* of the template */
static uint8_t written[PAGE] __attribute__((aligned(PAGE)));
static uint8_t *const room = written + PAGE / 2;
static struct l2template template;
static volatile uint64_t sink;

/* The compiler must not know that it is the same data again and again. */
static const void *unknown(const void *data)
{
	__asm__ volatile("" : "+r"(data) : : "memory");
	return data;
}

static inline void lay_out(struct l2frame *f, const struct bench_packet *what, uint8_t *to)
{
	l2frame_init(f, to, ROOM);
	l2frame_eth(f, what->dst_mac, what->src_mac);
	l2frame_vlan(f, L2_TPID_8021Q, what->tci);
	l2frame_ip4(f, what->src_ip, what->dst_ip);
	l2frame_udp(f, what->sport, what->dport);
	l2frame_payload(f, what->payload, what->n);
}

static const uint8_t *build(const struct bench_packet *what, uint8_t *to, size_t *len)
{
	struct l2frame f;

	lay_out(&f, what, to);
	*len = (size_t)l2frame_finish(&f);
	return to;
}

static const uint8_t *stamp(const struct bench_packet *what, uint8_t *to, size_t *len)
{
	const uint64_t sport = what->sport;

	*len = (size_t)l2template_stamp(&template, to, ROOM, &sport);
	return to;
}

static const uint8_t *parse(const struct bench_packet *what, uint8_t *to, size_t *len)
{
	static struct l2parse p;

	(void)to;
	*len = (size_t)l2parse_frame(&p, built, HEADERS_LEN + what->n, 0);
	return built;
}

static const uint8_t *copy_headers(const struct bench_packet *what, uint8_t *to, size_t *len)
{
	size_t n = HEADERS_LEN;

	(void)what;
	__asm__("" : "+r"(n)); /* a call, not the stores that a known size would become */
	memcpy(to, built, n);
	*len = n;
	return to;
}

static const uint8_t *copy_frame(const struct bench_packet *what, uint8_t *to, size_t *len)
{
	*len = HEADERS_LEN + what->n;
	memcpy(to, built, *len);
	return to;
}

static struct bench_packet packet_of(const struct bench_lane *lane)
{
	return (struct bench_packet) {
		.dst_mac = dst_mac,
		.src_mac = src_mac,
		.src_ip = src_ip,
		.dst_ip = dst_ip,
		.payload = payload,
		.n = *(const size_t *)lane->what->data,
		.tci = 0x6064,
		.sport = 4000,
		.dport = 5000,
	};
}

/* Of the frame with another source port. */
static int make_template(struct bench_packet what)
{
	struct l2frame f;

	what.sport = 1;
	lay_out(&f, &what, kept);
	if (l2template_init(&template, &f) < 0)
		return -EBADMSG;
	return l2template_vary(&template, L2UDP_SPORT, 0);
}

/* Who builds something else is not compared. */
static int setup(struct bench_lane *lane)
{
	const struct job *job = lane->method->data;
	const struct bench_packet what = packet_of(lane);
	const uint8_t *frame;
	size_t len;
	size_t i;

	for (i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7);
	if (make_template(what) < 0)
		return -EBADMSG;
	build(&what, built, &len);
	frame = job->run(&what, room, &len);
	if (!frame)
		return -EIO;
	if (job->makes && (len != HEADERS_LEN + what.n || memcmp(frame, built, len)))
		return -EBADMSG;
	return 0;
}

static void teardown(struct bench_lane *lane)
{
	(void)lane;
}

static int64_t burst(struct bench_lane *lane, unsigned int n)
{
	const struct job *job = lane->method->data;
	const struct bench_packet what = packet_of(lane);
	uint64_t sum = 0;
	unsigned int i;
	size_t len;

	for (i = 0; i < n; i++) {
		if (!job->run(unknown(&what), room, &len))
			return -EIO;
		sum += len;
	}
	sink = sum;
	return n;
}

static const struct job building = { build, true };
static const struct job stamping = { stamp, true };
static const struct job parsing = { parse, false };
static const struct job copying_headers = { copy_headers, false };
static const struct job copying = { copy_frame, true };
#ifdef BENCH_LIBDNET
static const struct job libdnet = { bench_libdnet_frame, true };
#endif
#ifdef BENCH_LIBNET
static const struct job libnet = { bench_libnet_frame, true };
static const struct job libnet_again = { bench_libnet_again, true };
#endif
#ifdef BENCH_LIBTINS
static const struct job libtins = { bench_libtins_frame, true };
static const struct job libtins_again = { bench_libtins_again, true };
#endif

static const struct bench_method methods[] = {
	{ "l2frame", setup, NULL, burst, teardown, &building },
	{ "l2frame again", setup, NULL, burst, teardown, &building },
	{ "l2template_stamp", setup, NULL, burst, teardown, &stamping },
	{ "l2parse_frame", setup, NULL, burst, teardown, &parsing },
	{ "memcpy of headers", setup, NULL, burst, teardown, &copying_headers },
	{ "memcpy", setup, NULL, burst, teardown, &copying },
#ifdef BENCH_LIBDNET
	{ "libdnet", setup, NULL, burst, teardown, &libdnet },
#endif
#ifdef BENCH_LIBNET
	{ "libnet", setup, NULL, burst, teardown, &libnet },
	{ "libnet, one port", setup, NULL, burst, teardown, &libnet_again },
#endif
#ifdef BENCH_LIBTINS
	{ "libtins", setup, NULL, burst, teardown, &libtins },
	{ "libtins, one port", setup, NULL, burst, teardown, &libtins_again },
#endif
};

static const size_t small = 64;
static const size_t large = 1400;

static const struct bench_case cases[] = {
	{ "64", BENCH_NO_DEVICE, 0, &small, 4096 },
	{ "1400", BENCH_NO_DEVICE, 0, &large, 2048 },
};

static const struct bench_bar bars[] = {
	{ "l2frame", "libdnet", 1.5, false, "64" },
	{ "l2frame", "libdnet", 1 / 5.0, false, "1400" },
	{ "l2frame", "libnet", 1 / 10.0, false, "1400" },
	{ "l2frame", "libtins", 1 / 10.0, false, "1400" },
	{ "l2template_stamp", "l2frame", 1 / 3.0, false, "64" },
	{ "l2parse_frame", "memcpy of headers", 5, false, NULL },
};

int main(int argc, char **argv)
{
	const struct bench bench = {
		.name = "frame",
		.methods = methods,
		.n_methods = sizeof(methods) / sizeof(methods[0]),
		.cases = cases,
		.n_cases = sizeof(cases) / sizeof(cases[0]),
		.bars = bars,
		.n_bars = sizeof(bars) / sizeof(bars[0]),
		.counter = BENCH_COUNT_NONE,
		.burst = 4096,
		.rounds = 50,
		.reps = 5,
	};

	return bench_main(&bench, argc, argv);
}
