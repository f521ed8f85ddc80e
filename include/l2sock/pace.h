/* SPDX-License-Identifier: MIT */
/*
 * pace.h - so many frames a second
 *
 *	struct l2pace pace = { .rate = 10000 };
 *
 *	while ((n = l2pace_wait(&pace, 64)) > 0)
 *		send(n);
 *
 * Frame number k is due k / rate seconds after the first, however long the sending of those before
 * took: being late now and then does not lower the rate. Who falls far behind does not make up for
 * it in one burst: what exceeds "burst" is left out and counted.
 *
 * All but the last function are arithmetic on times that the caller passes: on CLOCK_MONOTONIC, or
 * on any other clock.
 */
#ifndef L2SOCK_PACE_H
#define L2SOCK_PACE_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A schedule. The caller sets the first two fields and leaves the others 0. Frozen: 48 bytes on
 * every architecture. One at a time per schedule may use it.
 */
struct l2pace {
	uint64_t rate;     /* frames a second; 0, and more than 1000000000: no limit */
	uint64_t burst;    /* the most that may be late; 0: those of 20 ms, at least 16 */
	uint64_t start;    /* when frame 0 was due; 0 before that */
	uint64_t taken;    /* frames since then; whole seconds move into "start" */
	uint64_t skipped;  /* frames that were left out */
	uint64_t reserved; /* 0 */
};

/*
 * l2pace_due - take the frames that are due
 *
 * @now:  the time in nanoseconds
 * @most: frames that the caller would send at once
 *
 * The first call starts the schedule, and one frame is due.
 *
 * Returns how many, at most @most, shall be sent now; 0 when it is too early, or @now lies before
 * the start. Without a limit always @most.
 *
 * Safe from any thread, on different schedules. Since 0.1.
 */
L2_API uint32_t l2pace_due(struct l2pace *p, uint64_t now, uint32_t most);

/*
 * l2pace_next - when is the next frame due?
 *
 * For a program with a loop of its own: the time to wake up. Returns nanoseconds on the same clock;
 * 0 before the first frame, and without a limit.
 *
 * Safe from any thread, on different schedules. Since 0.1.
 */
L2_API uint64_t l2pace_next(const struct l2pace *p);

/*
 * l2pace_wait - wait for the next frame on CLOCK_MONOTONIC, and take all that are due then
 *
 * @most: frames that the caller would send at once
 *
 * Sleeps while the next frame is further away than a sleep's own error, and looks at the clock all
 * the time for the rest, about 0.1 ms. So the processor is idle at low rates, and at rates of 10000
 * and more, where it is not, no frame waits for others to go with.
 *
 * Returns how many, at most @most, shall be sent now, or
 *   -EINTR   a signal came
 *   -EINVAL  @p is NULL, or @most is 0
 *
 * Safe from any thread, on different schedules. Since 0.1.
 */
L2_API int64_t l2pace_wait(struct l2pace *p, uint32_t most);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_PACE_H */
