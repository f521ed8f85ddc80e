/* SPDX-License-Identifier: MIT */
/* Descriptors handed from process to process over Unix sockets. */
#ifndef PASSING_H
#define PASSING_H

#include <stddef.h>
#include <sys/types.h>

/*
 * passing_listen makes a socket at @path that everybody may connect to, passing_connect connects to
 * one. They return its descriptor or a negative errno.
 */
int passing_listen(const char *path);
int passing_connect(const char *path);

/* Who connected, and with which process. Returns 0 or a negative errno. */
int passing_peer(int socket, uid_t *uid, pid_t *pid);

/* Hands over a copy of the descriptor, or says why not. They return 0 or a negative errno. */
int passing_give(int socket, int fd);
int passing_refuse(int socket, const char *sentence);

/* Returns the descriptor, now the caller's, or -1 with a sentence in @why. */
int passing_take(int socket, char *why, size_t size);

#endif /* PASSING_H */
