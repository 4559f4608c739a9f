/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "exec/aside.h"
#include "exec/shots.h"
#include "exec/store.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/textfile.h"

#include "util/banned.h"

#define SHOTS_FILE "fencings"
#define LATELY_S   (6 * 60 * 60)
#define KEPT_MAX   16
#define TEXT_MAX   4096

static gboolean
read_time(const char *line, gint64 *ret_s)
{
	return g_ascii_string_to_signed(line, 10, 1, G_MAXINT32 * (gint64)1000, ret_s, NULL);
}

guint
hb_shots_count(const char *text, gint64 now_s)
{
	g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", KEPT_MAX + 1);
	guint n = 0;

	for (guint i = 0; lines[i] != NULL; i++) {
		gint64 at_s;

		n += read_time(lines[i], &at_s) && at_s <= now_s && at_s > now_s - LATELY_S;
	}
	return n;
}

char *
hb_shots_with(const char *text, gint64 now_s)
{
	g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
	GString *out = g_string_new(NULL);
	guint n = g_strv_length(lines);

	for (guint i = n > KEPT_MAX ? n - KEPT_MAX : 0; i < n; i++) {
		gint64 at_s;

		if (read_time(lines[i], &at_s))
			g_string_append_printf(out, "%" G_GINT64_FORMAT "\n", at_s);
	}
	g_string_append_printf(out, "%" G_GINT64_FORMAT "\n", now_s);
	return g_string_free(out, FALSE);
}

static gint64
now_s(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

/* (transfer full) or NULL */
static char *
read_file(void)
{
	g_autofree char *path = g_build_filename(HB_STATE_DIR, SHOTS_FILE, NULL);

	return hb_text_file_read(path, TEXT_MAX, NULL);
}

guint
hb_shots_read(void)
{
	g_autofree char *text = read_file();

	return hb_shots_count(text, now_s());
}

static void G_GNUC_NORETURN
write_shot(const HbExec *ex)
{
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;

	/* A disk that hangs must not keep the lock of a daemon that is gone. */
	hb_fd_close(ex->lock_fd);
	before = read_file();
	after = hb_shots_with(before, now_s());
	_exit(hb_store_write(HB_STATE_DIR, SHOTS_FILE, after, strlen(after), 0644, NULL) ? 0 : 1);
}

static void
on_written(int status, gpointer data)
{
	HbSupervisor *sup = data;

	sup->shot_writer = 0;
	if (status != 0)
		hb_log(HB_LOG_ERR, "that a node was fenced could not be written below %s", HB_STATE_DIR);
}

void
hb_shots_note(HbSupervisor *sup)
{
	pid_t pid;

	sup->ex->n_shots++;
	if (sup->shot_writer != 0)      /* several at once are one */
		return;
	pid = fork();
	if (pid == 0)
		write_shot(sup->ex);
	if (pid < 0) {
		hb_log(HB_LOG_ERR, "that a node was fenced could not be written: no process for it");
		return;
	}
	sup->shot_writer = pid;
	hb_aside_watch(pid, on_written, sup);
}
