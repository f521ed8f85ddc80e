/* SPDX-License-Identifier: MIT */
/* The descriptor of a received frame. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "kernel-internal.h"
#include "sock-internal.h"

static void read_auxdata(struct l2pkt *pkt, const struct tpacket_auxdata *aux)
{
	pkt->wire_len = aux->tp_len;
	pkt->valid |= L2_VALID_WIRE_LEN | L2_VALID_VLAN;
	if (aux->tp_status & TP_STATUS_VLAN_VALID) {
		pkt->flags |= L2_FLAG_TAGGED;
		pkt->vlan_tci = aux->tp_vlan_tci;
		pkt->vlan_tpid = L2_TPID_8021Q;
		if (aux->tp_status & TP_STATUS_VLAN_TPID_VALID)
			pkt->vlan_tpid = aux->tp_vlan_tpid;
	}
	if (aux->tp_status & TP_STATUS_LOSING)
		pkt->flags |= L2_FLAG_LOSING;
	if (aux->tp_status & TP_STATUS_CSUM_VALID)
		pkt->csum = L2_CSUM_VALID;
	if (aux->tp_status & TP_STATUS_CSUMNOTREADY)
		pkt->csum = L2_CSUM_NOT_READY;
}

static void set_time(struct l2pkt *pkt, int64_t sec, int64_t nsec)
{
	pkt->timestamp = (uint64_t)sec * (uint64_t)L2_SEC + (uint64_t)nsec;
	pkt->timestamp_source = L2_TIME_SOFTWARE;
	pkt->valid |= L2_VALID_TIMESTAMP;
}

static void read_control(struct l2pkt *pkt, const struct cmsghdr *c)
{
	size_t len = c->cmsg_len - CMSG_LEN(0);
	struct tpacket_auxdata aux;
	struct l2kernel_timespec wide;
	long native[2];

	if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA && len >= sizeof(aux)) {
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		read_auxdata(pkt, &aux);
	}
	if (c->cmsg_level != SOL_SOCKET)
		return;
	if (c->cmsg_type == SO_TIMESTAMPNS_NEW && len >= sizeof(wide)) {
		memcpy(&wide, CMSG_DATA(c), sizeof(wide));
		set_time(pkt, wide.sec, wide.nsec);
	} else if (c->cmsg_type == SO_TIMESTAMPNS_OLD && len >= sizeof(native)) {
		memcpy(native, CMSG_DATA(c), sizeof(native));
		set_time(pkt, native[0], native[1]);
	}
}

static void read_address(struct l2pkt *pkt, const struct msghdr *msg)
{
	const size_t header = offsetof(struct sockaddr_ll, sll_addr);
	struct sockaddr_ll addr;
	size_t room;

	if (!msg->msg_name || msg->msg_namelen < header)
		return;
	memcpy(&addr, msg->msg_name, header);
	if (addr.sll_family != AF_PACKET)
		return; /* a SOCK_PACKET socket's: see legacy.c */
	pkt->protocol = ntohs(addr.sll_protocol);
	pkt->ifindex = (uint32_t)addr.sll_ifindex;
	pkt->hatype = addr.sll_hatype;
	pkt->pkttype = addr.sll_pkttype;
	pkt->valid |= L2_VALID_IFINDEX | L2_VALID_PKTTYPE | L2_VALID_PROTOCOL | L2_VALID_ADDR;
	room = msg->msg_namelen - header;
	if (room > L2_ADDR_MAX)
		room = L2_ADDR_MAX;
	pkt->addr_len = addr.sll_halen < room ? addr.sll_halen : (uint8_t)room;
	if (pkt->addr_len == L2_MAC_LEN) /* two moves in place of a call */
		memcpy(pkt->addr, (const uint8_t *)msg->msg_name + header, L2_MAC_LEN);
	else
		memcpy(pkt->addr, (const uint8_t *)msg->msg_name + header, pkt->addr_len);
}

static void read_controls(struct l2pkt *pkt, const uint8_t *controls, size_t size)
{
	const struct cmsghdr *c;
	size_t at = 0;

	while (at <= size && size - at >= sizeof(*c)) {
		c = (const struct cmsghdr *)(const void *)(controls + at);
		if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > size - at)
			return;
		read_control(pkt, c);
		at += CMSG_SPACE(c->cmsg_len - CMSG_LEN(0));
	}
}

/* Compilers make a slow string instruction of 128 bytes, and eight stores of two times 64. */
static void clear(struct l2pkt *pkt)
{
	uint8_t *bytes = (uint8_t *)pkt;

	memset(bytes, 0, sizeof(*pkt) / 2);
	memset(bytes + sizeof(*pkt) / 2, 0, sizeof(*pkt) / 2);
}

/*
 * Everything but the data's place and length, which only the caller of recvmsg() knows; wire_len
 * is without the tag that was taken out.
 */
L2_HOT void l2pkt_from_msg(struct l2pkt *pkt, const struct msghdr *msg)
{
	clear(pkt);
	read_address(pkt, msg);
	read_controls(pkt, msg->msg_control, msg->msg_controllen);
}

int l2pkt_restore_tag(struct l2pkt *pkt)
{
	uint8_t *tag;

	if (!pkt)
		return -EINVAL;
	if (!(pkt->flags & L2_FLAG_TAGGED))
		return 0;
	if (pkt->len < 2 * L2_MAC_LEN)
		return -EINVAL;
	if (pkt->headroom < L2_VLAN_TAG_LEN)
		return -ENOSPC;
	pkt->data -= L2_VLAN_TAG_LEN;
	memmove(pkt->data, pkt->data + L2_VLAN_TAG_LEN, 2 * L2_MAC_LEN);
	tag = pkt->data + 2 * L2_MAC_LEN;
	tag[0] = (uint8_t)(pkt->vlan_tpid >> 8);
	tag[1] = (uint8_t)pkt->vlan_tpid;
	tag[2] = (uint8_t)(pkt->vlan_tci >> 8);
	tag[3] = (uint8_t)pkt->vlan_tci;
	pkt->len += L2_VLAN_TAG_LEN;
	pkt->headroom = (uint16_t)(pkt->headroom - L2_VLAN_TAG_LEN);
	pkt->flags &= ~L2_FLAG_TAGGED;
	return 1;
}
