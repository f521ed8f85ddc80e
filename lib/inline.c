/* SPDX-License-Identifier: MIT */
/*
 * The copies of the header bodies that the library exports: for bindings, for programs compiled
 * without optimisation, and for those that take a function's address. Every header with bodies is
 * included here and in this way nowhere else.
 */
#define L2SOCK_INLINE

#include <l2sock/build.h>
#include <l2sock/csum.h>
#include <l2sock/rx.h>
