/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cl_log.h - logging as the daemon configured it for its clients: to files, syslog, standard error.
 *
 * Priorities are those of <syslog.h>. Lines of priority LOG_DEBUG go to the debug file alone and only
 * when debug_level is over 0.
 */
#ifndef HB_CL_LOG_H
#define HB_CL_LOG_H

#include <syslog.h>

#include <glib.h>

#ifdef __cplusplus
extern "C" {
#endif

extern int debug_level;

#ifdef __GNUC__
#define HB_CL_LOG_FORMAT(f, a) __attribute__((__format__(__printf__, f, a)))
#else
#define HB_CL_LOG_FORMAT(f, a)
#endif

void cl_log(int priority, const char *fmt, ...) HB_CL_LOG_FORMAT(2, 3);
/* At LOG_ERR, with the text of errno behind it. */
void cl_perror(const char *fmt, ...) HB_CL_LOG_FORMAT(1, 2);

void cl_log_enable_stderr(int truefalse);
void cl_log_enable_stdout(int truefalse);
/* The name in each line; at most 31 characters of it. */
void cl_log_set_entity(const char *entity);
/* As in <syslog.h>; 0: no syslog. */
void cl_log_set_facility(int facility);
/* NULL: none. */
void cl_log_set_logfile(const char *path);
void cl_log_set_debugfile(const char *path);
/* Files, facility and debug level from HA_logfile, HA_debugfile, HA_logfacility and HA_debug (also
 * HA_LOGFILE, HA_DEBUGLOG, HA_LOGFACILITY), as the daemon sets them for what it starts. */
void cl_inherit_logging_environment(int maxqlen);
/* Kept, and told back; lines are written here, not by a logging daemon. */
void cl_log_set_uselogd(gboolean truefalse);
gboolean cl_log_get_uselogd(void);

#ifdef __cplusplus
}
#endif

#endif
