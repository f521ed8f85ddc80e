/* SPDX-License-Identifier: MIT */
/* Addresses as text, against the C library's inet_pton() and inet_ntop(). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <l2sock/text.h>

#include "case.h"
#include "random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const uint8_t untouched[L2_IP6_LEN] = "untouched bytes";

/* Both read the same texts, and the same addresses from them. */
static void compare_parse(int family, const char *text)
{
	uint8_t expected[L2_IP6_LEN];
	uint8_t addr[L2_IP6_LEN];
	int r;

	memcpy(addr, untouched, sizeof(addr));
	memcpy(expected, untouched, sizeof(expected));
	r = family == AF_INET ? l2text_parse_ip4(text, addr, NULL)
			      : l2text_parse_ip6(text, addr, NULL);
	REQUIRE_EQ(r, inet_pton(family, text, expected) == 1 ? 0 : -EINVAL);
	REQUIRE(!memcmp(addr, r == 0 ? expected : untouched, sizeof(addr)));
}

static void compare_print(int family, const void *addr)
{
	char expected[INET6_ADDRSTRLEN];
	char text[L2TEXT_IP6_SIZE];
	int n = family == AF_INET ? l2text_print_ip4(addr, text, sizeof(text))
				  : l2text_print_ip6(addr, text, sizeof(text));

	REQUIRE(inet_ntop(family, addr, expected, sizeof(expected)));
	REQUIRE(!strcmp(text, expected));
	REQUIRE_EQ(n, strlen(expected));
	compare_parse(family, text);
}

CASE(text, ip4_is_what_inet_says)
{
	static const char *const texts[] = {
		"0.0.0.0",   "255.255.255.255", "1.2.3.4",  "1.2.3",     "1.2.3.4.5",
		"1.2.3.256", "01.2.3.4",        "1.2.3.04", "1.2.3.00",  "1..3.4",
		".1.2.3.4",  "1.2.3.4.",        " 1.2.3.4", "1.2.3.4 ",  "",
		"1.2.3.4\n", "0x1.2.3.4",       "-1.2.3.4", "1.2.3.999", "1.2.3.4294967297"
	};
	uint64_t seed = random_seed();
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		compare_parse(AF_INET, texts[i]);
	for (i = 0; i < 20000; i++) {
		uint64_t addr = random_next(&seed);

		compare_print(AF_INET, &addr);
	}
}

/* Every pattern of zero groups, with short and long groups and ffff between them. */
CASE(text, ip6_prints_as_inet_says)
{
	static const uint16_t values[] = { 0, 1, 0xffff, 0x0a0b };
	uint32_t pattern;

	for (pattern = 0; pattern < 1u << 16; pattern++) {
		uint16_t groups[8];
		size_t i;

		for (i = 0; i < 8; i++)
			groups[i] = htons(values[pattern >> 2 * i & 3]);
#ifdef __GLIBC__
		compare_print(AF_INET6, groups);
#else
		/* musl does not always shorten the first of two runs, as RFC 5952 wants it. */
		char text[L2TEXT_IP6_SIZE];

		l2text_print_ip6(groups, text, sizeof(text));
		compare_parse(AF_INET6, text);
#endif
	}
}

CASE(text, ip6_of_rfc_5952)
{
	static const char *const texts[][2] = {
		{ "2001:0DB8::0001", "2001:db8::1" },
		{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "::FFFF:C000:0201", "::ffff:192.0.2.1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "0:0:0:0:0:0:0:0", "::" },
		{ "1:0:0:0:0:0:0:0", "1::" },
		{ "0:0:0:0:0:0:0:1", "::1" },
	};
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		char text[L2TEXT_IP6_SIZE];
		uint8_t addr[L2_IP6_LEN];

		REQUIRE_EQ(l2text_parse_ip6(texts[i][0], addr, NULL), 0);
		REQUIRE_EQ(l2text_print_ip6(addr, text, sizeof(text)), strlen(texts[i][1]));
		REQUIRE(!strcmp(text, texts[i][1]));
	}
}

/* A valid text with some of its characters replaced, doubled or left out. */
static void spoil(char *text, size_t size, uint64_t *seed)
{
	static const char alphabet[] = "0123456789abcdefABCDEF:::...%/ gx-";
	size_t changes = random_next(seed) % 4;

	while (changes--) {
		size_t len = strlen(text);
		size_t at = (size_t)(random_next(seed) % (len + 1));
		char c = alphabet[random_next(seed) % (sizeof(alphabet) - 1)];

		switch (random_next(seed) % 3) {
		case 0:
			text[at] = at < len ? c : '\0';
			break;
		case 1:
			if (at < len)
				memmove(text + at, text + at + 1, len - at);
			break;
		default:
			if (len + 2 > size)
				break;
			memmove(text + at + 1, text + at, len - at + 1);
			text[at] = c;
		}
	}
}

