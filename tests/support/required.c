/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "case.h"

bool test_required(void)
{
	const char *value = getenv("L2SOCK_TEST_REQUIRE");

	return value && *value && *value != '0';
}
