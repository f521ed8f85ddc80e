/* SPDX-License-Identifier: MIT */
/* Options of IPv4. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"

#define ADDR_LEN    4
#define STAMP_LEN   4
#define FIRST_ADDR  4 /* pointers count from 1: the first place is the fourth byte */
#define FIRST_STAMP 5
#define SLOTS_MAX   9 /* there is no room for more */

void l2frame_ip4_option(struct l2frame *f, uint8_t type, const void *data, size_t n)
{
	l2build_plain_option(l2build_of(f), L2PROTO_IP4, type, data, n);
}

void l2frame_ip4_router_alert(struct l2frame *f)
{
	static const uint8_t examine[2] = { 0, 0 };

	l2frame_ip4_option(f, L2IP4OPT_ROUTER_ALERT, examine, sizeof(examine));
}

void l2frame_ip4_record_route(struct l2frame *f, unsigned int slots)
{
	uint8_t data[1 + SLOTS_MAX * ADDR_LEN] = { FIRST_ADDR };

	if (!slots || slots > SLOTS_MAX) {
		l2build_fail(l2build_of(f), -EINVAL, L2PROTO_IP4,
			     "a route of %a addresses, not 1 to %b", slots, SLOTS_MAX);
		return;
	}
	l2frame_ip4_option(f, L2IP4OPT_RECORD_ROUTE, data, 1 + (size_t)slots * ADDR_LEN);
}

void l2frame_ip4_timestamp(struct l2frame *f, unsigned int flag, unsigned int slots)
{
	size_t slot = flag ? ADDR_LEN + STAMP_LEN : STAMP_LEN;
	uint8_t data[2 + SLOTS_MAX * (ADDR_LEN + STAMP_LEN)] = { FIRST_STAMP, (uint8_t)flag };

	if (!slots || slots > SLOTS_MAX || flag > 15) {
		l2build_fail(l2build_of(f), -EINVAL, L2PROTO_IP4,
			     "%a time stamps, not 1 to 9, or a flag of %b, above 15", slots, flag);
		return;
	}
	l2frame_ip4_option(f, L2IP4OPT_TIMESTAMP, data, 2 + slots * slot);
}
