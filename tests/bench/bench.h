/* SPDX-License-Identifier: MIT */
/*
 * bench.h - ways of doing the same thing, compared in one process and one run
 *
 * Times on a shared machine mean little, ratios taken side by side do. All methods are open at
 * once, each on a device of its own, and take turns in bursts of a fraction of a millisecond: what
 * disturbs one disturbs its neighbours too and drops out of the ratio. The reference method runs
 * twice; the second, the control, must come out at 1, or the run is called noisy.
 */
#ifndef BENCH_H
#define BENCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_METHODS_MAX 16
#define BENCH_FRAME_MAX   1514

/* Exit statuses; the first two only with --check. */
#define BENCH_NOT_MET 1
#define BENCH_NOISY   77 /* for meson a skipped test */
#define BENCH_BROKEN  2  /* could not be run, or frames were lost */

/* Where a case runs. run.sh makes the devices: "near0" with its other end "far0", "ifb0", ... */
enum bench_device {
	BENCH_NO_DEVICE,
	BENCH_VETH,
	BENCH_IFB, /* drops what it is told to send: the price of the packet socket alone */
};

/* Whose receive counter must agree with what the methods claim. */
enum bench_counter {
	BENCH_COUNT_NONE,
	BENCH_COUNT_SENT,     /* the far end's (an ifb counts as its own far end) */
	BENCH_COUNT_RECEIVED, /* the near end's */
};

/* What is done: on which device, with frames of which size. */
struct bench_case {
	const char *name;
	enum bench_device device;
	size_t size;        /* bytes in lane->frame */
	const void *data;   /* the benchmark's own */
	unsigned int burst; /* operations at a time; 0: as many as elsewhere */
};

/* One method at work. */
struct bench_lane {
	const struct bench_method *method;
	const struct bench_case *what;
	char dev[IFNAMSIZ]; /* the method's device */
	char far[IFNAMSIZ]; /* the other end of it */
	uint8_t frame[BENCH_FRAME_MAX];
	void *state;     /* the method's */
	int feeder;      /* bench_feed()'s socket, -1 until used */
	bool wrong;      /* a frame was not as it should be */
	uint64_t done;   /* operations, by the method's account */
	uint64_t before; /* the device's counter when the lane opened */
};

/* A way of doing it. The functions return a negative errno when they fail. */
struct bench_method {
	const char *name;
	int (*setup)(struct bench_lane *lane);
	int (*fill)(struct bench_lane *lane, unsigned int n); /* before a burst, untimed; or NULL */
	int64_t (*burst)(struct bench_lane *lane, unsigned int n); /* returns operations done */
	void (*teardown)(struct bench_lane *lane); /* also after a setup that failed half-way */
	const void *data;                          /* the method's own */
};

/*
 * A ratio that is promised: "method" costs at most "limit" times what "against" costs. Left out
 * where the machine lacks one of them.
 */
struct bench_bar {
	const char *method;
	const char *against;
	double limit;     /* 0: printed, nothing promised */
	bool cpu;         /* CPU time in place of time */
	const char *what; /* the case; NULL: each */
};

/* A benchmark. The first method is the reference, the second the reference again: the control. */
struct bench {
	const char *name;
	const struct bench_method *methods;
	size_t n_methods;
	const struct bench_case *cases;
	size_t n_cases;
	const struct bench_bar *bars;
	size_t n_bars;
	enum bench_counter counter;
	unsigned int burst;  /* operations at a time */
	unsigned int rounds; /* bursts of every method in one repetition */
	unsigned int reps;   /* repetitions: every time anew, on other devices */
	unsigned int warmup; /* rounds of each repetition that do not count; 0: one */
	/*
	 * Not 0: the lanes of a round are all filled first, then rings get so long to hand over
	 * what they have, then it is drained. So much is nobody's to have in the processor's
	 * caches, and what is compared lies close together in time.
	 */
	unsigned int settle_ms;
};

/* How a ratio is spread: over all rounds, and from repetition to repetition. */
struct bench_spread {
	double median;
	double p25;
	double p75;
	double min; /* of the repetitions' medians */
	double max;
};

/* What was measured in one case: nanoseconds of each burst, a row of rounds * reps per method. */
struct bench_result {
	const struct bench *bench;
	const struct bench_case *what;
	unsigned int rounds;
	unsigned int reps;
	unsigned int warmup;
	unsigned int burst;
	int cpu;
	double *wall;
	double *busy; /* the thread's CPU time */
};

/* bench.c: the main program. Returns the exit status. */
int bench_main(const struct bench *b, int argc, char **argv);
int64_t bench_counted(struct bench_lane *lane, unsigned int n);

/* bench-report.c: print a case, also to "csv" unless NULL. Returns 0, BENCH_NOT_MET, BENCH_NOISY */
int bench_report(const struct bench_result *r, const char *csv);

/* bench-lane.c: devices, and the sockets on them. */
int bench_lane_open(struct bench_lane *lane, const struct bench *b, unsigned int device);
int bench_lane_check(const struct bench_lane *lane, const struct bench *b);
void bench_lane_close(struct bench_lane *lane);
bool bench_have_devices(const struct bench_case *what, size_t n);
int bench_socket(const char *dev, uint16_t protocol); /* bare, bound; 0 receives nothing */
int bench_bind(int fd, int ifindex, uint16_t protocol);
int bench_feed(struct bench_lane *lane, unsigned int n); /* n frames from the far end, a "fill" */
void bench_settle(int retire_ms); /* until rings with that timeout have handed all over */

/* bench-batch.c: a "burst"; the lane's state is the handle. */
int64_t bench_send_batch(struct bench_lane *lane, unsigned int n);

/*
 * bench-pcap.c: a libpcap handle with a timeout in ms, and a ring of so many bytes (0: as many as
 * libpcap likes). Returns NULL on failure.
 */
#define BENCH_PCAP_IMMEDIATE (-1) /* in place of a timeout: each frame at once */
struct pcap *bench_pcap_open(const char *dev, int timeout_ms, int ring_size);

#endif /* BENCH_H */