CASE(text, ip_is_read_as_inet_does)
{
	uint64_t seed = random_seed();
	uint64_t rounds = random_rounds(60000);
	char text[128];

	while (rounds--) {
		uint64_t addr[2] = { random_next(&seed), random_next(&seed) };
		int family = random_next(&seed) % 2 ? AF_INET : AF_INET6;

		/* Zero bytes are what makes IPv6 texts differ. */
		addr[0] &= random_next(&seed) & random_next(&seed);
		addr[1] &= random_next(&seed) & random_next(&seed);
		REQUIRE(inet_ntop(family, addr, text, sizeof(text)));
		spoil(text, sizeof(text), &seed);
		compare_parse(family, text);
	}
}

CASE(text, mac_forms)
{
	static const uint8_t mac[L2_MAC_LEN] = { 0x02, 0x0b, 0xc0, 0x00, 0xde, 0xff };
	static const char *const texts[] = { "02:0b:c0:00:de:ff", "2:b:c0:0:de:FF",
					     "02-0B-C0-00-DE-FF", "2-b-c0-0-de-ff",
					     "020b.c000.deff",    "020bc000deff" };
	char text[L2TEXT_MAC_SIZE];
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		uint8_t ret[L2_MAC_LEN];

		REQUIRE_EQ(l2text_parse_mac(texts[i], ret, NULL), 0);
		REQUIRE(!memcmp(ret, mac, sizeof(mac)));
	}
	REQUIRE_EQ(l2text_print_mac(mac, text, sizeof(text)), L2TEXT_MAC_SIZE - 1);
	REQUIRE(!strcmp(text, texts[0]));
}

CASE(text, mac_is_read_as_ether_aton_does)
{
	uint64_t seed = random_seed();
	int rounds;

	for (rounds = 0; rounds < 20000; rounds++) {
		uint64_t random = random_next(&seed);
		char text[L2TEXT_MAC_SIZE];
		uint8_t mac[L2_MAC_LEN];
		struct ether_addr expected;

		l2text_print_mac(&random, text, sizeof(text));
		REQUIRE(ether_aton_r(text, &expected));
		REQUIRE_EQ(l2text_parse_mac(text, mac, NULL), 0);
		REQUIRE(!memcmp(mac, &expected, sizeof(mac)));
		REQUIRE(!memcmp(mac, &random, sizeof(mac)));
	}
}

CASE(text, prefixes)
{
	uint8_t addr[L2_IP6_LEN];
	char text[64];
	uint32_t bits;
	uint32_t n;

	for (n = 0; n <= 128; n++) {
		bits = 1000;
		snprintf(text, sizeof(text), "10.1.2.3/%u", (unsigned int)n);
		REQUIRE_EQ(l2text_parse_ip4_prefix(text, addr, &bits, NULL), n <= 32 ? 0 : -EINVAL);
		REQUIRE_EQ(bits, n <= 32 ? n : 1000);
		snprintf(text, sizeof(text), "2001:db8::1/%u", (unsigned int)n);
		REQUIRE_EQ(l2text_parse_ip6_prefix(text, addr, &bits, NULL), 0);
		REQUIRE_EQ(bits, n);
	}
	REQUIRE_EQ(l2text_parse_ip4_prefix("10.1.2.3", addr, &bits, NULL), 0);
	REQUIRE_EQ(bits, 32);
	REQUIRE(!memcmp(addr, "\x0a\x01\x02\x03", L2_IP4_LEN));
	REQUIRE_EQ(l2text_parse_ip6_prefix("::", addr, &bits, NULL), 0);
	REQUIRE_EQ(bits, 128);
	REQUIRE_EQ(l2text_parse_ip4("10.1.2.3/8", addr, NULL), -EINVAL);
	REQUIRE_EQ(l2text_parse_ip6("::/8", addr, NULL), -EINVAL);
}

static int parse_prefix4(const char *text, void *ret, struct l2err *err)
{
	uint32_t bits;

	return l2text_parse_ip4_prefix(text, ret, &bits, err);
}

static int parse_prefix6(const char *text, void *ret, struct l2err *err)
{
	uint32_t bits;

	return l2text_parse_ip6_prefix(text, ret, &bits, err);
}

