/* SPDX-License-Identifier: MIT */
/* A stream of numbered frames that does not wait for its receivers, and what became of it. */
#ifndef TEST_NUMBERS_H
#define TEST_NUMBERS_H

#include <stdint.h>
#include <sys/types.h>

/* Sends them in a process of its own, until all are out or flood_stop(). */
pid_t numbers_start(int sender);

/* Forgets all that came before. */
void numbers_clear(void);

/* A frame that came at a time, for the first time: none may come twice. */
void numbers_take(const uint8_t *frame, uint64_t time);

/*
 * Nothing came from before "since". What is missing between the first that came and the last was
 * dropped, so many at most, and only when the receivers' room was used up.
 */
void numbers_require(uint64_t since, uint64_t dropped);

#endif /* TEST_NUMBERS_H */
