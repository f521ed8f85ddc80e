/* SPDX-License-Identifier: MIT */
/* A ring of a handle's socket: asked of the kernel, and mapped. */
#ifndef L2SOCK_MAP_INTERNAL_H
#define L2SOCK_MAP_INTERNAL_H

#include "../sock/sock-internal.h"
#include "geometry-internal.h"

struct l2map {
	struct l2geometry geometry; /* as obtained */
	uint8_t *memory;
	size_t bytes;
};

/*
 * Gives the handle's socket a ring and maps it; less of it where the kernel is short of memory.
 * After a failure, which is noted in the handle, the socket has no ring.
 */
int l2map_open(struct l2sock *s, const struct l2geometry *wanted, struct l2map *ret);

/* Unmaps it and, where the socket lives on, takes it away. Returns 0 or the kernel's refusal. */
int l2map_close(struct l2sock *s, struct l2map *map);

#endif /* L2SOCK_MAP_INTERNAL_H */
