/* SPDX-License-Identifier: MIT */
/* A cooked handle: broadcasts text, its header made by the kernel. */
#include <err.h>
#include <string.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	const char *text = argc > 2 ? argv[2] : "hello";
	const struct l2sock_opts opts = { .size = sizeof(opts),
					  .type = L2SOCK_TYPE_COOKED };
	const struct l2piece pieces[] = { { "text: ", 6 },
					  { text, strlen(text) } };
	struct l2tx tx = { .pieces = pieces,
			   .n_pieces = 2,
			   .protocol = L2_ETHERTYPE_EXP1,
			   .addr_len = L2_MAC_LEN };
	struct l2sock *s;
	int r;

	r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", &opts);
	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	memset(tx.addr, 0xff, L2_MAC_LEN);
	if (l2sock_send_to(s, &tx, L2_SEC) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return 0;
}
