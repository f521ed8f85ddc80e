/* SPDX-License-Identifier: MIT */
/* One loop for frames, changes of the link and the keyboard. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

static void fetch(struct l2sock *s)
{
	uint8_t buf[2048];
	struct l2pkt pkt;
	int64_t n;

	while ((n = l2sock_recv(s, buf, sizeof(buf), &pkt, 0)) >= 0)
		printf("%u bytes\n", pkt.wire_len);
	if (n == -ENETDOWN)
		printf("the link is now in state %d\n",
		       l2sock_link(s, NULL));
	else if (n != -EAGAIN)
		errx(1, "%s", l2sock_errmsg(s));
}

int main(int argc, char **argv)
{
	struct l2sock_opts opts = {
		.size = sizeof(opts),
		.flags = L2SOCK_LINK_EVENTS,
	};
	struct pollfd fds[2] = { { .fd = 0, .events = POLLIN },
				 { .events = POLLIN } };
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", &opts);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_bind(s, L2_ETHERTYPE_ALL) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	fds[1].fd = l2sock_pollfd(s);
	while (poll(fds, 2, -1) > 0 && !fds[0].revents)
		if (fds[1].revents)
			fetch(s);
	l2sock_close(s);
	return 0;
}
