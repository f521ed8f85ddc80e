/* SPDX-License-Identifier: MIT */
/* One frame of each of many protocols, made with scapy once. */
#ifndef TEST_TRAFFIC_H
#define TEST_TRAFFIC_H

#include <stddef.h>

#include "wire.h"

size_t traffic_count(void);

/* Frame number @nr with these tags, 0 ends them. */
void traffic_make(size_t nr, const uint32_t *tags, struct wire *ret);

#endif /* TEST_TRAFFIC_H */
