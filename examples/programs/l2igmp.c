/* SPDX-License-Identifier: MIT */
/* l2igmp - join and leave multicast groups, listen to those who do, ask who is a member */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <l2sock/l2sock.h>
#include <l2sock/text.h>

#include "address.h"
#include "args.h"
#include "expression.h"
#include "line.h"
#include "membership.h"
#include "stop.h"

#define PROGRAM "l2igmp"
#define NEVER   INT64_MAX

/* The longest time that queries of all versions can tell, in seconds. */
#define PATIENCE_MAX 25
#define PATIENCE     10

/* The last answer takes its time on the way, too. */
#define GRACE_NS (L2_SEC / 2)

enum command { JOIN, LEAVE, LISTEN, QUERY };

static const char *const commands[] = { "join", "leave", "listen", "query" };

struct options {
	const char *ifname;
	const char *host;  /* address as text, or NULL */
	const char *group; /* likewise; in what messages are about */
	enum command command;
	uint64_t version; /* 0: the newest */
	uint64_t seconds; /* 0: the command's default */
	bool ip6;         /* without a group */
	bool once;
};

struct session {
	struct options options;
	struct membership m;
	struct l2sock *s;
	struct daytime daytime;
	unsigned int version;        /* to speak: no newer than that of the queriers */
	enum membership_event event; /* to report when it is due */
	int64_t due;                 /* monotonic; NEVER: nothing to report */
	int64_t end;                 /* monotonic */
	uint64_t sent;
	uint64_t heard;
	uint64_t members; /* reports among them */
	uint8_t room[L2_HEADROOM + 9216];
};

static const char help[] =
	"Usage: l2igmp -i IFACE [-S ADDR] [-v VERSION] [-t SECONDS] [--once]\n"
	"              join GROUP [SOURCE...]\n"
	"       l2igmp -i IFACE [-S ADDR] [-v VERSION] leave GROUP [SOURCE...]\n"
	"       l2igmp -i IFACE [-t SECONDS] [-6] listen [GROUP]\n"
	"       l2igmp -i IFACE [-S ADDR] [-v VERSION] [-t SECONDS] [-6]\n"
	"              query [GROUP [SOURCE...]]\n"
	"Be a member of a multicast group, by IGMP for IPv4 and by MLD for IPv6.\n"
	"\n"
	"  join         report a member, answer queries, and leave at the end\n"
	"  leave        tell that there is no member\n"
	"  listen       show what all hosts and routers say about the group, or any group\n"
	"  query        ask for members of the group, or of all, and show who answers\n"
	"  SOURCE...    of these senders only\n"
	"\n"
	"  -i IFACE     the interface\n"
	"  -S ADDR      the host's address; default: the interface's, or none\n"
	"  -v VERSION   of IGMP, 1 to 3, or of MLD, 1 or 2; default: the newest\n"
	"  -t SECONDS   end after that time; query: wait so long, 1 to 25, default 10\n"
	"  -6           without GROUP: MLD in place of IGMP\n"
	"  --once       join: report once, and end without leaving\n"
	"  --help       show this\n"
	"  --version    show the version\n"
	"\n"
	"SIGINT and SIGTERM end it. Exit status: 0 done, 1 failed while running or nobody\n"
	"answered the query, 2 misused or could not start.\n";

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * L2_SEC + ts.tv_nsec;
}

static int show(struct session *x, const struct l2pkt *pkt)
{
	struct text t = { .len = 0 };

	line_text(&t, &x->daytime, pkt, L2SOCK_TYPE_RAW);
	text_str(&t, "\n");
	if (fwrite(t.buf, t.len, 1, stdout) == 1 && fflush(stdout) == 0)
		return 0;
	args_complain(PROGRAM, "stdout: %s", strerror(errno));
	return -EIO;
}

static int send_frame(struct session *x, uint8_t *frame, size_t len)
{
	struct l2pkt pkt = { .data = frame,
			     .len = (uint32_t)len,
			     .wire_len = (uint32_t)len,
			     .hatype = 1,
			     .pkttype = L2_PKTTYPE_OUTGOING };
	struct timespec ts;

	if (l2sock_send(x->s, frame, len, L2_SEC) < 0) {
		args_complain(PROGRAM, "%s", l2sock_errmsg(x->s));
		return -EIO;
	}
	x->sent++;
	clock_gettime(CLOCK_REALTIME, &ts);
	pkt.timestamp = (uint64_t)ts.tv_sec * L2_SEC + (uint64_t)ts.tv_nsec;
	return show(x, &pkt);
}

