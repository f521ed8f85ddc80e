/* SPDX-License-Identifier: MIT */
/* Time stamps as the time of day, local time. */
#include <l2sock/types.h>

#include "daytime.h"

void daytime_text(struct daytime *d, uint64_t ns, struct text *t)
{
	uint64_t second = ns / L2_SEC;
	time_t clock = (time_t)second;

	if (second != d->second && localtime_r(&clock, &d->local))
		d->second = second;
	text_pad(t, (uint64_t)d->local.tm_hour, 2);
	text_str(t, ":");
	text_pad(t, (uint64_t)d->local.tm_min, 2);
	text_str(t, ":");
	text_pad(t, (uint64_t)d->local.tm_sec, 2);
	text_str(t, ".");
	text_pad(t, ns % L2_SEC, 9);
}
