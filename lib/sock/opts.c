/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sock-internal.h"

void l2sock_opts_init(struct l2sock_opts *opts, uint32_t size)
{
	if (size < sizeof(opts->size))
		return;
	memset(opts, 0, size);
	opts->size = size;
}
