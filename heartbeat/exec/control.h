/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - the pid file, and the options that speak to a running heartbeat: -s, -k, -r.
 */
#ifndef HB_EXEC_CONTROL_H
#define HB_EXEC_CONTROL_H

#include <sys/types.h>

#include <glib.h>

typedef enum {
	HB_DAEMON_STOPPED,      /* none, and no pid file */
	HB_DAEMON_DIED,         /* a pid file, and no such heartbeat */
	HB_DAEMON_RUNS
} HbDaemon;

HbDaemon hb_control_find(pid_t *ret_pid);
/* The same, but waits some seconds for the one that follows one that has died. */
HbDaemon hb_control_find_soon(pid_t *ret_pid);

/* The pid right-aligned in 10 columns and a newline, as tools know it. */
gboolean hb_control_write_pid(GError **error);
void hb_control_remove_pid(void);

/* What the holder of the lock of heartbeat is at, for others that are started meanwhile. */
void hb_control_say_starting(int lock_fd);
void hb_control_say_started(int lock_fd);
/* Waits as long as another process is just starting heartbeat, two minutes at most. */
void hb_control_wait_for_starter(void);
/* Waits for the end of a heartbeat that was told to stop, as long as that takes, and says so on standard error. */
void hb_control_wait_for_stopper(void);

int hb_control_status(const char *node_name);   /* -s: prints, exit code */
int hb_control_kill(void);                      /* -k: SIGTERM, and waits for the end */
int hb_control_reload(void);                    /* SIGHUP, to the next one where one is just ending */

#endif
