/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <string.h>

#include "case.h"
#include "handle.h"

#define QUIET (100 * L2_MSEC)

struct l2sock *handle_open(const char *ifname)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .rcvbuf = HANDLE_RCVBUF };
	struct l2sock *s = NULL;

	REQUIRE_EQ(l2sock_open(&s, ifname, &opts), 0);
	REQUIRE(s);
	return s;
}

struct l2sock *handle_listen(const char *ifname, uint32_t ethertype)
{
	struct l2sock *s = handle_open(ifname);

	REQUIRE_EQ(l2sock_bind(s, ethertype), 0);
	return s;
}

int handle_drain(struct l2sock *s)
{
	uint8_t buf[64];
	int n = 0;

	while (l2sock_recv(s, buf, sizeof(buf), NULL, QUIET) >= 0)
		n++;
	return n;
}

void handle_expect(struct l2sock *s, const struct frame *f)
{
	static uint8_t buf[sizeof(f->bytes) + L2_HEADROOM];
	struct l2pkt pkt;

	REQUIRE(l2sock_recv(s, buf, sizeof(buf), &pkt, L2_SEC) >= 0);
	REQUIRE_EQ(pkt.wire_len, f->len);
	REQUIRE(!(pkt.flags & L2_FLAG_TRUNCATED));
	REQUIRE(l2pkt_restore_tag(&pkt) >= 0);
	REQUIRE_EQ(pkt.len, f->len);
	REQUIRE(!memcmp(pkt.data, f->bytes, f->len));
}

struct l2sock_stats handle_stats(struct l2sock *s)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };

	REQUIRE_EQ(l2sock_get_stats(s, &stats), 0);
	return stats;
}

int handle_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	REQUIRE(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}
