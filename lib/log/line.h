/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * line.h - the formats of log lines. Pure; private to lib/log.
 *
 * Every function returns the line without its end (transfer full). @text has been made clean.
 */
#ifndef HB_LOG_LINE_H
#define HB_LOG_LINE_H

#include <time.h>

#include "log/log.h"

/* What is longer is cut, and says so. */
#define HB_LINE_TEXT_MAX 8192

typedef struct {
	const char *entity;
	const char *node;
	int pid;
	gint64 when_s;
	struct tm when;         /* the same, for people */
	HbLogLevel level;
	const char *text;
} HbLine;

/* @raw as it may be shown: trailing line ends are dropped, tabs become blanks, other control
 * characters and what is not UTF-8 become question marks. (transfer full) */
char *hb_line_clean(const char *raw);

/* "Nov 21 07:46:37 node1 heartbeat: [21]: info: text" */
char *hb_line_like_syslog(const HbLine *line);
/* "heartbeat[21]: 2026/11/21_07:49:59 info: text" */
char *hb_line_classic(const HbLine *line);
/* "<134>Nov 21 07:46:37 heartbeat: [21]: info: text"; @facility is the code, 16 for local0. */
char *hb_line_datagram(const HbLine *line, int facility);

/* Lines of scripts; .entity is the resource, .node is not used.
 * "2026/11/21_07:46:48  mach_down(default)[69]:    info: text" */
char *hb_line_script_log(const HbLine *line);
/* "mach_down(default)[69]:<TAB>2026/11/21_07:46:48 info: text" */
char *hb_line_script_debug(const HbLine *line);

#endif
