/* SPDX-License-Identifier: MIT */
/*
 * parse.h - take a frame apart: one pass, nothing copied
 *
 *	struct l2parse p;
 *
 *	l2parse_frame(&p, data, len, 0);
 *	if (l2parse_get(&p, L2UDP_DPORT, &port) == 0 && port == 53)
 *		query(p.data + p.payload, p.payload_len);
 *
 * Nothing is ever read beyond the bytes given, and every layer in the table is whole.
 */
#ifndef L2SOCK_PARSE_H
#define L2SOCK_PARSE_H

#include <l2sock/proto.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2PARSE_LAYERS 32 /* layers of one frame */

/* Flags of the parsing functions. */
#define L2PARSE_STRICT 0x1u /* a frame with something wrong is an error */

/* l2parse.stop: why no further layer was found. */
#define L2PARSE_END       0 /* the last layer has payload or nothing */
#define L2PARSE_UNKNOWN   1 /* the payload is of a protocol that the library does not know */
#define L2PARSE_FRAGMENT  2 /* the payload is a fragment other than the first */
#define L2PARSE_TRUNCATED 3 /* the bytes end inside the next header */
#define L2PARSE_MALFORMED 4 /* a header breaks a rule of its protocol */
#define L2PARSE_DEEP      5 /* L2PARSE_LAYERS are used up */

/* l2layer.flags */
#define L2LAYER_CUT      0x01u /* its length field tells more bytes than there are */
#define L2LAYER_FRAGMENT 0x02u /* part of a packet: first, middle or last */
#define L2LAYER_MERGED   0x04u /* a tag that is not in the bytes: see l2parse_pkt() */
#define L2LAYER_NO_LEN   0x08u /* its length field is 0, as in a super-frame: taken as the rest */

/* One header. Frozen: 12 bytes. What it carries is what stands from at + len to end. */
struct l2layer {
	uint32_t at;   /* where the header begins, bytes from the start of the frame */
	uint32_t end;  /* where the packet ends by the length fields, at most the frame's end */
	uint16_t len;  /* bytes of header, options included */
	uint8_t proto; /* L2PROTO_* */
	uint8_t flags; /* L2LAYER_* */
};

/* A frame taken apart. Frozen; needs no initialising. It refers to the bytes, which stay put. */
struct l2parse {
	const uint8_t *data;                  /* the frame */
	uint32_t len;                         /* bytes there */
	uint32_t wire_len;                    /* bytes it had on the wire: more where it was cut */
	uint32_t payload;                     /* where the payload of the last layer begins */
	uint32_t payload_len;                 /* its bytes, without padding */
	uint32_t trailer_len;                 /* bytes at the end that belong to no packet */
	uint16_t stop;                        /* L2PARSE_* */
	uint16_t csum;                        /* L2_CSUM_*, what the descriptor said */
	uint16_t tpid;                        /* of the tag with L2LAYER_MERGED */
	uint16_t tci;                         /* likewise */
	uint32_t n;                           /* layers */
	struct l2layer layer[L2PARSE_LAYERS]; /* outermost first */
};

/*
 * l2parse_frame - take an Ethernet frame apart
 *
 * @p:	   where the layers go
 * @data:  the frame, @len bytes; kept by @p
 * @flags: 0, or L2PARSE_STRICT
 *
 * Without L2PARSE_STRICT every frame has a result: what is wrong ends the walk, and the rest is
 * payload. A length field that tells less than there is cuts the payload; what follows is the
 * trailer. One that tells more is taken for as much as there is.
 *
 * Returns the number of layers, or
 *   -EINVAL	@p or @data is NULL, unknown flags, or more than 1 GiB
 *   -ENODATA	strict: the frame ends inside a header or a packet
 *   -EBADMSG	strict: a header breaks a rule of its protocol
 *   -E2BIG	strict: there are more than L2PARSE_LAYERS
 *
 * After a strict failure @p holds what it would hold without L2PARSE_STRICT.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_frame(struct l2parse *p, const void *data, size_t len, uint32_t flags);

/*
 * l2parse_pkt - take a received frame apart, its descriptor's facts included
 *
 * @pkt: as l2sock_recv() filled it
 *
 * A VLAN tag that the kernel took out becomes a layer in its place, with L2LAYER_MERGED and length
 * 0; no byte moves. Where the frame was cut on its way here, what is missing is no error.
 *
 * Returns as l2parse_frame() does. Safe from any thread. Since 0.1.
 */
L2_API int l2parse_pkt(struct l2parse *p, const struct l2pkt *pkt, uint32_t flags);

/*
 * l2parse_packet - take bytes apart that begin with the header of another protocol
 *
 * @proto: L2PROTO_*, as in L2PROTO_IP4 for what a COOKED handle receives
 *
 * Returns as l2parse_frame() does; -EINVAL for no protocol too. Safe from any thread. Since 0.1.
 */
L2_API int l2parse_packet(struct l2parse *p, uint32_t proto, const void *data, size_t len,
			  uint32_t flags);

/*
 * l2parse_find - the first layer of a protocol, at or behind a given one
 *
 * @from: index of the layer to begin with: 0, or one more than was found before
 *
 * Returns its index, or -ENOENT if there is none. Safe from any thread. Since 0.1.
 */
L2_API int l2parse_find(const struct l2parse *p, uint32_t proto, uint32_t from);

/*
 * l2parse_get - read a field of the first layer of its protocol
 *
 * @field: L2<PROTOCOL>_<FIELD> of proto.h
 * @ret:   its value in host order
 *
 * Returns 0, or
 *   -ENOENT   no layer is of that protocol
 *   -ENODATA  the layer's header ends before the field
 *   -EINVAL   it is no field, or one of more than 64 bits
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_get(const struct l2parse *p, uint32_t field, uint64_t *ret);

/*
 * l2parse_get_at - read a field of one layer
 *
 * @index: of the layer
 *
 * Returns as l2parse_get() does; -ENOENT where the layer is of another protocol.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2parse_get_at(const struct l2parse *p, uint32_t index, uint32_t field, uint64_t *ret);

/*
 * l2parse_bytes - where a field of whole bytes stands, as in an address
 *
 * @index: of the layer
 *
 * Returns the field's first byte, in the frame; NULL where the layer does not have it, or where it
 * does not consist of whole bytes. Safe from any thread. Since 0.1.
 */
L2_API const uint8_t *l2parse_bytes(const struct l2parse *p, uint32_t index, uint32_t field);

/*
 * l2parse_print - write a frame in one line: what a person wants to know of each layer
 *
 * @buf:  where the text and a NUL go, as much of it as there is room for
 * @size: bytes at @buf; with 0 nothing is written
 *
 * As in "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, 802.1Q 5, IPv4 192.0.2.1 > 192.0.2.2, UDP 68 > 67".
 * The text may change with the version: it is not for programs.
 *
 * Returns the length of the whole text without the NUL, which may exceed what was written.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API size_t l2parse_print(const struct l2parse *p, char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_PARSE_H */
