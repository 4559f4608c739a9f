/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logfile.h - lines of the log in the form of ldirectord 4.12 (doc/ldirectord.md 1.8).
 *
 * A file is opened for each line, so that it may be moved away at any time; the lines between ldir_log_hold() and
 * ldir_log_let_go() go to one that is opened once. One log for each process.
 */
#ifndef LDIR_LOGFILE_H
#define LDIR_LOGFILE_H

#include <glib.h>

#define LDIR_LOGFILE_DEFAULT "/var/log/ldirectord.log"

typedef enum {
	LDIR_LOG_TARGET,        /* file or facility of syslog */
	LDIR_LOG_STDOUT,        /* supervised=yes */
	LDIR_LOG_STDERR         /* -d */
} LdirLogWhere;

/* @target: a path, or a facility such as "local0"; NULL: the default. @name: of the instance. */
void ldir_log_setup(LdirLogWhere where, const char *target, const char *name);
void ldir_log_line(const char *text);
void ldir_log(const char *format, ...) G_GNUC_PRINTF(1, 2);
void ldir_log_done(void);

/* Many lines may come now: a turn of the loop, say. Held twice is held once. */
void ldir_log_hold(void);
void ldir_log_let_go(void);

/* "Sat Nov 21 07:48:24 2026" (transfer full) */
char *ldir_log_time(void);

#endif