static int send_report(struct session *x, enum membership_event event)
{
	uint8_t frame[MEMBERSHIP_FRAME];
	int64_t n = membership_report(&x->m, event, x->version, frame);

	if (n == -EOPNOTSUPP)
		return 0; /* who is silent has left */
	if (n < 0) {
		args_complain(PROGRAM, "report: %s", l2sock_strerror((int)n));
		return -EIO;
	}
	return send_frame(x, frame, (size_t)n);
}

static int send_query(struct session *x)
{
	uint8_t frame[MEMBERSHIP_FRAME];
	int64_t n = membership_ask(&x->m, (unsigned int)x->options.seconds, frame);

	if (n < 0) {
		args_complain(PROGRAM, "query: %s", l2sock_strerror((int)n));
		return -EIO;
	}
	return send_frame(x, frame, (size_t)n);
}

/* Some time within, so that not all members answer at once. */
static int64_t draw(int64_t within)
{
	uint16_t number = 0;

	if (getrandom(&number, sizeof(number), 0) < 0)
		return 0;
	return within * number >> 16;
}

/* What was to be reported sooner anyway is. An old querier understands old answers only. */
static void schedule_answer(struct session *x, const struct membership_query *query)
{
	int64_t due = now() + draw(query->patience_ns);

	if (query->version < x->version)
		x->version = query->version;
	if (due >= x->due)
		return;
	x->due = due;
	x->event = MEMBERSHIP_STATE;
}

static int take(struct session *x, const struct l2pkt *pkt)
{
	struct membership_query query;
	struct l2parse p;
	bool asked;

	l2parse_pkt(&p, pkt, 0);
	asked = x->options.command == JOIN && membership_asks(&x->m, &p, &query);
	if (asked)
		schedule_answer(x, &query);
	else if (!membership_concerns(&x->m, &p))
		return 0;
	x->heard++;
	x->members += membership_reports(&x->m, &p);
	return show(x, pkt);
}

static int report_when_due(struct session *x)
{
	if (now() < x->due)
		return 0;
	x->due = NEVER;
	return send_report(x, x->event);
}

static int64_t patience(const struct session *x)
{
	int64_t until = x->due < x->end ? x->due : x->end;
	int64_t left = until - now();

	if (until == NEVER)
		return L2_FOREVER;
	return left > 0 ? left : 0;
}

/* Until the end, or a signal. */
static int converse(struct session *x)
{
	struct l2pkt pkt;
	int64_t n;
	int r = 0;

	while (r == 0 && !stop_requested() && now() < x->end) {
		n = l2sock_recv(x->s, x->room, sizeof(x->room), &pkt, patience(x));
		if (n >= 0) {
			r = take(x, &pkt);
		} else if (n != -ETIMEDOUT && n != -EAGAIN && n != -ECANCELED) {
			args_complain(PROGRAM, "%s", l2sock_errmsg(x->s));
			r = (int)n;
		}
		if (r == 0)
			r = report_when_due(x);
	}
	return r;
}

/* The first report again a little later, should it have been lost. */
static int run_join(struct session *x)
{
	int r = send_report(x, MEMBERSHIP_JOIN);

	if (r < 0 || x->options.once)
		return r;
	x->event = MEMBERSHIP_JOIN;
	x->due = now() + draw(L2_SEC);
	r = converse(x);
	return r < 0 ? r : send_report(x, MEMBERSHIP_LEAVE);
}

static int run_query(struct session *x)
{
	int r = send_query(x);

	if (r == 0)
		r = converse(x);
	if (r == 0 && !x->members) {
		args_complain(PROGRAM, "nobody answered");
		return -ENOENT;
	}
	return r;
}

static int run_command(struct session *x)
{
	if (x->options.seconds)
		x->end = now() + (int64_t)x->options.seconds * L2_SEC;
	if (x->options.command == QUERY)
		x->end += GRACE_NS;
	switch (x->options.command) {
	case JOIN:
		return run_join(x);
	case LEAVE:
		return send_report(x, MEMBERSHIP_LEAVE);
	case LISTEN:
		return converse(x);
	default:
		return run_query(x);
	}
}

