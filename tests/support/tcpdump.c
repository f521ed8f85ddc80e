/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "tcpdump.h"

#define FILE_HEADER   24
#define RECORD_HEADER 16
#define PATIENCE_MS   5000

static void exec_tcpdump(const struct tcpdump *t, const char *ifname, const char *expression,
			 int err)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(err, STDERR_FILENO);
	execlp("tcpdump", "tcpdump", "-n", "-p", "-U", "--immediate-mode", "-B", "65536", "-s", "0",
	       "-i", ifname, "-w", t->file, "-Z", "root", expression, (char *)NULL);
	_exit(127);
}

/* tcpdump says "listening on" when it captures. */
static void await_listening(int fd)
{
	char text[4096];
	size_t used = 0;
	ssize_t n;

	do {
		n = read(fd, text + used, sizeof(text) - 1 - used);
		REQUIRE(n > 0);
		used += (size_t)n;
		text[used] = '\0';
	} while (!strstr(text, "listening on"));
}

void tcpdump_start(struct tcpdump *t, const char *ifname, const char *expression)
{
	int err[2];
	int fd;

	if (system("command -v tcpdump >/dev/null 2>&1"))
		SKIP("no tcpdump");
	*t = (struct tcpdump) { .file = "/tmp/l2sock-test-XXXXXX" };
	fd = mkstemp(t->file);
	REQUIRE(fd >= 0);
	close(fd);
	REQUIRE(pipe(err) == 0);
	t->pid = fork();
	REQUIRE(t->pid >= 0);
	if (t->pid == 0)
		exec_tcpdump(t, ifname, expression, err[1]);
	close(err[1]);
	await_listening(err[0]);
	close(err[0]);
}

/* Reads the file and counts the complete records in it. */
static size_t load(struct tcpdump *t)
{
	FILE *f = fopen(t->file, "r");
	size_t room = 1 << 20;
	size_t at = FILE_HEADER;
	size_t size;
	uint32_t len;

	tcpdump_free(t);
	REQUIRE(f);
	t->bytes = malloc(room);
	t->offsets = calloc(room / RECORD_HEADER, sizeof(*t->offsets));
	REQUIRE(t->bytes && t->offsets);
	size = fread(t->bytes, 1, room, f);
	fclose(f);
	while (at + RECORD_HEADER <= size) {
		memcpy(&len, t->bytes + at + 8, sizeof(len));
		if (at + RECORD_HEADER + len > size)
			break;
		at += RECORD_HEADER + len;
		t->offsets[++t->count] = at;
	}
	t->offsets[0] = FILE_HEADER;
	return t->count;
}

void tcpdump_stop(struct tcpdump *t, size_t expected)
{
	int waited;

	for (waited = 0; load(t) < expected && waited < PATIENCE_MS; waited += 20)
		usleep(20000);
	kill(t->pid, SIGINT);
	REQUIRE(waitpid(t->pid, NULL, 0) == t->pid);
	load(t);
	unlink(t->file);
}

const uint8_t *tcpdump_frame(const struct tcpdump *t, size_t i, size_t *len)
{
	REQUIRE(i < t->count);
	*len = t->offsets[i + 1] - t->offsets[i] - RECORD_HEADER;
	return t->bytes + t->offsets[i] + RECORD_HEADER;
}

void tcpdump_free(struct tcpdump *t)
{
	free(t->bytes);
	free(t->offsets);
	t->bytes = NULL;
	t->offsets = NULL;
	t->count = 0;
}
