/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "netns.h"

#define IPV6_OFF "/proc/sys/net/ipv6/conf/default/disable_ipv6"

static void be_quiet(void)
{
	FILE *f = fopen(IPV6_OFF, "w");

	if (!f)
		return; /* no IPv6 at all */
	fputs("1\n", f);
	fclose(f);
}

void netns_enter(void)
{
	REQUIRE(unshare(CLONE_NEWNET) == 0);
	be_quiet();
	netns_run("ip link set lo up");
}

void netns_run(const char *format, ...)
{
	char command[512];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	status = system(command);
	if (status)
		fprintf(stderr, "# failed: %s\n", command);
	REQUIRE_EQ(status, 0);
}

void netns_await(const char *ifname)
{
	netns_run("for i in $(seq 500); do"
		  " ip -o link show dev %s | grep -v 'qdisc noop ' | grep -q 'state UP' && exit 0;"
		  " sleep 0.01; done; exit 1",
		  ifname);
}

void netns_veth(const char *a, const char *b)
{
	netns_run("ip link add dev %s type veth peer name %s", a, b);
	netns_run("ip link set dev %s up && ip link set dev %s up", a, b);
	netns_await(a);
	netns_await(b);
}

pid_t netns_peer(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	REQUIRE(pipe(ready) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET))
			_exit(1);
		be_quiet();
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	REQUIRE(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	return pid;
}

/* sysfs shows the namespace that mounted it, so ask through netlink. */
long netns_value(const char *ifname, const char *attribute)
{
	char command[256];
	char line[64] = "";
	FILE *f;

	snprintf(command, sizeof(command),
		 "ip -details -statistics -json link show dev %s | tr ',{}' '\\n\\n\\n' |"
		 " sed -n 's/^\"%s\"://p' | head -n 1",
		 ifname, attribute);
	f = popen(command, "r");
	REQUIRE(f);
	REQUIRE(fgets(line, sizeof(line), f));
	pclose(f);
	return strtol(line, NULL, 10);
}

int netns_multicast_count(const char *ifname)
{
	char line[256];
	char name[64];
	int count = 0;
	FILE *f = fopen("/proc/net/dev_mcast", "r");

	REQUIRE(f);
	while (fgets(line, sizeof(line), f))
		count += sscanf(line, "%*d %63s", name) == 1 && !strcmp(name, ifname);
	fclose(f);
	return count;
}
