/* SPDX-License-Identifier: MIT */
/* What IGMP and MLD have in common. */
#ifndef L2SOCK_GROUP_INTERNAL_H
#define L2SOCK_GROUP_INTERNAL_H

#include "build-internal.h"
#include "parse-internal.h"

#define L2IGMP_V2_LEN 8  /* of an IGMP message without sources */
#define L2MLD_V1_LEN  24 /* likewise */

/* Counts the records behind a report into its field, unless the caller has. */
void l2group_count(struct l2build *b, struct l2record *r, uint32_t field, uint8_t proto);

/* A record whose group begins at byte 4, and what follows. */
int l2group_parse_record(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
			 uint8_t proto, uint32_t addr_len);

/* A record with addresses of so many bytes. */
void l2group_print(struct l2line *line, const uint8_t *record, size_t addr_len);

/* Here stand so many records. */
int l2group_next(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left,
		 uint16_t records, uint8_t proto);

#endif /* L2SOCK_GROUP_INTERNAL_H */
