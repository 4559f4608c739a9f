/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - one line per event to file, syslog and standard error, in the formats of heartbeat 3.0.6
 * (doc/resource-manager.md 8). Programs log; libraries (core, wire, conf, channel, plugin) do not.
 *
 * One logger per process. The daemon's two halves never wait for a disk: what is for the files goes to hb-log as a
 * datagram (record.h), and syslog is one as well. What nobody takes is counted, and told as soon as somebody does.
 */
#ifndef HB_LOG_LOG_H
#define HB_LOG_LOG_H

#include <glib.h>

typedef enum {
	HB_LOG_EMERG, HB_LOG_ALERT, HB_LOG_CRIT, HB_LOG_ERR, HB_LOG_WARN, HB_LOG_NOTICE, HB_LOG_INFO, HB_LOG_DEBUG
} HbLogLevel;

typedef struct {
	const char *entity;     /* "heartbeat", "hb-node" */
	const char *node;       /* host name in file lines */
	int record_fd;          /* socket to hb-log, which writes the files; 0: none, they are written from here.
	                         * Not taken over, as the next two: the caller opens and closes */
	int logfile_fd;         /* -1: none */
	int debugfile_fd;       /* -1: none */
	const char *facility;   /* "local0"; NULL or "none": no syslog; see hb_log_facility_known() */
	gboolean to_stderr;
	gboolean syslogmsgfmt;  /* file line format, resource-manager.md 8 */
	guint debug;            /* 0: HB_LOG_DEBUG lines are dropped */
} HbLogSettings;

/* Replaces the settings; strings are copied. May be called again at any time. */
void hb_log_setup(const HbLogSettings *settings);
void hb_log(HbLogLevel level, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* An event of messages.def by its HbSay value; NULL fields are left empty. The line is the sentence, then " [HB1103]". */
void hb_log_say(guint say, const char *node, const char *group, const char *what, gint64 n);
/* The sentence and level of an event, without logging it (transfer full). For tests and transcripts. */
char *hb_log_sentence(guint say, const char *node, const char *group, const char *what, gint64 n,
                      HbLogLevel *ret_level);
/* A line of a script's output, level info, under the resource's name: to the log file as
 * "2026/11/21_07:46:48  IPaddr(10.0.0.1)[69]:    info: text", to the debug file with the date behind
 * the name, to syslog and standard error as a line of ours. Control characters are replaced. */
void hb_log_script(const char *resource, int pid, const char *line);
/* Tells hb-log of lines that it did not take, if there are any. Before the end, when nothing follows that would. */
void hb_log_flush(void);
/* The same, and gives hb-log @limit_ms at most to take all that was said: when the machine goes down next. */
void hb_log_drain(guint limit_ms);
/* Lines that could not be written, counted once for each place they should have gone to. */
guint64 hb_log_n_lost(void);

gboolean hb_log_facility_known(const char *facility);
/* As in syslog.h: 24 for daemon; 0 for none. */
int hb_log_facility_number(const char *facility);
/* Where the syslog daemon listens, instead of /dev/log: for tests. Before hb_log_setup(). */
void hb_log_set_syslog_path(const char *path);

#endif
