/* SPDX-License-Identifier: MIT */
/*
 * types.h - descriptors, constants, time and version: plain data, no code
 *
 * Everything here is a number or a struct of numbers. Unless a comment says otherwise, lengths are
 * in bytes, times in nanoseconds and multi-byte values in host order. 0 always means "default",
 * "none" or "unknown".
 */
#ifndef L2SOCK_TYPES_H
#define L2SOCK_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define L2_API __attribute__((__visibility__("default")))
#else
#define L2_API
#endif

/*
 * What is too small to be called has its body in a header, too; the library exports every such
 * function all the same. With L2SOCK_NO_INLINE defined there are prototypes only.
 */
#ifndef L2SOCK_INLINE
#define L2SOCK_INLINE extern __inline__ __attribute__((__gnu_inline__))
#endif

/* The version of these headers; l2sock_version() tells that of the library in use. */
#define L2_VERSION_MAJOR 0
#define L2_VERSION_MINOR 1
#define L2_VERSION_MICRO 0
#define L2_VERSION       ((L2_VERSION_MAJOR << 16) | (L2_VERSION_MINOR << 8) | L2_VERSION_MICRO)

/* Timeouts are int64_t nanoseconds: 0 does not wait, L2_FOREVER waits without limit. */
#define L2_FOREVER (-1)
#define L2_USEC    INT64_C(1000)
#define L2_MSEC    INT64_C(1000000)
#define L2_SEC     INT64_C(1000000000)

/* Ethertypes, as l2sock_bind() and struct l2pkt use them: in host order. */
#define L2_ETHERTYPE_ALL    0x0003 /* every frame, outgoing ones too (the kernel's ETH_P_ALL) */
#define L2_ETHERTYPE_MIN    0x0600 /* smaller values in the type field are 802.3 lengths */
#define L2_ETHERTYPE_IP4    0x0800
#define L2_ETHERTYPE_ARP    0x0806
#define L2_ETHERTYPE_WOL    0x0842
#define L2_ETHERTYPE_RARP   0x8035
#define L2_ETHERTYPE_IP6    0x86dd
#define L2_ETHERTYPE_PAUSE  0x8808
#define L2_ETHERTYPE_SLOW   0x8809 /* LACP and others */
#define L2_ETHERTYPE_MPLS   0x8847
#define L2_ETHERTYPE_PPPOED 0x8863
#define L2_ETHERTYPE_PPPOES 0x8864
#define L2_ETHERTYPE_EAPOL  0x888e
#define L2_ETHERTYPE_ECAT   0x88a4
#define L2_ETHERTYPE_EXP1   0x88b5 /* IEEE local experimental 1 and 2 */
#define L2_ETHERTYPE_EXP2   0x88b6
#define L2_ETHERTYPE_LLDP   0x88cc
#define L2_ETHERTYPE_MACSEC 0x88e5
#define L2_ETHERTYPE_PTP    0x88f7

/* Tag protocol identifiers: the ethertype value that announces a VLAN tag. */
#define L2_TPID_8021Q  0x8100 /* customer tag */
#define L2_TPID_8021AD 0x88a8 /* service tag */
#define L2_TPID_QINQ   0x9100 /* service tag before 802.1ad; the kernel leaves it in the data */

#define L2_MAC_LEN        6      /* an Ethernet address */
#define L2_IP4_LEN        4      /* an IPv4 address */
#define L2_IP6_LEN        16     /* an IPv6 address */
#define L2_ETH_HEADER_LEN 14     /* two addresses and a type */
#define L2_VLAN_TAG_LEN   4      /* TPID and TCI */
#define L2_ADDR_MAX       32     /* the longest link-layer address of any device */
#define L2_HEADROOM       4      /* room kept in front of a received frame: one VLAN tag */
#define L2_FRAME_MAX      262144 /* holds every frame but BIG TCP super-frames */
#define L2_FILTER_MAX     4096   /* instructions in a classic-BPF program */
#define L2_PIECES_MAX     1024   /* pieces of one frame to send */

/*
 * One instruction of a classic-BPF program, in the layout of the kernel's struct sock_filter and
 * libpcap's struct bpf_insn: the output of "tcpdump -dd" initialises an array of these.
 */
struct l2insn {
	uint16_t code;
	uint8_t jt;
	uint8_t jf;
	uint32_t k;
};

/*
 * One piece of a frame that lies scattered in memory, in the layout of struct iovec. A piece of no
 * bytes may have any pointer.
 */
struct l2piece {
	const void *data;
	size_t len;
};

/* What a failing call without a handle has to say. Frozen: 256 bytes, needs no initialising. */
struct l2err {
	int32_t code;   /* the negative errno that the call returned */
	char text[252]; /* the step and the rule broken, one line, NUL-terminated */
};

/* l2pkt.valid: which facts of the descriptor are known. */
#define L2_VALID_WIRE_LEN  0x0001u
#define L2_VALID_TIMESTAMP 0x0002u
#define L2_VALID_IFINDEX   0x0004u
#define L2_VALID_PKTTYPE   0x0008u
#define L2_VALID_PROTOCOL  0x0010u
#define L2_VALID_VLAN      0x0020u /* L2_FLAG_TAGGED tells the truth */
#define L2_VALID_ADDR      0x0040u
#define L2_VALID_HASH      0x0080u
#define L2_VALID_GSO       0x0100u

/* l2pkt.flags */
#define L2_FLAG_TRUNCATED 0x0001u /* bytes of the frame are missing at its end */
#define L2_FLAG_TAGGED    0x0002u /* the kernel took a tag out: vlan_tpid, vlan_tci */
#define L2_FLAG_LOSING    0x0004u /* frames were dropped shortly before; receive rings only */

