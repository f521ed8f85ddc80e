/* SPDX-License-Identifier: MIT */
/* Limits: which lengths the interface takes, as far as that can be known before asking it. */
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <sys/ioctl.h>

#include "sock-internal.h"
#include "sys-internal.h"

#define HEADER_UNKNOWN (-1)

/* Bytes of a frame in front of what the MTU counts. Nobody tells, but these kinds are known. */
static int header_len(const struct l2sock *s)
{
	if (s->type == L2SOCK_TYPE_COOKED)
		return 0;
	if (s->hatype == ARPHRD_ETHER || s->hatype == ARPHRD_LOOPBACK)
		return ETH_HLEN;
	return HEADER_UNKNOWN;
}

/* The MTU as it is now. By index: the name may have changed. */
int l2limits_mtu(struct l2sock *s, uint32_t ifindex, uint32_t *ret)
{
	struct ifreq request = { 0 };
	int r;

	request.ifr_ifindex = (int)ifindex;
	r = l2sys_ioctl(s->fd, SIOCGIFNAME, &request);
	if (r == 0)
		r = l2sys_ioctl(s->fd, SIOCGIFMTU, &request);
	if (r == 0)
		*ret = (uint32_t)request.ifr_mtu;
	return r;
}

/* The kernel's rule: four bytes more for this tag, and on Ethernet alone. */
static size_t extra_len(const struct l2sock *s, uint16_t type)
{
	return s->hatype == ARPHRD_ETHER && type == L2_TPID_8021Q ? L2_VLAN_TAG_LEN : 0;
}

static int too_short(struct l2sock *s, size_t len)
{
	return l2fail_note(s, -EINVAL, "send: %a bytes are less than the link-layer header of %n",
			   (int64_t)len, 0);
}

static int too_long(struct l2sock *s, size_t len, uint32_t mtu)
{
	const char *sentence = "send: %a bytes exceed the MTU of %n, %b, and its link-layer header";

	if (s->type == L2SOCK_TYPE_COOKED)
		sentence = "send: %a bytes exceed the MTU of %n, %b";
	return l2fail_note(s, -EMSGSIZE, sentence, (int64_t)len, mtu);
}

/*
 * For a frame that is not within the limits known: -EINVAL or -EMSGSIZE if it is too short or too
 * long for the interface as it is now, else 0. Where the limits cannot be known, the kernel
 * decides. @type is the type field that the frame will have.
 */
int l2limits_check(struct l2sock *s, size_t len, uint16_t type)
{
	int header = header_len(s);
	size_t most;
	uint32_t mtu;

	if (!s->ifindex)
		return 0;
	if (header == HEADER_UNKNOWN) {
		s->limits.span = UINT32_MAX;
		return 0;
	}
	if (len < (size_t)header)
		return too_short(s, len);
	most = (size_t)header + extra_len(s, type);
	if (s->limits.span && len <= most + s->limits.span)
		return 0;
	if (l2limits_mtu(s, s->ifindex, &mtu) < 0)
		return 0;
	s->limits.least = (uint32_t)header;
	s->limits.span = mtu;
	return len <= most + mtu ? 0 : too_long(s, len, mtu);
}

/* Is a frame too long by the limits known, which are asked for elsewhere? */
bool l2limits_exceeded(const struct l2sock *s, size_t len, uint16_t type)
{
	int header = header_len(s);

	return header != HEADER_UNKNOWN &&
	       len > (size_t)header + extra_len(s, type) + s->limits.span;
}

/* Asks for the limits anew. Returns 0 or a negative errno. */
int l2limits_renew(struct l2sock *s)
{
	int header = header_len(s);
	uint32_t mtu;
	int r;

	if (header == HEADER_UNKNOWN) {
		s->limits = (struct l2limits) { .span = UINT32_MAX };
		return 0;
	}
	r = l2limits_mtu(s, s->ifindex, &mtu);
	if (r < 0)
		return r;
	s->limits.least = (uint32_t)header;
	s->limits.span = mtu;
	return 0;
}

/* The sentence for a length that the kernel refused; and the limits known are no longer true. */
int l2limits_refused(struct l2sock *s, int code, uint32_t ifindex, size_t len)
{
	uint32_t mtu;

	if (code == -EINVAL)
		return too_short(s, len);
	if (l2limits_mtu(s, ifindex, &mtu) < 0)
		return l2fail_note(s, code, "send: %a bytes: %e", (int64_t)len, 0);
	if (s->ifindex && s->limits.span)
		s->limits.span = mtu;
	return too_long(s, len, mtu);
}
