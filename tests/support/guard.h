/* SPDX-License-Identifier: MIT */
/* Memory beside pages that nobody may touch: a step too far is a crash. */
#ifndef TEST_GUARD_H
#define TEST_GUARD_H

#include <stddef.h>
#include <stdint.h>

/* The n bytes that end where the forbidden page begins; n is at most GUARD_MAX. */
uint8_t *guard_end(size_t n);

/* The n bytes that begin where the forbidden page ends. */
uint8_t *guard_start(size_t n);

#define GUARD_MAX 262144

#endif /* TEST_GUARD_H */
