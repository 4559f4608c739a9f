/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - how the parsers of conf say what is wrong, and where.
 */
#ifndef HB_CONF_REPORT_H
#define HB_CONF_REPORT_H

#include "conf/load.h"

/* The place that is being read. Strings are borrowed. */
typedef struct {
	GPtrArray *problems;
	const char *file;
	guint line;             /* 0: the file as a whole */
	const char *directive;  /* NULL: none */
} HbReport;

/* Appends a problem; unprintable bytes in value and text become \xNN. The result can be marked
 * further (transfer none); it is never NULL. */
HbProblem *hb_report(const HbReport *at, HbProblemKind kind, const char *value, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

#endif
