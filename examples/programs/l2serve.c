/* SPDX-License-Identifier: MIT */
/*
 * l2serve - open packet sockets for processes that may not
 *
 * Each client gets a socket of its own over a Unix socket, bound and with a filter that is locked:
 * it can receive what this program chose, and nothing else.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <l2sock/filter.h>
#include <l2sock/l2sock.h>

#include "args.h"
#include "expression.h"
#include "passing.h"
#include "stop.h"

#define PROGRAM      "l2serve"
#define RCVBUF_BYTES (16u << 20)

struct options {
	const char *ifname;
	const char *path;
	char **words; /* of the expression */
	int n_words;
	uid_t user;
	bool keep_quiet; /* the interface: no promiscuous mode */
};

struct server {
	struct options options;
	struct l2sock *s;   /* receives nothing; hears of signals and of the interface's end */
	struct ddd program; /* that every client's socket gets */
	int listening;      /* -1 before */
	uint64_t served;
	uint64_t refused;
};

static const char help[] =
	"Usage: l2serve -i IFACE [-u USER] [-p] PATH [EXPRESSION]\n"
	"Give every process of a user that connects to the Unix socket PATH a packet socket\n"
	"of its own, which needs no rights to use: see l2client(1).\n"
	"\n"
	"  -i IFACE    the interface\n"
	"  -u USER     whose processes to serve, by name or number; default: one's own\n"
	"  -p          leave the interface out of promiscuous mode\n"
	"  EXPRESSION  only frames that it chooses: see pcap-filter(7). The client cannot\n"
	"              change that\n"
	"  --help      show this\n"
	"  --version   show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 done, 1 failed while running,\n"
	"2 misused or could not start.\n";

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

/*
 * Whoever holds a packet socket may bind it to another interface, so the interface is tested by the
 * filter as well. Leaves A as the program behind finds it at the start: 0.
 */
static size_t write_fence(struct l2insn *ret, uint32_t ifindex)
{
	const struct l2insn fence[] = {
		{ 0x20, 0, 0, L2FILTER_ANCILLARY + 4 * L2FILTER_IFINDEX }, /* ld ifindex */
		{ 0x15, 1, 0, ifindex },                                   /* jeq */
		{ 0x06, 0, 0, 0 },                                         /* ret #0 */
		{ 0x00, 0, 0, 0 },                                         /* ld #0 */
	};

	memcpy(ret, fence, sizeof(fence));
	return sizeof(fence) / sizeof(fence[0]);
}

static int make_program(struct server *v, uint32_t ifindex)
{
	const struct l2insn take_all = { 0x06, 0, 0, L2_FRAME_MAX };
	struct ddd *whole = &v->program;
	static struct ddd wanted;
	char why[512];

	whole->n = write_fence(whole->insns, ifindex);
	if (!v->options.n_words) {
		whole->insns[whole->n++] = take_all;
		return 0;
	}
	if (expression_compile(&wanted, v->options.words, v->options.n_words, why, sizeof(why)) < 0)
		return refuse_start(why);
	if (wanted.n > L2_FILTER_MAX - whole->n)
		return refuse_start("the expression makes too long a program");
	memcpy(whole->insns + whole->n, wanted.insns, wanted.n * sizeof(wanted.insns[0]));
	whole->n += wanted.n;
	return 0;
}

/* Filter and membership come before bind, the lock behind it: it forbids to bind, too. */
static int configure(const struct server *v, struct l2sock *s)
{
	int r = l2sock_set_filter(s, v->program.insns, v->program.n);

	if (r == 0 && !v->options.keep_quiet)
		r = l2sock_join(s, L2SOCK_PROMISC, NULL, 0);
	if (r == 0)
		r = l2sock_bind(s, L2_ETHERTYPE_ALL);
	return r == 0 ? l2sock_lock_filter(s) : r;
}

static int open_handle(const struct server *v, struct l2sock **ret, struct l2err *err)
{
	struct l2sock_opts opts = { .size = sizeof(opts), .err = err, .rcvbuf = RCVBUF_BYTES };

	return l2sock_open(ret, v->options.ifname, &opts);
}

/* Returns a packet socket for a client, or a negative errno with the reason in @err. */
static int make_socket(const struct server *v, struct l2err *err)
{
	struct l2sock *s;
	int r = open_handle(v, &s, err);

	if (r < 0)
		return r;
	r = configure(v, s);
	if (r == 0)
		return l2sock_release(s);
	snprintf(err->text, sizeof(err->text), "%s", l2sock_errmsg(s));
	l2sock_close(s);
	return r;
}

/* Returns whether the client has a socket now; otherwise the reason is in @err. */
static bool give(const struct server *v, int client, struct l2err *err)
{
	int fd = make_socket(v, err);
	int r;

	if (fd < 0) {
		passing_refuse(client, err->text);
		return false;
	}
	r = passing_give(client, fd);
	close(fd);
	if (r < 0)
		snprintf(err->text, sizeof(err->text), "%s", strerror(-r));
	return r == 0;
}

