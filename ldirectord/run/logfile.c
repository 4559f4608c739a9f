/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "ldirectord/run/logfile.h"
#include "log/log.h"
#include "util/banned.h"

#define TIME_BYTES 64

static struct {
	LdirLogWhere where;
	char *path;             /* NULL: to syslog */
	int facility;
	char *name;
	gboolean is_held;
	int fd;                 /* while it is held; -1: none */
} to = { .where = LDIR_LOG_STDERR, .fd = -1 };

static void
close_file(void)
{
	if (to.fd >= 0)
		(void)close(to.fd);
	to.fd = -1;
}

void
ldir_log_setup(LdirLogWhere where, const char *target, const char *name)
{
	char *kept = g_strdup(name);

	close_file();
	if (target == NULL)
		target = LDIR_LOGFILE_DEFAULT;
	g_free(to.name);
	to.name = kept;
	to.where = where;
	g_clear_pointer(&to.path, g_free);
	if (target[0] == '/')
		to.path = g_strdup(target);
	else
		to.facility = hb_log_facility_number(target);
	if (to.path == NULL)
		openlog("ldirectord", LOG_PID, to.facility);
}

void
ldir_log_done(void)
{
	close_file();
	g_clear_pointer(&to.path, g_free);
	g_clear_pointer(&to.name, g_free);
	to.where = LDIR_LOG_STDERR;
}

void
ldir_log_hold(void)
{
	to.is_held = TRUE;
}

void
ldir_log_let_go(void)
{
	to.is_held = FALSE;
	close_file();
}

/* Thousands of lines may be of the same second, and each look at the time zone is one at a file. */
static const char *
time_text(void)
{
	static char text[TIME_BYTES];
	static time_t of;
	time_t now = time(NULL);
	struct tm parts;

	if (now == of && text[0] != '\0')
		return text;
	of = now;
	if (localtime_r(&now, &parts) == NULL || strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts) == 0)
		g_strlcpy(text, "?", sizeof text);
	return text;
}

char *
ldir_log_time(void)
{
	return g_strdup(time_text());
}

static void
to_file(const char *text)
{
	g_autofree char *line = g_strdup_printf("[%s|%s|%d] %s\n", time_text(), to.name, (int)getpid(), text);

	if (to.fd < 0)
		to.fd = open(to.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
	if (to.fd >= 0)
		(void)!write(to.fd, line, strlen(line));
	if (!to.is_held)
		close_file();
}

void
ldir_log_line(const char *text)
{
	if (to.where == LDIR_LOG_STDOUT) {
		printf("[%s] %s\n", time_text(), text);
		(void)fflush(stdout);
	} else if (to.where == LDIR_LOG_STDERR) {
		fprintf(stderr, "%s\n", text);
	} else if (to.path == NULL) {
		syslog(LOG_INFO | to.facility, "%s", text);
	} else {
		to_file(text);
	}
}

void
ldir_log(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	ldir_log_line(text);
}
