/* SPDX-License-Identifier: MIT */
/* What an IP header means to the transport checksum behind it. */
#ifndef L2SOCK_IP_INTERNAL_H
#define L2SOCK_IP_INTERNAL_H

#include "build-internal.h"

#define L2IP4_FLAGS_AT 6
#define L2IP4_PART     0x3fff /* more fragments, and the offset: the packet is not whole */

static inline void l2ip4_pseudo(const uint8_t *h, struct l2pseudo *ret)
{
	ret->src = h + 12;
	ret->dst = h + 16;
	ret->addr_len = 4;
	ret->fragment = (l2bytes_get16(h + L2IP4_FLAGS_AT) & L2IP4_PART) != 0;
}

static inline void l2ip6_pseudo(const uint8_t *h, struct l2pseudo *ret)
{
	if (!ret->src)
		ret->src = h + 8;
	if (!ret->dst)
		ret->dst = h + 24;
	ret->addr_len = 16;
}

#endif /* L2SOCK_IP_INTERNAL_H */
