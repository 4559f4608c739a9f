/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.h - what the root process has in its hands once it has started (boot.h fills it in).
 */
#ifndef HB_EXEC_EXEC_H
#define HB_EXEC_EXEC_H

#include <sys/types.h>

#include <glib.h>

#include "channel/channel.h"
#include "conf/config.h"
#include "conf/load.h"
#include "exec/guard.h"
#include "exec/log_link.h"
#include "exec/options.h"
#include "exec/state.h"

#define HB_LOCK_FILE   HB_RUN_DIR "/exec.lock"
#define HB_STATE_FILE  HB_RUN_DIR "/exec.state"
#define HB_BUNDLE_NAME "exec.config"            /* in HB_RUN_DIR: the bundle in force, for a revival */
#define HB_MEMORY_FILE HB_RUN_DIR "/memory"
#define HB_STATUS_SOCK HB_RUN_DIR "/status.sock"
#define HB_FIFO        HB_STATE_DIR "/fifo"

/* Errors whose code is the exit code. */
#define HB_EXEC_ERROR g_quark_from_static_string("hb-exec-error")

struct HbExec {
	HbOptions options;
	char **argv;
	char *program;                  /* path of this program */
	char *node_name;

	HbBundle *bundle;               /* in force */
	HbConfig *config;               /* root's parse of it */

	gboolean resumed;               /* same generation as the root before us */
	gboolean too_often;             /* revived too often: stop the groups and end */
	HbProc old_node;                /* of the root before us; killed right before the first spawn */

	uid_t node_uid;
	gid_t node_gid;                 /* of HB_GROUP */
	gboolean node_drops;            /* FALSE: --insecure-root-node */
	int rt_priority;                /* 0: ordinary */

	int lock_fd, fifo_fd, status_fd, memory_fd;
	int logfile_fd, debugfile_fd;   /* for hb-log; -1: none */
	HbLogLink log;
	int watchdog_fd;                /* -1: none, or not open yet */
	gboolean watchdog_counts;       /* a group may be up: only an orderly end stops it */
	guint debug;

	guint n_shots;                  /* how often this node has fenced another of late */
	guint64 generation;
	guint8 uuid[HB_UUID_LEN];
	HbState *state;
	HbGuard guard;
	int guard_pidfd;
	pid_t guard_pid;
};

#endif
