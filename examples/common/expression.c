/* SPDX-License-Identifier: MIT */
/* Filter expressions on the command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/pcap.h>

#include "expression.h"

/* NULL when there is no memory. */
static char *join(char **words, int n)
{
	size_t size = 1;
	char *text;
	int i;

	for (i = 0; i < n; i++)
		size += strlen(words[i]) + 1;
	text = calloc(1, size);
	for (i = 0; text && i < n; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, words[i]);
	}
	return text;
}

int expression_compile(struct ddd *ret, char **words, int n, char *why, size_t size)
{
	char *text = join(words, n);
	struct l2err err;
	int64_t r;

	if (!text) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	r = l2pcap_compile(text, NULL, ret->insns, L2_FILTER_MAX, &err);
	free(text);
	if (r < 0) {
		snprintf(why, size, "%s", err.text);
		return (int)r;
	}
	ret->n = (size_t)r;
	return 0;
}
