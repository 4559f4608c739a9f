/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ldirectord/run/dirwatch.h"
#include "util/banned.h"

#define LOOK_S 10
#define EVENTS (IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_MODIFY)

struct LdirDirwatch {
	char *dir;
	guint quiet_ms;
	void (*changed)(gpointer user);
	gpointer user;
	int fd;
	guint fd_source, quiet_source, look_source;
};

static gboolean
on_quiet(gpointer data)
{
	LdirDirwatch *watch = data;

	watch->quiet_source = 0;
	watch->changed(watch->user);
	return G_SOURCE_REMOVE;
}

static gboolean
on_event(gint fd, GIOCondition condition, gpointer data)
{
	LdirDirwatch *watch = data;
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	(void)condition;
	while (read(fd, buffer, sizeof buffer) > 0)
		;
	if (watch->quiet_source != 0)
		g_source_remove(watch->quiet_source);
	watch->quiet_source = g_timeout_add(watch->quiet_ms, on_quiet, watch);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_look(gpointer data)
{
	LdirDirwatch *watch = data;

	if (watch->fd >= 0)     /* it may be another directory by now: the same one is watched only once */
		(void)inotify_add_watch(watch->fd, watch->dir, EVENTS);
	watch->changed(watch->user);
	return G_SOURCE_CONTINUE;
}

LdirDirwatch *
ldir_dirwatch_new(const char *dir, guint quiet_ms, void (*changed)(gpointer user), gpointer user)
{
	LdirDirwatch *watch = g_new0(LdirDirwatch, 1);

	watch->dir = g_strdup(dir);
	watch->quiet_ms = quiet_ms;
	watch->changed = changed;
	watch->user = user;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->fd >= 0) {
		(void)inotify_add_watch(watch->fd, dir, EVENTS);
		watch->fd_source = g_unix_fd_add(watch->fd, G_IO_IN, on_event, watch);
	}
	watch->look_source = g_timeout_add_seconds(LOOK_S, on_look, watch);
	return watch;
}

void
ldir_dirwatch_free(LdirDirwatch *watch)
{
	if (watch == NULL)
		return;
	if (watch->fd_source != 0)
		g_source_remove(watch->fd_source);
	if (watch->quiet_source != 0)
		g_source_remove(watch->quiet_source);
	g_source_remove(watch->look_source);
	if (watch->fd >= 0)
		(void)close(watch->fd);
	g_free(watch->dir);
	g_free(watch);
}
