/* SPDX-License-Identifier: MIT */
/* Any bytes as what recvmsg() delivered beside the data: the descriptor must stay within bounds. */
#include <stdlib.h>
#include <string.h>

#include "../../lib/sock/sock-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void restore(struct l2pkt *pkt, uint8_t *frame, size_t len)
{
	uint32_t flags = pkt->flags;
	int r;

	pkt->data = frame + L2_HEADROOM;
	pkt->len = (uint32_t)len;
	pkt->headroom = L2_HEADROOM;
	r = l2pkt_restore_tag(pkt);
	check((r == 1) == ((flags & L2_FLAG_TAGGED) && len >= 2 * L2_MAC_LEN));
	check(pkt->len == len + (r == 1 ? L2_VLAN_TAG_LEN : 0));
	check(pkt->data >= frame && pkt->data + pkt->len <= frame + L2_HEADROOM + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct msghdr msg = { 0 };
	struct l2pkt pkt;
	uint8_t *control;
	uint8_t *frame;
	uint8_t *name;
	size_t name_len;

	if (size < 2)
		return 0;
	name_len = data[0] % 64;
	if (name_len > size - 2)
		name_len = size - 2;
	name = malloc(name_len + 1);
	control = malloc(size); /* as malloc aligns, so does the library */
	frame = calloc(1, L2_HEADROOM + (size_t)data[1] + 1);
	memcpy(name, data + 2, name_len);
	memcpy(control, data + 2 + name_len, size - 2 - name_len);
	msg.msg_name = name;
	msg.msg_namelen = (socklen_t)name_len;
	msg.msg_control = control;
	msg.msg_controllen = size - 2 - name_len;
	l2pkt_from_msg(&pkt, &msg);
	check(pkt.addr_len <= L2_ADDR_MAX);
	restore(&pkt, frame, data[1]);
	free(frame);
	free(control);
	free(name);
	return 0;
}
