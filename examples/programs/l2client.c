/* SPDX-License-Identifier: MIT */
/*
 * l2client - capture by a packet socket that l2serve opened
 *
 * Needs no capability: the rights are in the socket, which comes over a Unix socket.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <l2sock/l2sock.h>

#include "args.h"
#include "capfile.h"
#include "facts.h"
#include "line.h"
#include "passing.h"
#include "stop.h"

#define PROGRAM "l2client"

struct options {
	const char *path;
	const char *file;
	uint64_t count; /* 0: no limit */
};

struct client {
	struct options options;
	struct l2sock *s;
	struct capfile *file; /* NULL: lines on stdout */
	struct daytime daytime;
	uint8_t *room;
	uint64_t captured;
};

static const char help[] =
	"Usage: l2client [-c COUNT] [-w FILE] PATH\n"
	"Show the frames of an interface by a socket that l2serve gives away at PATH.\n"
	"No rights are needed. Which interface and which frames is up to l2serve.\n"
	"\n"
	"  -c COUNT   end after so many frames\n"
	"  -w FILE    write a capture file with nanosecond time stamps; - is stdout\n"
	"  --help     show this\n"
	"  --version  show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 done, 1 failed while running,\n"
	"2 misused, refused by l2serve or could not start.\n";

static int complain_output(const struct client *c, int error)
{
	args_complain(PROGRAM, "%s: %s", c->file ? c->options.file : "stdout", strerror(-error));
	return error;
}

static int write_line(struct client *c, const struct l2pkt *pkt)
{
	struct text t = { .len = 0 };

	line_text(&t, &c->daytime, pkt, L2SOCK_TYPE_RAW);
	text_str(&t, "\n");
	if (fwrite(t.buf, t.len, 1, stdout) != 1 || fflush(stdout))
		return -errno;
	return 0;
}

static int write_frame(struct client *c, const struct l2pkt *pkt)
{
	int r = c->file ? capfile_write(c->file, pkt) : write_line(c, pkt);

	if (r == 0 && c->file)
		r = capfile_flush(c->file);
	if (r < 0)
		return complain_output(c, r);
	c->captured++;
	return 0;
}

static int capture(struct client *c)
{
	struct l2pkt pkt;
	int64_t r = 0;

	while (r >= 0 && !stop_requested() &&
	       (!c->options.count || c->captured < c->options.count)) {
		r = l2sock_recv(c->s, c->room, L2_FRAME_MAX + L2_HEADROOM, &pkt, L2_FOREVER);
		if (r >= 0)
			r = write_frame(c, &pkt);
		else if (r != -ECANCELED)
			args_complain(PROGRAM, "%s", l2sock_errmsg(c->s));
	}
	return r == -ECANCELED ? 0 : (int)r;
}

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

/* Returns the packet socket, or -1 after telling why there is none. */
static int take_socket(const char *path)
{
	int server = passing_connect(path);
	char why[512];
	int fd;

	if (server < 0) {
		args_complain(PROGRAM, "%s: %s", path, strerror(-server));
		return -1;
	}
	fd = passing_take(server, why, sizeof(why));
	close(server);
	if (fd < 0)
		args_complain(PROGRAM, "%s: %s", path, why);
	return fd;
}

static int adopt(struct client *c, int fd)
{
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts),
				    .flags = L2SOCK_RESTORE_TAGS,
				    .err = &err };

	if (l2sock_adopt(&c->s, fd, &opts) < 0) {
		close(fd);
		return refuse_start(err.text);
	}
	stop_on_signals(c->s);
	return 0;
}

static int open_output(struct client *c, const struct l2sock_info *info)
{
	char why[512];

	if (!c->options.file)
		return 0;
	if (!is_ethernet(info->hatype)) {
		args_complain(PROGRAM, "%s has device type %u: -w saves Ethernet frames only",
			      info->name, info->hatype);
		return -1;
	}
	c->file = capfile_create(c->options.file, L2_FRAME_MAX, why, sizeof(why));
	return c->file ? 0 : refuse_start(why);
}

static int start(struct client *c)
{
	struct l2sock_info info = { .size = sizeof(info) };
	int fd = take_socket(c->options.path);

	if (fd < 0 || adopt(c, fd) < 0)
		return -1;
	c->room = malloc(L2_FRAME_MAX + L2_HEADROOM);
	if (!c->room)
		return refuse_start(strerror(ENOMEM));
	if (l2sock_get_info(c->s, &info) < 0)
		return refuse_start(l2sock_errmsg(c->s));
	if (open_output(c, &info) < 0)
		return -1;
	fprintf(stderr, "listening on %s\n", info.name);
	return 0;
}

static void show_counts(const struct client *c)
{
	struct l2sock_stats stats = { .size = sizeof(stats) };

	l2sock_get_stats(c->s, &stats);
	fprintf(stderr, "%" PRIu64 " captured, %" PRIu64 " dropped\n", c->captured, stats.dropped);
}

static int run(struct client *c)
{
	int status = EXIT_OK;
	int r;

	if (start(c) < 0)
		return EXIT_USAGE;
	if (capture(c) < 0)
		status = EXIT_FAILED;
	r = capfile_close(c->file);
	if (r < 0 && status == EXIT_OK) {
		complain_output(c, r);
		status = EXIT_FAILED;
	}
	c->file = NULL;
	show_counts(c);
	return status;
}

static void clean_up(struct client *c)
{
	stop_on_signals(NULL);
	capfile_close(c->file);
	l2sock_close(c->s);
	free(c->room);
}

static const struct option long_options[] = {
	ARGS_COMMON,
};

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'c':
		return args_number_of(PROGRAM, "-c", 1, UINT64_MAX, &o->count);
	case 'w':
		o->file = optarg;
		return 0;
	}
	return 0;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "c:w:",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return args_misused(PROGRAM, "one PATH, that of l2serve's socket");
	o->path = argv[optind];
	return -1;
}

int main(int argc, char **argv)
{
	struct client c = { .s = NULL };
	int status = parse_arguments(&c.options, argc, argv);

	if (status >= 0)
		return status;
	status = run(&c);
	clean_up(&c);
	return status;
}
