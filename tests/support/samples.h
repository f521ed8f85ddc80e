/* SPDX-License-Identifier: MIT */
/* Frames of every kind that the builder makes, to be built and taken apart. */
#ifndef TEST_SAMPLES_H
#define TEST_SAMPLES_H

#include <l2sock/frame.h>

struct sample {
	const char *layers; /* as in "eth/vlan/ip4/udp" */
	size_t payload;     /* bytes behind the last of them */
	size_t trailer;     /* bytes of padding */
	void (*add)(struct l2frame *f);
};

extern const struct sample samples[];
extern const size_t n_samples;

extern const uint8_t sample_dst[6];
extern const uint8_t sample_src[6];
extern const uint8_t sample_ip4_src[4];
extern const uint8_t sample_ip4_dst[4];
extern const uint8_t sample_ip6_src[16];
extern const uint8_t sample_ip6_dst[16];

/* Bytes that differ from their neighbours, as many as anybody needs. */
extern uint8_t sample_data[70000];

/* Builds a sample into @buf of @cap bytes, and requires that it works. Returns its length. */
size_t sample_build(const struct sample *sample, uint8_t *buf, size_t cap);

#endif /* TEST_SAMPLES_H */
