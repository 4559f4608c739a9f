/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* log.c - one line to every place that wants it. */
#include "log/log.h"

#include <errno.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "log/line.h"
#include "log/syslog_out.h"

#include "util/banned.h"

/* One logger serves the whole process. */
static struct {
	char entity[64];
	char node[256];
	int logfile_fd;
	int debugfile_fd;
	int facility;           /* -1: no syslog */
	gboolean to_stderr;
	gboolean syslogmsgfmt;
	guint debug;
	guint64 n_lost;
} logger = {
	/* Before the first setup: what a program says while it reads its options. */
	.entity = "heartbeat",
	.node = "localhost",
	.logfile_fd = -1,
	.debugfile_fd = -1,
	.facility = -1,
	.to_stderr = TRUE,
};

void
hb_log_setup(const HbLogSettings *settings)
{
	g_strlcpy(logger.entity, settings->entity != NULL ? settings->entity : "heartbeat",
	          sizeof logger.entity);
	g_strlcpy(logger.node, settings->node != NULL ? settings->node : "localhost",
	          sizeof logger.node);
	logger.logfile_fd = settings->logfile_fd;
	logger.debugfile_fd = settings->debugfile_fd;
	logger.facility = settings->facility != NULL ? hb_syslog_facility(settings->facility) : -1;
	logger.to_stderr = settings->to_stderr;
	logger.syslogmsgfmt = settings->syslogmsgfmt;
	logger.debug = settings->debug;
	if (logger.facility < 0)
		hb_syslog_shut();
}

gboolean
hb_log_facility_known(const char *facility)
{
	return g_ascii_strcasecmp(facility, "none") == 0 || hb_syslog_facility(facility) >= 0;
}

int
hb_log_facility_number(const char *facility)
{
	return MAX(hb_syslog_facility(facility), 0) * 8;
}

void
hb_log_set_syslog_path(const char *path)
{
	hb_syslog_set_path(path);
}

guint64
hb_log_n_lost(void)
{
	return logger.n_lost;
}

/* One write, so that the lines of two processes that share a file do not mix. */
static void
put_line(int fd, const char *line)
{
	g_autoptr(GString) out = NULL;
	gssize done;

	if (fd < 0)
		return;
	out = g_string_new(line);
	g_string_append_c(out, '\n');
	do
		done = write(fd, out->str, out->len);
	while (done < 0 && errno == EINTR);
	if (done != (gssize)out->len)
		logger.n_lost++;
}

static void
put_syslog(const HbLine *line)
{
	g_autofree char *datagram = NULL;

	if (logger.facility < 0)
		return;
	datagram = hb_line_datagram(line, logger.facility);
	if (!hb_syslog_send(datagram))
		logger.n_lost++;
}

static void
line_init(HbLine *line, HbLogLevel level, const char *text)
{
	time_t now = time(NULL);

	*line = (HbLine){ .entity = logger.entity, .node = logger.node, .pid = (int)getpid(),
	                  .level = level, .text = text };
	localtime_r(&now, &line->when);
}

static void
put_own(HbLogLevel level, const char *text)
{
	g_autofree char *file_line = NULL;
	HbLine line;

	line_init(&line, level, text);
	file_line = logger.syslogmsgfmt ? hb_line_like_syslog(&line) : hb_line_classic(&line);
	if (level < HB_LOG_DEBUG)
		put_line(logger.logfile_fd, file_line);
	put_line(logger.debugfile_fd, file_line);
	if (logger.to_stderr)
		put_line(STDERR_FILENO, file_line);
	put_syslog(&line);
}

void
hb_log(HbLogLevel level, const char *format, ...)
{
	g_autofree char *raw = NULL;
	g_autofree char *text = NULL;
	va_list args;

	g_assert(level <= HB_LOG_DEBUG);
	if (level == HB_LOG_DEBUG && logger.debug == 0)
		return;
	va_start(args, format);
	raw = g_strdup_vprintf(format, args);
	va_end(args);
	text = hb_line_clean(raw);
	put_own(level, text);
}

void
hb_log_script(const char *resource, int pid, const char *line)
{
	g_autofree char *text = hb_line_clean(line);
	g_autofree char *name = hb_line_clean(resource);
	g_autofree char *log_line = NULL;
	g_autofree char *debug_line = NULL;
	HbLine script;

	line_init(&script, HB_LOG_INFO, text);
	script.entity = name;
	script.pid = pid;
	log_line = hb_line_script_log(&script);
	debug_line = hb_line_script_debug(&script);
	put_line(logger.logfile_fd, log_line);
	put_line(logger.debugfile_fd, debug_line);
	if (logger.to_stderr)
		put_line(STDERR_FILENO, log_line);
	put_syslog(&script);
}
