/* SPDX-License-Identifier: MIT */
/* Counts the frames of an interface in four threads, each flow in one of them. */
#include <err.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <l2sock/fanout.h>

static void *count(void *member)
{
	struct l2sock *s = member;
	uint64_t frames = 0;
	uint8_t buf[2048];

	while (l2sock_recv(s, buf, sizeof(buf), NULL, L2_FOREVER) >= 0)
		frames++;
	printf("%" PRIu64 " frames\n", frames);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];
	struct l2err e;
	struct l2group_opts opts = { .size = sizeof(opts), .err = &e };
	struct l2group *g;
	uint32_t i;

	if (argc < 2)
		errx(1, "usage: %s INTERFACE", argv[0]);
	if (l2group_open(&g, argv[1], 4, &opts) < 0)
		errx(1, "%s", e.text);
	if (l2group_bind(g, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2group_errmsg(g));
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, count,
			       l2group_member(g, i));
	getchar();
	l2group_wake(g);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return l2group_close(g);
}
