/* SPDX-License-Identifier: MIT */
/* Traffic that never stops, by bare system calls. */
#ifndef TEST_FLOOD_H
#define TEST_FLOOD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Starts a process that sends the frame on the interface, as fast as it can or, with a pause,
 * so many microseconds apart. Returns when the first frames are out.
 */
pid_t flood_start(const char *ifname, const uint8_t *frame, size_t len, unsigned int pause_us);
void flood_stop(pid_t pid);

/* A bare sending socket: what the tests send with, so as not to test the library by itself. */
int flood_socket(const char *ifname);
void flood_send(int fd, const uint8_t *frame, size_t len);

#endif /* TEST_FLOOD_H */
