/* SPDX-License-Identifier: MIT */
/* Any text as an address: read as inet_pton() does, and what was read survives being printed. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <l2sock/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_error(int r, const struct l2err *err)
{
	if (r == 0)
		return;
	check(err->code == r);
	check(memchr(err->text, '\0', sizeof(err->text)) != NULL);
}

static void check_mac(const char *text)
{
	char printed[L2TEXT_MAC_SIZE];
	uint8_t again[L2_MAC_LEN];
	uint8_t mac[L2_MAC_LEN];
	struct l2err err;
	int r = l2text_parse_mac(text, mac, &err);

	check_error(r, &err);
	if (r < 0)
		return;
	check(l2text_print_mac(mac, printed, sizeof(printed)) > 0);
	check(l2text_parse_mac(printed, again, NULL) == 0 && !memcmp(mac, again, sizeof(mac)));
}

static void check_ip4(const char *text)
{
	uint8_t expected[L2_IP4_LEN];
	uint8_t addr[L2_IP4_LEN];
	struct l2err err;
	uint32_t bits;
	int r = l2text_parse_ip4(text, addr, &err);

	check_error(r, &err);
	check((r == 0) == (inet_pton(AF_INET, text, expected) == 1));
	check(r < 0 || !memcmp(addr, expected, sizeof(addr)));
	check_error(l2text_parse_ip4_prefix(text, addr, &bits, &err), &err);
}

static void check_ip6(const char *text)
{
	char printed[INET6_ADDRSTRLEN];
	uint8_t expected[L2_IP6_LEN];
	char again[L2TEXT_IP6_SIZE];
	uint8_t addr[L2_IP6_LEN];
	struct l2err err;
	uint32_t bits;
	int r = l2text_parse_ip6(text, addr, &err);

	check_error(r, &err);
	check((r == 0) == (inet_pton(AF_INET6, text, expected) == 1));
	check_error(l2text_parse_ip6_prefix(text, addr, &bits, &err), &err);
	if (r < 0)
		return;
	check(!memcmp(addr, expected, sizeof(addr)));
	check(l2text_print_ip6(addr, again, sizeof(again)) > 0);
	check(inet_ntop(AF_INET6, addr, printed, sizeof(printed)) && !strcmp(printed, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	check_mac(text);
	check_ip4(text);
	check_ip6(text);
	free(text);
	return 0;
}
