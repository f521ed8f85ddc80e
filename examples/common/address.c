/* SPDX-License-Identifier: MIT */
/* The IP addresses that an interface has. */
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <l2sock/types.h>

#include "address.h"

/* Aligned, as the addresses in a list of getifaddrs() are. */
static const void *ip4_of(const struct sockaddr *address)
{
	const void *a = address;

	return address->sa_family == AF_INET ? &((const struct sockaddr_in *)a)->sin_addr : NULL;
}

static const void *ip6_link_of(const struct sockaddr *address)
{
	const struct sockaddr_in6 *a = (const void *)address;

	if (address->sa_family != AF_INET6 || !IN6_IS_ADDR_LINKLOCAL(&a->sin6_addr))
		return NULL;
	return &a->sin6_addr;
}

static int find(const char *ifname, const void *(*bytes_of)(const struct sockaddr *), void *ret,
		size_t len)
{
	struct ifaddrs *list;
	const struct ifaddrs *i;
	const void *bytes = NULL;

	if (getifaddrs(&list) < 0)
		return -1;
	for (i = list; i && !bytes; i = i->ifa_next)
		if (i->ifa_addr && !strcmp(i->ifa_name, ifname))
			bytes = bytes_of(i->ifa_addr);
	if (bytes)
		memcpy(ret, bytes, len);
	freeifaddrs(list);
	return bytes ? 0 : -1;
}

int address_ip4(const char *ifname, void *ret)
{
	return find(ifname, ip4_of, ret, L2_IP4_LEN);
}

int address_ip6_link(const char *ifname, void *ret)
{
	return find(ifname, ip6_link_of, ret, L2_IP6_LEN);
}
