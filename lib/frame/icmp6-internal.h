/* SPDX-License-Identifier: MIT */
/* What the messages of ICMPv6 have in common. */
#ifndef L2SOCK_ICMP6_INTERNAL_H
#define L2SOCK_ICMP6_INTERNAL_H

#include "build-internal.h"
#include "parse-internal.h"

#define L2ICMP6_LEN    8 /* of every message, at least */
#define L2ICMP6_NUMBER 58

/* A header of zeros, but for its type; NULL when it only counts. */
uint8_t *l2icmp6_push(struct l2build *b, const struct l2proto *proto, uint8_t type, uint32_t len);
void l2icmp6_finish(struct l2build *b, struct l2record *r, uint64_t behind);
int l2icmp6_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left);

/* ndp.c, mld.c: the types that are theirs, of which there are L2ICMP6_LEN bytes at least. */
int l2ndp_is(uint8_t type);
int l2ndp_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left);
int l2mld_is(uint8_t type);
int l2mld_parse(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left);

/* nd-option.c: here stands an option, or nothing. */
int l2cursor_nd_option(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left);

#endif /* L2SOCK_ICMP6_INTERNAL_H */
