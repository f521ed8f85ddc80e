/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>
#include <unistd.h>

#include "case.h"
#include "guard.h"

/* Forbidden, open, forbidden. */
static uint8_t *area(void)
{
	static uint8_t *start;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (start)
		return start + page;
	start = mmap(NULL, GUARD_MAX + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(start != MAP_FAILED);
	REQUIRE(mprotect(start + page, GUARD_MAX, PROT_READ | PROT_WRITE) == 0);
	return start + page;
}

uint8_t *guard_end(size_t n)
{
	REQUIRE(n <= GUARD_MAX);
	return area() + GUARD_MAX - n;
}

uint8_t *guard_start(size_t n)
{
	REQUIRE(n <= GUARD_MAX);
	return area();
}
