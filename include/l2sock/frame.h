/* SPDX-License-Identifier: MIT */
/*
 * frame.h - frames in memory: build them, take them apart, stamp out many
 *
 * Nothing here opens, allocates or keeps anything: all functions work on memory of the caller, on
 * any architecture. They need no handle, and a handle needs none of them.
 */
#ifndef L2SOCK_FRAME_H
#define L2SOCK_FRAME_H

#include <l2sock/build.h>
#include <l2sock/group.h>
#include <l2sock/icmp.h>
#include <l2sock/option.h>
#include <l2sock/parse.h>
#include <l2sock/proto.h>
#include <l2sock/segment.h>
#include <l2sock/template.h>
#include <l2sock/verdict.h>

#endif /* L2SOCK_FRAME_H */
