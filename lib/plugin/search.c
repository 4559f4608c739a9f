/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* search.c - where the file of a plugin is, and whether it may be trusted. */
#include "plugin/search.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/plugin.h"

#include "util/banned.h"

#define NAME_LEN_MAX 32

static const struct {
	const char *what;
	const char *installed;  /* below the plugin directory */
	const char *built;      /* below the top of a build tree */
} kinds[HB_PLUGIN_N_KINDS] = {
	[HB_PLUGIN_MEDIUM] = { "medium", "HBcomm", "heartbeat/media/.libs" },
	[HB_PLUGIN_STONITH] = { "fencing device", "HBstonith", "heartbeat/fence/.libs" },
	[HB_PLUGIN_AUTH] = { "authentication method", "HBauth", "heartbeat/auth/.libs" },
};

static char *own_dir;

void
hb_plugin_search_set_dir(const char *dir)
{
	g_free(own_dir);
	own_dir = g_strdup(dir);
}

/* The name comes from a file and becomes a path: no dots, no slashes. */
static gboolean
name_is_good(const char *name)
{
	gsize len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len <= NAME_LEN_MAX && name[len] == '\0';
}

static char *
existing(const char *dir, const char *below, const char *file)
{
	g_autofree char *path = g_build_filename(dir, below, file, NULL);

	return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&path) : NULL;
}

static char *
find_in(HbPluginKind kind, const char *dir, const char *file)
{
	char *path = existing(dir, kinds[kind].installed, file);

	if (path == NULL)
		path = existing(dir, kinds[kind].built, file);
	if (path == NULL)
		path = existing(dir, "", file);
	return path;
}

/* A relative path would depend on where the daemon happens to stand. */
static char *
find_in_environment(HbPluginKind kind, const char *file)
{
	const char *list = getauxval(AT_SECURE) == 0 ? g_getenv("HB_PLUGIN_PATH") : NULL;
	g_auto(GStrv) dirs = g_strsplit(list != NULL ? list : "", ":", -1);
	char *path = NULL;

	for (char **dir = dirs; *dir != NULL && path == NULL; dir++)
		if (g_path_is_absolute(*dir))
			path = find_in(kind, *dir, file);
	return path;
}

static gboolean
is_roots_alone(const char *path, GError **error)
{
	struct stat st;

	if (stat(path, &st) == 0 && st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return TRUE;
	g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_UNSAFE,
	            "%s is not used: it must belong to root and nobody else may be able to write it; "
	            "chown root and chmod go-w, or install it again",
	            path);
	return FALSE;
}

static gboolean
is_trusted(const char *path, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(path);

	if (geteuid() != 0 && getauxval(AT_SECURE) == 0)
		return TRUE;
	return is_roots_alone(dir, error) && is_roots_alone(path, error);
}

char *
hb_plugin_search(HbPluginKind kind, const char *name, GError **error)
{
	const char *dir = own_dir != NULL ? own_dir : HB_PLUGIN_DIR;
	g_autofree char *file = NULL;
	g_autofree char *path = NULL;

	if (!name_is_good(name)) {
		g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_NAME,
		            "\"%s\" cannot be the name of a plugin: only a-z 0-9 _ and -, at most %d characters",
		            name, NAME_LEN_MAX);
		return NULL;
	}
	file = g_strconcat(name, ".so", NULL);
	path = find_in_environment(kind, file);
	if (path == NULL && own_dir != NULL)
		path = find_in(kind, own_dir, file);
	if (path == NULL && own_dir == NULL)
		path = existing(HB_PLUGIN_DIR, kinds[kind].installed, file);
	if (path == NULL) {
		g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_MISSING,
		            "there is no %s \"%s\": no file %s in %s/%s", kinds[kind].what, name, file,
		            dir, kinds[kind].installed);
		return NULL;
	}
	return is_trusted(path, error) ? g_steal_pointer(&path) : NULL;
}

static void
list_in(HbPluginKind kind, const char *dir, GPtrArray *names)
{
	const char *const below[] = { kinds[kind].installed, kinds[kind].built };

	for (guint i = 0; i < G_N_ELEMENTS(below); i++) {
		g_autofree char *path = g_build_filename(dir, below[i], NULL);
		g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
		const char *file;

		while (files != NULL && (file = g_dir_read_name(files)) != NULL)
			if (g_str_has_suffix(file, ".so"))
				g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".so")));
	}
}

char **
hb_plugin_search_list(HbPluginKind kind)
{
	const char *list = getauxval(AT_SECURE) == 0 ? g_getenv("HB_PLUGIN_PATH") : NULL;
	g_auto(GStrv) dirs = g_strsplit(list != NULL ? list : "", ":", -1);
	GPtrArray *names = g_ptr_array_new();

	for (char **dir = dirs; *dir != NULL; dir++)
		if (g_path_is_absolute(*dir))
			list_in(kind, *dir, names);
	list_in(kind, own_dir != NULL ? own_dir : HB_PLUGIN_DIR, names);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}
