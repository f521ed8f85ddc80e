/* SPDX-License-Identifier: MIT */
/* Codes and sentences. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "../../lib/sock/sock-internal.h"
#include "case.h"

/* Every code that the header promises has a meaning of its own. */
CASE(error, promised_codes_have_meanings)
{
	static const int codes[] = { EINVAL,   E2BIG,         ENODEV,    EPERM,    ENOMEM,
				     ENOBUFS,  EMFILE,        ENFILE,    EAGAIN,   EAFNOSUPPORT,
				     ENOTCONN, EADDRNOTAVAIL, ETIMEDOUT, ENOSPC,   EOPNOTSUPP,
				     EMSGSIZE, EDESTADDRREQ,  ENETDOWN,  ECANCELED };
	size_t i;
	size_t j;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const char *text = l2sock_strerror(-codes[i]);

		REQUIRE(strcmp(text, "unknown error"));
		REQUIRE(text == l2sock_strerror(codes[i]));
		for (j = 0; j < i; j++)
			REQUIRE(strcmp(text, l2sock_strerror(-codes[j])));
	}
}

CASE(error, other_codes_are_unknown)
{
	REQUIRE(!strcmp(l2sock_strerror(0), "success"));
	REQUIRE(!strcmp(l2sock_strerror(12345), "unknown error"));
	REQUIRE(!strcmp(l2sock_strerror(INT_MIN), "unknown error"));
	REQUIRE(!strcmp(l2sock_strerror(INT_MAX), "unknown error"));
}

static const char *sentence(const char *sentence, int64_t a, int64_t b, const char *ifname)
{
	static char text[252];
	const struct l2fail fail = { .code = -ENODEV, .sentence = sentence, .a = a, .b = b };

	l2fail_format(&fail, ifname, text, sizeof(text));
	return text;
}

CASE(error, placeholders)
{
	REQUIRE(!strcmp(sentence("plain", 1, 2, "eth0"), "plain"));
	REQUIRE(!strcmp(sentence(NULL, 1, 2, "eth0"), ""));
	REQUIRE(!strcmp(sentence("%n: %a of %b", -5, INT64_MAX, "eth0"),
			"eth0: -5 of 9223372036854775807"));
	REQUIRE(!strcmp(sentence("type %x", 0x806, 0, "eth0"), "type 0x0806"));
	REQUIRE(!strcmp(sentence("%n: %e", 0, 0, ""), "all interfaces: no such interface"));
	REQUIRE(!strcmp(sentence("ends in %", 0, 0, ""), "ends in "));
}

/* A sentence that does not fit is cut, never overrun. */
CASE(error, short_room)
{
	const struct l2fail fail = { .sentence = "%n%n%n%a", .a = 1234567890 };
	char guarded[64];
	size_t size;

	for (size = 1; size < 40; size++) {
		memset(guarded, '#', sizeof(guarded));
		l2fail_format(&fail, "interface", guarded, size);
		REQUIRE(memchr(guarded, '\0', size));
		REQUIRE(guarded[size] == '#');
		REQUIRE(!strncmp("interfaceinterfaceinterface1234567890", guarded,
				 strlen(guarded)));
		REQUIRE(strlen(guarded) == (size - 1 < 37 ? size - 1 : 37));
	}
}

CASE(error, no_handle)
{
	REQUIRE(strlen(l2sock_errmsg(NULL)) > 0);
}