static void serve(struct server *v, int client)
{
	struct l2err err;
	uid_t uid;
	pid_t pid;
	bool served = false;

	if (passing_peer(client, &uid, &pid) < 0)
		return;
	if (uid == v->options.user) {
		served = give(v, client, &err);
	} else {
		snprintf(err.text, sizeof(err.text), "user %u is not served", uid);
		passing_refuse(client, err.text);
	}
	if (served)
		v->served++;
	else
		v->refused++;
	printf("process %d of user %u: %s\n", (int)pid, uid, served ? "served" : err.text);
	fflush(stdout);
}

static int accept_client(struct server *v)
{
	int client = accept4(v->listening, NULL, NULL, SOCK_CLOEXEC);

	if (client >= 0) {
		serve(v, client);
		close(client);
		return 0;
	}
	/* Gone again, or somebody else's signal. */
	if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
		return 0;
	args_complain(PROGRAM, "%s: %s", v->options.path, strerror(errno));
	return -1;
}

/* Returns 0 to go on, or an error after telling it. */
static int look_around(struct server *v)
{
	int r = l2sock_wait(v->s, 0);

	if (r == -EAGAIN || r == -ECANCELED)
		return 0;
	args_complain(PROGRAM, "%s", l2sock_errmsg(v->s));
	return r;
}

static int serve_all(struct server *v)
{
	struct pollfd watched[] = {
		{ .fd = v->listening, .events = POLLIN },
		{ .fd = l2sock_pollfd(v->s), .events = POLLIN },
	};
	int r = 0;

	while (r == 0 && !stop_requested()) {
		if (poll(watched, 2, -1) < 0)
			continue; /* a signal, which the loop's condition knows of */
		if (watched[0].revents)
			r = accept_client(v);
		if (r == 0 && watched[1].revents)
			r = look_around(v);
	}
	return r;
}

static int watch_interface(struct server *v)
{
	const struct l2insn reject_all = { 0x06, 0, 0, 0 };
	struct l2err err;

	if (open_handle(v, &v->s, &err) < 0)
		return refuse_start(err.text);
	stop_on_signals(v->s);
	if (l2sock_set_filter(v->s, &reject_all, 1) < 0 || l2sock_bind(v->s, L2_ETHERTYPE_ALL) < 0)
		return refuse_start(l2sock_errmsg(v->s));
	return 0;
}

static int start(struct server *v)
{
	struct l2sock_info info = { .size = sizeof(info) };

	if (watch_interface(v) < 0)
		return -1;
	if (l2sock_get_info(v->s, &info) < 0)
		return refuse_start(l2sock_errmsg(v->s));
	if (make_program(v, info.ifindex) < 0)
		return -1;
	v->listening = passing_listen(v->options.path);
	if (v->listening < 0) {
		args_complain(PROGRAM, "%s: %s", v->options.path, strerror(-v->listening));
		return -1;
	}
	fprintf(stderr, "serving %s at %s\n", v->options.ifname, v->options.path);
	return 0;
}

static int run(struct server *v)
{
	int r;

	if (start(v) < 0)
		return EXIT_USAGE;
	r = serve_all(v);
	fprintf(stderr, "%" PRIu64 " served, %" PRIu64 " refused\n", v->served, v->refused);
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

static void clean_up(struct server *v)
{
	stop_on_signals(NULL);
	if (v->listening >= 0) {
		unlink(v->options.path);
		close(v->listening);
	}
	l2sock_close(v->s);
}

static int parse_user(const char *text, uid_t *ret)
{
	const struct passwd *entry = getpwnam(text);
	uint64_t number;

	if (entry)
		*ret = entry->pw_uid;
	else if (args_number(text, 0, UINT32_MAX - 1, &number) == 0)
		*ret = (uid_t)number;
	else
		return args_misused(PROGRAM, "-u %s: no such user", text);
	return 0;
}

static const struct option long_options[] = {
	ARGS_COMMON,
};

/* Returns 0, or EXIT_USAGE after telling why. */
static int parse_option(void *into, int option)
{
	struct options *o = into;

	switch (option) {
	case 'i':
		o->ifname = optarg;
		return 0;
	case 'p':
		o->keep_quiet = true;
		return 0;
	case 'u':
		return parse_user(optarg, &o->user);
	}
	return 0;
}

static int check_arguments(struct options *o, int argc, char **argv)
{
	if (!o->ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	if (optind == argc)
		return args_misused(PROGRAM, "PATH is missing");
	o->path = argv[optind];
	o->words = argv + optind + 1;
	o->n_words = argc - optind - 1;
	return -1;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:pu:",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct options *o, int argc, char **argv)
{
	int status = args_read(&syntax, o, argc, argv);

	if (status >= 0)
		return status;
	return check_arguments(o, argc, argv);
}

int main(int argc, char **argv)
{
	static struct server v = { .listening = -1 };
	int status;

	v.options.user = getuid();
	status = parse_arguments(&v.options, argc, argv);
	if (status >= 0)
		return status;
	status = run(&v);
	clean_up(&v);
	return status;
}
