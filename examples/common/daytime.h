/* SPDX-License-Identifier: MIT */
/* Time stamps as the time of day. */
#ifndef DAYTIME_H
#define DAYTIME_H

#include <time.h>

#include "text.h"

/* The second last shown: frames that follow fall into the same one. Starts as zero. */
struct daytime {
	uint64_t second;
	struct tm local;
};

void daytime_text(struct daytime *d, uint64_t ns, struct text *t);

#endif /* DAYTIME_H */
