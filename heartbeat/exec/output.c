/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/output.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define LINE_MAX_LEN 1023
#define READ_LEN 4096
#define DRAIN_READS_MAX 32              /* 128 KiB: two pipes full */
#define LINES_PER_WINDOW 100
#define WINDOW_MS HB_MS_PER_S

struct HbOutput {
	char *name;
	int pid;
	int fd;
	guint source;
	gboolean let_go;
	GString *line;
	GString *text;
	gsize keep_max;
	gint64 window_ms;               /* when the present window of lines began */
	guint n_lines, n_dropped;       /* in it */
};

static void
output_free(HbOutput *output)
{
	if (output->source != 0)
		g_source_remove(output->source);
	hb_fd_close(output->fd);
	g_string_free(output->line, TRUE);
	g_string_free(output->text, TRUE);
	g_free(output->name);
	g_free(output);
}

static void
say_dropped(HbOutput *output)
{
	char text[64];

	if (output->n_dropped == 0)
		return;
	g_snprintf(text, sizeof text, "(%u lines of output not logged)", output->n_dropped);
	hb_log_script(output->name, output->pid, text);
	output->n_dropped = 0;
}

static void
line_done(HbOutput *output)
{
	gint64 now_ms = hb_time_now_ms();

	if (now_ms - output->window_ms >= WINDOW_MS) {
		say_dropped(output);
		output->window_ms = now_ms;
		output->n_lines = 0;
	}
	if (output->line->len > 0 && output->n_lines++ < LINES_PER_WINDOW)
		hb_log_script(output->name, output->pid, output->line->str);
	else if (output->line->len > 0)
		output->n_dropped++;
	g_string_truncate(output->line, 0);
}

static void
take(HbOutput *output, const char *data, gsize len)
{
	gsize room = output->keep_max - output->text->len;

	g_string_append_len(output->text, data, (gssize)MIN(len, room));
	for (gsize i = 0; i < len; i++) {
		if (data[i] == '\n')
			line_done(output);
		else if (output->line->len < LINE_MAX_LEN)
			g_string_append_c(output->line, data[i]);
	}
}

/* FALSE: the pipe has ended. */
static gboolean
read_some(HbOutput *output, guint n_reads_max)
{
	char buf[READ_LEN];

	for (guint i = 0; i < n_reads_max; i++) {
		gssize n = read(output->fd, buf, sizeof buf);

		if (n > 0)
			take(output, buf, (gsize)n);
		else
			return n < 0 && (errno == EAGAIN || errno == EINTR);
	}
	return TRUE;
}

static gboolean
on_readable(int fd, GIOCondition condition, gpointer data)
{
	HbOutput *output = data;

	(void)fd, (void)condition;
	if (read_some(output, 1))
		return G_SOURCE_CONTINUE;
	output->source = 0;
	if (output->let_go) {
		line_done(output);
		say_dropped(output);
		output_free(output);
	}
	return G_SOURCE_REMOVE;
}

HbOutput *
hb_output_new(const char *name, gsize keep_max, int *ret_child_fd, GError **error)
{
	int ends[2];
	char path[32];
	int child_fd = -1;
	HbOutput *output;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make a pipe: %s",
		            g_strerror(errno));
		return NULL;
	}
	g_snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
	child_fd = open(path, O_RDWR | O_CLOEXEC);
	if (child_fd >= 0)
		hb_fd_close(ends[1]);
	else
		child_fd = ends[1];     /* no /proc: an ordinary write end */
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);

	output = g_new0(HbOutput, 1);
	output->name = g_strdup(name);
	output->fd = ends[0];
	output->line = g_string_new(NULL);
	output->text = g_string_new(NULL);
	output->keep_max = keep_max;
	output->source = g_unix_fd_add_full(G_PRIORITY_LOW, output->fd, G_IO_IN | G_IO_HUP, on_readable, output, NULL);
	*ret_child_fd = child_fd;
	return output;
}

void
hb_output_set_pid(HbOutput *output, int pid)
{
	output->pid = pid;
}

void
hb_output_drain(HbOutput *output)
{
	if (output->source != 0 && !read_some(output, DRAIN_READS_MAX)) {
		g_source_remove(output->source);
		output->source = 0;
	}
}

const char *
hb_output_text(const HbOutput *output)
{
	return output->text->str;
}

void
hb_output_let_go(HbOutput *output)
{
	if (output == NULL)
		return;
	output->let_go = TRUE;
	output->keep_max = output->text->len;
	if (output->source != 0)
		return;
	line_done(output);
	say_dropped(output);
	output_free(output);
}
