/* SPDX-License-Identifier: MIT */
/* Bytes written as hexadecimal digits. */
#ifndef HEX_H
#define HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads bytes of two digits, with blanks, colons, dashes and line ends between them as one likes.
 * Returns their number, or -1 with a sentence in @why that names the column.
 */
long hex_read(const char *text, uint8_t *ret, size_t size, char *why, size_t why_size);

#endif /* HEX_H */
