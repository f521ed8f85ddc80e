/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "flood.h"

#define FIRST_FRAMES 16

int flood_socket(const char *ifname)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0);
	addr.sll_ifindex = (int)if_nametoindex(ifname);
	REQUIRE(addr.sll_ifindex > 0);
	REQUIRE(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	return fd;
}

void flood_send(int fd, const uint8_t *frame, size_t len)
{
	REQUIRE_EQ(send(fd, frame, len, 0), len);
}

static void flood(int fd, const uint8_t *frame, size_t len, unsigned int pause_us, int ready)
{
	unsigned long sent = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (send(fd, frame, len, 0) < 0 && errno != ENOBUFS && errno != ENETDOWN)
			_exit(1);
		if (++sent == FIRST_FRAMES && write(ready, "", 1) != 1)
			_exit(1);
		if (pause_us)
			usleep(pause_us);
	}
}

pid_t flood_start(const char *ifname, const uint8_t *frame, size_t len, unsigned int pause_us)
{
	int fd = flood_socket(ifname);
	int ready[2];
	char byte;
	pid_t pid;

	REQUIRE(pipe(ready) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0)
		flood(fd, frame, len, pause_us, ready[1]);
	close(fd);
	close(ready[1]);
	REQUIRE(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	return pid;
}

void flood_stop(pid_t pid)
{
	REQUIRE(kill(pid, SIGKILL) == 0);
	REQUIRE(waitpid(pid, NULL, 0) == pid);
}
