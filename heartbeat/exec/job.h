/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * job.h - one child of the runner, from its start to its end; nobody but runner.c uses it.
 *
 * How its end is judged is said by what it does: what success is for a script is not what it is for a unit of systemd.
 */
#ifndef HB_EXEC_JOB_H
#define HB_EXEC_JOB_H

#include <sys/types.h>

#include "exec/output.h"
#include "exec/runner.h"

typedef enum {
	HB_JUDGE_EXIT,          /* 0 is success */
	HB_JUDGE_START,         /* the same, and 151 (busy) is worth another try */
	HB_JUDGE_TEXT,          /* status of a script */
	HB_JUDGE_UNIT_STATUS,   /* status of a systemd unit */
	HB_JUDGE_FENCE,         /* 0 is success, 100 (bad host) is its own answer */
	HB_JUDGE_UNIT_STOP      /* a unit that does not exist is stopped */
} HbJudge;

struct HbRunner {
	HbRunnerSettings settings;
	HbRunnerDone *done;
	gpointer data;
	int devnull;
	GPtrArray *jobs;        /* HbJob *, running or about to report */
	GHashTable *touched;    /* set of touched_key(): a script was started, and not stopped since */
};

typedef struct HbJob {
	HbRunner *runner;
	guint32 op;             /* 0: nobody is told */
	guint32 group_id;       /* 0: no resource's job */
	char *name;             /* for the log */
	char *stops;            /* touched_key() of what a success brings down; NULL: nothing */
	char *starts;           /* touched_key() of what was not up before; NULL: nothing */
	HbJudge judge;
	int in;                 /* standard input, borrowed until it is started; -1: none */
	pid_t pid;
	int pidfd;
	HbJobSlot *slot;
	HbOutput *out, *err;
	gint64 start_ms;
	guint end_source, deadline_source;
	gboolean was_ended;     /* by us: deadline, cancel */
	HbChildResult when_missing;     /* what there is nothing to run for */
	HbChildResult result;   /* of a job that could not be started */
} HbJob;

/* Known to @runner from now on, and its own. @name copied. */
HbJob *hb_job_new(HbRunner *runner, guint32 op, guint32 group_id, const char *name, HbJudge judge);
void hb_job_free(gpointer job);         /* a GDestroyNotify; of the list of jobs alone */

/* Spawns it; what keeps it from running is in the log, and its done() comes, but not from within. @argv, @env borrowed. */
void hb_job_start(HbJob *job, const char *path, char *const *argv, guint limit_ms, char **env);
/* There is nothing to start: done() comes with @result, but not from within. */
void hb_job_report_soon(HbJob *job, HbChildResult result);
/* SIGTERM now, SIGKILL after a grace. Its done() comes with TIMEOUT. */
void hb_job_end(HbJob *job);

#endif
