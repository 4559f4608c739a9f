/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sock.c - what the sockets of all IP media have in common. */
#include "media/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/words.h"

#include "util/banned.h"

/* More than the history a node may ask for again; the kernel may grant less. */
#define RECEIVE_BUFFER 524288

/* The highest that needs no privilege: TC_PRIO_INTERACTIVE. */
#define SEND_PRIORITY 6

int
hb_sock_option(int fd, int level, int option, int value, const char *name, char err[HB_MEDIUM_ERR_MAX])
{
	if (setsockopt(fd, level, option, &value, sizeof value) == 0)
		return 0;
	return hb_media_fail(err, "cannot set %s to %d: %s", name, value, strerror(errno));
}

void
hb_sock_prefer(int fd)
{
	int priority = SEND_PRIORITY;

	(void)setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof priority);
}

static void
widen(int fd)
{
	int now = 0;
	int want = RECEIVE_BUFFER;
	socklen_t len = sizeof now;

	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &now, &len) == 0 && now < want)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &want, sizeof want);
}

int
hb_sock_receiver(int fd, char err[HB_MEDIUM_ERR_MAX])
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return hb_media_fail(err, "the socket to receive on is unusable: %s", strerror(errno));
	widen(fd);
	return 0;
}

static int
bind_to_device(int fd, const char *device, char err[HB_MEDIUM_ERR_MAX])
{
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) == 0)
		return 0;
	if (errno == ENODEV)
		return hb_media_fail(err, "interface %s does not exist", device);
	return hb_media_fail(err, "cannot bind a socket to interface %s: %s%s", device, strerror(errno),
	                     errno == EPERM ? " (Linux before 5.7 wants root for it)" : "");
}

int
hb_sock_sender(int family, const char *device, char err[HB_MEDIUM_ERR_MAX])
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return hb_media_fail(err, "cannot make a UDP socket for %s: %s", device, strerror(errno));
	if (bind_to_device(fd, device, err) < 0)
		hb_sock_close(&fd);
	else
		hb_sock_prefer(fd);
	return fd;
}

socklen_t
hb_sock_address_len(const hb_sock_address *address)
{
	return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

ssize_t
hb_sock_read(int fd, void *buf, size_t buf_len, hb_sock_address *ret_from)
{
	socklen_t from_len = sizeof *ret_from;
	/* MSG_TRUNC: the length is the packet's own, also when it did not fit. */
	ssize_t len = recvfrom(fd, buf, buf_len, MSG_DONTWAIT | MSG_TRUNC,
	                       ret_from != NULL ? &ret_from->any : NULL, ret_from != NULL ? &from_len : NULL);

	if (len >= 0)
		return (size_t)len > buf_len ? (ssize_t)buf_len : len;
	switch (errno) {
	case EBADF:
	case ENOTSOCK:
	case ENETDOWN:
	case ENODEV:
	case ENXIO:
		return -2;
	default:        /* none, or what became of an earlier packet of ours: that is used up now */
		return -1;
	}
}

int
hb_sock_write(int fd, const void *buf, size_t len, const hb_sock_address *to)
{
	ssize_t done = sendto(fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL, &to->any, hb_sock_address_len(to));

	return done < 0 ? -errno : 0;
}

void
hb_sock_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
