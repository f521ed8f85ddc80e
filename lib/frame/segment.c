/* SPDX-License-Identifier: MIT */
/* Super-frames cut into frames, field by field as the kernel's software segmentation does it. */
#include <errno.h>
#include <l2sock/segment.h>

#include "verdict-internal.h"

#define IP4_LEN_AT  2
#define IP4_ID_AT   4
#define IP4_CSUM_AT 10
#define IP6_LEN_AT  4
#define IP6_LEN     40
#define TCP_SEQ_AT  4
#define TCP_FLAG_AT 13
#define TCP_CSUM_AT 16
#define UDP_LEN_AT  4
#define UDP_CSUM_AT 6

/* The outermost IP header and what it carries, as indexes into the table of layers. */
struct headers {
	uint32_t ip;
	uint32_t transport;
};

static int is_ip(uint8_t proto)
{
	return proto == L2PROTO_IP4 || proto == L2PROTO_IP6;
}

static int is_extension(uint8_t proto)
{
	return proto == L2PROTO_HOP || proto == L2PROTO_DEST || proto == L2PROTO_ROUTING;
}

static struct headers find_headers(const struct l2parse *p)
{
	struct headers h = { 0 };

	while (h.ip < p->n && !is_ip(p->layer[h.ip].proto))
		h.ip++;
	h.transport = h.ip + 1;
	while (h.transport < p->n && is_extension(p->layer[h.transport].proto))
		h.transport++;
	return h;
}

static int is_of_type(uint8_t gso_type, uint8_t ip, uint8_t transport)
{
	switch (gso_type) {
	case L2_GSO_TCP4:
		return ip == L2PROTO_IP4 && transport == L2PROTO_TCP;
	case L2_GSO_TCP6:
		return ip == L2PROTO_IP6 && transport == L2PROTO_TCP;
	default:
		return transport == L2PROTO_UDP;
	}
}

/* Whether what the parser found can be cut. */
static int check_headers(const struct l2parse *p, struct headers h, uint8_t gso_type)
{
	const struct l2layer *ip = &p->layer[h.ip];

	if (h.transport >= p->n)
		return p->stop == L2PARSE_TRUNCATED ? -ENODATA : -EBADMSG;
	if (!is_of_type(gso_type, ip->proto, p->layer[h.transport].proto))
		return -EBADMSG;
	if (ip->flags & L2LAYER_FRAGMENT)
		return -EBADMSG;
	if (ip->flags & L2LAYER_CUT)
		return -ENODATA;
	/* The length of a jumbogram stands in an option, which its segments would have to lose. */
	if (ip->flags & L2LAYER_NO_LEN && ip[1].proto == L2PROTO_HOP)
		return -EOPNOTSUPP;
	return 0;
}

static uint32_t next_size(const struct l2segment *s)
{
	const uint32_t rest = s->end - s->at;

	return rest < s->gso_size ? rest : s->gso_size;
}

/* What the length field of the IP header tells of a segment with so much payload. */
static uint32_t ip_len(const struct l2segment *s, uint32_t size)
{
	const uint32_t len = s->hdr_len - s->ip + size;

	return s->frame[s->ip] >> 4 == 4 ? len : len - IP6_LEN;
}

static int take(struct l2segment *s, const struct l2parse *p, struct headers h)
{
	const struct l2layer *ip = &p->layer[h.ip];
	const struct l2layer *transport = &p->layer[h.transport];
	struct l2csum seed = { 0 };
	uint32_t payload;

	/* Only a header with its addresses in options that are not there has no pseudo-header. */
	if (transport->at + transport->len > UINT16_MAX ||
	    l2verdict_pseudo(p, h.transport, 0, &seed) < 0)
		return -EBADMSG;
	s->hdr_len = (uint16_t)(transport->at + transport->len);
	s->ip = (uint16_t)ip->at;
	s->transport = (uint16_t)transport->at;
	s->at = s->hdr_len;
	s->end = ip->end;
	s->seed = l2csum_fold(&seed);
	payload = s->end - s->at;
	s->n = payload ? (payload - 1) / s->gso_size + 1 : 1;
	return ip_len(s, next_size(s)) > UINT16_MAX ? -EMSGSIZE : 0;
}

