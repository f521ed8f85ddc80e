/* SPDX-License-Identifier: MIT */
/* Two threads share the frames of an interface, until its input ends. */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <l2sock/fanout.h>
#include <l2sock/ring.h>

#define THREADS 2

struct worker {
	pthread_t thread;
	struct l2ring_rx *rx;
	unsigned long frames;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct l2block b;
	int n;

	while ((n = l2ring_rx_next(w->rx, &b, L2_FOREVER)) > 0) {
		w->frames += (unsigned long)n;
		l2ring_rx_release(w->rx, &b);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct worker workers[THREADS] = { { 0 } };
	unsigned long frames = 0;
	struct l2err why;
	struct l2group_opts opts = { .size = sizeof(opts), .err = &why };
	struct l2group *g;
	uint32_t i;

	if (argc < 2)
		errx(2, "usage: %s INTERFACE", argv[0]);
	if (l2group_open(&g, argv[1], THREADS, &opts) < 0)
		errx(1, "%s", why.text);
	for (i = 0; i < THREADS; i++)
		if (l2ring_rx_open(&workers[i].rx, l2group_member(g, i),
				   NULL) < 0)
			errx(1, "%s", l2sock_errmsg(l2group_member(g, i)));
	if (l2group_bind(g, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2group_errmsg(g));
	for (i = 0; i < THREADS; i++)
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	while (getchar() != EOF)
		;
	l2group_wake(g);
	for (i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		printf("thread %u: %lu frames\n", (unsigned int)i,
		       workers[i].frames);
		frames += workers[i].frames;
	}
	printf("%lu frames\n", frames);
	l2group_close(g);
	for (i = 0; i < THREADS; i++)
		l2ring_rx_close(workers[i].rx);
	return 0;
}