static int refuse_start(const char *sentence)
{
	args_complain(PROGRAM, "%s", sentence);
	return -1;
}

static int read_device(struct session *x)
{
	struct l2sock_info info = { .size = sizeof(info) };

	if (l2sock_get_info(x->s, &info) < 0)
		return refuse_start(l2sock_errmsg(x->s));
	if (info.addr_len != L2_MAC_LEN) {
		args_complain(PROGRAM, "%s: no Ethernet interface", x->options.ifname);
		return -1;
	}
	memcpy(x->m.mac, info.addr, L2_MAC_LEN);
	return 0;
}

static int set_filter(struct session *x)
{
	/* MLD has a router alert in front of it. */
	static char text[] = "igmp or (ip6[6] = 0 and ip6[40] = 58)";
	static struct ddd program;
	char *words[] = { text };
	char why[512];

	if (expression_compile(&program, words, 1, why, sizeof(why)) < 0)
		return refuse_start(why);
	if (l2sock_set_filter(x->s, program.insns, program.n) < 0)
		return refuse_start(l2sock_errmsg(x->s));
	return 0;
}

/* Members hear their group and the queries about all, others need to hear everything. */
static int join_on_interface(struct session *x)
{
	uint8_t group[L2_MAC_LEN];
	uint8_t all[L2_MAC_LEN];

	if (x->options.command != JOIN)
		return l2sock_join(x->s, L2SOCK_ALLMULTI, NULL, 0);
	membership_group_mac(&x->m, group);
	membership_all_mac(&x->m, all);
	if (l2sock_join_group(x->s, group, sizeof(group)) < 0)
		return -1;
	return l2sock_join_group(x->s, all, sizeof(all));
}

static void show_start(const struct session *x)
{
	const char *group = x->options.group ? x->options.group : "all groups";

	switch (x->options.command) {
	case JOIN:
		fprintf(stderr, "member of %s on %s\n", group, x->options.ifname);
		break;
	case LISTEN:
		fprintf(stderr, "listening on %s for %s\n", x->options.ifname, group);
		break;
	default:
		break;
	}
}

/* What only sends is never bound. */
static int start(struct session *x)
{
	bool deaf = x->options.command == LEAVE || x->options.once;
	uint32_t flags = x->options.command == LISTEN ? 0 : L2SOCK_IGNORE_OUTGOING;
	struct l2err err;
	struct l2sock_opts opts = { .size = sizeof(opts), .flags = flags, .err = &err };

	if (l2sock_open(&x->s, x->options.ifname, &opts) < 0)
		return refuse_start(err.text);
	stop_on_signals(x->s);
	if (read_device(x) < 0)
		return -1;
	if (deaf)
		return 0;
	if (set_filter(x) < 0)
		return -1;
	if (join_on_interface(x) < 0 || l2sock_bind(x->s, L2_ETHERTYPE_ALL) < 0)
		return refuse_start(l2sock_errmsg(x->s));
	show_start(x);
	return 0;
}

