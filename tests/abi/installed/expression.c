/* SPDX-License-Identifier: MIT */
/* A user's first program with the companion, valid C and C++: it needs no rights and no socket. */
#include <stdio.h>
#include <string.h>

#include <l2sock/filter.h>
#include <l2sock/pcap.h>

int main(void)
{
	static struct l2insn insns[L2_FILTER_MAX];
	struct l2err err;
	uint8_t frame[60];
	int64_t n;

	memset(frame, 0, sizeof(frame));
	frame[12] = L2_ETHERTYPE_ARP >> 8;
	frame[13] = L2_ETHERTYPE_ARP & 0xff;
	n = l2pcap_compile("arp", NULL, insns, L2_FILTER_MAX, &err);
	if (n < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return l2filter_run(insns, (size_t)n, frame, sizeof(frame), NULL) == L2_FRAME_MAX ? 0 : 1;
}
