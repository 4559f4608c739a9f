/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logd.h - lines to ha_logd, the log daemon of heartbeat 3.0.6 (doc/client-api.md 10).
 */
#ifndef HB_LOGGER_LOGD_H
#define HB_LOGGER_LOGD_H

#include "log/record.h"

typedef struct {
	const char *path;       /* of its socket */
	gint64 retry_ms;        /* interval of attempts to reach it */
	int facility;           /* code, as in syslog's protocol */
	int fd;                 /* -1: not connected */
	gint64 next_try_ms;     /* monotonic */
	gboolean told;          /* that it does not answer */
} HbLogd;

/* TRUE: the log daemon has it. FALSE: it does not answer; said once in the log. */
gboolean hb_logd_send(HbLogd *logd, const HbLogRecord *record);

/* The frame of a record (transfer full). For tests. */
GByteArray *hb_logd_frame(const HbLogRecord *record, int facility);

#endif
