/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/aside.h"
#include "util/fd.h"

#include "util/banned.h"

#define LOOK_MS 200     /* how often, where no descriptor tells of the end */

typedef struct {
	pid_t pid;
	HbAsideEnded *ended;
	gpointer data;
} Aside;

static gboolean
look(gpointer data)
{
	Aside *aside = data;
	int status = 0;

	if (waitpid(aside->pid, &status, WNOHANG) == 0)
		return G_SOURCE_CONTINUE;
	aside->ended(status, aside->data);
	g_free(aside);
	return G_SOURCE_REMOVE;
}

static gboolean
on_end(gint fd, GIOCondition cond, gpointer data)
{
	(void)cond;
	if (look(data) == G_SOURCE_CONTINUE)
		return G_SOURCE_CONTINUE;
	hb_fd_close(fd);
	return G_SOURCE_REMOVE;
}

void
hb_aside_watch(pid_t pid, HbAsideEnded *ended, gpointer data)
{
	Aside *aside = g_new(Aside, 1);
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	*aside = (Aside){ .pid = pid, .ended = ended, .data = data };
	if (fd >= 0)
		g_unix_fd_add(fd, G_IO_IN, on_end, aside);
	else
		g_timeout_add(LOOK_MS, look, aside);
}