/* l2pkt.pkttype: whom the frame was for (the kernel's values). */
#define L2_PKTTYPE_HOST      0 /* this host */
#define L2_PKTTYPE_BROADCAST 1
#define L2_PKTTYPE_MULTICAST 2
#define L2_PKTTYPE_OTHERHOST 3 /* somebody else; seen in promiscuous mode */
#define L2_PKTTYPE_OUTGOING  4 /* sent by this host */

/* l2pkt.timestamp_source */
#define L2_TIME_NONE     0
#define L2_TIME_SOFTWARE 1 /* the kernel's clock (CLOCK_REALTIME) on arrival */
#define L2_TIME_NIC      2 /* the device's own clock */

/* l2pkt.csum: what the kernel knows about the transport checksum in the frame. */
#define L2_CSUM_UNKNOWN   0 /* nobody checked */
#define L2_CSUM_VALID     1 /* the device or the kernel checked it: good */
#define L2_CSUM_NOT_READY 2 /* left to a device: the field holds no final sum, this is no error */

/*
 * struct l2pkt - every fact the kernel tells about one received frame
 *
 * The same on every receive path. Frozen: 128 bytes on every architecture; it grows inside
 * "reserved", announced by new bits of "valid". A fact without its bit is 0.
 *
 * On the wire means: without the frame check sequence, with every VLAN tag. The kernel takes the
 * outermost 0x8100 or 0x88a8 tag out of a frame it receives; then L2_FLAG_TAGGED is set, the bytes
 * at "data" lack these four, and l2pkt_restore_tag() puts them back. Further tags, and one that a
 * sender on this host wrote into the frame itself, stay in the data.
 */
struct l2pkt {
	uint64_t timestamp;        /* ns since 1970-01-01 UTC (NIC clocks: since their own epoch) */
	uint32_t len;              /* bytes at data */
	uint32_t wire_len;         /* bytes on the wire */
	uint32_t valid;            /* L2_VALID_* */
	uint32_t flags;            /* L2_FLAG_* */
	uint32_t ifindex;          /* the interface it was seen on */
	uint32_t hash;             /* flow hash; receive rings only */
	uint16_t protocol;         /* the kernel's idea of the protocol in the frame */
	uint16_t vlan_tci;         /* priority, DEI, VLAN id of the removed tag */
	uint16_t vlan_tpid;        /* L2_TPID_* of the removed tag */
	uint16_t hatype;           /* device type, ARPHRD_*: 1 is Ethernet, 772 loopback */
	uint16_t headroom;         /* bytes in front of data that the caller may write */
	uint16_t gso_size;         /* segment size of a super-frame; handles with offload only */
	uint16_t reserved0[2];     /* 0 */
	uint8_t pkttype;           /* L2_PKTTYPE_* */
	uint8_t timestamp_source;  /* L2_TIME_* */
	uint8_t csum;              /* L2_CSUM_* */
	uint8_t gso_type;          /* kind of a super-frame; handles with offload only */
	uint8_t addr_len;          /* bytes in addr */
	uint8_t reserved1[3];      /* 0 */
	uint8_t *data;             /* the first byte of the link-layer header */
	uint8_t addr[L2_ADDR_MAX]; /* the sender's link-layer address, as the device gave it */
	uint8_t reserved2[40 - sizeof(uint8_t *)]; /* 0 */
};

/* l2offload.flags */
#define L2_OFFLOAD_CSUM 0x01u /* somebody below completes the sum at csum_start + csum_offset */

/* l2offload.gso_type: how a super-frame is cut (the values of struct virtio_net_hdr). */
#define L2_GSO_NONE 0
#define L2_GSO_TCP4 1
#define L2_GSO_TCP6 4
#define L2_GSO_UDP  5

/*
 * What of a frame is left to the kernel or the device. Frozen: 12 bytes.
 *
 * The field of the checksum holds the sum of the pseudo-header, folded and not complemented; what
 * completes it adds all bytes from csum_start to the end of the frame.
 */
struct l2offload {
	uint16_t csum_start;  /* bytes from the start of the frame */
	uint16_t csum_offset; /* from csum_start to the field */
	uint16_t hdr_len;     /* all headers, as every segment repeats them */
	uint16_t gso_size;    /* payload of a segment; 0: the frame goes out as it is */
	uint8_t gso_type;     /* L2_GSO_* */
	uint8_t flags;        /* L2_OFFLOAD_* */
	uint16_t reserved;    /* 0 */
};

/*
 * struct l2tx - one frame to send, and what became of it
 *
 * Zero it first, then set what is needed: the bytes, either all at "data" or as "pieces", and where
 * the handle does not know it, the address. Nothing of the caller's is copied or kept. Frozen: 128
 * bytes on every architecture; it grows inside "reserved", announced by bits of "flags".
 */
struct l2tx {
	uint64_t reserved0;           /* 0 */
	const void *data;             /* the frame, or NULL when it lies in pieces */
	const struct l2piece *pieces; /* its pieces in order, at most L2_PIECES_MAX */
	uint32_t len;                 /* bytes at data */
	uint32_t n_pieces;
	uint32_t ifindex;  /* the interface, on a handle on all of them; else 0 or the handle's */
	int32_t result;    /* out, of a batch: 0 or why it was not sent */
	uint32_t flags;    /* none defined: 0 */
	uint16_t protocol; /* cooked: the ethertype to send; raw: what it is for the kernel, or 0 */
	uint8_t addr_len;  /* bytes in addr; cooked handles only */
	uint8_t reserved1; /* 0 */
	uint8_t addr[L2_ADDR_MAX];                  /* the receiver's link-layer address */
	uint8_t reserved2[64 - 2 * sizeof(void *)]; /* 0 */
};

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_TYPES_H */
