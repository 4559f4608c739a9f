/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/dirs.h"
#include "exec/fifo_watch.h"
#include "log/log.h"
#include "util/fd.h"

#include "util/banned.h"

#define RETRY_S 10      /* where it cannot be made: a full disk, a directory in its place */

static gboolean
is_in_place(const HbExec *ex)
{
	struct stat ours, here;

	return fstat(ex->fifo_fd, &ours) == 0 && lstat(HB_FIFO, &here) == 0 && ours.st_dev == here.st_dev &&
	       ours.st_ino == here.st_ino;
}

static gboolean look_again(gpointer data);

static void
look(HbSupervisor *sup)
{
	HbExec *ex = sup->ex;
	g_autoptr(GError) error = NULL;
	int fd;

	if (ex->fifo_fd < 0 || is_in_place(ex))
		return;
	fd = hb_dirs_fifo(&error);
	if (fd < 0 && sup->fifo_retry == 0) {
		hb_log(HB_LOG_ERR, "the FIFO is gone, and commands of scripts are not heard: %s; tried again every %d s",
		       error->message, RETRY_S);
		sup->fifo_retry = g_timeout_add_seconds(RETRY_S, look_again, sup);
	}
	if (fd < 0)
		return;
	hb_log(HB_LOG_WARN, "%s was removed or replaced: it has been made again", HB_FIFO);
	hb_fd_close(ex->fifo_fd);
	ex->fifo_fd = fd;
	sup->fifo_is_new = TRUE;
	hb_fifo_watch_tell(sup);
}

static gboolean
look_again(gpointer data)
{
	HbSupervisor *sup = data;

	look(sup);
	if (!is_in_place(sup->ex))
		return G_SOURCE_CONTINUE;
	sup->fifo_retry = 0;
	return G_SOURCE_REMOVE;
}

/* Which file it was is of no interest: the answer is where the FIFO should be. */
static gboolean
on_change(int fd, GIOCondition condition, gpointer data)
{
	_Alignas(struct inotify_event) char buf[4096];

	(void)condition;
	while (read(fd, buf, sizeof buf) > 0)
		continue;
	look(data);
	return G_SOURCE_CONTINUE;
}

void
hb_fifo_watch_begin(HbSupervisor *sup)
{
	const uint32_t changes = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0 || inotify_add_watch(fd, HB_STATE_DIR, changes) < 0) {
		hb_log(HB_LOG_NOTICE, "cannot watch %s: %s; a FIFO that is removed is made again by a restart only",
		       HB_STATE_DIR, g_strerror(errno));
		if (fd >= 0)
			hb_fd_close(fd);
		return;
	}
	g_unix_fd_add(fd, G_IO_IN, on_change, sup);
	look(sup);
}

void
hb_fifo_watch_tell(HbSupervisor *sup)
{
	const HbChannelMsg msg = { .type = HB_CH_FIFO };

	if (!sup->fifo_is_new || sup->phase != HB_PHASE_RUNNING || sup->link == NULL)
		return;
	sup->fifo_is_new = FALSE;
	hb_node_link_send(sup->link, &msg, &sup->ex->fifo_fd, 1);
}
