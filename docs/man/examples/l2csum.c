/* SPDX-License-Identifier: MIT */
/* Puts an IPv4 header, a UDP header and a payload in two pieces together. */
#include <stdio.h>
#include <string.h>
#include <l2sock/csum.h>

#define IP_LEN  20
#define UDP_LEN 8

int main(void)
{
	uint8_t packet[128] = { 0x45, 0,  0,   0, 0,    0,    0x40, 0,
				64,   17, 0,   0, 192,  0,    2,    1,
				198,  51, 100, 7, 0x0f, 0xa0, 0x13, 0x88 };
	static const char name[] = "temperature";
	static const char value[] = "=21.5";
	uint8_t *udp = packet + IP_LEN;
	uint32_t len = UDP_LEN + (uint32_t)strlen(name) +
		       (uint32_t)strlen(value);
	struct l2csum sum = { 0 };
	uint16_t check;

	packet[3] = (uint8_t)(IP_LEN + len);
	check = l2csum_ip4(packet, IP_LEN);
	memcpy(packet + 10, &check, sizeof(check));

	udp[5] = (uint8_t)len;
	l2csum_add_pseudo4(&sum, packet + 12, packet + 16, 17, len);
	l2csum_add(&sum, udp, UDP_LEN);
	l2csum_copy(&sum, udp + UDP_LEN, name, strlen(name));
	l2csum_copy(&sum, udp + UDP_LEN + strlen(name), value,
		    strlen(value));
	check = l2csum_nonzero(l2csum_finish(&sum));
	memcpy(udp + 6, &check, sizeof(check));

	printf("header %02x%02x, datagram %02x%02x\n", packet[10],
	       packet[11], udp[6], udp[7]);
	return 0;
}
