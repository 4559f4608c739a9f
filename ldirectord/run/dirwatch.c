/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ldirectord/run/dirwatch.h"
#include "util/banned.h"

#define LOOK_S    10
#define LINKS_MAX 40            /* as the kernel follows them */
#define TRIES_MAX 4             /* while somebody replaces one link after the other */
#define ANY       "*"           /* no file of a directory is called so, and if one is it does no harm */
#define EVENTS (IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_MODIFY)

struct LdirDirwatch {
	char *path;             /* of a file, or of any in a directory */
	guint quiet_ms;
	void (*changed)(gpointer user);
	gpointer user;
	int fd;
	GArray *places;         /* int, what the kernel calls those that are watched */
	guint fd_source, quiet_source, look_source;
};

/* ---- where ---- */

static void
add_place(GPtrArray *places, const char *dir)
{
	if (!g_ptr_array_find_with_equal_func(places, dir, g_str_equal, NULL))
		g_ptr_array_add(places, g_strdup(dir));
}

/* The first word of @path, which begins behind it then (transfer full); NULL: there is none. */
static char *
take_word(const char **path)
{
	const char *from = *path + strspn(*path, "/");
	gsize len = strcspn(from, "/");

	*path = from + len;
	return len > 0 ? g_strndup(from, len) : NULL;
}

/* On the way to a file: in directory .at, with .rest still to go */
typedef struct {
	char *at, *rest;
	guint n_links;
	GPtrArray *places;
} Walk;

static void
replace(char **text, char *other)
{
	g_free(*text);
	*text = other;
}

static gboolean
follow_link(Walk *walk, const char *target)
{
	add_place(walk->places, walk->at);
	replace(&walk->rest, g_strconcat(target, "/", walk->rest, NULL));
	if (g_path_is_absolute(target))
		replace(&walk->at, g_strdup("/"));
	return ++walk->n_links <= LINKS_MAX;
}

/* FALSE: that is the end of the way. */
static gboolean
step(Walk *walk, const char *word)
{
	g_autofree char *next = g_build_filename(walk->at, word, NULL);
	g_autofree char *target = g_file_read_link(next, NULL);

	if (strcmp(word, ".") == 0)
		return TRUE;
	if (target != NULL)
		return follow_link(walk, target);
	if (strcmp(word, "..") == 0) {
		replace(&walk->at, g_path_get_dirname(walk->at));
		return TRUE;
	}
	if (!g_file_test(next, G_FILE_TEST_IS_DIR)) {
		add_place(walk->places, walk->at);
		return FALSE;
	}
	replace(&walk->at, g_steal_pointer(&next));
	return TRUE;
}

GPtrArray *
ldir_dirwatch_places(const char *path)
{
	Walk walk = { g_strdup("/"), g_strdup(path), 0, g_ptr_array_new_with_free_func(g_free) };
	gboolean goes_on = TRUE;

	while (goes_on) {
		const char *p = walk.rest;
		g_autofree char *word = take_word(&p);

		memmove(walk.rest, p, strlen(p) + 1);
		goes_on = word != NULL && step(&walk, word);
	}
	g_free(walk.at);
	g_free(walk.rest);
	return walk.places;
}

/* ---- what happens there ---- */

static gboolean
has(const GArray *numbers, int n)
{
	for (guint i = 0; i < numbers->len; i++)
		if (g_array_index(numbers, int, i) == n)
			return TRUE;
	return FALSE;
}

/* The places as they are now; TRUE: there are others than before, and who knows for how long. */
static gboolean
watch_once(LdirDirwatch *watch)
{
	g_autoptr(GPtrArray) places = ldir_dirwatch_places(watch->path);
	g_autoptr(GArray) before = watch->places;
	gboolean is_changed = FALSE;

	watch->places = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < places->len; i++) {
		int n = inotify_add_watch(watch->fd, places->pdata[i], EVENTS);

		is_changed |= !has(before, n);
		if (n >= 0)
			g_array_append_val(watch->places, n);
	}
	for (guint i = 0; i < before->len; i++)
		if (!has(watch->places, g_array_index(before, int, i)))
			(void)inotify_rm_watch(watch->fd, g_array_index(before, int, i));
	return is_changed;
}

static void
watch_places(LdirDirwatch *watch)
{
	for (guint i = 0; watch->fd >= 0 && i < TRIES_MAX && watch_once(watch); i++)
		;
}

static gboolean
on_quiet(gpointer data)
{
	LdirDirwatch *watch = data;

	watch->quiet_source = 0;
	watch_places(watch);    /* before anybody reads */
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

	watch_places(watch);
	watch->changed(watch->user);
	return G_SOURCE_CONTINUE;
}

LdirDirwatch *
ldir_dirwatch_file(const char *path, guint quiet_ms, void (*changed)(gpointer user), gpointer user)
{
	LdirDirwatch *watch = g_new0(LdirDirwatch, 1);

	watch->path = g_strdup(path);
	watch->quiet_ms = quiet_ms;
	watch->changed = changed;
	watch->user = user;
	watch->places = g_array_new(FALSE, FALSE, sizeof(int));
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watch_places(watch);
	if (watch->fd >= 0)
		watch->fd_source = g_unix_fd_add(watch->fd, G_IO_IN, on_event, watch);
	watch->look_source = g_timeout_add_seconds(LOOK_S, on_look, watch);
	return watch;
}

LdirDirwatch *
ldir_dirwatch_new(const char *dir, guint quiet_ms, void (*changed)(gpointer user), gpointer user)
{
	g_autofree char *any = g_build_filename(dir, ANY, NULL);

	return ldir_dirwatch_file(any, quiet_ms, changed, user);
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
	g_array_unref(watch->places);
	g_free(watch->path);
	g_free(watch);
}
