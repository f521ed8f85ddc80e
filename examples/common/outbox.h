/* SPDX-License-Identifier: MIT */
/* Frames on their way out: collected, sent together, and sent again while there is no room. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stddef.h>
#include <stdint.h>
#include <l2sock/l2sock.h>

#include "complaints.h"

#define OUTBOX_MOST 1024 /* frames */

/* Starts as zero but for the handle, the program's name, the number of frames and the address. */
struct outbox {
	struct l2sock *s;
	const char *program;
	size_t room;       /* frames to collect before they are sent */
	struct l2tx model; /* what all frames have in common */
	struct l2tx *tx;
	size_t n;
	uint8_t *bytes; /* of the frames collected */
	size_t used;
	uint64_t sent;
	uint64_t failed;
	struct complaints complaints;
};

/* Returns 0 or -ENOMEM. */
int outbox_open(struct outbox *o);

/*
 * Takes a copy of the frame, and sends all when there are as many as wanted. Returns 0 also when
 * some failed; -ENODEV, -ENOMEM or -ECANCELED when there is no going on.
 */
int outbox_add(struct outbox *o, const void *frame, size_t len);

/* Sends what is left. */
int outbox_flush(struct outbox *o);

/* A frame that could not even be tried. */
void outbox_fail(struct outbox *o, const char *sentence);

void outbox_close(struct outbox *o);

#endif /* OUTBOX_H */
