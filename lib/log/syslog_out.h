/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * syslog_out.h - datagrams to the syslog daemon, without ever waiting for it. Private to lib/log.
 *
 * Not syslog(3): that blocks when the daemon does not read.
 */
#ifndef HB_LOG_SYSLOG_OUT_H
#define HB_LOG_SYSLOG_OUT_H

#include <glib.h>

/* The code of a facility's name, or -1. */
int hb_syslog_facility(const char *name);
void hb_syslog_set_path(const char *path);
/* FALSE: nobody took it. A daemon that was restarted is found again at once. */
gboolean hb_syslog_send(const char *datagram);
void hb_syslog_shut(void);

#endif
