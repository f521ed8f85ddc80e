/* SPDX-License-Identifier: MIT */
/* Filter expressions on the command line. */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include "ddd.h"

/*
 * Compiles the expression that the words make, one blank between each. Returns 0, or a negative
 * errno with a sentence in @why: -EOPNOTSUPP when no kernel could run it.
 */
int expression_compile(struct ddd *ret, char **words, int n, char *why, size_t size);

#endif /* EXPRESSION_H */
