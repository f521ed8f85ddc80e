/* SPDX-License-Identifier: MIT */
/*
 * How a device gets the bytes of a frame. A transmit ring hands over references to its pages; a
 * device that gives frames to a receiver on the same host has them copied into pages of their own
 * first, one allocation per frame. There the kernel had better copy the frame right away, next to
 * its headers: it does as many bytes so as the virtio-net header in front calls headers.
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <string.h>

#include "../sock/sys-internal.h"
#include "tx-ring-internal.h"

/* Up to here copying costs no more than a reference, whatever the device (tests/bench). */
#define SHORT 256

/* Longer ones would take memory that is hard to get in one piece. */
#define MOST 16384

/* Of the kinds of devices as the kernel names them, those that hand frames to this host. */
static const char *const copying[] = { "veth", "tun", "bridge", "macvlan", "ipvlan" };

/*
 * Through the packet socket, so that its network namespace answers; virtual devices tell their kind
 * as the name of their driver.
 */
static bool copies_pages(const struct l2sock *s)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { 0 };
	size_t i;

	if (s->hatype == ARPHRD_LOOPBACK)
		return true;
	request.ifr_data = (char *)&info;
	if (l2link_name(s, request.ifr_name) < 0 || l2sys_ioctl(s->fd, SIOCETHTOOL, &request) < 0)
		return false;
	for (i = 0; i < sizeof(copying) / sizeof(copying[0]); i++)
		if (!strcmp(info.driver, copying[i]))
			return true;
	return false;
}

/*
 * With a virtio-net header in front the kernel does not check lengths any more. Where the library
 * cannot either, for want of the link-layer header's length, it is not used.
 */
bool l2handover_can_copy(const struct l2sock *s)
{
	return s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK;
}

uint32_t l2handover_choose(const struct l2sock *s, uint32_t hand_over)
{
	if (hand_over == L2RING_TX_PAGES || !l2handover_can_copy(s))
		return 0;
	return hand_over == L2RING_TX_LINEAR || copies_pages(s) ? MOST : SHORT;
}
