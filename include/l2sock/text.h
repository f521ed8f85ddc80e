/* SPDX-License-Identifier: MIT */
/*
 * text.h - addresses as text: Ethernet, IPv4, IPv6, and their prefixes
 *
 * Addresses are bytes in network order: an array, a struct in_addr or in6_addr, a field of a frame;
 * they need no alignment. Nothing is looked up, nothing allocated, and the locale plays no part.
 *
 * The functions that read take the whole text: nothing may stand before or behind the address. They
 * leave their outputs untouched on failure, and fill @err, where that is not NULL, with a sentence
 * that names the column, counted from 1: "column 9: a byte is at most 255".
 */
#ifndef L2SOCK_TEXT_H
#define L2SOCK_TEXT_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room for the longest text, its final NUL included. */
#define L2TEXT_MAC_SIZE 18
#define L2TEXT_IP4_SIZE 16
#define L2TEXT_IP6_SIZE 46

/*
 * l2text_parse_mac - read an Ethernet address
 *
 * @text: six bytes of one or two hexadecimal digits with ':' or '-' between them, three groups of
 *	  four digits with '.' between them, or twelve digits
 * @ret:  L2_MAC_LEN bytes
 * @err:  filled on failure; may be NULL
 *
 * Returns 0, or
 *   -EINVAL  @text is not an address, @text or @ret is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_parse_mac(const char *text, void *ret, struct l2err *err);

/*
 * l2text_print_mac - write an Ethernet address as "02:00:00:00:00:0a"
 *
 * @mac:  L2_MAC_LEN bytes
 * @buf:  where the text and a NUL go; untouched on failure
 * @size: bytes at @buf; L2TEXT_MAC_SIZE is enough
 *
 * Returns the length without the NUL, or
 *   -EINVAL  @mac or @buf is NULL
 *   -ENOSPC  @size is too small
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_print_mac(const void *mac, char *buf, size_t size);

/*
 * l2text_parse_ip4 - read an IPv4 address
 *
 * @text: four decimal numbers without leading zeros, with '.' between them, as inet_pton() has it
 * @ret:  L2_IP4_LEN bytes
 * @err:  filled on failure; may be NULL
 *
 * Returns 0, or
 *   -EINVAL  @text is not an address, @text or @ret is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_parse_ip4(const char *text, void *ret, struct l2err *err);

/*
 * l2text_parse_ip4_prefix - read an IPv4 address with a prefix length, as in "10.1.2.3/8"
 *
 * @text: an address; behind it a slash and a number from 0 to 32 may follow
 * @ret:  the address, all of it, L2_IP4_LEN bytes
 * @bits: the prefix length, 32 when there is none in the text
 * @err:  filled on failure; may be NULL
 *
 * Returns 0, or
 *   -EINVAL  @text is nothing of the kind; @text, @ret or @bits is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_parse_ip4_prefix(const char *text, void *ret, uint32_t *bits, struct l2err *err);

/*
 * l2text_print_ip4 - write an IPv4 address as "192.0.2.1"
 *
 * @addr: L2_IP4_LEN bytes
 * @buf:  where the text and a NUL go; untouched on failure
 * @size: bytes at @buf; L2TEXT_IP4_SIZE is enough
 *
 * Returns the length without the NUL, or
 *   -EINVAL  @addr or @buf is NULL
 *   -ENOSPC  @size is too small
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_print_ip4(const void *addr, char *buf, size_t size);

/*
 * l2text_parse_ip6 - read an IPv6 address
 *
 * @text: an address in any notation of RFC 4291, as inet_pton() has it, without a zone
 * @ret:  L2_IP6_LEN bytes
 * @err:  filled on failure; may be NULL
 *
 * Returns 0, or
 *   -EINVAL  @text is not an address, @text or @ret is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_parse_ip6(const char *text, void *ret, struct l2err *err);

/*
 * l2text_parse_ip6_prefix - read an IPv6 address with a prefix length, as in "2001:db8::/32"
 *
 * @text: an address; behind it a slash and a number from 0 to 128 may follow
 * @ret:  the address, all of it, L2_IP6_LEN bytes
 * @bits: the prefix length, 128 when there is none in the text
 * @err:  filled on failure; may be NULL
 *
 * Returns 0, or
 *   -EINVAL  @text is nothing of the kind; @text, @ret or @bits is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_parse_ip6_prefix(const char *text, void *ret, uint32_t *bits, struct l2err *err);

/*
 * l2text_print_ip6 - write an IPv6 address in the one notation of RFC 5952, as "2001:db8::1"
 *
 * @addr: L2_IP6_LEN bytes
 * @buf:  where the text and a NUL go; untouched on failure
 * @size: bytes at @buf; L2TEXT_IP6_SIZE is enough
 *
 * An IPv4 address that is mapped (::ffff:192.0.2.1) or compatible (::192.0.2.1) is written as one.
 *
 * Returns the length without the NUL, or
 *   -EINVAL  @addr or @buf is NULL
 *   -ENOSPC  @size is too small
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2text_print_ip6(const void *addr, char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_TEXT_H */
