/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <glib.h>

#include "exec/api_door.h"
#include "ipc/ipc.h"
#include "util/fd.h"

#include "util/banned.h"

#define REGISTER HB_RUN_DIR "/register"
#define BACKLOG  128
#define MODE     0777           /* the directory lets in only whom it shall */

struct HbApiDoor {
	HbFd fd;                /* -1: not yet open */
};

HbApiDoor *
hb_api_door_new(void)
{
	HbApiDoor *door = g_new0(HbApiDoor, 1);

	door->fd = -1;
	return door;
}

void
hb_api_door_free(HbApiDoor *door)
{
	if (door == NULL)
		return;
	if (door->fd >= 0)
		hb_fd_close(door->fd);
	g_free(door);
}

int
hb_api_door_open(HbApiDoor *door, GError **error)
{
	if (door->fd < 0)
		door->fd = hb_ipc_listen(REGISTER, MODE, BACKLOG);
	if (door->fd < 0)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make the socket %s: %s", REGISTER,
		            g_strerror(errno));
	return door->fd;
}

/* A socket that was accepted has the address of the one it came in by. */
static gboolean
came_in_by_us(int fd)
{
	struct sockaddr_un addr = { 0 };
	socklen_t len = sizeof addr;
	int listening = 1;
	socklen_t listening_len = sizeof listening;

	return getsockname(fd, (struct sockaddr *)&addr, &len) == 0 && addr.sun_family == AF_UNIX &&
	       memchr(addr.sun_path, '\0', sizeof addr.sun_path) != NULL && strcmp(addr.sun_path, REGISTER) == 0 &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_len) == 0 && listening == 0;
}

gboolean
hb_api_door_signal(const HbApiDoor *door, int fd, int sig)
{
	HbIpcPeer peer;

	return door->fd >= 0 && came_in_by_us(fd) && hb_ipc_peer(fd, &peer) && peer.pid > 1 &&
	       kill(peer.pid, sig) == 0;
}
