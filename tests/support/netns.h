/* SPDX-License-Identifier: MIT */
/* Private networks: every case makes its own, and all of it goes away with the case. */
#ifndef TEST_NETNS_H
#define TEST_NETNS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Moves the calling process into a new network namespace, quiet: no IPv6, so that nobody sends
 * unasked. Fails the case when that is not possible: wrap.sh has made the user namespace.
 */
void netns_enter(void);

/* Runs a shell command; the case fails when the command does. */
void netns_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Two connected interfaces, up, in the current namespace. */
void netns_veth(const char *a, const char *b);

/*
 * Waits until an interface passes frames on. The kernel starts its queue some time after the link
 * is up, and drops without a word what is sent before.
 */
void netns_await(const char *ifname);

/*
 * A process in a network namespace of its own, for a stack of the kernel's at the far end of a
 * veth pair. Ends with the case.
 */
pid_t netns_peer(void);

/* A number that the kernel shows for an interface: "promiscuity", "statistics/rx_packets"... */
long netns_value(const char *ifname, const char *attribute);

/* Addresses that the interface listens to beside its own. */
int netns_multicast_count(const char *ifname);

#endif /* TEST_NETNS_H */