CASE(text, errors_name_the_column)
{
	static const struct {
		int (*parse)(const char *text, void *ret, struct l2err *err);
		const char *text;
		const char *sentence;
	} rows[] = {
		{ l2text_parse_mac, "", "column 1: a hexadecimal digit is missing" },
		{ l2text_parse_mac, NULL, "column 1: a hexadecimal digit is missing" },
		{ l2text_parse_mac, "02:0g:00:00:00:01",
		  "column 5: a separator is missing, the same "
		  "between all six bytes" },
		{ l2text_parse_mac, "02:00:00:00:00",
		  "column 15: a separator is missing, the same "
		  "between all six bytes" },
		{ l2text_parse_mac, "02:00:00-00:00:01",
		  "column 9: a separator is missing, the same "
		  "between all six bytes" },
		{ l2text_parse_mac, "02:00:00:00:00:01:02",
		  "column 18: the address has ended, the text has not" },
		{ l2text_parse_mac, "02000000001",
		  "column 12: the second digit of a byte is missing" },
		{ l2text_parse_mac, "0200.0000.001",
		  "column 14: the second digit of a byte is missing" },
		{ l2text_parse_mac, "02.00.00.00.00.01",
		  "column 3: a hexadecimal digit is missing" },
		{ l2text_parse_ip4, "1.2.3", "column 6: a dot and a number are missing" },
		{ l2text_parse_ip4, "1.2.3.", "column 7: a number is missing" },
		{ l2text_parse_ip4, "192.168.1.256", "column 11: a byte is at most 255" },
		{ l2text_parse_ip4, "1.02.3.4", "column 3: a number has no leading zeros" },
		{ l2text_parse_ip4, "1.2.3.4.5",
		  "column 8: the address has ended, the text has not" },
		{ parse_prefix4, "1.2.3.4/", "column 9: a number is missing" },
		{ parse_prefix4, "1.2.3.4/33", "column 9: a prefix has at most 32 bits" },
		{ parse_prefix4, "1.2.3.4/8.",
		  "column 10: the address has ended, the text has not" },
		{ l2text_parse_ip6, ":1::", "column 2: a colon is missing" },
		{ l2text_parse_ip6, "1::2::3", "column 5: a second \"::\"" },
		{ l2text_parse_ip6, "1:2:", "column 5: a group is missing" },
		{ l2text_parse_ip6, "1:2", "column 4: there are fewer than eight groups" },
		{ l2text_parse_ip6, "12345::", "column 5: a group has at most four digits" },
		{ l2text_parse_ip6, "::1:2:3:4:5:6:7:8", "column 18: \"::\" stands for no group" },
		{ l2text_parse_ip6, "::1.2.3.256", "column 9: a byte is at most 255" },
		{ l2text_parse_ip6, "fe80::1%eth0",
		  "column 8: the address has ended, the text has not" },
		{ parse_prefix6, "::/129", "column 4: a prefix has at most 128 bits" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		uint8_t ret[L2_IP6_LEN];
		struct l2err err;

		memcpy(ret, untouched, sizeof(ret));
		memset(&err, 0xff, sizeof(err));
		REQUIRE_EQ(rows[i].parse(rows[i].text, ret, &err), -EINVAL);
		REQUIRE_EQ(err.code, -EINVAL);
		if (strcmp(err.text, rows[i].sentence))
			fprintf(stderr, "# got \"%s\", not \"%s\"\n", err.text, rows[i].sentence);
		REQUIRE(!strcmp(err.text, rows[i].sentence));
		REQUIRE(!memcmp(ret, untouched, sizeof(ret)));
	}
}

CASE(text, missing_places_are_errors)
{
	uint8_t addr[L2_IP6_LEN];
	char text[64];
	uint32_t bits;

	REQUIRE_EQ(l2text_parse_mac("2:0:0:0:0:1", NULL, NULL), -EINVAL);
	REQUIRE_EQ(l2text_parse_ip4("1.2.3.4", NULL, NULL), -EINVAL);
	REQUIRE_EQ(l2text_parse_ip6_prefix("::", NULL, &bits, NULL), -EINVAL);
	REQUIRE_EQ(l2text_parse_ip4_prefix("1.2.3.4", addr, NULL, NULL), -EINVAL);
	REQUIRE_EQ(l2text_print_mac(NULL, text, sizeof(text)), -EINVAL);
	REQUIRE_EQ(l2text_print_ip4(addr, NULL, 64), -EINVAL);
}

/* Every size: the whole text or nothing. */
CASE(text, too_little_room_is_an_error)
{
	static const uint8_t addr[L2_IP6_LEN] = { 0xfe, 0x80, [15] = 1 };
	char text[L2TEXT_IP6_SIZE + 1];
	size_t size;

	for (size = 0; size < sizeof(text); size++) {
		int r;

		memset(text, 'x', sizeof(text));
		r = l2text_print_ip6(addr, text, size);
		REQUIRE_EQ(r, size < sizeof("fe80::1") ? -ENOSPC : 7);
		REQUIRE(r < 0 ? text[0] == 'x' : !strcmp(text, "fe80::1"));
		REQUIRE_EQ(text[size < sizeof(text) - 1 ? size : sizeof(text) - 1], 'x');
	}
}
