/* SPDX-License-Identifier: MIT */
/* The kernel's packet-socket interface, completed where the installed headers are older than it. */
#ifndef L2SOCK_KERNEL_INTERNAL_H
#define L2SOCK_KERNEL_INTERNAL_H

#include <asm/socket.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <stdint.h>

#include <l2sock/types.h>

/* Time stamps with 64-bit seconds on every architecture (Linux 5.1). */
#ifndef SO_TIMESTAMPNS_NEW
#define SO_TIMESTAMPNS_NEW 64
#endif

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

#ifndef SKF_AD_VLAN_TPID
#define SKF_AD_VLAN_TPID 60
#endif

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

#ifndef SO_GET_FILTER
#define SO_GET_FILTER SO_ATTACH_FILTER
#endif

#ifndef SOCK_PACKET
#define SOCK_PACKET 10
#endif

/* The address of a frame, with room for the longest of a device. */
union l2kernel_address {
	struct sockaddr_ll ll;
	struct sockaddr_pkt pkt;
	uint8_t room[offsetof(struct sockaddr_ll, sll_addr) + L2_ADDR_MAX];
};

/* What SO_TIMESTAMPNS_NEW delivers; <linux/time_types.h> is newer than some supported headers. */
struct l2kernel_timespec {
	int64_t sec;
	int64_t nsec;
};

#endif /* L2SOCK_KERNEL_INTERNAL_H */
