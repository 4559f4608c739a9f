/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - tells whoever waits for the start: the command in the foreground, and systemd if it asked.
 */
#ifndef HB_EXEC_NOTIFY_H
#define HB_EXEC_NOTIFY_H

#include <glib.h>

/* Goes into the background. In the parent: waits for hb_notify_started() or _failed() of the daemon,
 * prints what went wrong and never returns. In the daemon: returns. FALSE with @error: cannot fork. */
gboolean hb_notify_daemonize(GError **error);
/* The start has succeeded, or failed with an exit code. Only the first call counts; in the foreground the text
 * goes to standard error. */
void hb_notify_started(void);
void hb_notify_failed(int code, const char *text);
/* One line or more to systemd, if it listens: "RELOADING=1". */
void hb_notify_systemd(const char *text);

#endif