static int run(struct session *x)
{
	int r;

	if (start(x) < 0)
		return EXIT_USAGE;
	r = run_command(x);
	fprintf(stderr, "%" PRIu64 " sent, %" PRIu64 " heard\n", x->sent, x->heard);
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

/* Returns 0, or EXIT_USAGE after telling why. */
static int read_address(const struct session *x, const char *what, const char *text, uint8_t *ret)
{
	struct l2err err;
	int r = x->m.ip6 ? l2text_parse_ip6(text, ret, &err) : l2text_parse_ip4(text, ret, &err);

	if (r == 0)
		return 0;
	return args_misused(PROGRAM, "%s %s: no IPv%c address: %s", what, text,
			    x->m.ip6 ? '6' : '4', err.text);
}

static int read_group(struct session *x, const char *text)
{
	x->options.group = text;
	x->m.ip6 = strchr(text, ':');
	if (read_address(x, "group", text, x->m.group))
		return EXIT_USAGE;
	if (x->m.ip6 ? x->m.group[0] == 0xff : x->m.group[0] >> 4 == 0xe)
		return 0;
	return args_misused(PROGRAM, "group %s: not an address of a group", text);
}

static int read_sources(struct session *x, char **words, int n)
{
	int i;

	if (n > MEMBERSHIP_SOURCES)
		return args_misused(PROGRAM, "at most %d sources", MEMBERSHIP_SOURCES);
	for (i = 0; i < n; i++)
		if (read_address(x, "source", words[i], x->m.wanted[i]))
			return EXIT_USAGE;
	x->m.n_wanted = (unsigned int)n;
	return 0;
}

static int read_host(struct session *x)
{
	if (x->options.host)
		return read_address(x, "-S", x->options.host, x->m.host);
	/* Without an address it stays zeros. */
	if (x->m.ip6)
		address_ip6_link(x->options.ifname, x->m.host);
	else
		address_ip4(x->options.ifname, x->m.host);
	return 0;
}

static int choose_version(struct session *x)
{
	unsigned int newest = x->m.ip6 ? 2 : 3;
	const char *protocol = x->m.ip6 ? "MLD" : "IGMP";

	if (x->options.version > newest)
		return args_misused(PROGRAM, "-v %" PRIu64 ": the newest %s is %u",
				    x->options.version, protocol, newest);
	x->m.version = x->options.version ? (unsigned int)x->options.version : newest;
	if (x->m.n_wanted && x->m.version < newest)
		return args_misused(PROGRAM, "sources are a matter of %s version %u", protocol,
				    newest);
	if (x->options.command == LEAVE && x->m.version == 1 && !x->m.ip6)
		return args_misused(PROGRAM, "IGMP version 1 has no leave");
	x->version = x->m.version;
	return 0;
}

static int check_time(struct options *o)
{
	if (o->command != QUERY)
		return 0;
	if (!o->seconds)
		o->seconds = PATIENCE;
	if (o->seconds > PATIENCE_MAX)
		return args_misused(PROGRAM, "query -t: at most %d seconds", PATIENCE_MAX);
	return 0;
}

static int read_command(struct options *o, const char *word)
{
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(word, commands[i])) {
			o->command = (enum command)i;
			return 0;
		}
	}
	return args_misused(PROGRAM, "%s: not join, leave, listen or query", word);
}

/* COMMAND [GROUP [SOURCE...]] */
static int read_words(struct session *x, char **words, int n)
{
	struct options *o = &x->options;
	bool takes_all;

	if (!o->ifname)
		return args_misused(PROGRAM, "-i IFACE is missing");
	if (!n)
		return args_misused(PROGRAM, "what to do: join, leave, listen or query");
	if (read_command(o, words[0]))
		return EXIT_USAGE;
	if (o->once && o->command != JOIN)
		return args_misused(PROGRAM, "--once is for join");
	takes_all = o->command == LISTEN || o->command == QUERY;
	if (n < 2 && !takes_all)
		return args_misused(PROGRAM, "%s: GROUP is missing", words[0]);
	if (n > 2 && o->command == LISTEN)
		return args_misused(PROGRAM, "listen: one GROUP");
	x->m.ip6 = o->ip6;
	if (n > 1 && (read_group(x, words[1]) || read_sources(x, words + 2, n - 2)))
		return EXIT_USAGE;
	if (read_host(x) || choose_version(x) || check_time(o))
		return EXIT_USAGE;
	return -1;
}

enum { OPTION_ONCE = ARGS_OWN };

static const struct option long_options[] = {
	{ "once", no_argument, NULL, OPTION_ONCE },
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
	case 'S':
		o->host = optarg;
		return 0;
	case 'v':
		return args_number_of(PROGRAM, "-v", 1, 3, &o->version);
	case 't':
		return args_number_of(PROGRAM, "-t", 1, 86400, &o->seconds);
	case '6':
		o->ip6 = true;
		return 0;
	case OPTION_ONCE:
		o->once = true;
		return 0;
	}
	return 0;
}

static const struct args_syntax syntax = {
	.program = PROGRAM,
	.help = help,
	.letters = "i:S:v:t:6",
	.options = long_options,
	.take = parse_option,
};

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct session *x, int argc, char **argv)
{
	int status = args_read(&syntax, &x->options, argc, argv);

	if (status >= 0)
		return status;
	return read_words(x, argv + optind, argc - optind);
}

int main(int argc, char **argv)
{
	static struct session x = { .due = NEVER, .end = NEVER };
	int status = parse_arguments(&x, argc, argv);

	if (status >= 0)
		return status;
	status = run(&x);
	stop_on_signals(NULL);
	l2sock_close(x.s);
	return status;
}
