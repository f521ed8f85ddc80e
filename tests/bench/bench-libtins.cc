/* SPDX-License-Identifier: MIT */
#include <tins/utils/checksum_utils.h>

#include "bench-peers.h"

uint64_t bench_libtins_sum(const void *data, size_t len)
{
	const uint8_t *bytes = static_cast<const uint8_t *>(data);

	return Tins::Utils::sum_range(bytes, bytes + len);
}
