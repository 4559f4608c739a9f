/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.h - one line of the log on its way to hb-log, which writes the files: a datagram.
 *
 * Host byte order: both ends are one build on one machine. The bytes come from a process that hears the network, so
 * hb_record_parse() believes nothing of them.
 */
#ifndef HB_LOG_RECORD_H
#define HB_LOG_RECORD_H

#include "log/log.h"

#define HB_RECORD_ENTITY_MAX 63
#define HB_RECORD_TEXT_MAX   8256       /* HB_LINE_TEXT_MAX and the note that the rest was cut */
#define HB_RECORD_MAX        (88 + HB_RECORD_TEXT_MAX)

typedef struct {
	gboolean is_script;             /* a line of a script's output: .entity is the resource */
	HbLogLevel level;
	int pid;
	gint64 when_s;                  /* wall clock */
	char entity[HB_RECORD_ENTITY_MAX + 1];
	char text[HB_RECORD_TEXT_MAX + 1];
} HbLogRecord;

/* The datagram into @buf; its length. What is too long is cut. */
gsize hb_record_pack(const HbLogRecord *record, guint8 buf[HB_RECORD_MAX]);
/* FALSE: no record. */
gboolean hb_record_parse(const void *data, gsize len, HbLogRecord *ret_record);

/* In hb-log: the line into the files of hb_log_setup(), and to syslog. */
void hb_log_record(const HbLogRecord *record);

#endif
