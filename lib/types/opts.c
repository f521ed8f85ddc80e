/* SPDX-License-Identifier: MIT */
/* Structs that begin with their size, so that caller and library may be of different ages. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "opts-internal.h"

#define OPTS_SIZE_MAX 4096

/*
 * Copies a caller's struct over @to, which holds the @known bytes of this library's version and is
 * zero. A longer struct must be zero beyond them: the caller would be asking for something this
 * library cannot do.
 */
int l2opts_copy(void *to, size_t known, const void *from, size_t least)
{
	const uint8_t *bytes = from;
	uint32_t size;
	size_t i;

	memcpy(&size, from, sizeof(size));
	if (size < least || size > OPTS_SIZE_MAX)
		return -EINVAL;
	for (i = known; i < size; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(to, from, size < known ? size : known);
	return 0;
}
