/* SPDX-License-Identifier: MIT */
/* What tcpdump saw on an interface: an eyewitness that is not ours. */
#ifndef TEST_TCPDUMP_H
#define TEST_TCPDUMP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tcpdump {
	pid_t pid;
	char file[64];
	/* After tcpdump_stop(): */
	size_t count;
	uint8_t *bytes;  /* all frames, one behind the other */
	size_t *offsets; /* count + 1 of them */
};

/* Skips the case where there is no tcpdump. Returns when it captures. */
void tcpdump_start(struct tcpdump *t, const char *ifname, const char *expression);

/* Waits until it has seen as many frames, ends it and loads them. */
void tcpdump_stop(struct tcpdump *t, size_t expected);

const uint8_t *tcpdump_frame(const struct tcpdump *t, size_t i, size_t *len);
void tcpdump_free(struct tcpdump *t);

#endif /* TEST_TCPDUMP_H */
