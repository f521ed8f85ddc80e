/* SPDX-License-Identifier: MIT */
/* DPDK has this in a header: it is as good as the compiler's options, here those of the rest. */
#include <rte_config.h>

#include <rte_ip.h>

#include "bench-peers.h"

uint64_t bench_dpdk_sum(const void *data, size_t len)
{
	return rte_raw_cksum(data, len);
}
