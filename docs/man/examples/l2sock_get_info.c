/* SPDX-License-Identifier: MIT */
/* Shows what an interface is. */
#include <err.h>
#include <stdio.h>
#include <l2sock/l2sock.h>

int main(int argc, char **argv)
{
	static const char *const link[] = { "", "up", "no carrier", "down",
					    "gone" };
	struct l2sock_info info = { .size = sizeof(info) };
	struct l2sock *s;
	int i;
	int r = l2sock_open(&s, argc > 1 ? argv[1] : "lo", NULL);

	if (r < 0)
		errx(1, "open: %s", l2sock_strerror(r));
	if (l2sock_get_info(s, &info) < 0)
		errx(1, "%s", l2sock_errmsg(s));
	printf("%s: index %u, mtu %u, link %s, address", info.name,
	       info.ifindex, info.mtu, link[info.link]);
	for (i = 0; i < info.addr_len; i++)
		printf("%c%02x", i ? ':' : ' ', info.addr[i]);
	printf("\nrings: %s\n",
	       info.features & L2SOCK_CAN_RING ? "yes" : "no");
	l2sock_close(s);
	return 0;
}
