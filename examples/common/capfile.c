/* SPDX-License-Identifier: MIT */
/* Capture files, by way of libpcap. */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capfile.h"

struct capfile {
	pcap_t *pcap;
	pcap_dumper_t *dumper; /* of files being written */
};

static struct capfile *refuse(struct capfile *f, const char *path, const char *reason, char *why,
			      size_t size)
{
	/* libpcap puts the name in front of some of its sentences. */
	if (!strncmp(reason, path, strlen(path)))
		snprintf(why, size, "%s", reason);
	else
		snprintf(why, size, "%s: %s", path, reason);
	capfile_close(f);
	return NULL;
}

struct capfile *capfile_create(const char *path, uint32_t snaplen, char *why, size_t size)
{
	struct capfile *f = calloc(1, sizeof(*f));
	int r;

	if (!f)
		return refuse(f, path, strerror(ENOMEM), why, size);
	f->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, (int)snaplen,
						       PCAP_TSTAMP_PRECISION_NANO);
	if (!f->pcap)
		return refuse(f, path, strerror(ENOMEM), why, size);
	f->dumper = pcap_dump_open(f->pcap, path);
	if (!f->dumper)
		return refuse(f, path, pcap_geterr(f->pcap), why, size);
	/* Whoever reads the other end of a pipe sees the header before the first frame. */
	r = capfile_flush(f);
	if (r < 0)
		return refuse(f, path, strerror(-r), why, size);
	return f;
}

struct capfile *capfile_open(const char *path, char *why, size_t size)
{
	struct capfile *f = calloc(1, sizeof(*f));
	char reason[PCAP_ERRBUF_SIZE];

	if (!f)
		return refuse(f, path, strerror(ENOMEM), why, size);
	f->pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (!f->pcap)
		return refuse(f, path, reason, why, size);
	if (pcap_datalink(f->pcap) != DLT_EN10MB) {
		snprintf(reason, sizeof(reason), "its link type is %d, not Ethernet (1)",
			 pcap_datalink(f->pcap));
		return refuse(f, path, reason, why, size);
	}
	return f;
}

/* The field for microseconds holds nanoseconds: that is how libpcap does it. */
int capfile_write(struct capfile *f, const struct l2pkt *pkt)
{
	struct pcap_pkthdr header = { .caplen = pkt->len, .len = pkt->wire_len };

	header.ts.tv_sec = (time_t)(pkt->timestamp / L2_SEC);
	header.ts.tv_usec = (suseconds_t)(pkt->timestamp % L2_SEC);
	pcap_dump((u_char *)f->dumper, &header, pkt->data);
	return ferror(pcap_dump_file(f->dumper)) ? -errno : 0;
}

int capfile_flush(struct capfile *f)
{
	if (pcap_dump_flush(f->dumper) < 0)
		return -errno;
	return 0;
}

int capfile_read(struct capfile *f, struct capframe *ret)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int r = pcap_next_ex(f->pcap, &header, &data);

	if (r != 1)
		return r == PCAP_ERROR_BREAK ? 0 : -1;
	*ret = (struct capframe) { .data = data, .len = header->caplen, .wire_len = header->len };
	ret->timestamp = (uint64_t)header->ts.tv_sec * L2_SEC + (uint64_t)header->ts.tv_usec;
	return 1;
}

const char *capfile_why(const struct capfile *f)
{
	return pcap_geterr(f->pcap);
}

int capfile_close(struct capfile *f)
{
	int r = 0;

	if (!f)
		return 0;
	if (f->dumper) {
		r = capfile_flush(f);
		pcap_dump_close(f->dumper);
	}
	if (f->pcap)
		pcap_close(f->pcap);
	free(f);
	return r;
}
