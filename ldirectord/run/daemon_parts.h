/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_parts.h - what the files of the daemon share.
 */
#ifndef LDIR_DAEMON_PARTS_H
#define LDIR_DAEMON_PARTS_H

#include "ldirectord/run/alert.h"
#include "ldirectord/run/control.h"
#include "ldirectord/run/daemon.h"
#include "ldirectord/run/dirwatch.h"
#include "ldirectord/run/jobs.h"
#include "ldirectord/run/loader.h"
#include "ldirectord/run/logfile.h"
#include "ldirectord/run/maintenance.h"
#include "ldirectord/run/monitor.h"
#include "ldirectord/check/probes.h"
#include "ldirectord/conf/weights.h"
#include "ldirectord/director/report.h"
#include "ldirectord/check/schedule_key.h"

typedef struct {
	const LdirDaemonInput *input;
	GMainLoop *loop;
	LdirDirector *director;
	LdirProbes *probes;
	LdirJobs *jobs;
	const LdirConfig *config;       /* that of the director */
	char *digest;
	LdirStatusWord status;
	guint n_unproven;               /* servers not decided upon since the last configuration */
	GSource *turns;                 /* NULL: there are none */
	LdirDirwatch *config_watch, *maintenance_watch;
	LdirMaintenance *maintenance;   /* NULL: there is no maintenancedir= */
	LdirDirwatch *weights_watch;
	LdirWeights *weights;           /* the last good ones of weightfile= */
	char *weights_said;             /* what was wrong with it, as it was logged last */
	char *strangers_said;           /* the same of servers that are not configured */
	LdirReverse *reverse;           /* NULL until it is needed */
	LdirControl *control;
	gboolean is_loading;            /* the file is being read by a thread; asked for meanwhile: */
	gboolean wants_reload, wants_callback;
	char *sync_words, *sync_said;   /* syncdaemon= as it was done last, and what was logged of it */
	LdirIpvsRole sync_role;
	gboolean is_holding;            /* ldir_director_hold_connections() */
	guint sync_source;              /* the next attempt; 0: it is done */
	gboolean is_outdated;           /* the file has changed and was not read: autoreload=no */
	gboolean is_leaving;
	int signal_number;
} LdirDaemon;

#define LDIR_COMMAND_LIMIT_MS 60000

/* daemon_calls.c */
extern const LdirDirectorCalls ldir_daemon_calls;
void ldir_daemon_job_done(const char *name, const char *why, gpointer daemon);
/* execute=: files that are in @now only are started, those that are in @before only are stopped, the others reload. NULL: none */
void ldir_daemon_execute(LdirDaemon *d, const GPtrArray *before, const GPtrArray *now);
void ldir_daemon_execute_all(LdirDaemon *d, const char *verb);

/* Servers may have been decided upon by something else than a check. */
void ldir_daemon_recount(LdirDaemon *d);

/* (transfer full of @config) FALSE: nothing has changed, @error. */
gboolean ldir_daemon_configure(LdirDaemon *d, LdirConfig *config, LdirStatusWord status, GError **error);

/* daemon_handover.c: for the next process, and from the one before, in front of the first configuration; then that is not told again. */
void ldir_daemon_hand_over(LdirDaemon *d);
void ldir_daemon_inherit(LdirDaemon *d);
void ldir_daemon_has_inherited(const LdirDaemon *d);

/* daemon_maintenance.c: maintenancedir= of the configuration that is in use now */
void ldir_daemon_watch_maintenance(LdirDaemon *d);

/* daemon_weights.c: weightfile= of @config, before that is in use: .weights are for it. */
void ldir_daemon_watch_weights(LdirDaemon *d, const LdirConfig *config);
void ldir_daemon_weights_done(LdirDaemon *d);

/* daemon_standby.c: what heartbeat wants of a process that is there already. NULL, or why it cannot be (transfer full). */
char *ldir_daemon_take(LdirDaemon *d);
char *ldir_daemon_stand_by(LdirDaemon *d);

/* daemon_sync.c: syncdaemon= as the configuration says it, in @role; what cannot be done now is tried again. */
void ldir_daemon_sync(LdirDaemon *d, LdirIpvsRole role);
/* With syncdaemon=, before the services go: their connections are for others to go on with. */
void ldir_daemon_hold(LdirDaemon *d);
void ldir_daemon_sync_done(LdirDaemon *d);
/* The role that the kernel has of ours, "none"; NULL: none is configured. */
const char *ldir_daemon_sync_seen(const LdirDaemon *d);

/* answers.c: what is said to those who ask at the socket (transfer full) */
char *ldir_daemon_answer(const char *line, gpointer daemon);

/* turns.c: checks and deadlines, from when the daemon has its table until it leaves */
void ldir_daemon_start_turns(LdirDaemon *d);
void ldir_daemon_stop_turns(LdirDaemon *d);
/* The end of each turn, and of whatever else may have changed something: the table is brought in step. */
void ldir_daemon_arm(LdirDaemon *d);

#endif
