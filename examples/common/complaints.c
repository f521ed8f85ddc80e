/* SPDX-License-Identifier: MIT */
/* Failures told once each, and counted: a million refused frames make one line, not a million. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "complaints.h"

void complaints_add(struct complaints *c, const char *program, const char *sentence)
{
	unsigned int i;

	for (i = 0; i < c->n; i++) {
		if (!strcmp(c->known[i].text, sentence)) {
			c->known[i].times++;
			return;
		}
	}
	if (c->n == COMPLAINTS_MAX) {
		c->others++;
		return;
	}
	c->known[c->n].times = 1;
	snprintf(c->known[c->n].text, sizeof(c->known[c->n].text), "%s", sentence);
	c->n++;
	args_complain(program, "%s", sentence);
}

void complaints_sum(const struct complaints *c, const char *program)
{
	unsigned int i;

	for (i = 0; i < c->n; i++)
		if (c->known[i].times > 1)
			args_complain(program, "%" PRIu64 " times: %s", c->known[i].times,
				      c->known[i].text);
	if (c->others)
		args_complain(program, "and %" PRIu64 " failures of other kinds", c->others);
}
