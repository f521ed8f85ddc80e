/* SPDX-License-Identifier: MIT */
#ifndef L2SOCK_OPTS_INTERNAL_H
#define L2SOCK_OPTS_INTERNAL_H

#include <stddef.h>

/*
 * Checks a caller's size-first struct, whose size in the first version was @least, and copies the
 * part that both sides know.
 */
int l2opts_copy(void *to, size_t known, const void *from, size_t least);

#endif /* L2SOCK_OPTS_INTERNAL_H */
