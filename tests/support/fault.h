/* SPDX-License-Identifier: MIT */
/*
 * fault.h - the library with system calls that fail on demand
 *
 * fault.c takes the place of lib/sock/sys.c: it makes the same calls, counts them, and lets one of
 * them fail without being made.
 */
#ifndef TEST_FAULT_H
#define TEST_FAULT_H

/* The nth call from now (1 is the next) fails with the code, a negative errno; once. */
void fault_arm(int nth, int code);

/* No call fails any more. Returns how many were made since fault_arm(). */
int fault_disarm(void);

/* From now on every barrier fails, as on kernels that have none; or none does. */
void fault_no_barrier(int on);

#endif /* TEST_FAULT_H */
