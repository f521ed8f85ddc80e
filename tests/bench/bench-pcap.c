/* SPDX-License-Identifier: MIT */
/* libpcap as its users open it. Returns NULL on failure. */
#include <pcap/pcap.h>
#include <stdio.h>

#include "bench.h"

struct pcap *bench_pcap_open(const char *dev, int timeout_ms, int ring_size)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_create(dev, why);

	if (!p) {
		fprintf(stderr, "pcap_create: %s: %s\n", dev, why);
		return NULL;
	}
	if (pcap_set_timeout(p, timeout_ms) == 0 &&
	    (!ring_size || pcap_set_buffer_size(p, ring_size) == 0) && pcap_activate(p) == 0)
		return p;
	fprintf(stderr, "pcap_activate: %s: %s\n", dev, pcap_geterr(p));
	pcap_close(p);
	return NULL;
}
