/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* log.c - one line to every place that wants it. */
#include "log/log.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "log/line.h"
#include "log/record.h"
#include "log/syslog_out.h"
#include "util/time.h"

#include "util/banned.h"

/* One logger serves the whole process. */
static struct {
	char entity[64];
	char node[256];
	int record_fd;
	int logfile_fd;
	int debugfile_fd;
	int facility;           /* -1: no syslog */
	gboolean to_stderr;
	gboolean syslogmsgfmt;
	guint debug;
	guint64 n_lost;
	guint n_untold;         /* of them those that hb-log has not been told of */
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
	logger.record_fd = settings->record_fd;
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
line_when(HbLine *line, gint64 when_s)
{
	time_t when = (time_t)when_s;

	line->when_s = when_s;
	localtime_r(&when, &line->when);
}

static void
line_init(HbLine *line, HbLogLevel level, const char *text)
{
	*line = (HbLine){ .entity = logger.entity, .node = logger.node, .pid = (int)getpid(),
	                  .level = level, .text = text };
	line_when(line, time(NULL));
}

/* ---- to hb-log ---- */

static gboolean
send_line(const HbLine *line, gboolean is_script)
{
	static HbLogRecord record;
	guint8 buf[HB_RECORD_MAX];
	gssize done;
	gsize len;

	record.is_script = is_script;
	record.level = line->level;
	record.pid = line->pid;
	record.when_s = line->when_s;
	g_strlcpy(record.entity, line->entity, sizeof record.entity);
	g_strlcpy(record.text, line->text, sizeof record.text);
	len = hb_record_pack(&record, buf);
	do
		done = write(logger.record_fd, buf, len);
	while (done < 0 && errno == EINTR);
	return done == (gssize)len;
}

void
hb_log_flush(void)
{
	char text[64];
	HbLine line;

	if (logger.n_untold == 0 || logger.record_fd <= 0)
		return;
	g_snprintf(text, sizeof text, "%u lines of the log were lost: it was not written fast enough", logger.n_untold);
	line_init(&line, HB_LOG_WARN, text);
	if (send_line(&line, FALSE))
		logger.n_untold = 0;
}

void
hb_log_drain(guint limit_ms)
{
	int waits = 0;

	if (logger.record_fd <= 0)
		return;
	hb_log_flush();
	for (guint ms = 0; ms < limit_ms && ioctl(logger.record_fd, SIOCOUTQ, &waits) == 0 && waits > 0; ms++)
		g_usleep((gulong)hb_us_from_ms(1));
	g_usleep((gulong)hb_us_from_ms(1));     /* it has taken the last line, and writes it */
}

static void
put_record(const HbLine *line, gboolean is_script)
{
	hb_log_flush();
	if (logger.n_untold == 0 && send_line(line, is_script))
		return;
	logger.n_lost++;
	logger.n_untold++;
}

/* ---- to the files ---- */

static void
put_own_file(const HbLine *line)
{
	g_autofree char *text = logger.syslogmsgfmt ? hb_line_like_syslog(line) : hb_line_classic(line);

	if (line->level < HB_LOG_DEBUG)
		put_line(logger.logfile_fd, text);
	put_line(logger.debugfile_fd, text);
	if (logger.to_stderr)
		put_line(STDERR_FILENO, text);
}

static void
put_script_file(const HbLine *line)
{
	g_autofree char *log_line = hb_line_script_log(line);
	g_autofree char *debug_line = hb_line_script_debug(line);

	put_line(logger.logfile_fd, log_line);
	put_line(logger.debugfile_fd, debug_line);
	if (logger.to_stderr)
		put_line(STDERR_FILENO, log_line);
}

static gboolean
writes_files(void)
{
	return logger.logfile_fd >= 0 || logger.debugfile_fd >= 0 || logger.to_stderr;
}

static void
put(const HbLine *line, gboolean is_script)
{
	if (logger.record_fd > 0)
		put_record(line, is_script);
	if (is_script && writes_files())
		put_script_file(line);
	else if (writes_files())
		put_own_file(line);
	put_syslog(line);
}

void
hb_log(HbLogLevel level, const char *format, ...)
{
	g_autofree char *raw = NULL;
	g_autofree char *text = NULL;
	HbLine line;
	va_list args;

	g_assert(level <= HB_LOG_DEBUG);
	if (level == HB_LOG_DEBUG && logger.debug == 0)
		return;
	va_start(args, format);
	raw = g_strdup_vprintf(format, args);
	va_end(args);
	text = hb_line_clean(raw);
	line_init(&line, level, text);
	put(&line, FALSE);
}

void
hb_log_script(const char *resource, int pid, const char *raw)
{
	g_autofree char *text = hb_line_clean(raw);
	g_autofree char *name = hb_line_clean(resource);
	HbLine line;

	line_init(&line, HB_LOG_INFO, text);
	line.entity = name;
	line.pid = pid;
	put(&line, TRUE);
}

void
hb_log_record(const HbLogRecord *record)
{
	g_autofree char *text = hb_line_clean(record->text);
	g_autofree char *entity = hb_line_clean(record->entity);
	HbLine line = { .entity = entity, .node = logger.node, .pid = record->pid, .level = record->level, .text = text };

	line_when(&line, record->when_s);
	put(&line, record->is_script);
}
