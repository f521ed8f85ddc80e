/* SPDX-License-Identifier: MIT */
/* libdnet, which Debian calls libdumbnet. */
#include <dumbnet.h>

#include "bench-peers.h"

uint64_t bench_libdnet_sum(const void *data, size_t len)
{
	return (uint64_t)(unsigned int)ip_cksum_add(data, len, 0);
}
