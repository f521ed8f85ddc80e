/* SPDX-License-Identifier: MIT */
/* What judging a checksum and putting it right have in common. */
#ifndef L2SOCK_VERDICT_INTERNAL_H
#define L2SOCK_VERDICT_INTERNAL_H

#include <l2sock/csum.h>
#include <l2sock/verdict.h>

#include "parse-internal.h"

/* Where in the frame the layer's checksum is; 0 if it has none. */
uint32_t l2verdict_field(const struct l2parse *p, uint32_t index);

/* Adds up what it covers, itself included. Returns 0, or -ENOENT where addresses are unknown. */
int l2verdict_sum(const struct l2parse *p, uint32_t index, struct l2csum *ret);

/* Adds the pseudo-header of a layer of so many bytes. Returns as l2verdict_sum() does. */
int l2verdict_pseudo(const struct l2parse *p, uint32_t index, uint32_t len, struct l2csum *sum);

/* Whether the layer is part of a packet that an ICMP error quotes. */
int l2verdict_is_quoted(const struct l2parse *p, uint32_t index);

#endif /* L2SOCK_VERDICT_INTERNAL_H */
