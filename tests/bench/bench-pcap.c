/* SPDX-License-Identifier: MIT */
/* libpcap as its users open it. */
#include <pcap/pcap.h>
#include <stdio.h>

#include "bench.h"

#define PATIENCE_MS 1000 /* a frame that was lost shall not hang the run */

static bool configure(pcap_t *p, int timeout_ms, int ring_size)
{
	bool immediate = timeout_ms == BENCH_PCAP_IMMEDIATE;

	if (immediate && pcap_set_immediate_mode(p, 1))
		return false;
	if (ring_size && pcap_set_buffer_size(p, ring_size))
		return false;
	return pcap_set_timeout(p, immediate ? PATIENCE_MS : timeout_ms) == 0;
}

struct pcap *bench_pcap_open(const char *dev, int timeout_ms, int ring_size)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_create(dev, why);

	if (!p) {
		fprintf(stderr, "pcap_create: %s: %s\n", dev, why);
		return NULL;
	}
	if (configure(p, timeout_ms, ring_size) && pcap_activate(p) == 0)
		return p;
	fprintf(stderr, "pcap_activate: %s: %s\n", dev, pcap_geterr(p));
	pcap_close(p);
	return NULL;
}
