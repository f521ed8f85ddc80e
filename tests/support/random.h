/* SPDX-License-Identifier: MIT */
/* Random numbers that a failing test can be repeated with: L2SOCK_TEST_SEED chooses them. */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t random_setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static inline uint64_t random_seed(void)
{
	return random_setting("L2SOCK_TEST_SEED", 1);
}

/* How often to try: so many times in the usual tiers, L2SOCK_TEST_ROUNDS times as often in long. */
static inline uint64_t random_rounds(uint64_t usual)
{
	return usual * random_setting("L2SOCK_TEST_ROUNDS", 1);
}

/*
 * The same for what takes seconds: all of it in the plain build, L2SOCK_TEST_SHARE percent in the
 * others of a full run, and ten times as much in long.
 */
static inline uint64_t random_share(uint64_t usual)
{
	return usual * random_setting("L2SOCK_TEST_SHARE", 100) / 100;
}

/* splitmix64: every state is good, equal seeds give equal numbers everywhere. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

#endif /* TEST_RANDOM_H */
