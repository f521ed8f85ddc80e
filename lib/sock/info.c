/* SPDX-License-Identifier: MIT */
/* What there is to know about a handle: its interface, its socket, and the kernel under it. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel-internal.h"
#include "sock-internal.h"
#include "sys-internal.h"

/* The info of version 0.1: no caller knows less. */
#define INFO_LEAST (offsetof(struct l2sock_info, addr) + L2_ADDR_MAX)
#define INFO_MOST  4096

/* Asking for an option by which the kernel shows that it can do something. */
struct probe {
	uint32_t feature;
	int level;
	int option;
};

static const struct probe probes[] = {
	{ L2SOCK_CAN_IGNORE_OUTGOING, SOL_PACKET, PACKET_IGNORE_OUTGOING },
	{ L2SOCK_CAN_QDISC_BYPASS, SOL_PACKET, PACKET_QDISC_BYPASS },
	{ L2SOCK_CAN_OFFLOAD, SOL_PACKET, PACKET_VNET_HDR },
	{ L2SOCK_CAN_GROUP, SOL_PACKET, PACKET_FANOUT },
	{ L2SOCK_CAN_TXTIME, SOL_SOCKET, SO_TXTIME },
	{ L2SOCK_CAN_TIMESTAMP, SOL_SOCKET, SO_TIMESTAMPNS_NEW },
};

/* The kernel tells the length of a version's header when it knows the version. */
static bool has_ring(const struct l2sock *s)
{
	int value = TPACKET_V3;
	size_t len = sizeof(value);

	return l2sys_getsockopt(s->fd, SOL_PACKET, PACKET_HDRLEN, &value, &len) == 0;
}

/* No program has descriptor -1: the refusal tells whether there is such an option. */
static bool has_ebpf(const struct l2sock *s)
{
	const int none = -1;

	return l2sys_setsockopt(s->fd, SOL_SOCKET, SO_ATTACH_BPF, &none, sizeof(none)) == -EBADF;
}

static uint32_t probe_features(const struct l2sock *s)
{
	uint32_t features = 0;
	uint8_t value[16];
	size_t len;
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		len = sizeof(value);
		if (l2sys_getsockopt(s->fd, probes[i].level, probes[i].option, value, &len) == 0)
			features |= probes[i].feature;
	}
	if (has_ring(s))
		features |= L2SOCK_CAN_RING;
	if (has_ebpf(s))
		features |= L2SOCK_CAN_EBPF;
	return features;
}

static uint32_t buffer(const struct l2sock *s, int option)
{
	int value = 0;
	size_t len = sizeof(value);

	l2sys_getsockopt(s->fd, SOL_SOCKET, option, &value, &len);
	return (uint32_t)value;
}

/* The longest addresses are told by the socket's name alone. */
static int describe_address(const struct l2sock *s, struct l2sock_info *info)
{
	union l2kernel_address name = { 0 };
	size_t len = sizeof(name);
	int r = l2sys_getsockname(s->fd, &name, &len);

	if (r < 0)
		return r;
	info->addr_len = name.ll.sll_halen < L2_ADDR_MAX ? name.ll.sll_halen : L2_ADDR_MAX;
	memcpy(info->addr, name.room + offsetof(struct sockaddr_ll, sll_addr), info->addr_len);
	return 0;
}

static int describe_legacy_address(const struct l2sock *s, struct l2sock_info *info)
{
	struct ifreq request = { 0 };
	int r;

	memcpy(request.ifr_name, info->name, IFNAMSIZ);
	r = l2sys_ioctl(s->fd, SIOCGIFHWADDR, &request);
	if (r < 0)
		return r;
	info->addr_len = L2_MAC_LEN;
	memcpy(info->addr, request.ifr_hwaddr.sa_data, L2_MAC_LEN);
	return 0;
}

static int describe_interface(struct l2sock *s, struct l2sock_info *info)
{
	struct ifreq request = { 0 };
	int r;

	info->link = s->link;
	if (s->link == L2SOCK_LINK_GONE)
		return 0;
	r = l2link_name(s, info->name);
	if (r < 0)
		return r;
	memcpy(request.ifr_name, info->name, IFNAMSIZ);
	r = l2sys_ioctl(s->fd, SIOCGIFMTU, &request);
	if (r < 0)
		return r;
	info->mtu = (uint32_t)request.ifr_mtu;
	return s->type == L2SOCK_TYPE_LEGACY ? describe_legacy_address(s, info)
					     : describe_address(s, info);
}

int l2sock_get_info(struct l2sock *s, struct l2sock_info *ret)
{
	struct l2sock_info info = { 0 };
	int r = 0;

	if (!s)
		return -EINVAL;
	if (!ret || ret->size < INFO_LEAST || ret->size > INFO_MOST)
		return l2fail_note(s, -EINVAL, "info: a struct of %a to %b bytes is needed",
				   INFO_LEAST, INFO_MOST);
	info.size = ret->size < sizeof(info) ? ret->size : (uint32_t)sizeof(info);
	info.ifindex = s->ifindex;
	info.hatype = s->hatype;
	info.type = s->type;
	info.ethertype = s->ethertype;
	info.features = probe_features(s);
	info.rcvbuf = buffer(s, SO_RCVBUF);
	info.sndbuf = buffer(s, SO_SNDBUF);
	if (s->ifindex) {
		l2link_update(s);
		r = describe_interface(s, &info);
	}
	if (r < 0)
		return l2fail_note(s, r, "info: %n: %e", 0, 0);
	memset(ret, 0, ret->size);
	memcpy(ret, &info, info.size);
	return 0;
}
