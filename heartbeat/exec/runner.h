/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.h - resource scripts, rc.d scripts and other programs as children; never waited for.
 *
 * Each has a process group of its own, a deadline, and its output in the log under the resource's name.
 * Its end is that of the process itself: what it leaves behind in the background may keep the
 * output pipe open for ever, and is read for ever.
 */
#ifndef HB_EXEC_RUNNER_H
#define HB_EXEC_RUNNER_H

#include "channel/channel.h"
#include "conf/config.h"
#include "exec/state.h"

typedef struct HbRunner HbRunner;

typedef struct {
	const char *const *script_dirs; /* NULL-terminated, first match wins; borrowed */
	const char *rc_dir;
	const char *harc;               /* runs them; where there is none they are run directly */
	const char *cwd;
	const char *systemctl;          /* where no script is found, take the unit of that name; NULL: no systemd */
	const char *ocf;                /* runs what is called "ocf:..."; NULL: nothing does */
	const char *address_program;    /* keeps the real-time priority that we have; NULL: nothing does */
	HbState *state;                 /* where running jobs are noted; NULL: nowhere */
} HbRunnerSettings;

/* Where this installation has its scripts. @state may be NULL. */
HbRunnerSettings hb_runner_settings(HbState *state);

typedef void HbRunnerDone(guint32 op, HbChildResult result, guint took_ms, gpointer data);

HbRunner *hb_runner_new(const HbRunnerSettings *settings, HbRunnerDone *done, gpointer data);
void hb_runner_free(HbRunner *runner);          /* kills what runs. NULL is allowed */

/* Runs @verb of @resource; done() comes for every @op, also when nothing could be started, but never from
 * within this call. @env borrowed for the call. */
void hb_runner_resource(HbRunner *runner, guint32 op, guint32 group_id, const HbResourceConf *resource, HbVerb verb,
                        guint limit_ms, char **env);

/* As if @resource had been started here: by the root process before this one. A script that was started and
 * then vanishes is neither stopped nor "not running". */
void hb_runner_note_started(HbRunner *runner, guint32 group_id, const HbResourceConf *resource);

/* Runs rc.d/@type, if there is such a program. Nobody waits for it. */
void hb_runner_hook(HbRunner *runner, const char *type, guint limit_ms, char **env);

/* Runs a program of ours; done() with @op. */
void hb_runner_program(HbRunner *runner, guint32 op, const char *name, char *const *argv, guint limit_ms, char **env);

/* The same for hb-fence, with @in as its standard input (borrowed; -1: none). NOT_RUNNING: it says that the
 * device does not have that node. */
void hb_runner_fence(HbRunner *runner, guint32 op, char *const *argv, int in, guint limit_ms, char **env);

gboolean hb_runner_has(const HbRunner *runner, guint32 op);
void hb_runner_cancel(HbRunner *runner, guint32 op);    /* its done() comes all the same */
/* Ends every resource job now, asks hb-fence to end, and tells nobody. What ran is still noted in the state (busy) until
 * hb_runner_n_running() is 0. */
void hb_runner_kill_all(HbRunner *runner);
guint hb_runner_n_running(const HbRunner *runner);      /* jobs of hb_runner_resource() */

#endif
