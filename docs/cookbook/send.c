/* SPDX-License-Identifier: MIT */
/* Recipes of cookbook.md: sending, building, parsing, checksums, text. */
#include <errno.h>
#include <l2sock/csum.h>
#include <l2sock/frame.h>
#include <l2sock/l2sock.h>
#include <l2sock/pace.h>
#include <l2sock/text.h>
#include <stdio.h>
#include <string.h>

int64_t udp_in_a_vlan(uint8_t *buf, size_t size, const uint8_t *dst,
		      const uint8_t *src, const uint8_t *from,
		      const uint8_t *to)
{
	struct l2frame f;

	l2frame_init(&f, buf, size);
	l2frame_eth(&f, dst, src);
	l2frame_vlan(&f, L2_TPID_8021Q, l2frame_tci(3, 0, 100));
	l2frame_ip4(&f, from, to);
	l2frame_udp(&f, 4000, 5000);
	l2frame_payload(&f, "hello", 5);
	l2frame_pad(&f, L2FRAME_PAD);
	return l2frame_finish(&f);
}

int64_t wrong_checksum(struct l2frame *f)
{
	l2frame_set(f, L2UDP_CSUM, 0xdead);
	l2frame_set(f, L2IP4_TTL, 1);
	return l2frame_finish(f);
}

int why_not_built(const struct l2frame *f)
{
	struct l2err why;
	int r = l2frame_error(f, &why);

	if (r < 0)
		puts(why.text);
	return r;
}

int by_name_of_interface(struct l2sock *everywhere, uint32_t ifindex,
			 const void *frame, uint32_t len)
{
	struct l2tx tx = { 0 };

	tx.data = frame;
	tx.len = len;
	tx.ifindex = ifindex;
	return l2sock_send_to(everywhere, &tx, L2_SEC);
}

int header_by_the_kernel(struct l2sock *cooked, const uint8_t *to,
			 const void *packet, uint32_t len)
{
	struct l2tx tx = { 0 };

	tx.data = packet;
	tx.len = len;
	tx.protocol = L2_ETHERTYPE_IP4;
	tx.addr_len = L2_MAC_LEN;
	memcpy(tx.addr, to, L2_MAC_LEN);
	return l2sock_send_to(cooked, &tx, L2_SEC);
}

int64_t header_and_payload_apart(struct l2sock *s,
				 const struct l2piece pieces[2])
{
	struct l2tx tx = { 0 };

	tx.pieces = pieces;
	tx.n_pieces = 2;
	return l2sock_send_to(s, &tx, L2_SEC);
}

int so_many_a_second(struct l2sock *s, const void *frame, size_t len)
{
	struct l2pace pace = { .rate = 1000 };
	int i, r = 0;

	for (i = 0; i < 5000 && r == 0; i++) {
		r = (int)l2pace_wait(&pace, 1);
		if (r > 0)
			r = l2sock_send(s, frame, len, L2_SEC);
	}
	return r;
}

int port_of(const struct l2pkt *pkt)
{
	struct l2parse p;
	uint64_t port;

	l2parse_pkt(&p, pkt, 0);
	if (l2parse_get(&p, L2UDP_DPORT, &port) < 0)
		return -ENOENT;
	return (int)port;
}

size_t in_one_line(const struct l2pkt *pkt, char *text, size_t size)
{
	struct l2parse p;

	l2parse_pkt(&p, pkt, 0);
	return l2parse_print(&p, text, size);
}

int bad_checksums(const struct l2parse *p)
{
	int bad = 0;
	uint32_t i;

	for (i = 0; i < p->n; i++)
		bad += l2parse_verdict(p, i) == L2VERDICT_BAD;
	return bad;
}

void lower_ttl(uint8_t *ip)
{
	uint16_t check, from, to;

	memcpy(&from, ip + 8, 2); /* TTL and protocol */
	ip[8]--;
	memcpy(&to, ip + 8, 2);
	memcpy(&check, ip + 10, 2);
	check = l2csum_replace16(check, from, to);
	memcpy(ip + 10, &check, 2);
}

int read_address(const char *text, uint8_t *mac)
{
	struct l2err why;
	int r = l2text_parse_mac(text, mac, &why);

	if (r < 0)
		puts(why.text);
	return r;
}
