/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what there is to know of all services, as JSON and as text for Prometheus.
 *
 * Pure. Numbers of connections are those of the kernel's table, where that could be read.
 */
#ifndef LDIR_REPORT_H
#define LDIR_REPORT_H

#include "ldirectord/director/director.h"

typedef struct {
	const LdirDirector *director;
	const LdirIpvsTable *there;     /* NULL: could not be read */
	const char *config, *status;    /* path; "running" */
	const char *sync;               /* role of the sync daemon, NULL: none is configured */
	guint pid;
	gint64 now_ms;
} LdirReportInput;

const char *ldir_report_state(LdirRealState state);     /* "up" */
char *ldir_report_json(const LdirReportInput *input);           /* (transfer full) */
char *ldir_report_metrics(const LdirReportInput *input);        /* (transfer full) */

#endif
