/* SPDX-License-Identifier: MIT */
/*
 * A message is one packet: a sentence that says why there is no descriptor, or an empty line and
 * the descriptor.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "passing.h"

#define SENTENCE_MAX 256

union control {
	struct cmsghdr header; /* for its alignment */
	char room[CMSG_SPACE(sizeof(int))];
};

static int address_of(const char *path, struct sockaddr_un *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret->sun_path, path, strlen(path));
	return 0;
}

static int fail(int fd)
{
	int error = -errno;

	close(fd);
	return error;
}

/* Whom to serve is decided by who connects, not by the file's mode. */
static int start_listening(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return fail(fd);
	if (chmod(address->sun_path, 0666) == 0 && listen(fd, 16) == 0)
		return fd;
	unlink(address->sun_path);
	return fail(fd);
}

int passing_listen(const char *path)
{
	struct sockaddr_un address;
	int r = address_of(path, &address);
	int fd;

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return fd < 0 ? -errno : start_listening(fd, &address);
}

int passing_connect(const char *path)
{
	struct sockaddr_un address;
	int r = address_of(path, &address);
	int fd;

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return fail(fd);
	return fd;
}

int passing_peer(int socket, uid_t *uid, pid_t *pid)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	*uid = peer.uid;
	*pid = peer.pid;
	return 0;
}

/* Never waits: the first message of a connection has room. */
static int send_message(int socket, struct msghdr *message)
{
	return sendmsg(socket, message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int passing_give(int socket, int fd)
{
	char newline = '\n';
	struct iovec line = { .iov_base = &newline, .iov_len = 1 };
	union control control = { .header = { .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS,
					      .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct msghdr message = { .msg_iov = &line,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return send_message(socket, &message);
}

int passing_refuse(int socket, const char *sentence)
{
	char text[SENTENCE_MAX];
	struct iovec line = { .iov_base = text };
	struct msghdr message = { .msg_iov = &line, .msg_iovlen = 1 };

	snprintf(text, sizeof(text), "%s", sentence);
	line.iov_len = strlen(text);
	return send_message(socket, &message);
}

static int descriptor_in(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd;

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

int passing_take(int socket, char *why, size_t size)
{
	char text[SENTENCE_MAX];
	struct iovec line = { .iov_base = text, .iov_len = sizeof(text) };
	union control control;
	struct msghdr message = { .msg_iov = &line,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	int fd = n > 0 ? descriptor_in(&message) : -1;

	if (fd >= 0)
		return fd;
	if (n < 0)
		snprintf(why, size, "%s", strerror(errno));
	else if (n == 0)
		snprintf(why, size, "closed without a socket");
	else
		snprintf(why, size, "%.*s", (int)n, text);
	return -1;
}
