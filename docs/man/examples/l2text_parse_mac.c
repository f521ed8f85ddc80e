/* SPDX-License-Identifier: MIT */
/* Says what kind of address each argument is, in its usual notation. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <l2sock/text.h>

static void show(const char *text)
{
	char printed[L2TEXT_IP6_SIZE];
	uint8_t addr[L2_IP6_LEN];
	struct l2err why;
	uint32_t bits;

	if (l2text_parse_mac(text, addr, NULL) == 0) {
		l2text_print_mac(addr, printed, sizeof(printed));
		printf("Ethernet %s\n", printed);
	} else if (l2text_parse_ip4_prefix(text, addr, &bits, NULL) == 0) {
		l2text_print_ip4(addr, printed, sizeof(printed));
		printf("IPv4 %s, prefix of %u bits\n", printed, bits);
	} else if (l2text_parse_ip6_prefix(text, addr, &bits, &why) == 0) {
		l2text_print_ip6(addr, printed, sizeof(printed));
		printf("IPv6 %s, prefix of %u bits\n", printed, bits);
	} else {
		warnx("%s: no IPv6 address either: %s", text, why.text);
	}
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		show(argv[i]);
	return 0;
}
