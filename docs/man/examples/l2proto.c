/* SPDX-License-Identifier: MIT */
/* Lists every protocol with the fields of its header. */
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/proto.h>

int main(void)
{
	const struct l2field *fields;
	uint32_t proto;
	uint32_t n;
	uint32_t i;

	for (proto = 1; l2proto_name(proto); proto++) {
		fields = l2proto_fields(proto, &n);
		for (i = 0; i < n; i++)
			printf("%s.%s: %u bits, default %" PRIu64 "\n",
			       l2proto_name(proto), fields[i].name,
			       (unsigned int)fields[i].id & 0xff,
			       fields[i].value);
	}
	return 0;
}
