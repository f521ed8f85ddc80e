/* SPDX-License-Identifier: MIT */
/* Compares the library in use with the headers of the build. */
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(void)
{
	uint32_t v = l2sock_version();

	printf("libl2sock %" PRIu32 ".%" PRIu32 ".%" PRIu32 "\n", v >> 16,
	       v >> 8 & 0xff, v & 0xff);
	if (v < L2_VERSION)
		printf("older than the headers, %d.%d.%d\n",
		       L2_VERSION_MAJOR, L2_VERSION_MINOR,
		       L2_VERSION_MICRO);
	return 0;
}
