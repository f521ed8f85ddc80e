/* SPDX-License-Identifier: MIT */
/* What hosts and routers tell each other about a multicast group: IGMP for IPv4, MLD for IPv6. */
#ifndef MEMBERSHIP_H
#define MEMBERSHIP_H

#include <stdbool.h>
#include <l2sock/frame.h>

#define MEMBERSHIP_SOURCES 16
#define MEMBERSHIP_FRAME   512 /* holds every message */

/* Starts as zero, which is all groups of IPv4. Addresses of IPv4 take the first four bytes. */
struct membership {
	bool ip6;
	unsigned int version; /* of IGMP 1 to 3, of MLD 1 to 2 */
	uint8_t group[16];
	uint8_t wanted[MEMBERSHIP_SOURCES][16]; /* the only senders wanted */
	unsigned int n_wanted;                  /* 0: all senders are */
	uint8_t host[16];                       /* this host's address; zeros are valid */
	uint8_t mac[L2_MAC_LEN];                /* this host's */
};

/* What there is to report. */
enum membership_event { MEMBERSHIP_JOIN, MEMBERSHIP_LEAVE, MEMBERSHIP_STATE };

/* A query, as a member sees it. */
struct membership_query {
	unsigned int version;
	int64_t patience_ns; /* the answer is due some time within */
};

/* The Ethernet addresses of the group, and of what queries about all groups are sent to. */
void membership_group_mac(const struct membership *m, uint8_t *ret);
void membership_all_mac(const struct membership *m, uint8_t *ret);

/*
 * Build a frame of at most MEMBERSHIP_FRAME bytes. Return its length, or a negative errno:
 * -EOPNOTSUPP when that version has no such message.
 */
int64_t membership_report(const struct membership *m, enum membership_event event,
			  unsigned int version, uint8_t *buf);
int64_t membership_ask(const struct membership *m, unsigned int seconds, uint8_t *buf);

/* Whether a frame is a message about the group, whether it reports members of it, */
bool membership_concerns(const struct membership *m, const struct l2parse *p);
bool membership_reports(const struct membership *m, const struct l2parse *p);

/* and whether it asks for them. */
bool membership_asks(const struct membership *m, const struct l2parse *p,
		     struct membership_query *ret);

#endif /* MEMBERSHIP_H */
