/* SPDX-License-Identifier: MIT */
#include <libnet.h>

#include "bench-peers.h"

uint64_t bench_libnet_sum(const void *data, size_t len)
{
	return (uint64_t)(unsigned int)libnet_in_cksum((uint16_t *)(uintptr_t)data, (int)len);
}
