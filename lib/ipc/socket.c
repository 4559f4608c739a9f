/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * socket.c - local sockets: connect, listen, accept, and who is at the other end.
 */
#define _GNU_SOURCE             /* accept4(), struct ucred */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "ipc/ipc.h"
#include "util/fd.h"

#include "util/banned.h"

/* For room in the queue of who listens, when many come at once. */
#define CONNECT_S 5

static gboolean
fill_address(struct sockaddr_un *addr, const char *path)
{
	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (g_strlcpy(addr->sun_path, path, sizeof addr->sun_path) < sizeof addr->sun_path)
		return TRUE;
	errno = ENAMETOOLONG;
	return FALSE;
}

/* errno outlives the close. */
static int
close_failed(HbFd *fd)
{
	int err = errno;

	if (*fd >= 0)
		hb_fd_close(hb_fd_steal(fd));
	errno = err;
	return -1;
}

int
hb_ipc_connect(const char *path)
{
	const struct timeval patience = { .tv_sec = CONNECT_S };
	struct sockaddr_un addr;
	g_auto(HbFd) fd = -1;

	if (!fill_address(&addr, path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0 ||
	    connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return close_failed(&fd);
	return hb_fd_steal(&fd);
}

int
hb_ipc_listen(const char *path, mode_t mode, int backlog)
{
	struct sockaddr_un addr;
	g_auto(HbFd) fd = -1;

	if (!fill_address(&addr, path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || (unlink(path) < 0 && errno != ENOENT) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || chmod(path, mode) < 0 ||
	    listen(fd, backlog) < 0)
		return close_failed(&fd);
	return hb_fd_steal(&fd);
}

int
hb_ipc_accept(int listen_fd)
{
	return accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

gboolean
hb_ipc_peer(int fd, HbIpcPeer *ret_peer)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0 || len != sizeof cred)
		return FALSE;
	*ret_peer = (HbIpcPeer){ .pid = cred.pid, .uid = cred.uid, .gid = cred.gid };
	return TRUE;
}