int l2segment_begin(struct l2segment *s, const void *frame, size_t len, uint8_t gso_type,
		    uint16_t gso_size)
{
	struct l2segment new = { .frame = frame, .gso_type = gso_type, .gso_size = gso_size };
	struct headers h;
	struct l2parse p;
	int r;

	if (!s || !gso_size ||
	    (gso_type != L2_GSO_TCP4 && gso_type != L2_GSO_TCP6 && gso_type != L2_GSO_UDP))
		return -EINVAL;
	r = l2parse_frame(&p, frame, len, 0);
	if (r < 0)
		return r;
	h = find_headers(&p);
	r = check_headers(&p, h, gso_type);
	if (r == 0)
		r = take(&new, &p, h);
	if (r < 0)
		return r;
	*s = new;
	return (int)new.n;
}

static void write_ip(const struct l2segment *s, uint8_t *ip, uint32_t size)
{
	const uint16_t len = (uint16_t)ip_len(s, size);
	uint16_t check = 0;

	if (ip[0] >> 4 == 6) {
		l2bytes_put16(ip + IP6_LEN_AT, len);
		return;
	}
	l2bytes_put16(ip + IP4_LEN_AT, len);
	l2bytes_put16(ip + IP4_ID_AT, (uint16_t)(l2bytes_get16(ip + IP4_ID_AT) + s->index));
	memcpy(ip + IP4_CSUM_AT, &check, sizeof(check));
	check = l2csum_ip4(ip, (ip[0] & 0xfu) * 4u);
	memcpy(ip + IP4_CSUM_AT, &check, sizeof(check));
}

static void write_tcp(const struct l2segment *s, uint8_t *tcp)
{
	const uint32_t done = s->index * (uint32_t)s->gso_size;

	l2bytes_put32(tcp + TCP_SEQ_AT, l2bytes_get32(tcp + TCP_SEQ_AT) + done);
	if (s->index)
		tcp[TCP_FLAG_AT] &= (uint8_t)~L2TCP_FLAG_CWR;
	if (s->index + 1 < s->n)
		tcp[TCP_FLAG_AT] &= (uint8_t) ~(L2TCP_FLAG_FIN | L2TCP_FLAG_PSH);
}

/* Sums up pseudo-header, header and payload, the latter as given. */
static void write_csum(const struct l2segment *s, uint8_t *transport, uint32_t size,
		       const struct l2csum *payload)
{
	const int is_udp = s->gso_type == L2_GSO_UDP;
	uint8_t *field = transport + (is_udp ? UDP_CSUM_AT : TCP_CSUM_AT);
	const uint16_t header = (uint16_t)(s->hdr_len - s->transport);
	const uint16_t len = l2bytes_swap16((uint16_t)(header + size));
	struct l2csum sum = { .sum = (uint64_t)s->seed + len };
	uint16_t check = 0;

	memcpy(field, &check, sizeof(check));
	l2csum_add(&sum, transport, header);
	l2csum_append(&sum, payload);
	check = l2csum_finish(&sum);
	if (is_udp)
		check = l2csum_nonzero(check);
	memcpy(field, &check, sizeof(check));
}

int64_t l2segment_next(struct l2segment *s, void *buf, size_t cap)
{
	struct l2csum payload = { 0 };
	uint8_t *out = buf;
	uint32_t size;

	if (!s || !buf)
		return -EINVAL;
	if (s->index == s->n)
		return 0;
	size = next_size(s);
	if (cap < s->hdr_len + (size_t)size)
		return -EMSGSIZE;
	memcpy(out, s->frame, s->hdr_len);
	l2csum_copy(&payload, out + s->hdr_len, s->frame + s->at, size);
	write_ip(s, out + s->ip, size);
	if (s->gso_type == L2_GSO_UDP)
		l2bytes_put16(out + s->transport + UDP_LEN_AT,
			      (uint16_t)(s->hdr_len - s->transport + size));
	else
		write_tcp(s, out + s->transport);
	write_csum(s, out + s->transport, size, &payload);
	s->at += size;
	s->index++;
	return (int64_t)s->hdr_len + size;
}
