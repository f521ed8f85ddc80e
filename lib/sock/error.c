/* SPDX-License-Identifier: MIT */
/* Failures: codes for programs, sentences for people. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sock-internal.h"

struct meaning {
	int code;
	const char *text;
};

static const struct meaning meanings[] = {
	{ 0, "success" },
	{ EPERM, "not permitted: packet sockets need CAP_NET_RAW, a locked filter stays as it is" },
	{ EACCES, "not permitted" },
	{ EINTR, "interrupted by a signal" },
	{ ENXIO, "the socket has no interface" },
	{ E2BIG, "larger than this library or the kernel knows" },
	{ EBADF, "the descriptor is not open" },
	{ EAGAIN, "not ready: it would have to wait" },
	{ ENOMEM, "out of memory, or a filter larger than net.core.optmem_max allows" },
	{ EFAULT, "an address outside the program's memory" },
	{ EBUSY, "in use" },
	{ ENODEV, "no such interface" },
	{ EINVAL, "invalid argument" },
	{ ENFILE, "too many open files in the system" },
	{ EMFILE, "too many open files in the process" },
	{ ENOSPC, "no room" },
	{ ENOSYS, "the kernel lacks this call" },
	{ EDESTADDRREQ, "the interface or the address to send to is missing" },
	{ EMSGSIZE, "the frame is longer than the interface takes" },
	{ ENOPROTOOPT, "the kernel lacks this socket option" },
	{ EOPNOTSUPP, "the device or the socket does not support this" },
	{ EAFNOSUPPORT, "the kernel has no packet sockets" },
	{ EADDRNOTAVAIL, "no such membership" },
	{ ENETDOWN, "the interface is down" },
	{ ENOBUFS, "the queueing discipline or the device has no room" },
	{ ENOTCONN, "not bound: nothing can arrive" },
	{ ESHUTDOWN, "stopped, and everything that was received is delivered" },
	{ ETIMEDOUT, "the time is over" },
	{ ECANCELED, "woken by l2sock_wake()" },
};

const char *l2sock_strerror(int err)
{
	/* Unsigned, so that INT_MIN has a twin too. */
	unsigned int code = err < 0 ? 0u - (unsigned int)err : (unsigned int)err;
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if ((unsigned int)meanings[i].code == code)
			return meanings[i].text;
	return "unknown error";
}

int l2fail_note(struct l2sock *s, int code, const char *sentence, int64_t a, int64_t b)
{
	s->fail = (struct l2fail) { code, sentence, a, b, NULL };
	return code;
}

/* Appends text to what stands in text[*used..size), cutting it where the room ends. */
static void append(char *text, size_t size, size_t *used, const char *more, size_t n)
{
	if (n > size - 1 - *used)
		n = size - 1 - *used;
	memcpy(text + *used, more, n);
	*used += n;
	text[*used] = '\0';
}

/* Appends what the placeholder stands for. */
static void expand(char placeholder, const struct l2fail *fail, const char *ifname, char *text,
		   size_t size, size_t *used)
{
	char number[24];
	const char *more = number;

	switch (placeholder) {
	case 'a':
		snprintf(number, sizeof(number), "%" PRId64, fail->a);
		break;
	case 'b':
		snprintf(number, sizeof(number), "%" PRId64, fail->b);
		break;
	case 'x':
		snprintf(number, sizeof(number), "0x%04" PRIx64, (uint64_t)fail->a);
		break;
	case 'n':
		more = ifname[0] ? ifname : "all interfaces";
		break;
	case 'w':
		more = fail->words ? fail->words : "";
		break;
	default: /* 'e' */
		more = l2sock_strerror(fail->code);
	}
	append(text, size, used, more, strlen(more));
}

/*
 * Writes the failure's sentence: %n becomes the interface's name, %a and %b the numbers, %x the
 * first number in hex, %e the meaning of the code, %w the words.
 */
void l2fail_format(const struct l2fail *fail, const char *ifname, char *text, size_t size)
{
	const char *from = fail->sentence ? fail->sentence : "";
	size_t used = 0;

	text[0] = '\0';
	while (*from) {
		size_t n = strcspn(from, "%");

		append(text, size, &used, from, n);
		from += n;
		if (!from[0] || !from[1])
			break;
		expand(from[1], fail, ifname, text, size, &used);
		from += 2;
	}
}

const char *l2sock_errmsg(struct l2sock *s)
{
	if (!s)
		return "no handle";
	l2fail_format(&s->fail, s->ifname, s->errmsg, sizeof(s->errmsg));
	return s->errmsg;
}
