/* SPDX-License-Identifier: MIT */
/*
 * group.h - multicast groups: IGMP for IPv4, MLD for IPv6
 *
 *	l2frame_eth(&f, NULL, my_mac);
 *	l2frame_ip4(&f, my_ip, NULL);
 *	l2frame_igmp_report(&f);
 *	l2frame_igmp_record(&f, L2GROUP_TO_EXCLUDE, group);
 *
 * Both fill in what routers want to see: TTL or hop limit 1 in place of the 64 of l2frame_ip4() and
 * l2frame_ip6(), a router alert, and the destinations that are left NULL. The router alert comes
 * when the message follows an IPv4 header without options, or an IPv6 header immediately. Records
 * and sources are counted. As in build.h the first error sticks and l2frame_finish() returns it.
 */
#ifndef L2SOCK_GROUP_H
#define L2SOCK_GROUP_H

#include <l2sock/build.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * l2frame_igmp - a message of IGMPv1 or IGMPv2
 *
 * @type:  L2IGMP_QUERY, _REPORT_1, _REPORT_2 or _LEAVE
 * @code:  of queries: tenths of a second for an answer; 0 is IGMPv1
 * @group: 4 bytes; NULL: all groups
 *
 * Left NULL, the destination is the group, all hosts for a general query, all routers for a leave.
 * IGMPv1 has no router alert.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_igmp(struct l2frame *f, uint8_t type, uint8_t code, const void *group);

/*
 * l2frame_igmp_query - a query of IGMPv3; sources may follow, by l2frame_group_source()
 *
 * @code:	tenths of a second for an answer, see l2group_encode8()
 * @group:	4 bytes; NULL: all groups
 * @robustness: the querier's robustness variable, 0 to 7
 * @interval:	the querier's interval in seconds, see l2group_encode8()
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_igmp_query(struct l2frame *f, uint8_t code, const void *group,
			       uint8_t robustness, uint8_t interval);

/*
 * l2frame_igmp_report - a report of IGMPv3; records follow, by l2frame_igmp_record()
 *
 * Left NULL, its destination is 224.0.0.22. Safe from any thread. Since 0.1.
 */
L2_API void l2frame_igmp_report(struct l2frame *f);

/*
 * l2frame_igmp_record - one record of a report; sources may follow, by l2frame_group_source()
 *
 * @type:  L2GROUP_*
 * @group: 4 bytes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_igmp_record(struct l2frame *f, uint8_t type, const void *group);

/*
 * l2frame_mld - a message of MLDv1
 *
 * @type:  L2MLD_QUERY, _REPORT_1 or _DONE
 * @delay: of queries: milliseconds for an answer
 * @group: 16 bytes; NULL: all groups
 *
 * Left NULL, the destination is the group, all nodes for a general query, all routers for a done.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_mld(struct l2frame *f, uint8_t type, uint16_t delay, const void *group);

/*
 * l2frame_mld_query - a query of MLDv2; sources may follow, by l2frame_group_source()
 *
 * @delay:	milliseconds for an answer, see l2group_encode16()
 * @group:	16 bytes; NULL: all groups
 * @robustness: the querier's robustness variable, 0 to 7
 * @interval:	the querier's interval in seconds, see l2group_encode8()
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_mld_query(struct l2frame *f, uint16_t delay, const void *group,
			      uint8_t robustness, uint8_t interval);

/*
 * l2frame_mld_report - a report of MLDv2; records follow, by l2frame_mld_record()
 *
 * Left NULL, its destination is ff02::16. Safe from any thread. Since 0.1.
 */
L2_API void l2frame_mld_report(struct l2frame *f);

/*
 * l2frame_mld_record - one record of a report; sources may follow, by l2frame_group_source()
 *
 * @type:  L2GROUP_*
 * @group: 16 bytes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_mld_record(struct l2frame *f, uint8_t type, const void *group);

/*
 * l2frame_group_source - one more source of the query or record before
 *
 * @addr: 4 bytes with IGMP, 16 with MLD
 *
 * Makes l2frame_finish() return
 *   -ENOENT    the frame so far does not end in a record, or in a query of IGMPv3 or MLDv2
 *   -EINVAL    @addr is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2frame_group_source(struct l2frame *f, const void *addr);

/*
 * l2group_encode8, l2group_encode16 - the code of a time, as in L2IGMP_CODE and L2MLD_DELAY
 *
 * Small values are their own code. From 128 (32768) on codes are rounded down to five (thirteen)
 * significant bits; 31744 (8387584) and above have the largest code.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint8_t l2group_encode8(uint32_t value);
L2_API uint16_t l2group_encode16(uint32_t value);

/*
 * l2group_decode8, l2group_decode16 - the time of a code
 *
 * Safe from any thread. Since 0.1.
 */
L2_API uint32_t l2group_decode8(uint8_t code);
L2_API uint32_t l2group_decode16(uint16_t code);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_GROUP_H */
