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
void l2icmp6_finish(struct l2build *b, struct l2record *r, uint16_t behind);
size_t l2icmp6_parse(struct l2cursor *c, struct l2layer *layer);

/*
 * ndp.c, mld.c: for the types that are theirs, the length of the header at c->at, with the layer's
 * protocol and what follows; 0 for other types. The caller has seen to L2ICMP6_LEN bytes, and
 * refuses a length beyond what is there.
 */
size_t l2ndp_parse(struct l2cursor *c, struct l2layer *layer);
size_t l2mld_parse(struct l2cursor *c, struct l2layer *layer);

/* nd-option.c: the option that follows a header of "len" bytes. */
void l2cursor_nd_option(struct l2cursor *c, size_t len);

#endif /* L2SOCK_ICMP6_INTERNAL_H */
