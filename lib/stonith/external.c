/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * external.c - scripts, called as cluster-glue's stonith calls them (doc/stonith.md): one verb, for reset, off and on
 * followed by the node, the settings as variables of the environment under their own names.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stonith/child.h"
#include "stonith/driver.h"

#include "util/banned.h"

#define PREFIX "external/"
#define NAME_MAX_LEN 64

static char *own_dir;

static const char *
script_dir(void)
{
	return own_dir != NULL ? own_dir : HB_STONITH_DIR "/external";
}

void
hb_stonith_external_set_dir(const char *dir)
{
	g_free(own_dir);
	own_dir = g_strdup(dir);
}

/* It comes from a file and becomes a path. */
static gboolean
name_is_good(const char *name)
{
	gsize len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

	return len > 0 && len <= NAME_MAX_LEN && name[len] == '\0' && name[0] != '.';
}

static gboolean
is_program(const char *path, struct stat *st)
{
	return stat(path, st) == 0 && S_ISREG(st->st_mode) && (st->st_mode & 0111) != 0;
}

/* Path of the script of @type (transfer full). NULL: not of this kind, or with @error not to be used. */
static char *
find(const char *type, GError **error)
{
	const char *name = type + strlen(PREFIX);
	g_autofree char *path = NULL;
	struct stat st;

	if (!g_str_has_prefix(type, PREFIX))
		return NULL;
	path = g_build_filename(script_dir(), name_is_good(name) ? name : "", NULL);
	if (!name_is_good(name) || !is_program(path, &st)) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE,
		            "there is no such fencing device: no executable file \"%s\" in %s; hb_stonith -L lists the types", name,
		            script_dir());
		return NULL;
	}
	if (geteuid() == 0 && (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE,
		            "%s is not used: it must belong to root and nobody else may be able to write it", path);
		return NULL;
	}
	return g_steal_pointer(&path);
}

static void
list(GPtrArray *types, gint64 until_ms)
{
	g_autoptr(GDir) dir = g_dir_open(script_dir(), 0, NULL);
	const char *name;

	(void)until_ms;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(script_dir(), name, NULL);
		struct stat st;

		if (name_is_good(name) && is_program(path, &st))
			g_ptr_array_add(types, g_strconcat(PREFIX, name, NULL));
	}
}

/* Runs one verb; its output, or NULL with @error: also where it ends with another code than 0, which is in *ret_code then. */
static char *
ask(const char *path, const char *type, const HbStonith *device, const char *verb, const char *node, gint64 until_ms,
    int *ret_code, GError **error)
{
	const char *const argv[] = { path, verb, node, NULL };
	g_auto(GStrv) env = hb_stonith_environment(type, device);
	g_autoptr(GString) out = g_string_new(NULL);

	*ret_code = -1;
	if (!hb_child_run((char *const *)argv, env, until_ms, out, ret_code, error))
		return NULL;
	if (*ret_code != 0) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s %s%s%s: exit code %d", type, verb,
		            node != NULL ? " " : "", node != NULL ? node : "", *ret_code);
		return NULL;
	}
	return g_strdup(out->str);
}

static char **
names(const char *type, gint64 until_ms, GError **error)
{
	g_autofree char *path = find(type, error);
	g_autofree char *text = NULL;
	int code;

	if (path != NULL)
		text = ask(path, type, NULL, "getconfignames", NULL, until_ms, &code, error);
	return text != NULL ? hb_stonith_words(text) : NULL;
}

static char *
info(const char *type, HbStonithInfo what, gint64 until_ms, GError **error)
{
	static const char *const verbs[HB_STONITH_INFO_N] = {
		[HB_STONITH_INFO_ID] = "getinfo-devid", [HB_STONITH_INFO_NAME] = "getinfo-devname",
		[HB_STONITH_INFO_DESCR] = "getinfo-devdescr", [HB_STONITH_INFO_URL] = "getinfo-devurl",
		[HB_STONITH_INFO_XML] = "getinfo-xml",
	};
	g_autofree char *path = find(type, error);
	int code;

	return path != NULL ? ask(path, type, NULL, verbs[what], NULL, until_ms, &code, error) : NULL;
}

static int
run(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text, GError **error)
{
	static const char *const verbs[] = {
		[HB_STONITH_RESET] = "reset", [HB_STONITH_OFF] = "off", [HB_STONITH_ON] = "on",
		[HB_STONITH_STATUS] = "status", [HB_STONITH_HOSTS] = "gethosts",
	};
	g_autofree char *path = find(device->type, error);
	g_autofree char *text = NULL;
	int code;

	if (path != NULL)
		text = ask(path, device->type, device, verbs[action], node, until_ms, &code, error);
	if (text == NULL)
		return HB_STONITH_FAILED;
	if (ret_text != NULL)
		*ret_text = g_steal_pointer(&text);
	return HB_STONITH_OK;
}

const HbStonithDriver hb_stonith_external = { list, names, info, run };
