/* SPDX-License-Identifier: MIT */
/* Structs that begin with their size, from callers of any age. */
#include <errno.h>
#include <string.h>

#include "../../lib/sock/sock-internal.h"
#include "case.h"

#define KNOWN sizeof(struct l2sock_opts)

struct younger {
	struct l2sock_opts opts;
	uint8_t more[64];
};

CASE(opts, sizes)
{
	struct younger from = { 0 };
	struct l2sock_opts to;
	uint32_t size;

	for (size = 0; size <= sizeof(from); size++) {
		int expected = size < KNOWN ? -EINVAL : 0;

		memset(&to, 0, sizeof(to));
		from.opts.size = size;
		from.opts.rcvbuf = 77;
		REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, KNOWN), expected);
		REQUIRE_EQ(to.rcvbuf, expected ? 0 : 77);
	}
	from.opts.size = 4097;
	REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, KNOWN), -EINVAL);
	from.opts.size = UINT32_MAX;
	REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, KNOWN), -EINVAL);
}

/* A caller from before a field was added gets its default. */
CASE(opts, older_caller)
{
	struct l2sock_opts from = { .size = 8, .flags = 1, .ifindex = 5, .rcvbuf = 6 };
	struct l2sock_opts to = { 0 };

	REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, 8), 0);
	REQUIRE_EQ(to.flags, 1);
	REQUIRE_EQ(to.ifindex, 0);
	REQUIRE_EQ(to.rcvbuf, 0);
}

/* Each byte beyond what is known counts, wherever it stands. */
CASE(opts, unknown_tail)
{
	struct younger from;
	struct l2sock_opts to = { 0 };
	size_t i;

	for (i = 0; i < sizeof(from.more); i++) {
		memset(&from, 0, sizeof(from));
		from.opts.size = sizeof(from);
		from.more[i] = 1;
		REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, KNOWN), -E2BIG);
		from.opts.size = (uint32_t)(KNOWN + i);
		REQUIRE_EQ(l2opts_copy(&to, KNOWN, &from, KNOWN), 0);
	}
}

CASE(opts, init_clears_what_the_caller_knows)
{
	struct younger y;

	memset(&y, 0xff, sizeof(y));
	l2sock_opts_init(&y.opts, KNOWN);
	REQUIRE_EQ(y.opts.size, KNOWN);
	REQUIRE_EQ(y.opts.flags, 0);
	REQUIRE(!y.opts.err);
	REQUIRE_EQ(y.opts.rcvbuf, 0);
	REQUIRE_EQ(y.more[0], 0xff);
}

CASE(opts, version)
{
	REQUIRE_EQ(l2sock_version(), L2_VERSION);
}
