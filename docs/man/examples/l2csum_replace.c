/* SPDX-License-Identifier: MIT */
/* Gives an IPv4 datagram another source address, as a NAT does. */
#include <stdio.h>
#include <string.h>
#include <l2sock/csum.h>

/* The header without options; UDP behind it. */
static void translate(uint8_t *ip, const uint8_t *address)
{
	uint8_t *udp = ip + 20;
	uint16_t ip_check, udp_check;
	uint32_t from, to;

	memcpy(&from, ip + 12, 4);
	memcpy(&to, address, 4);
	memcpy(ip + 12, &to, 4);
	memcpy(&ip_check, ip + 10, 2);
	ip_check = l2csum_replace32(ip_check, from, to);
	memcpy(ip + 10, &ip_check, 2);
	memcpy(&udp_check, udp + 6, 2);
	udp_check = l2csum_udp(udp_check,
			       l2csum_replace32(udp_check, from, to));
	memcpy(udp + 6, &udp_check, 2);
}

/* Whether the UDP checksum is good, or there is none. */
static int is_good(const uint8_t *ip)
{
	const uint8_t *udp = ip + 20;
	const uint32_t len = (uint32_t)udp[4] << 8 | udp[5];
	struct l2csum sum = { 0 };

	l2csum_add_pseudo4(&sum, ip + 12, ip + 16, 17, len);
	l2csum_add(&sum, udp, len);
	return (udp[6] == 0 && udp[7] == 0) || l2csum_finish(&sum) == 0;
}

int main(void)
{
	uint8_t ip[20 + 8 + 5] = { 0x45, 0,    0,    33,  0,   0,  0x40,
				   0,    64,   17,   0,   0,   10, 0,
				   0,    1,    198,  51,  100, 7,  0x0f,
				   0xa0, 0x13, 0x88, 0,   13,  0,  0,
				   'h',  'e',  'l',  'l', 'o' };
	const uint8_t outside[4] = { 192, 0, 2, 1 };
	struct l2csum sum = { 0 };
	uint16_t check = l2csum_ip4(ip, 20);

	memcpy(ip + 10, &check, 2);
	l2csum_add_pseudo4(&sum, ip + 12, ip + 16, 17, 13);
	l2csum_add(&sum, ip + 20, 13);
	check = l2csum_nonzero(l2csum_finish(&sum));
	memcpy(ip + 26, &check, 2);
	translate(ip, outside);
	printf("header %s, datagram %s\n",
	       l2csum_ip4(ip, 20) ? "bad" : "good",
	       is_good(ip) ? "good" : "bad");
	return 0;
}
