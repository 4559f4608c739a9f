/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "exec/aside.h"
#include "exec/node_files.h"
#include "exec/store.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/textfile.h"

#include "util/banned.h"

#define HOSTCACHE    "hostcache"
#define DELHOSTCACHE "delhostcache"
#define FILE_MAX     65536
#define WEIGHT       100        /* what 3.0.6 writes when nobody said another */

char *
hb_node_files_uuid(const guint8 uuid[HB_UUID_LEN])
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < HB_UUID_LEN; i++)
		g_string_append_printf(text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
	return g_string_free(text, FALSE);
}

static gboolean
is_uuid(const char *text)
{
	static const char form[] = HB_NODE_FILES_NO_UUID;

	if (strlen(text) != sizeof form - 1)
		return FALSE;
	for (guint i = 0; form[i] != '\0'; i++)
		if (form[i] == '-' ? text[i] != '-' : !g_ascii_isxdigit(text[i]))
			return FALSE;
	return TRUE;
}

static gboolean
is_name(const char *name)
{
	gsize len = strlen(name);

	return len > 0 && len <= HB_NODE_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

gboolean
hb_node_files_parse_line(const char *line, char **ret_name, char **ret_uuid)
{
	g_auto(GStrv) columns = g_strsplit(line, "\t", -1);
	guint n = g_strv_length(columns);
	g_autofree char *name = n > 0 ? g_ascii_strdown(columns[0], -1) : NULL;

	if (n < 2 || n > 4 || !is_name(name) || !is_uuid(columns[1]))
		return FALSE;
	*ret_name = g_steal_pointer(&name);
	*ret_uuid = g_ascii_strdown(columns[1], -1);
	return TRUE;
}

static void
read_one(const char *file, char sign, GString *out)
{
	g_autofree char *path = g_build_filename(HB_STATE_DIR, file, NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = hb_text_file_read(path, FILE_MAX, &error);
	g_auto(GStrv) lines = NULL;

	if (text == NULL) {
		if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			hb_log(HB_LOG_ERR, "no list of nodes: %s: it is left out", error->message);
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *name = NULL, *uuid = NULL;

		if (hb_node_files_parse_line(lines[i], &name, &uuid))
			g_string_append_printf(out, "%c%s %s\n", sign, name, uuid);
		else if (lines[i][0] != '\0')
			hb_log(HB_LOG_ERR, "%s: line %u is no node: it is left out", path, i + 1);
	}
}

char *
hb_node_files_read(void)
{
	GString *out = g_string_new(NULL);

	read_one(HOSTCACHE, '+', out);
	read_one(DELHOSTCACHE, '-', out);
	return g_string_free(out, FALSE);
}

static void
put(GString *out, const char *name, const char *uuid)
{
	g_string_append_printf(out, "%s\t%s\t%d\t\n", name, uuid != NULL ? uuid : HB_NODE_FILES_NO_UUID, WEIGHT);
}

/* The uuid that the list knows for @name; NULL: none. @sign: only lines with it, or '*'. */
static const char *
look_up(char *const *lines, const char *name)
{
	for (; *lines != NULL; lines++)
		if (**lines != '\0' && g_str_has_prefix(*lines + 1, name) && (*lines)[1 + strlen(name)] == ' ')
			return *lines + strlen(name) + 2;
	return NULL;
}

static void
compose(const HbExec *ex, GString *cache, GString *deleted)
{
	const HbConfig *config = ex->config;
	g_autofree char *own = hb_node_files_uuid(ex->uuid);
	g_autofree char *list = NULL;
	g_auto(GStrv) lines = NULL;

	for (guint i = 0; i < ex->bundle->files->len; i++) {
		const HbFile *file = g_ptr_array_index(ex->bundle->files, i);
		gsize len;
		const char *data = g_bytes_get_data(file->bytes, &len);

		if (file->kind == HB_FILE_NODES)
			list = g_strndup(data, len);
	}
	lines = g_strsplit(list != NULL ? list : "", "\n", -1);
	for (guint i = 0; i < config->n_nodes; i++)
		put(cache, config->nodes[i].name, i == config->self ? own : look_up(lines, config->nodes[i].name));
	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 2);

		if (**line == '-' && words[0] != NULL)
			put(deleted, words[0] + 1, words[1]);
	}
}

static void G_GNUC_NORETURN
write_both(const HbExec *ex, const GString *cache, const GString *deleted)
{
	gboolean fine = TRUE;

	/* A disk that hangs must not keep the lock of a daemon that is gone. */
	hb_fd_close(ex->lock_fd);
	/* As 3.0.6: which nodes there are is remembered only where others may join, who was deleted always. */
	if (ex->config->autojoin != HB_AUTOJOIN_NONE)
		fine = hb_store_write(HB_STATE_DIR, HOSTCACHE, cache->str, cache->len, 0644, NULL);
	fine = hb_store_write(HB_STATE_DIR, DELHOSTCACHE, deleted->str, deleted->len, 0644, NULL) && fine;
	_exit(fine ? 0 : 1);
}

static void
on_written(int status, gpointer data)
{
	HbSupervisor *sup = data;

	sup->writer = 0;
	if (status != 0)
		hb_log(HB_LOG_ERR, "the list of nodes could not be written below %s", HB_STATE_DIR);
	if (sup->write_again)
		hb_node_files_write(sup);
}

void
hb_node_files_write(HbSupervisor *sup)
{
	g_autoptr(GString) cache = g_string_new(NULL);
	g_autoptr(GString) deleted = g_string_new(NULL);
	pid_t pid;

	sup->write_again = sup->writer != 0;
	if (sup->write_again)
		return;
	compose(sup->ex, cache, deleted);
	pid = fork();
	if (pid == 0)
		write_both(sup->ex, cache, deleted);
	if (pid < 0) {
		hb_log(HB_LOG_ERR, "the list of nodes could not be written: no process for it");
		return;
	}
	sup->writer = pid;
	hb_aside_watch(pid, on_written, sup);
}
