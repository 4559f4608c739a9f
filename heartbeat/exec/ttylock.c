/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "exec/ttylock.h"
#include "util/fd.h"

#include "util/banned.h"

/* Who says in the lock that it is theirs; 0 nobody. The directory is open to all: what is there may be anything. */
static pid_t
holder(const char *lock)
{
	g_auto(HbFd) fd = open(lock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[16] = "";
	gint64 pid;

	if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
		return 0;
	pid = g_ascii_strtoll(text, NULL, 10);
	return pid > 0 && pid <= G_MAXINT32 ? (pid_t)pid : 0;
}

static gboolean
is_of_others(const char *lock)
{
	pid_t pid = holder(lock);

	return pid > 0 && pid != getpid() && (kill(pid, 0) == 0 || errno == EPERM);
}

static int
make_lock(const char *lock)
{
	return open(lock, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
}

gboolean
hb_ttylock_take(const char *lock_dir, const char *tty)
{
	g_autofree char *name = g_path_get_basename(tty);
	g_autofree char *lock = g_strdup_printf("%s/LCK..%s", lock_dir, name);
	g_autofree char *text = g_strdup_printf("%10d\n", (int)getpid());
	g_auto(HbFd) fd = make_lock(lock);

	if (fd < 0 && errno == EEXIST) {
		if (is_of_others(lock)) {
			errno = EBUSY;
			return FALSE;
		}
		(void)unlink(lock);
		fd = make_lock(lock);
	}
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		(void)unlink(lock);
	return TRUE;
}
