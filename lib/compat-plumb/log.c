/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.c - include/heartbeat/clplumbing/cl_log.h over lib/log.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <clplumbing/cl_log.h>

#include "log/log.h"

#include "util/banned.h"

#define ENTITY_LEN 32
#define NODE_LEN   256

int debug_level = 0;

/* One logger serves the whole process. */
static struct {
	char entity[ENTITY_LEN];
	int facility;           /* 0: none */
	int logfile_fd;
	int debugfile_fd;
	gboolean to_stderr;
	gboolean to_stdout;
	gboolean is_classic;    /* line format of files */
	gboolean uselogd;
} settings = { .logfile_fd = -1, .debugfile_fd = -1 };

static const struct {
	int facility;
	const char *name;
} facilities[] = {
	{ LOG_KERN, "kern" }, { LOG_USER, "user" }, { LOG_MAIL, "mail" }, { LOG_DAEMON, "daemon" },
	{ LOG_AUTH, "auth" }, { LOG_SYSLOG, "syslog" }, { LOG_LPR, "lpr" }, { LOG_NEWS, "news" },
	{ LOG_UUCP, "uucp" }, { LOG_CRON, "cron" }, { LOG_AUTHPRIV, "authpriv" }, { LOG_FTP, "ftp" },
	{ LOG_LOCAL0, "local0" }, { LOG_LOCAL1, "local1" }, { LOG_LOCAL2, "local2" }, { LOG_LOCAL3, "local3" },
	{ LOG_LOCAL4, "local4" }, { LOG_LOCAL5, "local5" }, { LOG_LOCAL6, "local6" }, { LOG_LOCAL7, "local7" },
};

static const char *
facility_name(int facility)
{
	for (gsize i = 0; facility > 0 && i < G_N_ELEMENTS(facilities); i++)
		if (facilities[i].facility == facility)
			return facilities[i].name;
	return NULL;
}

static int
facility_by_name(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(facilities); i++)
		if (g_ascii_strcasecmp(facilities[i].name, name) == 0)
			return facilities[i].facility;
	return 0;
}

static void
apply(void)
{
	char node[NODE_LEN] = "";

	(void)gethostname(node, sizeof node - 1);
	hb_log_setup(&(HbLogSettings){
		.entity = settings.entity[0] != '\0' ? settings.entity : g_get_prgname(),
		.node = node,
		.logfile_fd = settings.logfile_fd,
		.debugfile_fd = settings.debugfile_fd,
		.facility = facility_name(settings.facility),
		.to_stderr = settings.to_stderr,
		.syslogmsgfmt = !settings.is_classic,
		.debug = 1,
	});
}

G_GNUC_PRINTF(2, 0)
static void
say(int priority, const char *fmt, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(fmt, args);

	priority = LOG_PRI(priority);
	if (priority == LOG_DEBUG && debug_level <= 0)
		return;
	apply();
	hb_log((HbLogLevel)priority, "%s", text);
	if (settings.to_stdout) {
		printf("%s\n", text);
		(void)fflush(stdout);
	}
}

void
cl_log(int priority, const char *fmt, ...)
{
	int saved_errno = errno;
	va_list args;

	va_start(args, fmt);
	say(priority, fmt, args);
	va_end(args);
	errno = saved_errno;
}

void
cl_perror(const char *fmt, ...)
{
	int saved_errno = errno;
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	cl_log(LOG_ERR, "%s: %s", text, g_strerror(saved_errno));
	errno = saved_errno;
}

void
cl_log_enable_stderr(int truefalse)
{
	settings.to_stderr = truefalse != 0;
}

void
cl_log_enable_stdout(int truefalse)
{
	settings.to_stdout = truefalse != 0;
}

void
cl_log_set_entity(const char *entity)
{
	g_strlcpy(settings.entity, entity != NULL ? entity : "", sizeof settings.entity);
}

void
cl_log_set_facility(int facility)
{
	settings.facility = facility;
}

static void
set_file(int *fd, const char *path)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
}

void
cl_log_set_logfile(const char *path)
{
	set_file(&settings.logfile_fd, path);
}

void
cl_log_set_debugfile(const char *path)
{
	set_file(&settings.debugfile_fd, path);
}

/* The value of the first of these variables that is set to something. */
static const char *
env_of(const char *name, const char *other)
{
	const char *value = getenv(name);

	if (value == NULL || value[0] == '\0')
		value = getenv(other);
	return value == NULL || value[0] == '\0' ? NULL : value;
}

void
cl_inherit_logging_environment(int maxqlen)
{
	const char *debug = env_of("HA_debug", "HA_DEBUG");
	const char *facility = env_of("HA_logfacility", "HA_LOGFACILITY");
	const char *logfile = env_of("HA_logfile", "HA_LOGFILE");
	const char *debugfile = env_of("HA_debugfile", "HA_DEBUGLOG");
	const char *format = env_of("HA_syslogmsgfmt", "HA_SYSLOGMSGFMT");
	const char *uselogd = env_of("HA_use_logd", "HA_USE_LOGD");

	(void)maxqlen;
	if (debug != NULL)
		debug_level = (int)strtol(debug, NULL, 10);
	if (facility != NULL)
		settings.facility = facility_by_name(facility);
	if (logfile != NULL)
		cl_log_set_logfile(logfile);
	if (debugfile != NULL)
		cl_log_set_debugfile(debugfile);
	if (format != NULL)
		settings.is_classic = strchr("fFnN0", format[0]) != NULL || g_ascii_strcasecmp(format, "off") == 0;
	if (uselogd != NULL)
		settings.uselogd = strchr("tTyY1", uselogd[0]) != NULL || g_ascii_strcasecmp(uselogd, "on") == 0;
}

void
cl_log_set_uselogd(gboolean truefalse)
{
	settings.uselogd = truefalse;
}

gboolean
cl_log_get_uselogd(void)
{
	return settings.uselogd;
}
