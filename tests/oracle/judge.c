/* SPDX-License-Identifier: MIT */
/*
 * judge IN.pcap [OUT.pcap] - what the library says of the checksums in a file of craft's
 *
 * Prints a line for each frame: its layers, each with its verdict. Writes the frames put right.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <l2sock/frame.h>

#define FILE_HEADER  24
#define FRAME_HEADER 16
#define LENGTH_AT    8

static uint8_t frame[65536];

static void print_verdicts(const struct l2parse *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		printf("%s%s=%s", i ? "," : "", l2proto_name(p->layer[i].proto),
		       l2verdict_name((uint32_t)l2parse_verdict(p, i)));
	printf("\n");
}

static int judge(FILE *in, FILE *out)
{
	uint8_t header[FRAME_HEADER];
	struct l2parse p;
	uint32_t len;

	while (fread(header, sizeof(header), 1, in) == 1) {
		memcpy(&len, header + LENGTH_AT, sizeof(len));
		if (len > sizeof(frame) || fread(frame, 1, len, in) != len)
			return -1;
		l2parse_frame(&p, frame, len, 0);
		print_verdicts(&p);
		if (!out)
			continue;
		l2parse_fix(&p, frame);
		if (fwrite(header, sizeof(header), 1, out) != 1 ||
		    fwrite(frame, 1, len, out) != len)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	FILE *in = argc > 1 ? fopen(argv[1], "rb") : NULL;
	FILE *out = argc > 2 ? fopen(argv[2], "wb") : NULL;
	uint8_t header[FILE_HEADER];
	int r;

	if (!in || (argc > 2 && !out) || fread(header, sizeof(header), 1, in) != 1) {
		fprintf(stderr, "usage: judge IN.pcap [OUT.pcap]\n");
		return 2;
	}
	if (out)
		fwrite(header, sizeof(header), 1, out);
	r = judge(in, out);
	fclose(in);
	if (out && fclose(out))
		r = -1;
	return r < 0 ? 1 : 0;
}
