/* SPDX-License-Identifier: MIT */
/* The IP addresses that an interface has. */
#ifndef ADDRESS_H
#define ADDRESS_H

/*
 * The first IPv4 address of an interface, L2_IP4_LEN bytes, and its IPv6 address on the link,
 * L2_IP6_LEN bytes. Return 0, or -1 when there is none: then @ret is untouched.
 */
int address_ip4(const char *ifname, void *ret);
int address_ip6_link(const char *ifname, void *ret);

#endif /* ADDRESS_H */
