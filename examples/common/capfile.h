/* SPDX-License-Identifier: MIT */
/* Capture files, by way of libpcap. */
#ifndef CAPFILE_H
#define CAPFILE_H

#include <stddef.h>
#include <l2sock/types.h>

struct capfile;

/* A frame of a file; the bytes are valid until the next one is read. */
struct capframe {
	const uint8_t *data;
	uint32_t len;       /* bytes in the file */
	uint32_t wire_len;  /* bytes it had on the wire */
	uint64_t timestamp; /* ns since 1970-01-01 UTC */
};

/*
 * capfile_create makes a file for Ethernet frames with nanosecond time stamps, capfile_open opens
 * one with Ethernet frames; "-" is stdout or stdin. NULL with a sentence in @why on failure.
 */
struct capfile *capfile_create(const char *path, uint32_t snaplen, char *why, size_t size);
struct capfile *capfile_open(const char *path, char *why, size_t size);

/* Frames as they were on the wire. capfile_write and _flush return 0 or a negative errno. */
int capfile_write(struct capfile *f, const struct l2pkt *pkt);
int capfile_flush(struct capfile *f);

/* Returns 1 with a frame, 0 at the end, -1 when the file is damaged: capfile_why() tells. */
int capfile_read(struct capfile *f, struct capframe *ret);
const char *capfile_why(const struct capfile *f);

/* NULL is fine. Returns 0, or a negative errno when bytes written did not reach the file. */
int capfile_close(struct capfile *f);

#endif /* CAPFILE_H */
