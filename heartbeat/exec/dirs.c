/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "exec/dirs.h"
#include "exec/exec.h"
#include "util/fd.h"

#include "util/banned.h"

#define STATUS_BACKLOG 32
#define CLIENT_USER "hacluster"
#define CLIENT_DIR_MODE 0750

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int err = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot %s %s: %s", what, path, g_strerror(err));
	return FALSE;
}

static gboolean
is_roots_alone(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & 022) == 0;
}

gboolean
hb_dirs_make(gid_t gid, GError **error)
{
	const struct {
		const char *path;
		mode_t mode;
		gboolean grouped;
	} dirs[] = {
		{ HB_RUN_DIR, 0750, TRUE },
		{ HB_RUN_DIR "/rsctmp", 0755, FALSE },
		{ HB_STATE_DIR, 0755, FALSE },
		{ HB_STATE_DIR "/cores", 0755, FALSE },
		{ HB_STATE_DIR "/cores/root", 0700, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(dirs); i++) {
		struct stat st;

		if (g_mkdir_with_parents(dirs[i].path, (int)dirs[i].mode) < 0)
			return fail(error, "make the directory", dirs[i].path);
		if (lstat(dirs[i].path, &st) < 0)
			return fail(error, "look at", dirs[i].path);
		if (!S_ISDIR(st.st_mode)) {
			errno = ENOTDIR;
			return fail(error, "use", dirs[i].path);
		}
		/* A package may have left it to another user; what root trusts in there must be root's. */
		if ((dirs[i].grouped || !is_roots_alone(&st)) &&
		    (chown(dirs[i].path, 0, dirs[i].grouped ? gid : 0) < 0 || chmod(dirs[i].path, dirs[i].mode) < 0))
			return fail(error, "set the owner of", dirs[i].path);
	}
	return TRUE;
}

/* Where clients of the old suite listen: they run as its user and make no directories. */
gboolean
hb_dirs_for_clients(gid_t gid, GError **error)
{
	static const char *const dirs[] = { HB_RUN_DIR "/ccm", HB_RUN_DIR "/dopd", HB_STATE_DIR "/cores/hacluster" };
	const struct passwd *user = getpwnam(CLIENT_USER);

	for (guint i = 0; user != NULL && i < G_N_ELEMENTS(dirs); i++) {
		struct stat st;

		if (mkdir(dirs[i], CLIENT_DIR_MODE) < 0 && errno != EEXIST)
			return fail(error, "make the directory", dirs[i]);
		if (lstat(dirs[i], &st) < 0 || !S_ISDIR(st.st_mode))
			return fail(error, "use", dirs[i]);
		if (lchown(dirs[i], user->pw_uid, gid) < 0 || chmod(dirs[i], CLIENT_DIR_MODE) < 0)
			return fail(error, "set the owner of", dirs[i]);
	}
	return TRUE;
}

int
hb_dirs_fifo(GError **error)
{
	g_auto(HbFd) fd = -1;
	struct stat st;
	char buf[4096];

	if (lstat(HB_FIFO, &st) == 0 && (!S_ISFIFO(st.st_mode) || st.st_uid != geteuid()) && unlink(HB_FIFO) < 0) {
		fail(error, "replace", HB_FIFO);
		return -1;
	}
	if (mkfifo(HB_FIFO, 0600) < 0 && errno != EEXIST) {
		fail(error, "make the FIFO", HB_FIFO);
		return -1;
	}
	/* Also open for writing: a FIFO without writers would report its end again and again. */
	fd = open(HB_FIFO, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchmod(fd, 0600) < 0 || fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode) ||
	    st.st_uid != geteuid()) {
		fail(error, "open the FIFO", HB_FIFO);
		return -1;
	}
	/* What a script wrote to a heartbeat that is gone must not be said by this one. */
	while (read(fd, buf, sizeof buf) > 0)
		continue;
	return hb_fd_steal(&fd);
}

int
hb_dirs_status_socket(gid_t gid, GError **error)
{
	g_auto(HbFd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (g_strlcpy(addr.sun_path, HB_STATUS_SOCK, sizeof addr.sun_path) >= sizeof addr.sun_path) {
		errno = ENAMETOOLONG;
		fail(error, "make the socket", HB_STATUS_SOCK);
		return -1;
	}
	/* The directory lets only HB_GROUP in, so nobody slips in between bind() and chown(). */
	if (fd < 0 || (unlink(HB_STATUS_SOCK) < 0 && errno != ENOENT) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || chown(HB_STATUS_SOCK, 0, gid) < 0 ||
	    chmod(HB_STATUS_SOCK, 0660) < 0 || listen(fd, STATUS_BACKLOG) < 0) {
		fail(error, "make the socket", HB_STATUS_SOCK);
		return -1;
	}
	return hb_fd_steal(&fd);
}

int
hb_dirs_log(const char *path, gid_t gid, GError **error)
{
	const int flags = O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	g_auto(HbFd) fd = -1;

	if (path == NULL)
		return -1;
	fd = open(path, flags | O_CREAT | O_EXCL, 0640);
	if (fd >= 0)
		(void)!fchown(fd, 0, gid);
	else if (errno == EEXIST)
		fd = open(path, flags);
	if (fd < 0)
		fail(error, "open the log file", path);
	return hb_fd_steal(&fd);
}
