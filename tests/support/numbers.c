/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "numbers.h"

#define NUMBERS   (1 << 20)
#define NUMBER_AT 14

/* So many have room before anybody reads. */
#define FIRST_FRAMES 2000

static uint64_t times[NUMBERS];

pid_t numbers_start(int sender)
{
	uint8_t frame[60] = { 2, [12] = 0x88, 0xb5 };
	uint32_t nr;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (nr = 0; nr < NUMBERS; nr++) {
		memcpy(frame + NUMBER_AT, &nr, sizeof(nr));
		if (send(sender, frame, sizeof(frame), 0) < 0)
			_exit(1);
	}
	_exit(0);
}

void numbers_clear(void)
{
	memset(times, 0, sizeof(times));
}

void numbers_take(const uint8_t *frame, uint64_t time)
{
	uint32_t nr;

	memcpy(&nr, frame + NUMBER_AT, sizeof(nr));
	REQUIRE(nr < NUMBERS && !times[nr]);
	times[nr] = time;
}

void numbers_require(uint64_t since, uint64_t dropped)
{
	uint64_t missing = 0;
	uint32_t first = 0;
	uint32_t last = NUMBERS;
	uint32_t nr;

	while (first < NUMBERS && !times[first])
		first++;
	while (last > first && !times[last - 1])
		last--;
	REQUIRE(first < last);
	REQUIRE(times[first] >= since);
	for (nr = first; nr < last && missing <= dropped; nr++)
		if (!times[nr]) {
			missing++;
			REQUIRE(nr >= first + FIRST_FRAMES);
		}
	REQUIRE(missing <= dropped);
}
