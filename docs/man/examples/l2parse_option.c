/* SPDX-License-Identifier: MIT */
/* Lists the options of a TCP header. */
#include <stdio.h>
#include <l2sock/frame.h>

/* From the TCP header on. */
static const uint8_t syn[] = {
	0x0f, 0xa0, 0x00, 0x50, 0, 0, 0, 1, 0, 0, 0,    0,
	0x70, 0x02, 0xff, 0xff, 0, 0, 0, 0, 2, 4, 0x05, 0xb4, /* MSS */
	3,    3,    7,    0 /* window scale */
};

int main(void)
{
	struct l2option o = { .next = 0 };
	struct l2tcpopts options;
	struct l2parse p;

	l2parse_packet(&p, L2PROTO_TCP, syn, sizeof(syn), 0);
	while (l2parse_option(&p, 0, &o) == 1)
		printf("kind %u with %u bytes\n", o.type, o.len);
	if (l2parse_tcp_options(&p, 0, &options) == 0 &&
	    options.valid & L2TCPOPTS_MSS)
		printf("MSS %u\n", options.mss);
	return 0;
}
