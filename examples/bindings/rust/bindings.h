/* SPDX-License-Identifier: MIT */
/* bindings.h - what bindgen reads: all headers of the library, and the numbers of errors */
#include <errno.h>

#include <l2sock/frame.h>
#include <l2sock/l2sock.h>
#include <l2sock/pcap.h>
#include <l2sock/ring.h>
