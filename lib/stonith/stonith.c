/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stonith.c - finds the driver of a type, and reads settings. */
#include "stonith/stonith.h"

#include <string.h>

#include "stonith/child.h"
#include "stonith/driver.h"

#include "util/banned.h"

#define FILE_SIZE_MAX 65536
#define GLUE_PATH "/usr/share/cluster-glue"     /* helpers that cluster-glue's scripts call by name */
#define BLANKS " \t"

/* In this order: what cluster-glue has, cluster-glue does. */
static const HbStonithDriver *const drivers[] = { &hb_stonith_external, &hb_stonith_glue, &hb_stonith_native };

char **
hb_stonith_words(const char *text)
{
	g_auto(GStrv) parts = g_strsplit_set(text, " \t\r\n", -1);
	GPtrArray *words = g_ptr_array_new();

	for (char **part = parts; *part != NULL; part++)
		if (**part != '\0')
			g_ptr_array_add(words, g_strdup(*part));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

char **
hb_stonith_environment(const char *type, const HbStonith *device)
{
	char **env = g_get_environ();
	const char *path = g_environ_getenv(env, "PATH");
	g_autofree char *longer = g_strconcat(GLUE_PATH ":", path != NULL ? path : "/usr/sbin:/usr/bin:/sbin:/bin", NULL);

	env = g_environ_setenv(env, "PATH", longer, TRUE);
	env = g_environ_setenv(env, "HA_LOGTAG", type, TRUE);
	for (guint i = 0; device != NULL && device->names[i] != NULL; i++)
		env = g_environ_setenv(env, device->names[i], device->values[i], TRUE);
	return env;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
hb_stonith_types(gint64 until_ms)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *once = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++)
		drivers[i]->list(all, until_ms);
	g_ptr_array_sort(all, compare);
	for (guint i = 0; i < all->len; i++)
		if (i == 0 || strcmp(all->pdata[i], all->pdata[i - 1]) != 0)
			g_ptr_array_add(once, g_strdup(all->pdata[i]));
	g_ptr_array_add(once, NULL);
	return (char **)g_ptr_array_free(once, FALSE);
}

static gboolean
names_are_good(const char *type, char *const *names, GError **error)
{
	for (; *names != NULL; names++) {
		if (strchr(*names, '=') == NULL && g_str_is_ascii(*names))
			continue;
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s: \"%s\" cannot be the name of a setting", type, *names);
		return FALSE;
	}
	return TRUE;
}

/* The driver of @type and the names of its settings, or NULL with @error. */
static const HbStonithDriver *
find(const char *type, gint64 until_ms, char ***ret_names, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
		g_autoptr(GError) why = NULL;
		g_auto(GStrv) names = drivers[i]->names(type, until_ms, &why);

		if (why != NULL) {
			g_propagate_error(error, g_steal_pointer(&why));
			return NULL;
		}
		if (names == NULL)
			continue;
		if (!names_are_good(type, names, error))
			return NULL;
		*ret_names = g_steal_pointer(&names);
		return drivers[i];
	}
	g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE,
	            "there is no such fencing device; hb_stonith -L lists the types. Most are in Debian's package cluster-glue");
	return NULL;
}

char **
hb_stonith_names(const char *type, gint64 until_ms, GError **error)
{
	char **names = NULL;

	return find(type, until_ms, &names, error) != NULL ? names : NULL;
}

char *
hb_stonith_info(const char *type, HbStonithInfo what, gint64 until_ms, GError **error)
{
	g_auto(GStrv) names = NULL;
	const HbStonithDriver *driver = find(type, until_ms, &names, error);

	return driver != NULL ? driver->info(type, what, until_ms, error) : NULL;
}

char *
hb_stonith_read_file(const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, error))
		return NULL;
	lines = g_strsplit(len <= FILE_SIZE_MAX && strlen(text) == len ? text : "", "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (*g_strstrip(*line) != '\0' && **line != '#')
			return g_strdup(*line);
	g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_SETTINGS, "%s has no line with settings", path);
	return NULL;
}

char **
hb_stonith_split(const char *words, guint n_names)
{
	g_auto(GStrv) values = g_new0(char *, n_names + 1);
	const char *at = words + strspn(words, BLANKS);

	for (guint i = 0; i < n_names; i++) {
		gsize len = i + 1 < n_names ? strcspn(at, BLANKS) : strlen(at);

		if (len == 0)
			return NULL;
		values[i] = g_strchomp(g_strndup(at, len));
		if (*values[i] == '\0')         /* a carriage return is no value */
			return NULL;
		at += len;
		at += strspn(at, BLANKS);
	}
	return g_steal_pointer(&values);
}

static HbStonith *
too_few(const char *type, char *const *names, GError **error)
{
	g_autofree char *list = g_strjoinv(" ", (char **)names);

	g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_SETTINGS, "%s needs values for: %s", type, list);
	return NULL;
}

static HbStonith *
make(const char *type, char **names, char **values)
{
	HbStonith *device = g_new0(HbStonith, 1);

	*device = (HbStonith){ .type = g_strdup(type), .names = names, .values = values };
	return device;
}

HbStonith *
hb_stonith_new(const char *type, const char *words, gint64 until_ms, GError **error)
{
	g_auto(GStrv) names = hb_stonith_names(type, until_ms, error);
	char **values;

	if (names == NULL)
		return NULL;
	values = hb_stonith_split(words, g_strv_length(names));
	return values != NULL ? make(type, g_steal_pointer(&names), values) : too_few(type, names, error);
}

HbStonith *
hb_stonith_new_named(const char *type, char *const *words, gint64 until_ms, GError **error)
{
	g_auto(GStrv) names = hb_stonith_names(type, until_ms, error);
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

	if (names == NULL)
		return NULL;
	for (char **name = names; *name != NULL; name++)
		for (char *const *word = words; *word != NULL; word++)
			if (g_str_has_prefix(*word, *name) && (*word)[strlen(*name)] == '=') {
				g_ptr_array_add(values, g_strdup(*word + strlen(*name) + 1));
				break;
			}
	if (values->len < g_strv_length(names))
		return too_few(type, names, error);
	g_ptr_array_add(values, NULL);
	return make(type, g_steal_pointer(&names), (char **)g_ptr_array_free(g_steal_pointer(&values), FALSE));
}

void
hb_stonith_free(HbStonith *device)
{
	if (device == NULL)
		return;
	g_free(device->type);
	g_strfreev(device->names);
	for (char **value = device->values; *value != NULL; value++)
		explicit_bzero(*value, strlen(*value));         /* one may be a password */
	g_strfreev(device->values);
	g_free(device);
}

int
hb_stonith_run(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text,
               GError **error)
{
	g_auto(GStrv) names = NULL;
	const HbStonithDriver *driver = find(device->type, until_ms, &names, error);

	return driver != NULL ? driver->run(device, action, node, until_ms, ret_text, error) : HB_STONITH_FAILED;
}

void
hb_stonith_abort(void)
{
	hb_child_abort();
}

void
hb_stonith_set_paths(const char *external_dir, const char *glue_program)
{
	hb_stonith_external_set_dir(external_dir);
	hb_stonith_glue_set_program(glue_program);
}
